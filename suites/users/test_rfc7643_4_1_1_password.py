"""RFC 7643 section 4.1.1: a password can be set, and is never shown."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.users.secrets import Secret
from suites.users.secrets import hidden
from suites.values import items
from suites.values import value_at
from suites.verdicts import NotOffered

SHOWN = ("password-echoed", "password-shown-hashed")


@pytest.mark.parametrize("way", ["POST", "PUT", "PATCH"])
@requirement("RFC7643-4.1.1-26", proof=(*SHOWN, "password-in-replies-to-writes"))
def test_a_write_does_not_show_the_password(way: str, secret: Secret) -> None:
    """The reply to a write that sets a password does not show it."""
    hidden(secret.write(way), secret.words)


@requirement("RFC7643-4.1.1-26", proof=SHOWN)
def test_a_read_does_not_show_the_password(secret: Secret) -> None:
    """A user who is read by id is shown without the password."""
    hidden(secret.view("GET"), secret.words)


@requirement("RFC7643-4.1.1-26", proof=(*SHOWN, "password-in-lists"), needs=("filter",))
def test_a_list_does_not_show_the_password(secret: Secret) -> None:
    """A user in a list is shown without the password."""
    hidden(secret.view("list"), secret.words)


@requirement(
    "RFC7643-4.1.1-33",
    proof=("filter-by-password-500", "filter-password-ignored"),
    needs=("filter",),
)
def test_a_wrong_password_finds_nobody(secret: Secret, reading: Reading) -> None:
    """A filter on a password that the user does not have finds nobody, or is refused."""
    found = items(value_at(secret.view("right").object(), "Resources"))
    reading(f"the right password in a filter: {secret.view('right').status}, {len(found)} found")
    seen = secret.view("wrong")
    expect(seen).no_server_error()
    if seen.status == 200:
        expect(seen).nobody()


@requirement("RFC7643-4.1.1-35", proof=("create-refuses-password",))
def test_a_new_user_has_a_password(secret: Secret) -> None:
    """A user can be created with a password."""
    expect(secret.write("POST")).success()


@requirement("RFC7643-4.1.1-35", proof=("password-put-refused",))
def test_a_password_is_replaced_by_put(secret: Secret) -> None:
    """A password can be replaced by a PUT."""
    expect(secret.write("PUT")).success()


@requirement(
    "RFC7643-4.1.1-35",
    proof=("password-patch-refused", "password-path-refused"),
    needs=("changePassword", "patch"),
)
def test_a_password_is_replaced_by_patch(secret: Secret) -> None:
    """A password can be replaced by a PATCH with the path `password`."""
    expect(secret.write("PATCH")).success()


@requirement(
    "RFC7643-4.1.1-35",
    proof=("password-patch-refused", "password-pathless-refused"),
    needs=("changePassword", "patch"),
)
def test_a_password_is_replaced_without_a_path(secret: Secret) -> None:
    """A password can be replaced by a PATCH whose value names it."""
    expect(secret.write("PATCH without path")).success()


@requirement("RFC7643-4.1.1-36", proof=("password-echoed", "password-shown-to-who-asks"))
def test_asking_for_the_password_does_not_show_it(secret: Secret) -> None:
    """A GET with `attributes=password` does not show the password."""
    seen = secret.view("GET with attributes")
    if seen.status != 200:
        raise NotOffered(f"a GET with attributes=password is answered with {seen.status}")
    hidden(seen, secret.words)


@requirement(
    "RFC7643-4.1.1-36",
    proof=("password-echoed", "password-shown-to-who-asks"),
    needs=("search", "filter"),
)
def test_searching_for_the_password_does_not_show_it(secret: Secret) -> None:
    """A search by POST that asks for the password does not show it."""
    hidden(secret.view("search"), secret.words)
