"""What a run made, and what it did not: written down first, deleted at the end, no more touched."""
