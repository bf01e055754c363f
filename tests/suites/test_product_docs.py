"""What the pages about products say is so: tables, options, target files, settings."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import scimproof
from reports import Outcome
from suites.products import kit
from suites.products import page
from suites.proving.case_list import Case
from suites.reach.embedded_product import deviations
from suites.requirements import catalogue
from suites.requirements import judged_products
from suites.target.model import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = ("products.md", "clockify.md", "clockwise.md")


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_page_of_promises_is_current() -> None:
    told = "run: python -m suites.products.page --write docs/product-promises.md"
    assert text("product-promises.md") == page.render(), told


def test_every_promise_has_a_row_with_a_case_or_the_reason_why_there_is_none() -> None:
    rows = dict(re.findall(r"^\| \[?([A-Z]+(?:-[A-Z0-9]+)+)[^|]* \| (.*) \|$", page.render(), re.M))
    promises = [entry for entry in catalogue().values() if entry.product]
    assert promises
    for entry in promises:
        cells = rows[entry.id].split(" | ")
        tried = {cell for cell in cells[2:] if cell.isdigit()}
        assert tried or "not checkable: " in cells[1], entry.id
        assert ("not achievable" in rows[entry.id]) is bool(entry.not_achievable), entry.id


def test_every_idp_of_a_promise_has_a_case_with_it(known_cases: tuple[Case, ...]) -> None:
    for product in judged_products():
        lines = list(page.table(product, [*known_cases]))
        heads = lines[0].strip("| ").split(" | ")
        for entry in (each for each in catalogue().values() if each.product == product):
            (row,) = [line for line in lines if re.match(rf"\| \[?{entry.id}[\] ]", line)]
            cells = dict(zip(heads, row.strip("| ").split(" | "), strict=True))
            for name in entry.idps:
                assert cells[page.title_of(name)].isdigit(), f"{entry.id} with {name}"


@pytest.mark.parametrize("name", PAGES)
def test_every_option_that_a_page_names_exists(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from reference_server.__main__ import main as serve

    known = {each.removeprefix("--").removeprefix("scim-") for each in scimproof.OPTIONS}
    serve(["--help"])
    known |= set(re.findall(r"--([a-z][a-z-]*)", capsys.readouterr().out))
    assert set(re.findall(r"--([a-z][a-z-]*)", text(name))) - known == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_promise_that_a_page_names_exists(name: str) -> None:
    named = re.findall(r"`((?:CLK|CWS)(?:-[A-Z]+)+-\d+)`", text(name))
    assert set(named) - set(catalogue()) == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_deviation_that_a_page_tries_exists(name: str) -> None:
    for product, deviation in re.findall(r"--product (\w+).*--deviation ([a-z-]+)", text(name)):
        assert deviation in deviations(product)


@pytest.mark.parametrize("name", ["products.md", "clockify.md"])
def test_the_target_files_of_the_pages_fit_the_schema(name: str) -> None:
    schema = json.loads(
        (ROOT / "suites" / "target" / "target.schema.json").read_text(encoding="utf-8")
    )
    (example,) = re.findall(r"```toml\n(.*?)```", text(name), re.DOTALL)
    Draft202012Validator(schema).validate(tomllib.loads(example))


@pytest.mark.parametrize("name", PAGES)
def test_every_variable_that_a_page_names_is_read(name: str) -> None:
    own = {"CLOCKIFY_KEY", "CLOCKIFY_SCIM_TOKEN", "SCIM_TOKEN", "SCIM_PRODUCT_KEY", "RUN_DIR"}
    own.add("SCIMPROOF_OWNER_KEY")
    known = {*ENVIRONMENT.values(), *own}
    assert set(re.findall(r"\b([A-Z]+_[A-Z_]*[A-Z])\b", text(name))) - known == set()


def test_every_outcome_of_a_contradiction_is_explained() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", text("products.md"), re.MULTILINE)
    assert explained == [each.value for each in Outcome]


def test_every_open_question_of_clockwise_is_a_setting_with_these_values() -> None:
    from reference_server.products.clockwise.settings import CHOICES
    from reference_server.products.clockwise.settings import Settings

    rows = re.findall(r"^\| (`.*?`) \| (.*?) \|", text("clockwise.md"), re.MULTILINE)
    named = {each for names, _ in rows for each in re.findall(r"`(\w+)`", names)}
    assert named == set(Settings().to_json())
    values = {name: values for names, values in rows for name in re.findall(r"`(\w+)`", names)}
    for name, choices in CHOICES.items():
        assert set(re.findall(r"`(\w+)`", values[name])) == set(choices), name


def test_every_documented_idp_is_in_the_page_of_its_product() -> None:
    import idp_profiles

    for product in judged_products():
        for name in kit.load(product).set_ups:
            assert str(idp_profiles.load(name).title) in text(f"{product}.md"), (product, name)
