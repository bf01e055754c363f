from __future__ import annotations

from collections.abc import Callable

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from tests.reports.page.parsed import Page
from tests.reports.page.parsed import ReadPage

MakeResult = Callable[..., Result]


def feature(name: str, verdict: Verdict | None, label: str, *results: str) -> Feature:
    return Feature(name=name, verdict=verdict, label=label, results=results)


def console(dialect: str, *features: Feature, idp: str = "okta", title: str = "Okta") -> IdpSummary:
    return IdpSummary(
        idp=idp,
        title=title,
        dialect=dialect,
        dialect_title=dialect.upper(),
        verdict=Verdict.worst(each.verdict for each in features if each.verdict),
        features=features,
    )


WORKS = feature("Import", Verdict.PASS, "works")
STOPS = feature("Push", Verdict.FAIL, "stops here", "bad")


def test_one_sentence_says_who_stops(page: ReadPage, result: MakeResult) -> None:
    idps = (
        console("aiw", WORKS),
        console("oin", WORKS, STOPS),
        console("default", STOPS, idp="entra", title="Microsoft Entra ID"),
    )
    text = page(result(Verdict.FAIL, case="bad", idp="okta"), idps=idps).text
    assert "2 of 3 consoles stop somewhere: Okta and Microsoft Entra ID." in text
    assert "One thing that the server does is behind every failure." in text
    assert "1 of 2 works, 1 stops" in text


@pytest.mark.parametrize(
    ("features", "says"),
    [
        ((WORKS,), "Everything that was checked works in this console."),
        ((feature("x", Verdict.WARN, "works with warnings"),), "some features work with warnings"),
        ((feature("x", Verdict.INCONCLUSIVE, "inconclusive"),), "not everything could be judged"),
        ((feature("x", None, "not checked"),), "No feature was checked."),
        ((feature("x", Verdict.SKIP, "skipped"),), "No feature was checked."),
        ((STOPS,), "Okta stops somewhere."),
    ],
)
def test_the_sentence_claims_no_more_than_was_found(
    page: ReadPage, result: MakeResult, features: tuple[Feature, ...], says: str
) -> None:
    assert says in page(result(), idps=(console("oin", *features),)).text


def test_features_on_assumed_traffic_are_told_apart_and_counted(
    page: ReadPage, result: MakeResult
) -> None:
    assumed = feature("Sync", Verdict.PASS, "works on assumed traffic")
    found = page(result(), idps=(console("oin", WORKS, assumed),))
    assert "1 feature works on assumed traffic" in found.text
    assert "≈" in found.text
    assert "Sync: works on assumed traffic" in found.values("title")


def test_a_run_without_identity_providers_says_what_became_of_the_cases(
    page: ReadPage, result: MakeResult
) -> None:
    bad = page(result(Verdict.FAIL, suite="protocol"), result(case="b", suite="protocol"))
    assert "1 of 2 cases fails." in bad.text
    assert "What was checked" in bad.text
    assert "Nothing that was checked fails." in page(result()).text
    assert "No case ran." in page().text
    assert "No feature was checked." in page(result(Verdict.SKIP)).text


def test_a_feature_that_stops_is_named_and_leads_to_its_cause(
    page: ReadPage, result: MakeResult
) -> None:
    stopped = result(Verdict.FAIL, case="bad", idp="okta")
    found = page(stopped, idps=(console("oin", STOPS),))
    causes = [each for each in found.values("id") if each.startswith("C-") and "." not in each]
    (tile,) = found.links_of("a", **{"class": "tile stops"})
    assert tile == f"#{causes[0]}"
    assert found.source.index("Stops:") < found.source.index('id="failures"')


def test_a_feature_that_works_leads_to_the_case_behind_it(
    page: ReadPage, result: MakeResult
) -> None:
    works = feature("Import", Verdict.PASS, "works", "good")
    found = page(result(case="good", requirement="OKTA-IMP-1"), idps=(console("oin", works),))
    assert found.links_of("a", **{"class": "tile works"}) == ["#OKTA-IMP-1"]


def test_a_feature_that_one_dialect_lacks_is_said_to_be_absent(page: ReadPage) -> None:
    idps = (
        console("aiw", feature("Import", None, "not checked")),
        console("oin", feature("Roles", None, "not checked")),
    )
    assert page(idps=idps).source.count(">not in this dialect</td>") == 2


def test_the_three_most_harmful_causes_stand_on_the_first_screen(
    broken_page: Page,
) -> None:
    found = broken_page
    first = found.text[: found.text.index("What fails")]
    assert "Fix first" in first
    assert "Deleting a group is answered as done, but the group is still there" in first
    assert "Push Groups: delete" in first
    assert "more below" in first


def test_a_clean_run_says_that_nothing_has_to_be_fixed(page: ReadPage, result: MakeResult) -> None:
    assert "Nothing has to be fixed." in page(result()).text


def test_a_target_that_nobody_reached_has_one_reason_and_no_wall_of_findings(
    page: ReadPage, result: MakeResult
) -> None:
    results = [result(Verdict.INCONCLUSIVE, case=str(n)) for n in range(50)]
    target = Target(url="http://127.0.0.1:9/", trouble="connection refused")
    found = page(*results, target=target)
    assert found.text.count("connection refused") == 1
    assert "Nothing could be tested." in found.text
    assert "Nothing has to be fixed." not in found.text
    assert "article" not in found.tags


def test_a_simulation_is_called_one_in_the_heading(page: ReadPage) -> None:
    found = page(target=Target(url="http://x/", simulated=True))
    assert "http://x/, simulated</h1>" in found.source
    assert "proves nothing about the product itself" in found.text


def test_an_interrupted_run_says_so(page: ReadPage) -> None:
    run = Run(id="r", version="1", started="x", seconds=1, seed=1, interrupted=True)
    assert "interrupted" in page(run=run).text
