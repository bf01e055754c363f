"""The quick start is followed word for word; `.ci/quick_start.py` does it with the real wheel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.examples import following

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "quick-start.md"
ENDPOINT = ROOT / "examples" / "flask_quick" / "app.py"


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_page_leads_from_an_empty_folder_to_a_report(
    text: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    typed = following.follow(text, tmp_path, environment)
    assert following.problems(text, typed) == []
    runs = sorted((tmp_path / ".scim-reports").glob("2*/report.json"))
    whole = [json.loads(path.read_text(encoding="utf-8")) for path in runs[:2]]
    for report in whole:
        of_okta = {each["verdict"] for each in report["results"] if each["idp"] == "okta"}
        assert of_okta == {"pass", "skip"}
    failed = [
        {each["requirement"] for each in report["results"] if each["verdict"] == "fail"}
        for report in whole
    ]
    # What its README names, and what is mended on the way.
    assert {"RFC7643-4.1.1-26", "RFC7644-2-7", "RFC7644-3.5.2.3-6"} <= failed[0]
    assert failed[0] - failed[1] == {"RFC7643-4.1.1-26"}
    assert (tmp_path / ".scim-reports" / "latest" / "report.html").exists()


def test_its_endpoint_is_the_example_and_has_sixty_lines(text: str) -> None:
    (shown,) = (block.text for block in following.blocks(text) if block.named("file"))
    assert shown == ENDPOINT.read_text(encoding="utf-8")
    assert len(shown.splitlines()) <= 60


def test_it_installs_what_the_page_needs(text: str) -> None:
    (install,) = (block for block in following.blocks(text) if block.comment == "install")
    assert install.text.splitlines()[-1] == "pip install scimproof flask"


PAGE_THAT_LIES = """
<!-- file: a.txt -->
```text
one
two
```

<!-- into a.txt above: two -->
```text
between
```

<!-- status: 3 -->
```sh
cat a.txt
export WORD=kept
(exit 3)
```

<!-- shown -->
```text
one
bet…
```

```sh
echo "$WORD"
```

<!-- shown -->
```text
other
```

```sh
false
```
"""


def test_a_page_that_does_not_do_what_it_says_is_seen(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    typed = following.follow(PAGE_THAT_LIES, tmp_path, environment)
    assert [each.out for each in typed] == ["one\nbetween\ntwo\n", "kept\n", ""]
    lie, failed = following.problems(PAGE_THAT_LIES, typed)[::-1]
    assert lie.startswith("not shown: other")
    assert failed.startswith("status 1 in place of 0: false")
