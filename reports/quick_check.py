"""What the schema says of results, said once more in a form that takes no time.

Nearly all of a report are results, and a run waits while its report is checked. Whatever passes
here fits the schema; whatever does not is for the schema to judge.
"""

from __future__ import annotations

from collections.abc import Mapping

from .reading import Json

_TEXTS = ("scenario", "step", "error")
_FLAGS = (True, False)
_NOT_EMPTY = ("case", "requirement")
_RESULT_TEXTS = (*_NOT_EMPTY, "level", "suite", "title")
_MAYBE_TEXTS = (
    *("idp", "dialect", "scenario", "feature", "expected", "actual", "consequence", "hint"),
    *("reproduce", "blocked_by", "product"),
)
_LISTS = ("rests_on", "notes", "links")
_WORDS: Mapping[str, frozenset[str | None]] = {
    "verdict": frozenset(
        {"pass", "warn", "fail", "skip", "waived", "inconclusive", "error"},
    ),
    "certainty": frozenset({"doc", "test", "code", "wild", "inferred", None}),
    "rfc": frozenset({"asks", "beyond", "open", None}),
    "scope": frozenset({"object", "job", None}),
}
_MEMBERS = {
    *(*_RESULT_TEXTS, *_MAYBE_TEXTS, *_LISTS, *_WORDS),
    *("simulated", "seconds", "waiver", "evidence"),
}


def without_sound_results(data: Mapping[str, Json]) -> dict[str, Json]:
    """Return a report with only those results that need a closer look."""
    results = data.get("results")
    if not isinstance(results, list):
        return dict(data)
    return {**data, "results": [each for each in results if not is_sound_result(each)]}


def is_sound_result(result: Json) -> bool:
    """Tell whether a result fits the schema for sure; one with a waiver is looked at closer."""
    if not isinstance(result, dict) or result.keys() != _MEMBERS:
        return False
    return (
        all(isinstance(result[name], str) for name in _RESULT_TEXTS)
        and all(result[name] for name in _NOT_EMPTY)
        and all(result[name] is None or isinstance(result[name], str) for name in _MAYBE_TEXTS)
        and all(map(_are_texts, (result[name] for name in _LISTS)))
        and all(_is_one_of(result[name], words) for name, words in _WORDS.items())
        and type(result["simulated"]) is bool
        and _is_time(result["seconds"])
        and result["waiver"] is None
        and isinstance(result["evidence"], list)
        and all(map(is_sound, result["evidence"]))
    )


def _are_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_one_of(value: Json, words: frozenset[str | None]) -> bool:
    return isinstance(value, str | None) and value in words


def _is_time(value: Json) -> bool:
    return type(value) in (int, float) and value >= 0  # type: ignore[operator]  # a number, as was just seen


def is_sound(exchange: Json) -> bool:
    """Tell whether an exchange fits the schema for sure."""
    if not isinstance(exchange, dict) or "response" not in exchange:
        return False
    came, spent = exchange["response"], exchange.get("milliseconds")
    return (
        all(type(exchange.get(name, 1)) is int for name in ("n", "of"))
        and min(exchange.get("n", 1), exchange.get("of", 1)) >= 1  # type: ignore[type-var,operator]  # integers, as was just seen
        and any(exchange.get("shows", False) is each for each in _FLAGS)
        and all(isinstance(exchange.get(name), str | None) for name in _TEXTS)
        and (spent is None or type(spent) in (int, float))
        and _is_message(exchange.get("request"), "method", "target")
        and (came is None or (_is_message(came) and _has_status(came)))
    )


def _is_message(message: Json, *texts: str) -> bool:
    if not isinstance(message, dict):
        return False
    headers = message.get("headers", [])
    return (
        all(isinstance(message.get(name), str) for name in texts)
        and isinstance(headers, list)
        and all(map(_is_header, headers))
    )


def _has_status(message: Json) -> bool:
    return isinstance(message, dict) and type(message.get("status")) is int


def _is_header(pair: Json) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(e, str) for e in pair)
