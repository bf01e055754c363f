"""What proves the file of all exchanges: its hash, its size and its number of exchanges."""

from __future__ import annotations

import hashlib
from pathlib import Path

from reports.reading import Json
from reports.reading import ReportError


def transcript_proof(path: Path) -> dict[str, Json]:
    """Return what a report says of its transcript; raises ReportError when it cannot be read."""
    digest, lines, size = hashlib.sha256(), 0, 0
    try:
        with path.open("rb") as stream:
            for line in stream:
                digest.update(line)
                # Processes that write at once may leave an empty line between theirs.
                lines += bool(line.strip())
                size += len(line)
    except OSError as error:
        raise ReportError(f"cannot read {str(path)!r}: {error.strerror}") from error
    return {"file": path.name, "sha256": digest.hexdigest(), "lines": lines, "bytes": size}
