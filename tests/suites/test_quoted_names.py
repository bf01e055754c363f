"""Names with a quote and a backslash are searched for as any other: none breaks a filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias
from urllib.parse import parse_qs

Command: TypeAlias = Any  # a fixture of the folder

TEXT = r'"(\\["\\]|[^"\\])*"'  # a JSON text (RFC 7644 section 3.4.2.2)
SEARCH = re.compile(rf"userName eq {TEXT}( and password \w\w {TEXT})?")
PLUGIN = "tests.suites.odd_names"
ONLY = (
    *("RFC7643-4.1.1-7", "RFC7643-4.1.1-26", "RFC7644-3.7.4-3"),
    *("CON-PAGE-1", "CON-READ-2", "CON-RACE-6", "CON-RACE-7"),
    *("SEC-SECRET-2", "SEC-SECRET-3", "SEC-SECRET-4", "SEC-TENANT-1"),
)


def test_no_name_breaks_a_filter(
    command: Command, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server, other = recording(), recording()
    file = tmp_path / "target.toml"
    file.write_text(
        f"url = '{server.url}'\n[other_tenant]\nurl = '{other.url}'\n"
        "[other_tenant.authentication]\nkind = 'bearer'\ntoken_env = 'SCIM_TOKEN'\n",
        encoding="utf-8",
    )
    words = [word for each in ONLY for word in ("--only", each)]
    done = command.run("--target", file, "-p", PLUGIN, *words, SCIM_TOKEN=token)
    asked = [parse_qs(each.query).get("filter", [""])[0] for each in server.seen.requests]
    named = [text for text in asked if "userName eq" in text]
    assert len(named) >= 12
    assert all('o\\"neil\\\\' in text for text in named)
    assert [text for text in named if not SEARCH.fullmatch(text)] == []
    assert {each["verdict"] for each in done.report["results"]} == {"pass"}
