"""Reads a file as text, whatever wrote it, and no more of it than fits."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from .model import Unreadable

# A log that is bigger says the same thing more often; whoever needs more cuts out the hour.
LONGEST = 64 * 1024 * 1024

_GZIP = b"\x1f\x8b"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_text(path: Path, *, longest: int = LONGEST) -> tuple[str, bool]:
    """Return the text of a file, and whether its end was left off; raises Unreadable.

    Compressed files are read too. Bytes that are no UTF-8 count as Latin-1, in which every byte
    means something: an access log holds whatever was asked for.
    """
    content = _bytes_of(path, longest)
    cut = len(content) > longest
    content = content[:longest]
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), cut
    if b"\0" in content[:4096]:
        raise Unreadable("it is a binary file, no log")
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        return content.decode("utf-8"), cut
    except UnicodeDecodeError as error:
        # A letter that was cut in two at the very end is no other encoding.
        if cut and error.start >= len(content) - 3:
            return content.decode("utf-8", errors="replace"), cut
        return content.decode("latin-1"), cut


def _bytes_of(path: Path, longest: int) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if not packed:
                return file.read(longest + 1)
            with gzip.open(file) as unpacked:
                return unpacked.read(longest + 1)
    except IsADirectoryError:
        raise Unreadable("it is a folder") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(f"it is no whole gzip file ({error})") from None
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror or error})") from None
