"""A run of pytest, from its options to its exit status."""
