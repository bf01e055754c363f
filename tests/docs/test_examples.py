"""No page shows a command or a program that nothing tries.

A block is tried by a selftest that names the page and reads its blocks; or its commands are held
here against the options that exist; or a comment beside it says why it is not run:
`<!-- not run: the reason -->`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import copies
from tests.docs import said
from tests.docs.copies import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = ("sh", "bash", "console", "python")
_BLOCK = re.compile(
    r"(?:(<!-- not run: [^>]{10,} -->)\n+)?^```(\w+)\n(.*?)^```$\n*(<!-- not run: [^>]{10,} -->)?",
    re.DOTALL | re.MULTILINE,
)
# Pages whose commands are checked here; what they do is tried by the tests of what they start.
TYPED = ("README.md", "docs/index.md", "docs/page.md", "docs/report-page.md", "docs/storage.md")
TYPED += ("docs/cleanup.md", "docs/load.md", "docs/slow-servers.md")
TYPED += ("docs/manners.md", "docs/target-file.md")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def is_typed(page: Path) -> bool:
    return name_of(page) in TYPED or page.parent == ROOT / "docs" / "idps"


def examples(text: str) -> list[tuple[str, str]]:
    """Return the blocks that are to be run, each with its language."""
    return [
        (language, block)
        for before, language, block, after in _BLOCK.findall(text)
        if language in LANGUAGES and not (before or after)
    ]


def readers(page: Path) -> list[str]:
    """Return the selftests that read the blocks of a page."""
    named = re.compile(rf"(?<![\w-]){re.escape(page.name)}")
    texts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py")}
    return [
        name_of(file)
        for file, text in texts.items()
        if named.search(text) and ("```" in text or "copies.page" in text)
    ]


WITH_EXAMPLES = [page for page in PAGES if examples(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_somebody_tries_the_examples_of_each_page(page: Path) -> None:
    told = "no selftest reads its blocks: write one, or say why in <!-- not run: … -->"
    assert is_typed(page) or readers(page), told


@pytest.mark.parametrize("page", [each for each in WITH_EXAMPLES if is_typed(each)], ids=name_of)
def test_each_command_can_be_typed(page: Path) -> None:
    blocks = examples(page.read_text(encoding="utf-8"))
    lines = [
        line.removeprefix("$ ")
        for language, block in blocks
        if language in ("sh", "bash") or (language == "console" and "$ " in block)
        for line in block.replace("\\\n", " ").splitlines()
        if language != "console" or line.startswith("$ ")
    ]
    assert [said.problem(line) for line in lines if said.problem(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "scimproof run --idp oktta",
        "scimproof run --suite protokol",
        "scimproof run --only RFC7644-99-1",
        "scimproof run --deviation no-such-thing",
        "scimproof run --no-such-option",
        "scimproof no-such-command",
        "scimproof serve --no-such-option",
        "scimproof idp nobody --list",
        "scimproof report compare --no-such-option a b",
        "locust -f benchmarks/initial_sync.py --no-such-option",
        "make no-such-target",
        "rm -rf /",
    ],
)
def test_a_command_that_cannot_be_typed_is_seen(line: str) -> None:
    assert said.problem(line)


def test_a_block_with_a_reason_is_not_run() -> None:
    block = "```sh\nscimproof run\n```\n"
    assert examples(block) == [("sh", "scimproof run\n")]
    assert examples(f"{block}<!-- not run: it needs a real tenant -->\n") == []
    assert examples(f"<!-- not run: it needs a real tenant -->\n{block}") == []
    assert examples(f"<!-- not run: -->\n{block}") != []


def test_a_page_that_nobody_reads_is_seen() -> None:
    assert readers(Path("docs/no-such-page-at-all" + ".md")) == []
    assert "tests/ci/test_page.py" in readers(ROOT / "docs" / "ci.md")


def test_the_failure_that_the_readme_shows_is_what_a_run_prints(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## What a failure looks like\n")[2]
    (command,) = re.findall(r"```sh\n(.*)\n```", section.partition("\n## ")[0])
    (shown,) = re.findall(r"```text\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    words = command.split()[1:]
    env = {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    printed = copies.run(tmp_path, "scimproof", *words, status=1, env=env)
    for line in filter(None, shown.splitlines()):
        wanted = re.sub(r"'[0-9a-f]{4}…'", "'ID'", " ".join(line.split()))
        found = re.sub(r"'[0-9a-f-]{8,}'", "'ID'", " ".join(printed.split()))
        assert wanted in found, line
