"""Every text of the page stands in wording/page.toml, or comes from the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports.page.document import render_page
from reports.wording import Wording
from reports.wording import wording

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
TEMPLATES = resources.files("reports").joinpath("templates", "page")
# What a reader is shown of an element, apart from its text.
SHOWN = ("title", "aria-label", "placeholder", "alt", "label", "data-all", "data-some", "data-none")


class Pseudo(Wording):
    """Texts that say nothing but their key, so that any other text gives itself away."""

    def __init__(self) -> None:
        super().__init__("pseudo", {})
        self.asked: set[str] = set()

    def __call__(self, key: str, **values: object) -> str:
        wording("page")(key, **values)  # there is such a text, with these places
        self.asked.add(key)
        return f"⟦{key}⟧"

    def __contains__(self, key: str) -> bool:
        return key in wording("page")


class Texts(HTMLParser):
    """The texts of a page that a reader meets, without code and pictures."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input"):
            self._inside.append(tag)
        if "svg" not in self._inside and "figure" not in self._inside:
            self.found += [value or "" for name, value in attrs if name in SHOWN]

    def handle_endtag(self, tag: str) -> None:
        self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not {"style", "script", "svg", "figure", "pre"} & {*self._inside}:
            self.found.append(data)


def numbered(result: MakeResult, report: MakeReport, exchange: Callable[..., Json]) -> Report:
    """Make a report in which every part of the page has something to say, in numbers alone."""
    results = [
        _result(result, verdict, idp, exchange) for verdict in Verdict for idp in ("4", None)
    ]
    features = tuple(
        Feature(name=f"{n}", verdict=verdict, label="1", results=())
        for n, verdict in enumerate((None, *Verdict))
    )
    console = IdpSummary(
        idp="4", title="4", dialect="1", dialect_title="1", verdict=None, features=features
    )
    return report(
        *results,
        idps=(console,),
        run=Run(id="1", version="1", started="1", seconds=1, seed=1, versions={"1": "1"}),
        target=Target(url="1", capabilities={"1": {"value": 1, "origin": "1"}}),
        coverage={"checked": ["1-1"], "not_checkable": {"1-2": "1"}, "1": ["1"]},
        left_behind=tuple({"1": n} for n in range(300)),
        transcript={"1": "1"},
        waivers=({"1": "1"},),
    )


def _result(
    result: MakeResult, verdict: Verdict, idp: str | None, exchange: Callable[..., Json]
) -> Result:
    texts = dict.fromkeys(("title", "level", "suite", "feature", "dialect", "scenario"), "1")
    texts |= dict.fromkeys(("expected", "actual", "consequence", "hint", "reproduce"), "2")
    request: Json = {"method": "3", "target": "/3", "headers": [["3", "3"]], "body": "3"}
    refused: Json = {"status": 400, "headers": [], "body": {"detail": "4"}}
    came = exchange(scenario="4", step="4", request=request, response=refused)
    silent = exchange(scenario="4", step="4", response=None, error="4")
    return result(
        verdict,
        case=f"{verdict.badness}{idp}",
        requirement=f"{verdict.badness}",
        idp=idp,
        certainty="7" if idp else None,
        notes=("5",),
        links=("https://6.6/6", "https://www.rfc-editor.org/rfc/rfc7644#section-3.6"),
        blocked_by="8",
        waiver={"reason": "9", "owner": "9", "expires": "9", "link": "9"},
        evidence=(came, silent) * 40,
        **texts,
    )


# What other rooms of the renderings say, each from a place of its own: `view`, `causes`,
# `coverage`, `latency`, `differences`, `repeating`.
def of_others() -> str:
    others = ("causes", "coverage", "latency", "differences", "repeating")
    files = (resources.files("reports.wording").joinpath(f"{each}.toml") for each in others)
    view = resources.files("reports").joinpath("view.py").read_text("utf-8")
    return " ".join([view, *(each.read_text("utf-8") for each in files)])


def words(text: str) -> Iterator[str]:
    yield from re.findall(r"[A-Za-z]{2,}", re.sub(r"⟦[\w.]+⟧|C-[0-9a-f]{8}", " ", text))


def test_no_word_of_the_page_stands_in_its_templates_or_its_code(
    result: MakeResult, report: MakeReport, exchange: Callable[..., Json]
) -> None:
    pseudo = Pseudo()
    source = render_page(numbered(result, report, exchange), pseudo)
    texts = Texts(source).found
    elsewhere = set(words(of_others())) | {"RFC", "resources"}
    left = {word for text in texts for word in words(text)} - elsewhere
    assert left == set()
    assert len(pseudo.asked) > 100


def test_the_templates_hold_no_words() -> None:
    """What no report above happens to show is looked for in the templates themselves."""
    for file in TEMPLATES.iterdir():
        if not file.name.endswith(".jinja"):
            continue
        written = file.read_text("utf-8")
        # Between quotes stand keys, classes and names of elements, never a sentence.
        for expression in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", written, re.DOTALL):
            literals = re.findall(r"\"([^\"]*)\"|'([^']*)'", expression)
            told = [one or other for one, other in literals]
            assert [text for text in told if re.search(r"[A-Z]|\w \w", text)] == [], file.name
        source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|data-\w=", " ", written, flags=re.DOTALL)
        told = [text.strip() for text in Texts(f"<p>{source}</p>").found]
        assert [text for text in told if list(words(text))] == [], file.name


def test_the_script_holds_no_words_for_a_reader() -> None:
    script = TEMPLATES.joinpath("page.js").read_text("utf-8")
    assert script.isascii()
    assert "</" not in script
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", script)
    written = re.findall(r"textContent = (.*);", script)
    assert written
    assert not any(re.search(r"[\"'`][A-Za-z]", each) for each in written)


def test_every_text_is_used_somewhere() -> None:
    keys = set(wording("page")._texts)
    folder = resources.files("reports")
    sources = [each for each in TEMPLATES.iterdir() if each.name.endswith(".jinja")]
    sources += [each for each in folder.joinpath("page").iterdir() if each.name.endswith(".py")]
    code = "\n".join(each.read_text("utf-8") for each in sources)
    unused = {
        key
        for key in keys
        # Whole, or by its beginning where the end depends on what there is: `verdict.` and so on.
        if f'"{key}"' not in code
        and f'"{key.rpartition(".")[0]}"' not in code
        and f'"{key.rpartition(".")[0]}.' not in code
        and f'"{key.rpartition("_")[0]}_' not in code
        and f'"{key.split(".")[0]}.{{' not in code
    }
    assert unused == set()
