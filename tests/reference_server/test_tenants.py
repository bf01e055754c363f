"""Several tenants in one process: each at its base path, behind its token, with nothing shared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_server import Request
from reference_server.messages import joined
from reference_server.tenants import Tenant
from reference_server.tenants import Tenants
from reference_server.tenants import TenantsError
from reference_server.tenants import create_tenants
from reference_server.tenants import read_tenants

if TYPE_CHECKING:
    from conftest import Json

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def tenant(name: str, path: str, word: str = "t", account: str | None = None) -> Tenant:
    return Tenant(name=name, base_path=path, token=word, account=account)


ACME = tenant("acme", "/acme/scim/v2", "acme token", "boss")
BLOGS = tenant("blogs", "/blogs/scim/v2", "blogs token")


@pytest.fixture(params=["memory", "sqlite"])
def tenants(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tenants]:
    file = tmp_path / "scim.db" if request.param == "sqlite" else None
    made = create_tenants([ACME, BLOGS], database=file)
    yield made
    made.close()


def ask(
    tenants: Tenants, owner: Tenant, method: str, path: str, body: Json = None, **more: str
) -> tuple[int, Json]:
    headers = {"Host": "h", "Authorization": f"Bearer {owner.token}", **more}
    content = json.dumps(body).encode() if body is not None else b""
    target, _, query = path.partition("?")
    request = Request(method, owner.base_path + target, query, tuple(headers.items()), content)
    response = tenants.handle(request)
    content = joined(response.body)
    return response.status, json.loads(content) if content else None


def total(tenants: Tenants, owner: Tenant, path: str) -> int:
    status, body = ask(tenants, owner, "GET", path)
    assert status == 200
    return int(body["totalResults"])


def test_each_tenant_has_its_own_names_and_resources(tenants: Tenants) -> None:
    body = {"schemas": [USER], "userName": "boss", "externalId": "1"}
    status, one = ask(tenants, ACME, "POST", "/Users", body)
    assert status == 201
    assert one["meta"]["location"] == f"http://h/acme/scim/v2/Users/{one['id']}"
    assert ask(tenants, ACME, "POST", "/Users", body)[0] == 409
    status, two = ask(tenants, BLOGS, "POST", "/Users", body)
    assert status == 201
    assert two["meta"]["location"] == f"http://h/blogs/scim/v2/Users/{two['id']}"
    for path in (f"/Users/{one['id']}", f"/Groups/{one['id']}"):
        for method in ("GET", "DELETE"):
            assert ask(tenants, BLOGS, method, path)[0] == 404
    for path in ("/Users", '/Users?filter=userName+eq+"boss"', '/Users?filter=externalId+sw+"1"'):
        assert (total(tenants, ACME, path), total(tenants, BLOGS, path)) == (1, 1)
    search = {"schemas": [SEARCH], "filter": f'id eq "{one["id"]}"'}
    assert ask(tenants, BLOGS, "POST", "/.search", search)[1]["totalResults"] == 0
    group = {"schemas": [GROUP], "displayName": "g", "members": [{"value": one["id"]}]}
    assert ask(tenants, BLOGS, "POST", "/Groups", group)[0] == 400
    assert ask(tenants, ACME, "POST", "/Groups", group)[0] == 201
    assert total(tenants, BLOGS, "/Groups") == 0


def test_a_token_opens_one_tenants_door(tenants: Tenants) -> None:
    for owner, other in ((ACME, BLOGS), (BLOGS, ACME)):
        wrong = {"Authorization": f"Bearer {other.token}"}
        assert ask(tenants, owner, "GET", "/Users", **wrong)[0] == 401
        assert ask(tenants, owner, "GET", "/Users")[0] == 200


def test_each_tenants_account_is_its_own(tenants: Tenants) -> None:
    body = {"schemas": [USER], "userName": "boss"}
    assert ask(tenants, BLOGS, "POST", "/Users", body)[0] == 201
    assert ask(tenants, ACME, "GET", "/Me")[0] == 404
    made = ask(tenants, ACME, "POST", "/Users", body)[1]
    status, me = ask(tenants, ACME, "GET", "/Me")
    assert (status, me["id"]) == (200, made["id"])
    assert ask(tenants, BLOGS, "GET", "/Me")[0] == 404


def test_a_cursor_of_one_tenant_means_nothing_to_another(tenants: Tenants) -> None:
    for owner in (ACME, BLOGS):
        for name in "abc":
            body = {"schemas": [USER], "userName": name}
            assert ask(tenants, owner, "POST", "/Users", body)[0] == 201
    cursor = ask(tenants, ACME, "GET", "/Users?cursor&count=1")[1]["nextCursor"]
    assert ask(tenants, ACME, "GET", f"/Users?cursor={cursor}&count=1")[0] == 200
    assert ask(tenants, BLOGS, "GET", f"/Users?cursor={cursor}&count=1")[0] == 400


@pytest.mark.parametrize("path", ["/scim/v2/Users", "/acme/scim/v22/Users", "/acme", "/", ""])
def test_outside_the_base_paths_there_is_nothing(tenants: Tenants, path: str) -> None:
    response = tenants.handle(Request("GET", path, "", (("Authorization", "Bearer acme token"),)))
    assert response.status == 404


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (tenant("acme", "/x"), "two tenants are called 'acme'"),
        (tenant("b", "/acme/scim/v2/"), "within that of"),
        (tenant("b", "/acme"), "of tenant 'acme' is within that of 'b'"),
        (tenant("b", "/"), "within that of 'b'"),
        (tenant("b", "x"), "must look like"),
    ],
)
def test_tenants_that_would_mix_are_refused(second: Tenant, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        create_tenants([ACME, second])


def test_no_tenants_are_refused() -> None:
    with pytest.raises(TenantsError, match="at least one"):
        create_tenants([])


def test_base_paths_that_only_begin_alike_do_not_overlap() -> None:
    other = tenant("b", "/acme/scim/v20")
    assert create_tenants([ACME, other]).base_paths["b"] == "/acme/scim/v20"


# --- the file


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "tenants.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_tenants_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "blogs.token").write_text("blogs token\n", encoding="utf-8")
    file = written(
        tmp_path,
        """
        [[tenants]]
        name = "acme"
        token_env = "ACME_TOKEN"
        account = "boss"
        [[tenants]]
        name = "blogs"
        base_path = "/b"
        token_file = "blogs.token"
        """,
    )
    blogs = tenant("blogs", "/b", "blogs token")
    assert read_tenants(file, {"ACME_TOKEN": "acme token"}) == (ACME, blogs)


ACME_TABLE = '[[tenants]]\nname = "acme"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"must hold \[\[tenants\]\] tables"),
        ("tenants = []", "must hold"),
        ("tenants = [1]", "tenant 1 must be a table"),
        ('tenants = "x"', "must hold"),
        (f'port = 80\n{ACME_TABLE}token_env = "T"', "nothing else"),
        ("[[tenants]", "is not TOML"),
        ('[[tenants]]\ntoken_env = "T"', "tenant 1: name is missing"),
        (f'{ACME_TABLE}token = "hush"', "there is no key 'token'; known: account, base_path"),
        (f"{ACME_TABLE}token_env = 5", "token_env must be a text"),
        (f'{ACME_TABLE}token_env = ""', "token_env must be a text that is not empty"),
        (ACME_TABLE, r"tenant 1 \(acme\): give either token_env or token_file"),
        (f'{ACME_TABLE}token_env = "T"\ntoken_file = "f"', "give either"),
        (f'{ACME_TABLE}token_env = "UNSET"', "variable UNSET holds no token"),
        (f'{ACME_TABLE}token_env = "BLANK"', "blanks around it"),
        (f'{ACME_TABLE}token_file = "nowhere"', "nowhere cannot be read: No such file"),
        (f'{ACME_TABLE}token_file = "latin"', "latin cannot be read: it is not UTF-8"),
        (f'{ACME_TABLE}token_file = "lines"', "unprintable characters"),
    ],
)
def test_a_bad_tenants_file_is_refused_and_no_token_shown(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "latin").write_bytes(b"hush\xff")
    (tmp_path / "lines").write_bytes(b"hush\nhush")
    file = written(tmp_path, text)
    with pytest.raises(TenantsError, match=words) as refusal:
        read_tenants(file, {"T": "hush", "BLANK": " hush"})
    assert str(file) in str(refusal.value)
    assert "hush" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or "hush" not in str(refusal.value.__cause__)


def test_a_tenants_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TenantsError, match=r"nowhere\.toml cannot be read: No such file"):
        read_tenants(tmp_path / "nowhere.toml")


def test_a_tenant_does_not_show_its_token() -> None:
    assert ACME.token not in repr(ACME)
