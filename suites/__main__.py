"""The door of this room: the `scimproof` command."""

from __future__ import annotations

from suites.command import main

if __name__ == "__main__":
    main()
