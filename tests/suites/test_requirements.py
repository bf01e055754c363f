"""The catalogue of the RFCs: complete, consistent in itself, and judged entry by entry."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections import defaultdict
from pathlib import Path

import pytest

from suites import requirements
from suites.requirements import Requirement

RFC = [entry for entry in requirements.catalogue().values() if entry.id.startswith("RFC")]
ID = re.compile(r"RFC(\d{4})-(\d+(?:\.\d+)*)-(\d+)")
MENTION = re.compile(r"\bRFC\d{4}-\d+(?:\.\d+)*-\d+\b")
USUAL = {"MUST": "fail", "SHOULD": "warn", "MAY": "note"}
AREAS = {
    *("attributes", "auth", "bulk", "create", "delete", "discovery", "error", "etag", "filter"),
    *("groups", "i18n", "me", "multivalued", "pagination", "patch", "projection", "read"),
    *("replace", "schema", "security", "sort"),
}


def test_what_shows_a_password_belongs_to_security_as_well() -> None:
    """Where a report says what to mend first, such a finding counts as one of safety."""
    named = {entry.id for entry in RFC if entry.feature}
    assert {entry.feature for entry in RFC if entry.feature} == {"security"}
    never = re.compile(r"password.* (ever|never)\b|password has returned never")
    shown = {e.id for e in RFC if never.search(e.wording) and e.level == "MUST"}
    assert shown == {"RFC7643-4.1.1-26", "RFC7643-4.1.1-36"}
    assert shown <= named


def parts(entry: Requirement) -> tuple[str, str, int]:
    found = ID.fullmatch(entry.id)
    assert found, entry.id
    return found[1], found[2], int(found[3])


def texts(entry: Requirement) -> list[str]:
    every = (entry.wording, entry.how, entry.reason, entry.judgement_reason)
    return [text for text in every if text]


@pytest.mark.parametrize(("rfc", "count"), [("7643", 345), ("7644", 501), ("9865", 46)])
def test_no_requirement_of_an_rfc_is_lost(rfc: str, count: int) -> None:
    assert Counter(parts(entry)[0] for entry in RFC)[rfc] == count


def test_the_numbers_of_a_section_run_from_one_without_a_gap() -> None:
    numbers = defaultdict(list)
    for rfc, section, number in map(parts, RFC):
        numbers[rfc, section].append(number)
    assert {place for place, found in numbers.items() if found != [*range(1, len(found) + 1)]} == (
        set()
    )


def test_the_document_is_the_section_of_the_id() -> None:
    wrong = [
        entry.id
        for entry in RFC
        if entry.document != "RFC {} section {}".format(*parts(entry)[:2]) or not entry.title
    ]
    assert wrong == []


def test_the_link_leads_to_the_section_of_the_id() -> None:
    address = "https://www.rfc-editor.org/rfc/rfc{}#section-{}"
    assert [entry.id for entry in RFC if entry.link != address.format(*parts(entry)[:2])] == []


def test_a_section_has_one_title() -> None:
    """What stands after a colon is the part of the section."""
    titles = defaultdict(set)
    for entry in RFC:
        titles[entry.document].add((entry.title or "").partition(":")[0])
    assert [place for place, found in titles.items() if len(found) > 1] == []


def test_every_entry_says_whom_it_binds_and_what_it_is_about() -> None:
    assert [entry.id for entry in RFC if not entry.role or entry.area not in AREAS] == []


def test_what_can_be_tested_says_how() -> None:
    wrong = [entry.id for entry in RFC if (entry.how is None) != (entry.reason is not None)]
    assert wrong == []


def test_what_binds_clients_alone_is_no_test_of_a_server() -> None:
    testable = [entry.id for entry in RFC if entry.role == "client" and entry.reason is None]
    assert testable == []


def test_a_judgement_that_is_not_the_usual_one_gives_its_reason() -> None:
    unusual = [
        entry.id
        for entry in RFC
        if entry.judgement != USUAL.get(entry.level, "fail") and entry.judgement_reason is None
    ]
    assert unusual == []


def test_no_keyword_is_judged_more_harshly_than_it_is_written() -> None:
    rank = requirements.JUDGEMENTS[::-1].index
    harsh = [
        entry.id
        for entry in RFC
        if entry.level in ("SHOULD", "MAY") and rank(entry.judgement) > rank(USUAL[entry.level])
        if entry.level == "SHOULD" or entry.judgement == "fail" or not entry.judgement_reason
    ]
    assert harsh == []


def test_every_text_is_made_of_sentences() -> None:
    wrong = [
        (entry.id, text)
        for entry in RFC
        for text in texts(entry)
        if not re.fullmatch(r"\S.*[^.\s]\.", text, re.DOTALL) or "  " in text
    ]
    assert wrong == []


def test_every_requirement_that_a_text_mentions_exists() -> None:
    known = requirements.catalogue()
    named = {rid for entry in RFC for text in texts(entry) for rid in MENTION.findall(text)}
    assert len(named) > 40
    assert named - set(known) == set()


def test_no_reason_points_at_what_is_not_testable_either() -> None:
    known = requirements.catalogue()
    blind = [
        (entry.id, rid)
        for entry in RFC
        for rid in MENTION.findall(entry.reason or "")
        if known[rid].reason is not None
    ]
    assert blind == []


def test_a_double_is_judged_as_the_entry_it_repeats() -> None:
    known = requirements.catalogue()
    doubles = [entry for entry in RFC if entry.same_as]
    assert len(doubles) >= 20
    assert [
        entry.id
        for entry in doubles
        if (entry.judgement, entry.testable)
        != (known[entry.same_as or ""].judgement, known[entry.same_as or ""].testable)
    ] == []


def test_every_known_feature_is_needed_somewhere() -> None:
    assert {feature for entry in RFC for feature in entry.depends_on} == set(requirements.FEATURES)


def document(*entries: dict[str, object]) -> str:
    usual = {
        **{"id": "X-1", "level": "MUST", "judgement": "fail", "wording": "W.", "document": "D"},
        **{"role": "server", "testable": "black-box"},
    }
    return json.dumps({"shared": {}, "requirements": [{**usual, **entry} for entry in entries]})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"colour": "red"}, "unknown field colour"),
        ({"level": "OUGHT"}, "unknown level 'OUGHT'"),
        ({"judgement": "blame"}, "unknown judgement 'blame'"),
        ({"role": "both sides"}, "unknown role 'both sides'"),
        ({"testable": "maybe"}, "unknown testable 'maybe'"),
        ({"depends_on": ["patch", "magic"]}, "unknown feature magic"),
        ({"testable": "not-testable"}, "a reason is for what is not testable"),
        ({"reason": "Nobody can tell."}, "a reason is for what is not testable"),
    ],
)
def test_a_wrong_value_is_our_mistake(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(requirements.CatalogueError, match=rf"x\.json: X-1: {says}"):
        requirements._read(document(wrong), "x.json")


def test_a_missing_field_is_our_mistake() -> None:
    with pytest.raises(requirements.CatalogueError, match=r"x\.json: X-1: .*wording"):
        requirements._read('{"shared": {}, "requirements": [{"id": "X-1"}]}', "x.json")


@pytest.mark.parametrize(
    "entries",
    [
        [{"same_as": "X-9"}],
        [{"same_as": "X-1"}],
        [{"same_as": "X-2"}, {"id": "X-2", "same_as": "X-3"}, {"id": "X-3"}],
    ],
)
def test_a_double_of_nothing_or_of_a_double_is_our_mistake(
    entries: list[dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "a.json").write_text(document(*entries), encoding="utf-8")
    monkeypatch.setattr(requirements, "files", lambda name: tmp_path)
    with pytest.raises(requirements.CatalogueError, match="X-1: same_as"):
        requirements.catalogue.__wrapped__()
