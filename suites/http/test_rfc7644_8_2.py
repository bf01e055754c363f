"""RFC 7644 section 8.2: the URIs of the messages."""

from __future__ import annotations

from functools import partial

import pytest

from suites.client import Seen
from suites.control import needed
from suites.control import short_list
from suites.expect import expect
from suites.expect.lists import LIST_URN
from suites.expect.replies import ERROR_URN
from suites.http.conftest import Replies
from suites.http.conftest import failed
from suites.requirements import requirement
from suites.values import items
from suites.values import value_at
from suites.verbs import Scim


@requirement("RFC7644-8.2-1", proof=("list-uri-misspelled",))
def test_a_list_has_the_uri_of_lists(scim: Scim) -> None:
    """The schema of a list is ListResponse, letter for letter."""
    _says(needed(short_list(partial(scim.get, "/Users"))), LIST_URN)


@pytest.mark.parametrize("what", ["nobody", "broken", "twice"])
@requirement("RFC7644-8.2-1", proof=("error-uri-of-1-0",))
def test_an_error_has_the_uri_of_errors(what: str, errors: Replies) -> None:
    """The schema of an error is Error, letter for letter."""
    _says(failed(errors[what], "RFC7644-3.12-13"), ERROR_URN)


def _says(reply: Seen, urn: str) -> None:
    __tracebackhide__ = True
    found = value_at(reply.object(), "schemas")
    expect(reply).json_object().holds(
        lambda: urn in items(found), f"the schema {urn}", lambda: f"{found}"
    )
