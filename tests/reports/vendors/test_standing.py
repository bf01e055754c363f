from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports.vendors.standing import idp_verdict
from reports.vendors.standing import in_words
from reports.vendors.standing import rests_on_assumptions
from reports.vendors.standing import standing

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]

GOOD = Feature(name="a", verdict=Verdict.PASS, label="works")
ASSUMED = Feature(name="b", verdict=Verdict.PASS, label="works on assumed traffic")
WARNED = Feature(name="c", verdict=Verdict.WARN, label="works with warnings")
STOPS = Feature(name="d", verdict=Verdict.FAIL, label="stops here")
ABSENT = Feature(name="e", verdict=Verdict.SKIP, label="skipped")
UNTRIED = Feature(name="f", verdict=None, label="not checked")


def summary(*features: Feature) -> IdpSummary:
    return IdpSummary(
        idp="okta", title="Okta", dialect="oin", dialect_title="", verdict=None, features=features
    )


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ((GOOD, GOOD), "2 of 2 features work"),
        ((GOOD, STOPS), "1 of 2 features works, 1 stops here"),
        ((STOPS, STOPS), "0 of 2 features work, 2 stop here"),
        ((GOOD, WARNED, ABSENT), "2 of 3 features work, 1 of them with warnings, 1 not offered"),
        (
            (GOOD, ASSUMED, UNTRIED),
            "2 of 3 features work, 1 of them on assumed traffic, 1 not checked",
        ),
    ],
)
def test_a_console_is_counted_with_what_it_rests_on(
    features: tuple[Feature, ...], said: str
) -> None:
    assert in_words(features) == said


def test_what_is_not_offered_or_not_checked_decides_nothing() -> None:
    assert idp_verdict(summary(GOOD, ABSENT, UNTRIED)) is Verdict.PASS
    assert idp_verdict(summary(GOOD, STOPS)) is Verdict.FAIL
    assert idp_verdict(summary(ABSENT, UNTRIED)) is None


def test_assumed_traffic_is_noticed() -> None:
    assert rests_on_assumptions(summary(GOOD, ASSUMED))
    assert not rests_on_assumptions(summary(GOOD, WARNED))


@pytest.mark.parametrize("options", [{"only": ["RFC7644-3.6-2"]}, {"dialect": ["oin"]}])
def test_a_narrowed_run_is_called_partial(report: MakeReport, options: dict[str, Json]) -> None:
    whole = report(idps=(summary(GOOD),))
    assert standing(whole).words == ()
    narrowed = replace(whole, run=replace(whole.run, options=options))
    assert standing(narrowed).words == ("partial run",)


def test_a_run_narrowed_by_other_means_is_known_by_its_labels(report: MakeReport) -> None:
    label = replace(GOOD, label="works, as far as checked")
    assert standing(report(idps=(summary(label),))).words == ("partial run",)


def test_every_reservation_has_its_word(report: MakeReport, result: MakeResult) -> None:
    whole = report(result(simulated=True))
    both = replace(
        whole,
        run=replace(whole.run, interrupted=True),
        target=replace(whole.target, trouble="no route"),
    )
    assert standing(both).words == ("target not reached", "interrupted", "simulated")
