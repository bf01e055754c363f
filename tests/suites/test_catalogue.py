from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import idp_profiles
from reference_server import deviations
from reference_server.tolerances import Tolerance
from suites import requirements
from suites.products import kit
from suites.proving.case_list import Case
from suites.reach import embedded_product

CATALOGUE = requirements.catalogue()
TOLERANCES = tuple(Tolerance)
PRODUCTS = requirements.judged_products()
ID = re.compile(r"[A-Z]{2,}[0-9]*(-[A-Z0-9.]+)*-[0-9]+")


@pytest.fixture(scope="module")
def cases(known_cases: tuple[Case, ...]) -> list[Case]:
    return [*known_cases]


def every(what: Callable[[requirements.Requirement], bool]) -> list[str]:
    return [entry.id for entry in CATALOGUE.values() if what(entry)]


def test_ids_are_well_formed() -> None:
    assert [key for key in CATALOGUE if not ID.fullmatch(key)] == []


def test_a_requirement_says_something_in_one_sentence() -> None:
    assert every(lambda entry: not re.fullmatch(r"\S.*[^.]\.", entry.wording)) == []


def test_no_two_requirements_say_the_same() -> None:
    wordings = [entry.wording for entry in CATALOGUE.values() if not entry.same_as]
    assert len(set(wordings)) == len(wordings)


def test_every_requirement_of_an_idp_has_a_case(cases: list[Case]) -> None:
    of_idps = set(every(lambda entry: entry.idp is not None))
    assert of_idps - {case.requirement for case in cases} == set()


def test_every_case_checks_a_requirement_that_exists(cases: list[Case]) -> None:
    assert {case.requirement for case in cases} - set(CATALOGUE) == set()


def test_every_requirement_of_an_idp_is_checked_in_each_of_its_dialects(cases: list[Case]) -> None:
    covered = {(case.requirement, case.dialect) for case in cases}
    missing = [
        (entry.id, dialect)
        for entry in CATALOGUE.values()
        for dialect in entry.dialects
        if not covered & {(entry.id, dialect), (entry.id, None)}
    ]
    assert missing == []


def test_every_case_names_a_deviation_in_each_dialect(cases: list[Case]) -> None:
    assert [case.name for case in cases if not case.proof] == []


def test_no_case_names_a_deviation_twice(cases: list[Case]) -> None:
    assert [case.name for case in cases if len(set(case.proof)) != len(case.proof)] == []


def test_every_deviation_that_a_case_names_exists(cases: list[Case]) -> None:
    named = {part for case in cases for name in case.proof for part in name.split("+")}
    of_products = {name for one in PRODUCTS for name in embedded_product.deviations(one)}
    assert named - set(deviations.names()) - of_products == set()


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_deviation_of_a_product_is_caught(cases: list[Case], product: str) -> None:
    mine = [case for case in cases if CATALOGUE[case.requirement].product == product]
    named = {part for case in mine for name in case.proof for part in name.split("+")}
    assert set(embedded_product.deviations(product)) - named == set()


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_promise_is_tried_with_each_idp_that_it_names(
    cases: list[Case], product: str
) -> None:
    tried = {(case.requirement, case.provider) for case in cases}
    promises = [entry for entry in CATALOGUE.values() if entry.product == product]
    testable = [entry for entry in promises if entry.testable != requirements.NOT_TESTABLE]
    missing = [
        (entry.id, idp)
        for entry in testable
        for idp in entry.idps or (None,)
        if (entry.id, idp) not in tried
    ]
    assert missing == []


@pytest.mark.parametrize("product", PRODUCTS)
def test_idps_of_a_promise_are_set_up_as_the_product_documents_it(product: str) -> None:
    promises = [entry for entry in CATALOGUE.values() if entry.product == product]
    named = {idp for entry in promises for idp in (*entry.idps, *entry.not_achievable)}
    assert named == set(kit.load(product).set_ups)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_promise_that_an_idp_cannot_keep_says_why(product: str) -> None:
    promises = [entry for entry in CATALOGUE.values() if entry.product == product]
    reasons = [why for entry in promises for why in entry.not_achievable.values()]
    assert [why for why in reasons if not re.fullmatch(r"\S.{20,}\.", why)] == []


def test_at_least_forty_deviations_are_used(cases: list[Case]) -> None:
    named = {part for case in cases for name in case.proof for part in name.split("+")}
    assert len(named) >= 40


def test_every_title_is_one_sentence(cases: list[Case]) -> None:
    assert [case.name for case in cases if not case.title.endswith(".")] == []


def test_no_two_cases_have_the_same_title(cases: list[Case]) -> None:
    titles = {case.name.partition("[")[0]: case.title for case in cases}
    assert len(set(titles.values())) == len(titles)


def of_idps() -> list[requirements.Requirement]:
    return [entry for entry in CATALOGUE.values() if entry.idp is not None]


def test_where_the_rfc_stands_is_said_for_every_need_of_an_idp_and_for_nothing_else() -> None:
    assert [entry.id for entry in of_idps() if entry.rfc is None] == []
    assert every(lambda entry: entry.idp is None and entry.rfc is not None) == []


def test_what_the_rfc_asks_for_as_well_is_named() -> None:
    assert [entry.id for entry in of_idps() if entry.rfc == "asks" and not entry.rests_on] == []


def test_what_is_beyond_the_rfc_rests_on_none_of_its_requirements() -> None:
    assert [entry.id for entry in of_idps() if entry.rfc == "beyond" and entry.rests_on] == []


def test_what_a_need_rests_on_is_a_requirement_of_its_own_that_a_case_can_show() -> None:
    rests_on = {rid for entry in of_idps() for rid in entry.rests_on}
    assert rests_on - set(CATALOGUE) == set()
    named = [CATALOGUE[rid] for rid in rests_on]
    assert [each.id for each in named if each.idp or each.same_as or each.reason] == []


def test_only_what_goes_beyond_the_rfc_rests_on_a_tolerance() -> None:
    resting = [entry for entry in of_idps() if entry.tolerances]
    assert {name for entry in resting for name in entry.tolerances} <= set(TOLERANCES)
    assert [entry.id for entry in resting if entry.rfc == "asks"] == []


@pytest.mark.parametrize("name", requirements.judged_idps())
class TestOneIdp:
    def mine(self, name: str) -> list[requirements.Requirement]:
        return [entry for entry in CATALOGUE.values() if entry.idp == name]

    def test_sources_are_facts_of_the_profile(self, name: str) -> None:
        known = idp_profiles.load(name).facts.sources
        used = {source for entry in self.mine(name) for source in entry.sources}
        assert used - set(known) == set()

    def test_every_requirement_names_a_source(self, name: str) -> None:
        assert [entry.id for entry in self.mine(name) if not entry.sources] == []

    def test_features_are_those_of_the_console(self, name: str) -> None:
        known = idp_profiles.load(name).features
        assert {entry.feature for entry in self.mine(name)} == set(known)

    def test_dialects_are_those_of_the_profile(self, name: str) -> None:
        known = {dialect.key for dialect in idp_profiles.load(name).dialects}
        assert {dialect for entry in self.mine(name) for dialect in entry.dialects} == known

    def test_judged_verbs_exist(self, name: str) -> None:
        profile = idp_profiles.load(name)
        credential = idp_profiles.model.Credential(kind="bearer", secret="s" * 8)
        idp = profile.start(dialect=profile.usual_dialect, credential=credential)
        verbs = {verb for entry in self.mine(name) for verb in entry.judges}
        assert [verb for verb in verbs if not hasattr(idp, verb)] == []

    def test_no_verb_has_two_judges_in_one_dialect(self, name: str) -> None:
        judged = [
            (verb, dialect)
            for entry in self.mine(name)
            for verb in entry.judges
            for dialect in entry.dialects
        ]
        assert [each for each in judged if judged.count(each) > 1] == []

    def test_the_checklist_points_at_requirements(self, name: str) -> None:
        items = idp_profiles.load(name).facts.checklist
        pointed = {rid for item in items for rid in item.requirement_ids}
        assert pointed - set(CATALOGUE) == set()

    def test_what_the_profile_relies_on_is_in_the_catalogue(self, name: str) -> None:
        relied = idp_profiles.load(name).facts.relies_on
        assert set(relied) - set(CATALOGUE) == set()


def document(**entry: object) -> str:
    whole = {"id": "X-1", "level": "MUST", "judgement": "fail", "wording": "W.", "document": "D"}
    return json.dumps({"shared": {"idp": "i"}, "requirements": [{**whole, **entry}]})


def test_what_entries_share_is_written_once() -> None:
    (entry,) = requirements._read(document(sources=["a"]), "x.json")
    assert (entry.idp, entry.sources) == ("i", ("a",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"idps": ["okta"]},
        {"not_achievable": {"okta": "It cannot."}},
        {"idp": None, "product": "p", "idps": ["okta"], "not_achievable": {"okta": "It cannot."}},
    ],
)
def test_idps_are_for_promises_of_products(wrong: dict[str, object]) -> None:
    with pytest.raises(requirements.CatalogueError, match="X-1"):
        requirements._read(document(**wrong), "x.json")


@pytest.mark.parametrize("wrong", [{"level": "OUGHT"}, {"judgement": "blame"}])
def test_an_unknown_level_or_judgement_is_our_mistake(wrong: dict[str, str]) -> None:
    with pytest.raises(requirements.CatalogueError, match="X-1"):
        requirements._read(document(**wrong), "x.json")


def test_an_id_used_twice_is_our_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "a.json").write_text(document(), encoding="utf-8")
    (folder / "b.json").write_text(document(), encoding="utf-8")
    monkeypatch.setattr(requirements, "files", lambda name: tmp_path)
    with pytest.raises(requirements.CatalogueError, match=r"b\.json.*X-1.*twice"):
        requirements.catalogue.__wrapped__()


def test_an_id_that_the_catalogue_lacks_is_named() -> None:
    with pytest.raises(requirements.CatalogueError, match="'NOPE-1'"):
        requirements.by_id("NOPE-1")


def test_the_judge_of_a_verb_is_that_of_the_dialect() -> None:
    assert requirements.judge_of("entra", "add_members", "default") == "ENTRA-MEMBER-1"
    assert requirements.judge_of("entra", "add_members", "flag") == "ENTRA-MEMBER-2"
    assert requirements.judge_of("okta", "assign", "oin") == "OKTA-CREATE-1"


def test_the_judge_of_an_unknown_verb_is_nobody() -> None:
    assert requirements.judge_of("nobody", "assign") is None
