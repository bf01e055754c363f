from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from reports import Feature
from reports import IdpSummary
from reports import Redactor
from reports import Report
from reports import ReportError
from reports import Result
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.renderings import FILES
from reports.vendors.badge import COLOURS
from reports.vendors.badge import badge
from reports.vendors.badge import render_badge
from reports.vendors.badge import render_endpoint
from reports.vendors.badge import width
from tests.browser import Browser

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert('badge')</script>\x1b[31m\u202e\"'&]]>"

# The JSON that badge services read from an address: their documented members, and no other.
ENDPOINT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schemaVersion", "label", "message", "color"],
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string", "minLength": 1},
        "message": {"type": "string", "minLength": 1},
        "color": {"enum": ["brightgreen", "yellow", "orange", "red", "blue", "lightgrey"]},
    },
}
LABELS = {
    Verdict.PASS: "works",
    Verdict.WARN: "works with warnings",
    Verdict.FAIL: "stops here",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.ERROR: "not judged",
    Verdict.WAIVED: "waived",
    Verdict.SKIP: "skipped",
    None: "not checked",
}


def idp(title: str, *verdicts: Verdict | None, label: str | None = None) -> IdpSummary:
    features = tuple(
        Feature(name=f"feature {number}", verdict=each, label=label or LABELS[each])
        for number, each in enumerate(verdicts)
    )
    return IdpSummary(
        idp=title.lower(),
        title=title,
        dialect="one",
        dialect_title="The one",
        verdict=Verdict.worst(each for each in verdicts if each),
        features=features,
    )


OKTA, ENTRA, THIRD = (idp(title, Verdict.PASS) for title in ("Okta", "Entra", "Third"))
P, W, F, N = Verdict.PASS, Verdict.WARN, Verdict.FAIL, None


@pytest.mark.parametrize(
    ("idps", "message", "colour"),
    [
        ((OKTA,), "Okta: works", "brightgreen"),
        ((OKTA, ENTRA), "Okta, Entra: works", "brightgreen"),
        ((OKTA, ENTRA, THIRD), "3 IdPs work", "brightgreen"),
        (
            (OKTA, ENTRA, idp("Third", P, label="works on assumed traffic")),
            "3 IdPs work, partly on assumed traffic",
            "brightgreen",
        ),
        ((OKTA, ENTRA, idp("Third", W)), "3 IdPs work with reservations", "yellow"),
        ((idp("Okta", P, W),), "Okta: works with warnings", "yellow"),
        ((idp("Okta", P, F, F),), "Okta: 2 features stop", "red"),
        ((idp("Okta", P, F),), "Okta: 1 feature stops", "red"),
        ((OKTA, idp("Entra", F)), "1 of 2 IdPs work, 1 stop", "orange"),
        ((idp("Okta", F), idp("Entra", F)), "0 of 2 IdPs work, 2 stop", "red"),
        ((OKTA, idp("Entra", N)), "1 of 2 IdPs work, the others were not judged", "lightgrey"),
        ((idp("Okta", N, N),), "Okta: not checked", "lightgrey"),
        ((idp("Okta", Verdict.SKIP),), "Okta: not checked", "lightgrey"),
        ((idp("Okta", P, N),), "Okta: works, as far as checked", "yellow"),
        ((idp("Okta", P, Verdict.ERROR),), "Okta: not judged", "lightgrey"),
        ((idp("Okta", P, Verdict.INCONCLUSIVE),), "Okta: not judged", "lightgrey"),
        ((), "no IdP checked", "lightgrey"),
    ],
)
def test_the_message_says_what_the_run_shows_and_no_more(
    report: MakeReport, idps: tuple[IdpSummary, ...], message: str, colour: str
) -> None:
    made = badge(report(idps=idps))
    assert (made.label, made.message, made.colour) == ("SCIM", message, colour)


def test_dialects_of_one_identity_provider_are_one(report: MakeReport) -> None:
    other = replace(idp("Okta", P, F), dialect="two")
    assert badge(report(idps=(OKTA, other))).message == "Okta: 1 feature stops"


def green(made: Report) -> bool:
    return badge(made).colour == "brightgreen"


def test_no_reserved_run_is_green(report: MakeReport, result: MakeResult) -> None:
    whole = report(idps=(OKTA,))
    assert green(whole)
    cut = replace(whole, run=replace(whole.run, interrupted=True))
    part = replace(whole, run=replace(whole.run, options={"only": ["OKTA-X-1"]}))
    narrowed = report(idps=(idp("Okta", P, label="works, as far as checked"),))
    simulated = replace(whole, target=replace(whole.target, simulated=True))
    waived = replace(whole, results=(result(Verdict.WAIVED, idp="okta"),))
    messages = []
    for made in (cut, part, narrowed, simulated, waived):
        assert not green(made)
        messages.append(badge(made).message)
    assert messages == [
        "Okta: works, interrupted",
        "Okta: works, partial run",
        "Okta: works, partial run",
        "Okta: works, simulated",
        "Okta: works, 1 waived",
    ]


def test_a_target_that_was_not_reached_has_no_other_message(report: MakeReport) -> None:
    made = report(idps=(OKTA,))
    lost = replace(made, target=replace(made.target, trouble="no route"))
    assert (badge(lost).message, badge(lost).colour) == ("target not reached", "lightgrey")


def test_broken_rules_of_the_rfc_take_the_green_away(
    report: MakeReport, result: MakeResult
) -> None:
    twice = [result(F, case=f"{n}", requirement="RFC7644-3.6-2") for n in range(2)]
    made = report(*twice, result(F, requirement="SEC-AUTH-1"), idps=(OKTA,))
    assert badge(made).message == "Okta: works, 2 requirements broken"
    assert badge(made).colour == "yellow"
    none = replace(made, idps=())
    assert badge(none).message == "no IdP checked, 2 requirements broken"
    assert badge(none).colour == "red"


def test_promises_of_a_product_are_counted_where_no_console_was_tried(
    report: MakeReport, result: MakeResult
) -> None:
    promised = {"product": "deskly", "idp": "okta", "simulated": True}
    kept = [result(case=f"{n}", requirement=f"DSK-{n}", **promised) for n in range(3)]
    half = result(Verdict.INCONCLUSIVE, case="x", requirement="DSK-0", **promised)
    assert badge(report(*kept)).message == "3 promises kept, simulated"
    assert badge(report(*kept)).colour == "blue"
    assert badge(report(*kept, half)).message == "2 promises kept, simulated"


def test_one_identity_provider_has_a_badge_of_its_own(
    report: MakeReport, result: MakeResult
) -> None:
    results = (result(F, requirement="RFC7644-3.6-2"), result(Verdict.WAIVED, idp="entra"))
    made = report(*results, idps=(OKTA, idp("Entra", P), idp("Third", F)))
    assert badge(made, "okta") == replace(badge(made, "okta"), label="SCIM with Okta")
    assert badge(made, "okta").message == "works"
    assert badge(made, "entra").message == "works, 1 waived"
    assert badge(made, "third").message == "1 feature stops"
    with pytest.raises(ReportError, match="nothing on 'google'; there are: okta, entra, third"):
        badge(made, "google")


def test_the_json_for_badge_services_has_their_members_alone(broken: Report) -> None:
    for each in (None, "okta", "entra"):
        said: Any = json.loads(render_endpoint(broken, each))
        jsonschema.validate(said, ENDPOINT)
        assert said["color"] in ("red", "orange")


def test_the_picture_is_svg_with_a_title_and_nothing_from_outside(broken: Report) -> None:
    text = render_badge(broken)
    root = ElementTree.fromstring(text)  # noqa: S314 - ours
    assert root.tag == f"{SVG}svg"
    said = root.findtext(f"{SVG}title")
    assert said == root.get("aria-label") == f"SCIM: {badge(broken).message}"
    assert root.get("role") == "img"
    assert [each.text for each in root.iter(f"{SVG}text")] == ["SCIM", badge(broken).message]
    assert text.count("http") == 1  # the name space
    for outside in ("href", "url(h", "@import", "<style", "<image", "script"):
        assert outside not in text


def test_the_rooms_of_the_picture_hold_their_texts(broken: Report) -> None:
    root = ElementTree.fromstring(render_badge(broken))  # noqa: S314 - ours
    first, second = [float(each.get("width") or 0) for each in root.iter(f"{SVG}rect")][1:]
    texts = [float(each.get("textLength") or 0) for each in root.iter(f"{SVG}text")]
    assert float(root.get("width") or 0) == first + second
    assert texts[0] < first
    assert texts[1] < second


@pytest.mark.parametrize(("shorter", "longer"), [("iii", "mmm"), ("abc", "ABC"), ("ab", "日本")])
def test_wide_letters_get_more_room(shorter: str, longer: str) -> None:
    assert 0 < width(shorter) < width(longer)


@pytest.mark.parametrize("colour", COLOURS.values())
def test_white_text_is_readable_on_every_colour(colour: str) -> None:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green_, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    luminance = 0.2126 * red + 0.7152 * green_ + 0.0722 * blue
    assert 1.05 / (luminance + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_hostile_titles_stay_text(report: MakeReport) -> None:
    made = report(idps=(replace(OKTA, title=HOSTILE),))
    for one in (None, "okta"):
        root = ElementTree.fromstring(render_badge(made, one))  # noqa: S314 - ours
        assert "alert" in (root.findtext(f"{SVG}title") or "")
        assert not list(root.iter(f"{SVG}script"))
        said: Any = json.loads(render_endpoint(made, one))
        jsonschema.validate(said, ENDPOINT)
        assert "\x1b" not in said["label"] + said["message"]
        assert "\u202e" not in said["label"] + said["message"]


def test_a_long_message_is_cut(report: MakeReport) -> None:
    long = report(idps=(replace(OKTA, title="x" * 5_000),))
    assert len(badge(long).message) < 200
    assert len(badge(long, "okta").label) < 100


def test_both_are_files_of_every_run(report: MakeReport) -> None:
    made = report(idps=(OKTA,))
    root = ElementTree.fromstring(FILES["badge.svg"](made))  # noqa: S314 - ours
    assert root.tag == f"{SVG}svg"
    jsonschema.validate(json.loads(FILES["badge.json"](made)), ENDPOINT)


def test_the_command_prints_or_writes(
    report: MakeReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report(tmp_path, report(idps=(OKTA,)), Redactor())
    source = str(tmp_path / "report.json")
    assert main(["badge", source]) == 0
    assert "<title>SCIM: Okta: works</title>" in capsys.readouterr().out
    out = tmp_path / "b.json"
    assert main(["badge", source, "--idp", "okta", "--format", "json", "--output", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["label"] == "SCIM with Okta"
    assert main(["badge", source, "--idp", "nobody"]) == 4
    assert "nothing on 'nobody'" in capsys.readouterr().err


def test_a_browser_draws_it(broken: Report, tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "badge.svg").write_text(render_badge(broken), "utf-8")
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><img src='badge.svg' alt=''>", "utf-8")
    browser.open(page.as_uri())
    drawn: Any = browser.until("(() => { const i = document.images[0]; return i.naturalWidth; })()")
    root = ElementTree.fromstring(render_badge(broken))  # noqa: S314 - ours
    assert drawn == int(root.get("width") or 0)
    assert browser.complaints == []
