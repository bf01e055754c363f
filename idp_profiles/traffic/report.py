"""A comparison for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from idp_profiles.model import Json

from .comparison import Comparison
from .comparison import Judged
from .parts import Difference


def lines(found: Comparison, title: str, *, faithful: bool) -> Iterator[str]:
    """Yield what a comparison came to, in words."""
    yield f"Compared with {title}, dialect {found.dialect}."
    for one in found.stretches:
        yield _stretch(one)
    for difference, numbers in _grouped(found).items():
        yield f"differs  {_exchanges(numbers)}: {difference.sentence}"
    if not faithful:
        yield "A HAR file does not keep how headers are spelled and ordered: not compared."
    if found.left_out:
        yield f"{found.left_out} went elsewhere than the SCIM endpoints: not compared."
    count = len(_grouped(found))
    yield f"{count} difference{'' if count == 1 else 's'}." if count else "No difference."


def records(found: Comparison, name: str) -> dict[str, Json]:
    """Return a comparison as one JSON object; the names of the members are a contract."""
    return {
        "idp": name,
        "dialect": found.dialect,
        "result": "differs" if found.findings else "same",
        "left_out": found.left_out,
        "stretches": [_stretch_record(one) for one in found.stretches],
        "differences": [
            _difference_record(difference, numbers)
            for difference, numbers in _grouped(found).items()
        ],
    }


def _stretch_record(one: Judged) -> dict[str, Json]:
    return {
        "first": one.first,
        "last": one.last,
        "scenario": one.scenario or None,
        "others": list(one.others),
        "result": "differs" if one.findings else "same",
    }


def _difference_record(difference: Difference, numbers: list[int]) -> dict[str, Json]:
    return {
        "exchanges": list(numbers),
        "part": difference.part,
        "where": difference.where,
        "profile": difference.profile,
        "recording": difference.recording,
        "sentence": difference.sentence,
    }


def _stretch(one: Judged) -> str:
    verdict = "differs" if one.findings else "same"
    name = one.scenario or "no scenario"
    others = f"; as well: {', '.join(one.others)}" if one.others else ""
    place = str(one.first) if one.first == one.last else f"{one.first}-{one.last}"
    return f"{verdict:7}  {place}  {name}{others}"


def _grouped(found: Comparison) -> dict[Difference, list[int]]:
    """Return each difference once, with the exchanges that show it."""
    grouped: dict[Difference, list[int]] = {}
    for one in found.findings:
        numbers = grouped.setdefault(one.difference, [])
        if one.number not in numbers:
            numbers.append(one.number)
    return grouped


def _exchanges(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:8]))
    more = f" and {len(numbers) - 8} more" if len(numbers) > 8 else ""
    return f"exchange{'' if len(numbers) == 1 else 's'} {shown}{more}"
