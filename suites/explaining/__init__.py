"""`scimproof explain FILE`: from a log to what went wrong."""
