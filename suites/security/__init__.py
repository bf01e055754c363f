"""Cases of security: who is let in, what leaks, and what odd requests do."""
