from __future__ import annotations

from collections.abc import Callable

import pytest

from reports import Feature
from reports import FeatureOutline
from reports import IdpOutline
from reports import Result
from reports import Verdict
from reports import idp_summaries
from reports import summarise

OUTLINE = IdpOutline(
    idp="okta",
    title="Okta",
    dialects=(("aiw", "Wizard"), ("oin", "Catalog")),
    features=(
        FeatureOutline(name="Import"),
        FeatureOutline(name="Create Users", decisive=("create-user",)),
        FeatureOutline(name="Entitlements", dialects=("oin",)),
    ),
    checklist=(("A user can be created", ("OKTA-USER-1", "RFC7644-3.3-1")), ("The logo fits", ())),
)


@pytest.fixture
def found(result: Callable[..., Result]) -> Callable[..., Result]:
    def found(verdict: Verdict = Verdict.PASS, **given: object) -> Result:
        return result(verdict, **({"idp": "okta", "feature": "Import"} | given))

    return found


def table(*results: Result) -> dict[tuple[str, str], Feature]:
    return {
        (summary.dialect, feature.name): feature
        for summary in idp_summaries(results, [OUTLINE])
        for feature in summary.features
    }


def label(*results: Result, dialect: str = "oin", feature: str = "Import") -> str:
    return table(*results)[dialect, feature].label


def test_the_counts_are_those_of_the_results(found: Callable[..., Result]) -> None:
    assert summarise([found(), found(Verdict.WARN), found()])["pass"] == 2


def test_every_feature_is_listed_in_the_order_of_the_console() -> None:
    assert list(table()) == [
        ("aiw", "Import"),
        ("aiw", "Create Users"),
        ("oin", "Import"),
        ("oin", "Create Users"),
        ("oin", "Entitlements"),
    ]


def test_what_was_not_reached_is_not_checked() -> None:
    feature = table()["oin", "Import"]
    assert feature.verdict is None
    assert feature.label == "not checked"
    assert feature.results == ()


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.PASS, "works"),
        (Verdict.WARN, "works with warnings"),
        (Verdict.FAIL, "stops here"),
        (Verdict.SKIP, "skipped"),
        (Verdict.WAIVED, "waived"),
        (Verdict.INCONCLUSIVE, "inconclusive"),
        (Verdict.ERROR, "not judged (error in scimproof)"),
    ],
)
def test_each_verdict_has_its_words(
    found: Callable[..., Result], verdict: Verdict, words: str
) -> None:
    assert label(found(verdict, certainty="doc")) == words


def test_a_feature_takes_the_worst_of_its_results_and_names_all_of_them(
    found: Callable[..., Result],
) -> None:
    feature = table(found(case="a"), found(Verdict.FAIL, case="b"), found(Verdict.SKIP, case="c"))
    assert feature["oin", "Import"].verdict is Verdict.FAIL
    assert feature["oin", "Import"].results == ("a", "b", "c")


def test_a_result_without_dialect_counts_for_every_dialect(found: Callable[..., Result]) -> None:
    features = table(found(Verdict.FAIL))
    assert features["aiw", "Import"].verdict is Verdict.FAIL
    assert features["oin", "Import"].verdict is Verdict.FAIL


def test_a_result_of_one_dialect_says_nothing_about_the_other(found: Callable[..., Result]) -> None:
    features = table(found(Verdict.FAIL, dialect="aiw"))
    assert features["aiw", "Import"].verdict is Verdict.FAIL
    assert features["oin", "Import"].verdict is None


def test_a_result_of_another_idp_says_nothing(found: Callable[..., Result]) -> None:
    assert label(found(idp="entra")) == "not checked"


def test_a_feature_of_one_dialect_does_not_appear_in_the_other(
    found: Callable[..., Result],
) -> None:
    assert ("aiw", "Entitlements") not in table(found(feature="Entitlements"))


def test_a_feature_of_another_dialect_does_not_spoil_this_one(found: Callable[..., Result]) -> None:
    spoiled = [found(), found(Verdict.FAIL, feature="Entitlements")]
    aiw, oin = idp_summaries(spoiled, [OUTLINE])
    assert (aiw.verdict, oin.verdict) == (Verdict.PASS, Verdict.FAIL)


def test_a_feature_that_the_outline_does_not_know_is_shown_all_the_same(
    found: Callable[..., Result],
) -> None:
    assert (
        label(found(Verdict.FAIL, feature="Profile Push"), feature="Profile Push") == "stops here"
    )


def test_a_dialect_that_the_outline_does_not_know_is_shown_all_the_same(
    found: Callable[..., Result],
) -> None:
    assert label(found(Verdict.FAIL, dialect="new"), dialect="new") == "stops here"


def test_a_pass_on_inferred_traffic_only_says_so(found: Callable[..., Result]) -> None:
    assert label(found(certainty="inferred")) == "works on assumed traffic"


@pytest.mark.parametrize("certainty", ["doc", "test", "code", "wild"])
def test_one_better_known_pass_is_enough_for_plain_works(
    found: Callable[..., Result], certainty: str
) -> None:
    assert label(found(certainty="inferred"), found(certainty=certainty)) == "works"


def test_a_pass_that_replayed_nothing_does_not_vouch_for_the_traffic(
    found: Callable[..., Result],
) -> None:
    assert label(found(certainty="inferred"), found()) == "works on assumed traffic"


def test_a_feature_that_needs_no_traffic_works_plainly(found: Callable[..., Result]) -> None:
    assert label(found()) == "works"


def test_a_skipped_result_does_not_vouch_for_the_traffic(found: Callable[..., Result]) -> None:
    skipped = found(Verdict.SKIP, certainty="doc")
    assert label(found(certainty="inferred"), skipped) == "works on assumed traffic"


def test_warnings_on_inferred_traffic_are_never_plain_works(found: Callable[..., Result]) -> None:
    said = label(found(Verdict.WARN, certainty="inferred"))
    assert said == "works with warnings, on assumed traffic"


def test_a_failure_on_inferred_traffic_is_still_a_failure(found: Callable[..., Result]) -> None:
    assert label(found(Verdict.FAIL, certainty="inferred")) == "stops here"


def test_only_the_decisive_scenarios_decide_what_is_assumed(found: Callable[..., Result]) -> None:
    decisive = found(feature="Create Users", scenario="create-user", certainty="inferred")
    beside = found(feature="Create Users", scenario="look-up", certainty="doc")
    assert label(decisive, beside, feature="Create Users") == "works on assumed traffic"


def test_the_checklist_takes_the_worst_of_its_requirements_and_protocol_cases_count(
    found: Callable[..., Result], result: Callable[..., Result]
) -> None:
    results = [
        found(case="a", requirement="OKTA-USER-1"),
        result(Verdict.WARN, case="b", requirement="RFC7644-3.3-1"),
        result(Verdict.FAIL, case="c", requirement="RFC7644-3.3-2"),
    ]
    item = idp_summaries(results, [OUTLINE])[1].checklist[0]
    assert item.verdict is Verdict.WARN
    assert item.results == ("a", "b")


def test_a_checklist_item_that_nothing_checks_is_left_to_a_person(
    found: Callable[..., Result],
) -> None:
    item = idp_summaries([found()], [OUTLINE])[0].checklist[1]
    assert item.verdict is None
    assert item.results == ()


def test_an_idp_that_never_ran_has_no_verdict() -> None:
    assert [summary.verdict for summary in idp_summaries([], [OUTLINE])] == [None, None]
