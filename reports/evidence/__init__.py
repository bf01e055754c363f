"""Exchanges as a reader sees them, with the telling part marked."""
