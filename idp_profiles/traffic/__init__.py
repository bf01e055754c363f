"""Recorded traffic of a real IdP: record it, send it again, compare it with a profile."""
