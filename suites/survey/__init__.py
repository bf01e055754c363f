"""Looks at a target before a run: writes its file, and says what a run would do to it."""
