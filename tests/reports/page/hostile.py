"""A report in which every text that a target or a user controls tries to break the page."""

from __future__ import annotations

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict

HOSTILE = (
    "</pre></style></title></svg>]]><script>window.pwned=1</script>"
    "<img src=x onerror=window.pwned=1>\" onload='window.pwned=1' {{ 7*7 }} \u202egnp"
)
FIELDS = (
    *("case", "requirement", "level", "suite", "title", "idp", "dialect", "scenario"),
    *("certainty", "feature", "expected", "actual", "consequence", "hint", "reproduce"),
    *("blocked_by", "product", "scope"),
)


def hostile_report(text: str, verdict: Verdict) -> Report:
    """Return a report with this text in every place."""
    return Report(
        run=Run(
            id=text,
            version=text,
            started=text,
            seconds=1,
            seed=1,
            options={text: text},
            versions={text: {text: text}},
        ),
        target=Target(
            url=text,
            software=text,
            trouble=text,
            capabilities={text: {"value": text, "origin": text}},
        ),
        results=(_result(text, verdict), _result(text, verdict, product=None)),
        idps=(_console(text),),
        coverage={text: [text], "x": {text: text}, "checked": [text], "skipped": {text: text}},
        left_behind=({text: text},),
        transcript={"file": text, text: text},
        waivers=({"reason": text, text: text},),
    )


def _console(text: str) -> IdpSummary:
    features = tuple(
        Feature(name=f"{text}{verdict}", verdict=verdict, label=text, results=(text,))
        for verdict in (None, *Verdict)
    )
    return IdpSummary(
        idp=text, title=text, dialect=text, dialect_title=text, verdict=None, features=features
    )


def _result(text: str, verdict: Verdict, **given: str | None) -> Result:
    texts = dict.fromkeys(FIELDS, text) | given
    return Result(
        **texts,  # type: ignore[arg-type]  # the names of fields that are texts
        verdict=verdict,
        notes=(text,),
        links=(text, "javascript:window.pwned=1", f"https://{text}", 'https://x/"onload=x>'),
        rests_on=(text,),
        waiver={"reason": text, "owner": text, "link": text, "expires": text},
        evidence=(_exchange(text, text), _exchange(text, {text: text}), _exchange(text, None)),
    )


def _exchange(text: str, body: Json) -> Json:
    half: dict[str, Json] = {"headers": [[text, text]], "body": body}
    return {
        "n": 1,
        "of": 3,
        "shows": body is None,
        "scenario": text,
        "step": text,
        "request": {"method": text, "target": text, **half},
        "response": {"status": text, **half} if body is not None else None,
        "error": None if body is not None else text,
        "milliseconds": 1.0,
    }
