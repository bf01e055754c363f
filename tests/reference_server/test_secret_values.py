"""Secrets at rest: what is writeOnly is stored as a salted digest, in both stores and for ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_server.registry import load_registry
from reference_server.secret_values import Secret
from reference_server.secret_values import sealed

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SAFE = "urn:example:Safe"
WORD = "t1meMa$heen"
PEOPLE = load_registry().at("/Users")


def digest(word: str, stored: str | None = None) -> str:
    assert PEOPLE is not None
    before: dict[str, Json] = {"password": stored} if stored is not None else {}
    found = sealed({"userName": "u", "password": Secret(word)}, before, PEOPLE)
    assert found["userName"] == "u"
    return str(found["password"])


def test_equal_passwords_do_not_look_equal_and_are_known_again() -> None:
    first, second = digest(WORD), digest(WORD)
    assert first != second
    assert WORD not in first
    assert digest(WORD, first) == first
    assert digest(WORD, second) == second
    assert digest("other", first) not in (first, second)


def test_a_digest_is_no_password() -> None:
    stored = digest(WORD)
    assert digest(stored, stored) != stored
    assert digest(WORD, "a text of another form") != "a text of another form"
    assert digest(WORD, "other-name:00:00") != "other-name:00:00"


def test_the_unchanged_digest_of_a_stored_resource_stays() -> None:
    assert PEOPLE is not None
    stored: dict[str, Json] = {"password": digest(WORD)}
    assert sealed(stored, stored, PEOPLE) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("e\u0301", "\u00e9"),  # the same letter, composed and decomposed
        ("a\u00a0b", "a b"),  # RFC 8265 section 4.2.2: any space is a space
    ],
)
def test_passwords_are_prepared_before_they_are_compared(one: str, other: str) -> None:
    stored = digest(other)
    assert digest(one, stored) == stored
    assert digest(one.upper(), stored) != stored


def test_a_secret_does_not_show_itself() -> None:
    assert WORD not in repr(Secret(WORD))
    assert WORD not in repr({"password": [Secret(WORD)]})


@dataclass
class Vault:
    """A server, and the file in which it keeps everything, if it does."""

    scim: Scim
    file: Path | None
    again: Callable[[], Scim]

    def expect_no(self, word: str) -> None:
        self.scim.app.close()
        if self.file is not None:
            assert word.encode() not in self.file.read_bytes()

    def version(self, path: str) -> str:
        return str(self.scim.get(path).body["meta"]["version"])


@pytest.fixture
def vault(make_scim: Callable[..., Scim], storage: str, tmp_path: Path) -> Vault:
    schema = tmp_path / "safe.json"
    hidden: Json = {"mutability": "writeOnly", "returned": "never"}
    key = {"name": "key", "type": "string", **hidden}
    attributes = [
        {"name": "pin", "type": "integer", **hidden},
        {"name": "codes", "type": "string", "multiValued": True, **hidden},
        {"name": "locks", "type": "complex", "multiValued": True, "subAttributes": [key]},
    ]
    user: Json = {"name": "User", "endpoint": "/Users", "schema": USER}
    user["schemaExtensions"] = [{"schema": SAFE, "required": False}]
    document = {"schemas": [{"id": SAFE, "attributes": attributes}], "resourceTypes": [user]}
    schema.write_text(json.dumps(document), encoding="utf-8")
    file = tmp_path / "vault.db" if storage == "sqlite" else None

    def make() -> Scim:
        return make_scim(schema_files=[schema], database=file)

    return Vault(make(), file, make)


def test_a_password_written_again_makes_no_new_version(vault: Vault) -> None:
    scim = vault.scim
    path = scim.user(**{"password": WORD})
    body = {"schemas": [USER], "userName": "bjensen", "password": WORD}
    before = vault.version(path)
    scim.put(path, body)
    scim.patch(path, {"op": "replace", "path": "password", "value": WORD})
    scim.patch(path, {"op": "add", "value": {"password": WORD}})
    scim.patch(path, {"op": "replace", "path": "active", "value": True})
    scim.patch(path, {"op": "remove", "path": "active"})
    after = vault.version(path)
    assert int(after[3:-1]) == int(before[3:-1]) + 2  # for `active` there and back
    scim.put(path, {**body, "password": "other"})
    assert vault.version(path) != after
    vault.expect_no(WORD)


def test_a_password_is_known_again_by_another_process(vault: Vault, storage: str) -> None:
    if storage == "memory":
        pytest.skip("memory belongs to one process")
    path = vault.scim.user(**{"password": WORD})
    before = vault.version(path)
    body = {"schemas": [USER], "userName": "bjensen", "password": WORD}
    # A server built anew shares nothing with the first but the file.
    again = vault.again()
    assert again.put(path, body).body["meta"]["version"] == before


def test_every_form_of_secret_is_kept_as_a_digest(vault: Vault) -> None:
    words = {"pin": 48151623, "codes": ["first-c0de", "second-c0de"], "locks": [{"key": "kEy-1"}]}
    path = vault.scim.user(**{SAFE: words, "schemas": [USER, SAFE]})
    assert SAFE not in vault.scim.get(path).body
    before = vault.version(path)
    body = {"schemas": [USER, SAFE], "userName": "bjensen", SAFE: words}
    vault.scim.put(path, body)
    assert vault.version(path) == before
    vault.scim.put(path, {**body, SAFE: {**words, "codes": ["first-c0de", "third-c0de"]}})
    assert vault.version(path) != before
    for word in ("48151623", "c0de", "kEy-1"):
        vault.expect_no(word)


def test_a_client_cannot_bring_a_digest_of_its_own(vault: Vault) -> None:
    foreign = digest(WORD)
    path = vault.scim.user(**{"password": foreign})
    before = vault.version(path)
    # Were it taken for a digest, the password behind it would count as the same.
    vault.scim.patch(path, {"op": "replace", "path": "password", "value": WORD})
    assert vault.version(path) != before
    vault.expect_no(foreign)
