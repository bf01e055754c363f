"""What decided the verdicts of a run, as short hashes, so that a reader can repeat it.

Every hash is of content alone: the same in a checkout and in a wheel, whatever the ends of lines
are and whatever Python has compiled beside it.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import idp_profiles
from idp_profiles.model import Json
from suites.requirements import Requirement
from suites.requirements import catalogue

_DIGITS = 12  # of a hash; short enough to be read aloud, long enough to meet nobody else's
_SOURCES = (".py", ".json")


def versions(idps: Iterable[str]) -> dict[str, Json]:
    """Return the versions of the catalogue, of the profiles of these IdPs and of Python."""
    entries = catalogue()
    return {
        "catalogue": {"requirements": len(entries), "sha256": catalogue_hash(entries)},
        "profiles": {name: _profile(name) for name in sorted({*idps} & {*idp_profiles.PROFILES})},
        "python": platform.python_version(),
        "platform": platform.system(),
    }


def catalogue_hash(entries: Mapping[str, Requirement]) -> str:
    """Return the hash of requirements, whatever file and order they were read from."""
    names = [each.name for each in fields(Requirement)]
    plain = {key: [getattr(entries[key], name) for name in names] for key in sorted(entries)}
    # Not a dump of the files: a new file that holds the same entries changes no verdict.
    return _short(json.dumps([names, plain], sort_keys=True, ensure_ascii=True).encode())


def _profile(name: str) -> dict[str, Json]:
    read = sources_read().get(name)
    return {"sha256": package_hash(files("idp_profiles").joinpath(name)), "sources_read": read}


@cache
def sources_read() -> dict[str, str]:
    """Return the month in which the sources of each profile were last read."""
    text = files("idp_profiles").joinpath("sources_read.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


def package_hash(package: Traversable) -> str:
    """Return the hash of a package's modules and data, by their names and lines."""
    digest = hashlib.sha256()
    for path, content in sorted(_sources(package, "")):
        digest.update(f"{path}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]


def _sources(folder: Traversable, inside: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _sources(entry, f"{inside}{entry.name}/")
        elif entry.name.endswith(_SOURCES):
            yield f"{inside}{entry.name}", entry.read_bytes().replace(b"\r\n", b"\n")


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]
