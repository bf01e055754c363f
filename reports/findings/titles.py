"""What a cause is called: a plain sentence for everybody, and its technical form."""

from __future__ import annotations

from reports import view
from reports.model import Result
from reports.wording import wording

from .outcomes import GONE
from .outcomes import IGNORED
from .shapes import is_search
from .signatures import Signature


def title(about: Signature, result: Result) -> str:
    """Return what the server does, in a sentence for somebody who has never seen SCIM."""
    words, act = wording("causes"), f"{about.shape.act}-{about.shape.kind}".rstrip("-")
    if about.by_text and about.outcome != GONE:
        act = f"text-{act}"
    case = view.one_line(result.title, 200)
    if f"act.{act}" not in words or _is_amid_others(about, result):
        return words("outcome.other", title=case)
    choices = _choices(about, result, act)
    key = next((each for each in choices if each in words), f"outcome.{about.outcome}")
    return words(
        key,
        act=words(f"act.{act}"),
        status=about.status,
        title=case,
        attribute=_listed(about.attribute),
        complaint=_listed(about.complaint),
        value=view.one_line(about.shape.line.partition(": ")[2], 80),
    )


def _choices(about: Signature, result: Result, act: str) -> tuple[str, ...]:
    """Return the sentences that may fit, the most telling first; not all of them exist."""
    shown = view.shown_exchange(result)
    listed = about.outcome == IGNORED and shown is not None and is_search(shown)
    fits = about.outcome == GONE or _is_about(about.shape.act, result)
    return (
        f"outcome.listed-{act}" if listed else "",
        f"outcome.after-{about.since}" if _is_about("members", result) else "",
        f"outcome.{about.outcome}-{about.status}",
        f"outcome.{about.outcome}-{act}" if fits else "",
        f"outcome.{about.outcome}-{_about(about, result)}",
    )


def _is_amid_others(about: Signature, result: Result) -> bool:
    """Tell whether a finding comes after many writes, of which the last need not be to blame."""
    plain = about.shape.act in ("deactivate", "activate", "delete")
    tells = plain and _is_about(about.shape.act, result)
    return about.outcome == IGNORED and "-HIST-" in result.requirement and not tells


def _is_about(act: str, result: Result) -> bool:
    """Tell whether a finding is about what the request was for, not about something beside it."""
    said = f"{result.expected} {result.actual}".lower()
    return next((word in said for end, word in _ABOUT.items() if act.endswith(end)), True)


# What a finding has to speak of before it may be said that the request itself did nothing.
_ABOUT = {"activate": "active", "member": "member", "members": "member"}


def _listed(attribute: str) -> str:
    return ", ".join(f"`{name}`" for name in attribute.split("+"))


def _about(about: Signature, result: Result) -> str:
    if about.complaint:
        return "named"
    said = f"{result.expected} {result.actual}".replace("e-mail", "emails")
    if not about.attribute or not all(name in said for name in about.attribute.split("+")):
        return "any"
    if about.outcome == IGNORED and not about.unkept:
        return "any"
    return "lost" if about.lost else "other"


def seen(about: Signature) -> str:
    """Return the technical form: the request, and what came of it."""
    request = " ".join(part for part in (about.shape.line, about.shape.detail) if part)
    return view.one_line(
        wording("causes")(f"seen.{about.outcome}", request=request, status=about.status)
    )
