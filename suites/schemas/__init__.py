"""What a server's schemas define, read by code of our own."""
