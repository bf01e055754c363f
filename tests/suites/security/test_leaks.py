from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from suites.security.leaks import source_paths


def reply(text: str) -> Any:  # noqa: ANN401 - as much of a reply as is looked at
    entry = SimpleNamespace(target="/Users/1", request_body=None)
    return SimpleNamespace(status=500, content=text.encode(), entry=entry)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="/static/jquery/jquery.min.js"></script>',
        "<script src='/static/jquery/jquery.min.js'></script>",
        "<script src=/static/jquery/jquery.min.js></script>",
        '{"detail": "<link href=\\"/static/app/main.js\\">"}',
        "<style>a { background: url(/static/images/back.php) }</style>",
        "<style>a { background: url('/static/images/back.php') }</style>",
        '{"detail": "see https://docs.example.com/errors/scim.php"}',
    ],
)
def test_an_address_is_no_file_of_the_server(text: str) -> None:
    assert source_paths(reply(text)) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"detail": "in /srv/app/users/views.py"}', "/srv/app/users/views.py"),
        ('<a href="/help/index.php">in /app/users/views.py</a>', "/app/users/views.py"),
        ("<pre>at /app/node_modules/express/index.js:1:2</pre>", "/app/node_modules/express"),
        ('<a href="file:///app/users/views.py">x</a>', "/app/users/views.py"),
        (r'{"detail": "C:\\inetpub\\scim\\Users.cs"}', r"C:"),
    ],
)
def test_a_file_of_the_server_is_told(text: str, told: str) -> None:
    assert told in str(source_paths(reply(text)))
