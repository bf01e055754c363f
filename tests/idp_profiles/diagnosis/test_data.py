"""What is known as data fits together: scenarios, steps, words and patterns all exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest

from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles.diagnosis.console_words import console_of
from idp_profiles.diagnosis.model import Hit
from idp_profiles.diagnosis.model import Sure
from idp_profiles.diagnosis.moves import WORDS
from idp_profiles.diagnosis.places import place_of
from idp_profiles.diagnosis.recognition import signs
from idp_profiles.diagnosis.rules import Seen
from idp_profiles.diagnosis.rules import causes


def data(name: str) -> Any:  # noqa: ANN401 # JSON
    return json.loads(files("idp_profiles.diagnosis").joinpath(name).read_text(encoding="utf-8"))


MOVES = data("moves.json")
FORMS = [
    pytest.param(name, move, form, id=f"{name}-{move}-{number}")
    for name in MOVES
    for move, forms in MOVES[name]["moves"].items()
    for number, form in enumerate(forms)
]


def test_every_profile_has_its_moves_and_its_signs() -> None:
    assert set(MOVES) == set(PROFILES)
    assert {sign.idp for sign in signs()} == set(PROFILES)


@pytest.mark.parametrize(("name", "move", "form"), FORMS)
def test_a_move_leads_to_a_step_that_the_profile_plays(
    name: str, move: str, form: dict[str, Any]
) -> None:
    assert move in WORDS
    profile = load(name)
    scenario = profile.scenarios[form["scenario"]]
    assert form["step"] in [step.name for step in scenario.steps]
    dialect = form.get("dialect", "")
    # What is not said is what the command takes by itself.
    usual = profile.usual_dialect if profile.usual_dialect in scenario.dialects else ""
    dialect = dialect or usual or scenario.dialects[0]
    assert dialect in scenario.dialects
    if "variant" in form:
        assert form["variant"] in [v.name for v in profile.variants(scenario.id, dialect)]


def _conditions(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 # JSON
    if isinstance(value, list):
        for each in value:
            yield from _conditions(each)
    elif isinstance(value, dict):
        if "history" not in value:
            yield value
        for each in value.values():
            yield from _conditions(each)


@pytest.mark.parametrize("cause", [pytest.param(each, id=each["id"]) for each in causes()])
def test_a_cause_is_complete_and_speaks_of_what_exists(cause: dict[str, Any]) -> None:
    assert cause["title"].endswith(".")
    assert cause["why"].endswith(".")
    assert cause["mend"].endswith(".")
    assert cause["rules"] or cause["told"]
    conditions = list(_conditions(cause["rules"]))
    moves = {move for each in conditions for move in each.get("moves", ())}
    assert moves <= set(WORDS)
    for rule in cause["rules"]:
        assert set(rule) <= _RULE
        Sure(rule.get("sure", "certain"))
    for condition in conditions:
        assert set(condition) <= _CONDITION
        assert all(isinstance(each, int) or each in "245" for each in condition.get("status", ()))


_RULE = {
    *("history", "same", "apart", "after", "unless_before", "unless_followed", "unless_after"),
    *("unless_earlier", "idps", "sure", "form"),
}
_CONDITION = {"moves", "status", "tags", "some", "none", "any_of", "slow"}


def test_the_words_of_conditions_are_words_that_requests_get() -> None:
    """A tag that nothing sets would be a rule that can never match."""
    folder = files("idp_profiles.diagnosis")
    modules = ("shapes.py", "members.py", "pages.py", "explaining.py")
    code = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in modules)
    set_somewhere = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', code))
    set_somewhere |= {f"by-{method}" for method in ("get", "post", "put", "patch", "delete")}
    wanted = {
        tag
        for cause in causes()
        for condition in _conditions(cause["rules"])
        for key in ("tags", "some", "none")
        for tag in condition.get(key, ())
    }
    wanted |= {
        tag
        for profile in MOVES.values()
        for forms in profile["moves"].values()
        for form in forms
        for tag in form.get("when", ())
    }
    assert wanted - set_somewhere == set()


def test_causes_have_ids_of_their_own() -> None:
    ids = [cause["id"] for cause in causes()]
    assert len(ids) == len(set(ids))


def test_patterns_of_the_idps_own_words_are_plain() -> None:
    """What a pattern matches may be shown: so it must not take in what a log says in between."""
    for cause in causes():
        for pattern in (
            *cause.get("told", {}).get("codes", ()),
            *cause.get("told", {}).get("words", ()),
        ):
            re.compile(pattern)
            assert pattern == "." or ".*" not in pattern
            assert not re.search(r"(?<!\\)\.[{+]", pattern)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("status", [0, 400, 404, 500])
def test_the_console_of_every_idp_has_words_for_its_moves(name: str, status: int) -> None:
    for move in MOVES[name]["moves"]:
        place = place_of("/scim/v2/Users")
        assert place is not None
        hit = Hit(number=1, when=None, method="GET", place=place, status=status)
        shown = console_of(Seen(hit, move, frozenset(), "user-1"), name)
        assert shown
        assert "{" not in shown


def test_the_texts_that_are_named_exist() -> None:
    for name, texts in data("console_texts.json").items():
        console = import_module(f"idp_profiles.{name}.console")
        assert all(isinstance(getattr(console, text), console.Text) for text in texts.values())
        assert set(MOVES[name]["moves"]) <= set(texts)
