"""Cases that begin before their turn, where the server takes its time over each answer."""
