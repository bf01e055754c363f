"""Waivers out of a report: what a user accepts for now, as entries of the target file.

The text is added at the end of the file and nothing else is touched, so that the comments and the
order that somebody gave it stay.
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import view
from .findings.causes import Cause
from .findings.causes import cause_key
from .findings.causes import causes as all_causes
from .model import Report
from .model import Result
from .model import Verdict
from .reading import ReportError
from .wording import wording

FINDINGS = (Verdict.FAIL, Verdict.WARN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms something is accepted; `expires` is the last day, None means for good."""

    reason: str
    owner: str | None = None
    link: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One waiver that could be written: of a cause or of a requirement, with its findings."""

    title: str
    comment: str
    results: tuple[Result, ...]
    cause: str | None = None
    requirement: str | None = None
    idp: str | None = None

    @property
    def name(self) -> str:
        """What it is about."""
        return f"{self.cause or self.requirement}{f' ({self.idp})' if self.idp else ''}"

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its findings."""
        return Verdict.worst(each.verdict for each in self.results) or Verdict.FAIL

    @property
    def found_in(self) -> tuple[str, ...]:
        """The requirements whose cases show it."""
        return tuple(sorted({each.requirement for each in self.results}))


def _words(key: str, **values: object) -> str:
    return wording("accept")(key, **values)


# -- what could be accepted ----------------------------------------------------------------------


def by_cause(report: Report, idp: str | None = None) -> tuple[Offer, ...]:
    """Return an offer for each cause of a report, the most harmful first.

    Where a cause joins findings under several keys it has an offer for each, because a waiver is
    held against one finding at a time.
    """
    return tuple(
        offer
        for cause in all_causes(report)
        for key in cause.keys
        if (offer := _of_cause(cause, key, idp)).results
    )


def _of_cause(cause: Cause, key: str, idp: str | None) -> Offer:
    mine = [each for each in cause.results if cause_key(each) == key and idp in (None, each.idp)]
    return Offer(
        title=cause.title,
        comment=_words("comment.cause", title=cause.title, seen=cause.seen),
        results=tuple(mine),
        cause=key,
        idp=idp,
    )


def of_requirement(report: Report, requirement: str, idp: str | None = None) -> Offer:
    """Return the offer for one requirement; without results where it has no finding."""
    mine = [
        each
        for each in view.of_verdict(report, *FINDINGS)
        if each.requirement == requirement and idp in (None, each.idp)
    ]
    title = mine[0].title if mine else requirement
    comment = _words("comment.requirement", title=title)
    return Offer(
        title=title, comment=comment, results=tuple(mine), requirement=requirement, idp=idp
    )


def chosen(
    report: Report,
    *,
    name: str,
    causes: Sequence[str] = (),
    requirements: Sequence[str] = (),
    idp: str | None = None,
) -> tuple[Offer, ...]:
    """Return the offers for named causes and requirements; raises ReportError for a wrong name."""
    about = _words("about_idp", idp=idp) if idp else ""
    known = {each.cause: each for each in by_cause(report, idp)}
    joined = {key: cause.keys for cause in all_causes(report) for key in cause.keys}
    found: dict[str, Offer] = {}
    for each in causes:
        mine = [known[key] for key in joined.get(each, ()) if key in known]
        if not mine:
            raise ReportError(_words("no_such_cause", report=name, id=repr(each), idp=about))
        found.update({offer.name: offer for offer in mine})
    for each in requirements:
        offer = of_requirement(report, each, idp)
        if not offer.results:
            raise ReportError(_words("no_such_requirement", report=name, id=repr(each), idp=about))
        found[offer.name] = offer
    return tuple(found.values())


# -- as TOML -------------------------------------------------------------------------------------


def as_toml(offers: Iterable[Offer], terms: Terms) -> str:
    """Return waivers as text for a target file, each under a comment that says what it is."""
    return "\n".join(_entry(offer, terms) for offer in offers)


def _entry(offer: Offer, terms: Terms) -> str:
    given: dict[str, str | None] = {
        "requirement": offer.requirement,
        "cause": offer.cause,
        "idp": offer.idp,
        "reason": terms.reason,
        "owner": terms.owner,
        "link": terms.link,
        "expires": terms.expires.isoformat() if terms.expires else None,
    }
    lines = [f"# {view.one_line(offer.comment, 240)}", "[[waivers]]"]
    lines += [f"{key} = {quoted(value)}" for key, value in given.items() if value is not None]
    if offer.cause is not None:
        lines.append(f"found_in = [{', '.join(map(quoted, offer.found_in))}]")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return text as a basic string of TOML 1.0, in which nothing stands that cannot be seen.

    Half of a surrogate pair is no Unicode character, and no file of TOML can hold one.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    # TOML knows the escapes of JSON; others are left by JSON that may not, or better not, stand.
    return "".join(
        each if each.isprintable() else f"\\U{ord(each):08x}"
        for each in json.dumps(whole, ensure_ascii=False)
    )


# -- into a target file --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was written into a target file, and what it had already."""

    written: tuple[Offer, ...]
    known: tuple[Offer, ...]
    is_new: bool  # there was no such file


def accept(file: Path, offers: Sequence[Offer], terms: Terms, today: date) -> Accepted:
    """Add waivers at the end of a target file, whole or not at all; raises ReportError.

    What the file waives already is not written again. A file that is not there is created.
    """
    before = _read(file)
    listed = _listed(file, before or "")
    known = tuple(each for each in offers if _is_known(file, each, listed, today))
    missing = [each for each in offers if each not in known]
    if missing:
        _write(file, _with(file, before, as_toml(missing, terms)))
    return Accepted(written=tuple(missing), known=known, is_new=before is None)


def _read(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReportError(_words("file.cannot_read", file=file, why=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ReportError(_words("file.not_toml", file=file, why=error)) from error


def _listed(file: Path, text: str) -> list[Mapping[str, Any]]:
    try:
        waivers = tomllib.loads(text).get("waivers", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ReportError(_words("file.not_toml", file=file, why=error)) from error
    listed = waivers if isinstance(waivers, list) else []
    return [each for each in listed if isinstance(each, Mapping)]


def _is_known(file: Path, offer: Offer, listed: Iterable[Mapping[str, Any]], today: date) -> bool:
    """Tell whether a file waives all of an offer; raises ReportError where it did until lately."""
    for each in listed:
        about = (each.get("requirement"), each.get("cause"))
        if about != (offer.requirement, offer.cause) or each.get("dialect") is not None:
            continue
        if each.get("idp") not in (None, offer.idp):
            continue
        day = str(each.get("expires", ""))
        if day and day < today.isoformat():
            raise ReportError(_words("file.over", file=file, name=offer.name, day=day))
        return True
    return False


def _with(file: Path, before: str | None, added: str) -> str:
    """Return the new text of a file, after a look at whether it can be read again."""
    text = _words("file.fresh") if before is None else before
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith("\n") else newline
    after = f"{text}{gap}{newline if text else ''}{added.replace(chr(10), newline)}"
    try:
        tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        raise ReportError(_words("file.inline", file=file)) from error
    return after


def _write(file: Path, text: str) -> None:
    """Put the text in place of the file at once; a link stays one, and the mode stays."""
    place = file.resolve()
    if place.exists() and not place.is_file():
        raise ReportError(_words("file.cannot_write", file=file, why="it is no regular file"))
    draft = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        # Made for its owner alone, since the file may hold headers that nobody else should read.
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(text.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(place.stat().st_mode & 0o777 if place.exists() else 0o644)
        draft.replace(place)
    except OSError as error:
        raise ReportError(_words("file.cannot_write", file=file, why=error.strerror)) from error
    finally:
        draft.unlink(missing_ok=True)
