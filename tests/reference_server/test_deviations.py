"""Every deviation does its one thing, seen from outside, and leaves the other traffic alone.

The table `PROBES`, and those in the folder `probes`, have one entry per deviation: what to look at,
what the correct server shows there and what the deviating one shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from reference_server import Credential
from reference_server import Handler
from reference_server import Request
from reference_server import Response
from reference_server import create_app
from reference_server import deviations
from reference_server.deviations import registry
from tests.reference_server.deviation_talk import AT_HOME
from tests.reference_server.deviation_talk import BARE
from tests.reference_server.deviation_talk import BASE
from tests.reference_server.deviation_talk import CUSTOM
from tests.reference_server.deviation_talk import EMPTY
from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import ERROR
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import HOME
from tests.reference_server.deviation_talk import HTML
from tests.reference_server.deviation_talk import LIST
from tests.reference_server.deviation_talk import NAMES
from tests.reference_server.deviation_talk import OFF
from tests.reference_server.deviation_talk import ON
from tests.reference_server.deviation_talk import RIGHT
from tests.reference_server.deviation_talk import SCIM
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import WORD
from tests.reference_server.deviation_talk import WORK
from tests.reference_server.deviation_talk import WRONG
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import adding
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import last
from tests.reference_server.deviation_talk import listed
from tests.reference_server.deviation_talk import members
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import person
from tests.reference_server.deviation_talk import raw
from tests.reference_server.deviation_talk import removing
from tests.reference_server.deviation_talk import replacing
from tests.reference_server.deviation_talk import setting
from tests.reference_server.deviation_talk import taking

PROBES: dict[str, tuple[Look, object, object]] = {
    # Lists
    "list-counts-as-strings": (lambda t: t.people(2).page()["totalResults"], 2, "2"),
    "list-without-schemas": (lambda t: t.page().get("schemas"), [LIST], None),
    "list-without-counters": (lambda t: t.page().get("totalResults"), 0, None),
    "list-as-bare-array": (lambda t: t.send("GET", "/Users").kind, "dict", "list"),
    "list-keys-in-lower-case": (lambda t: "totalresults" in t.page(), False, True),
    "users-list-500": (lambda t: t.status("GET", "/Users"), 200, 500),
    "users-slow": (lambda t: last(t.status("GET", "/Users"), t.slept), [], [0.65]),
    "groups-list-404": (lambda t: t.status("GET", "/Groups"), 200, 404),
    "groups-list-501": (lambda t: t.status("GET", "/Groups"), 200, 501),
    "groups-slow": (lambda t: last(t.status("GET", "/Groups"), t.slept), [], [0.65]),
    "count-ignored": (lambda t: len(t.people(3).users("count=2")), 2, 3),
    "total-is-page-size": (lambda t: t.people(5).page("count=9")["totalResults"], 5, 3),
    "pages-zero-based": (lambda t: t.people(3).names("startIndex=2&count=1"), ["ben"], ["carl"]),
    "start-index-ignored": (lambda t: t.people(3).names("startIndex=2&count=1"), ["ben"], ["anna"]),
    "page-capped-at-two": (
        lambda t: (len(t.people(3).users("count=9")), t.page()["totalResults"]),
        (3, 3),
        (2, 3),
    ),
    "list-repeats-last": (lambda t: t.people(2).names(), ["anna", "ben"], ["anna", "ben", "ben"]),
    "list-loses-newest": (
        lambda t: (t.people(2).names(), t.page()["totalResults"], t.names("count=1")),
        (["anna", "ben"], 2, ["anna"]),
        (["anna"], 1, ["anna"]),
    ),
    "list-hides-inactive": (
        lambda t: t.also("anna").also("ben", active=False).names(),
        ["anna", "ben"],
        ["anna"],
    ),
    "list-without-id": (lambda t: "id" in t.people(1).users()[0], True, False),
    "list-hides-user-names": (lambda t: "userName" in t.people(1).users()[0], True, False),
    "list-hides-names": (lambda t: "name" in t.people(1).users()[0], True, False),
    "list-hides-emails": (lambda t: "emails" in t.people(1).users()[0], True, False),
    "list-hides-active": (lambda t: "active" in t.people(1).users()[0], True, False),
    "list-loses-primary": (
        lambda t: t.people(1).users()[0]["emails"][0].get("primary"),
        True,
        None,
    ),
    "list-hides-group-names": (
        lambda t: "displayName" in listed(t.crew("anna").page(endpoint="Groups"))[0],
        True,
        False,
    ),
    "list-hides-members": (
        lambda t: "members" in listed(t.crew("anna").page(endpoint="Groups"))[0],
        True,
        False,
    ),
    # Searches
    "empty-search-404": (lambda t: t.search("nobody").status, 200, 404),
    "search-hides-names": (
        lambda t: "name" in listed(t.people(1).search("anna").json)[0],
        True,
        False,
    ),
    "empty-search-204": (lambda t: t.search("nobody").status, 200, 204),
    "empty-search-null-resources": (lambda t: t.search("nobody").json["Resources"], [], None),
    "empty-search-without-resources": (
        lambda t: "Resources" in t.search("nobody").json,
        True,
        False,
    ),
    "filter-ignored": (lambda t: t.people(2).found("anna"), ["anna"], ["anna", "ben"]),
    "filter-unsupported": (lambda t: t.search("anna").refusal, (200, None), (400, "invalidFilter")),
    "filter-case-sensitive": (
        lambda t: (t.people(1).found("ANNA"), t.found("anna")),
        (["anna"], ["anna"]),
        ([], ["anna"]),
    ),
    "filter-prefix": (
        lambda t: t.people(1).also("x", userName="anna@example.com.au").found("anna"),
        ["anna"],
        ["anna", "anna"],
    ),
    "filter-plus-not-decoded": (
        lambda t: t.send("GET", "/Users", query="filter=userName+eq+%22a%22").refusal,
        (200, None),
        (400, "invalidFilter"),
    ),
    "filter-percent-decoded-twice": (
        lambda t: (t.also("an+na").also("ben").found("an+na"), t.found("ben")),
        (["an+na"], ["ben"]),
        ([], ["ben"]),
    ),
    "filter-apostrophe-500": (lambda t: t.search("o'brien").status, 200, 500),
    "filter-finds-nothing": (lambda t: t.people(1).found("anna"), ["anna"], []),
    "filter-hides-inactive": (
        lambda t: (t.also("anna", active=False).found("anna"), t.names()),
        (["anna"], ["anna"]),
        ([], ["anna"]),
    ),
    "filter-refuses-paging": (
        lambda t: (t.search("anna", "&startIndex=1&count=9").status, t.search("anna").status),
        (200, 200),
        (400, 200),
    ),
    "search-total-zero": (lambda t: t.people(1).search("anna").json["totalResults"], 1, 0),
    "search-result-without-id": (
        lambda t: "id" in listed(t.people(1).search("anna").json)[0],
        True,
        False,
    ),
    "group-filter-ignored": (
        lambda t: t.crew().crew(name="Board").found_groups("Board"),
        ["Board"],
        ["Staff", "Board"],
    ),
    "group-filter-unsupported": (
        lambda t: t.search_group("Staff").refusal,
        (200, None),
        (400, "invalidFilter"),
    ),
    "group-filter-prefix": (
        lambda t: t.crew().crew(name="Staffroom").found_groups("Staff"),
        ["Staff"],
        ["Staff", "Staffroom"],
    ),
    "group-filter-finds-nothing": (lambda t: t.crew().found_groups("Staff"), ["Staff"], []),
    # Authentication
    "any-token-accepted": (
        lambda t: (
            t.people(1).stranger().status,
            t.send("GET", "/Users", Authorization=None).status,
        ),
        (401, 401),
        (200, 401),
    ),
    "missing-token-accepted": (
        lambda t: (
            t.people(1).stranger().status,
            t.send("GET", "/Users", Authorization=None).status,
        ),
        (401, 401),
        (401, 200),
    ),
    "unauthorized-as-html": (
        lambda t: (t.stranger().status, t.stranger().kind),
        (401, "dict"),
        (401, HTML),
    ),
    "unauthorized-as-login-page": (
        lambda t: (t.stranger().status, t.stranger().response.header("Location")),
        (401, None),
        (302, "/login"),
    ),
    "unauthorized-as-403": (lambda t: challenge(t.stranger()), (401, True), (403, False)),
    "unauthorized-as-404": (lambda t: challenge(t.stranger()), (401, True), (404, False)),
    "unauthorized-as-500": (lambda t: challenge(t.stranger()), (401, True), (500, False)),
    "unauthorized-without-challenge": (
        lambda t: challenge(t.stranger()),
        (401, True),
        (401, False),
    ),
    "unauthorized-without-detail": (lambda t: "detail" in t.stranger().json, True, False),
    "unauthorized-as-200-empty-list": (
        lambda t: (t.people(1).stranger().status, t.stranger().json.get("totalResults")),
        (401, None),
        (200, 0),
    ),
    "bearer-prefix-required": (lambda t: t.verbatim().status("GET", "/Users"), 200, 401),
    "bare-token-required": (lambda t: t.status("GET", "/Users"), 200, 401),
    "basic-refused": (lambda t: t.basic().status("GET", "/Users"), 200, 401),
    # Reading requests
    "scim-json-refused": (lambda t: t.create("anna").status, 201, 415),
    "plain-json-refused": (
        lambda t: (
            t.send("POST", "/Users", person("anna"), Content_Type="application/json").status,
            t.create("ben").status,
        ),
        (201, 201),
        (415, 201),
    ),
    "array-body-500": (lambda t: t.send("POST", "/Users", []).status, 400, 500),
    "scim-json-not-read": (lambda t: t.create("anna").status, 201, 400),
    "accept-charset-refused": (
        lambda t: (t.status("GET", "/Users", Accept_Charset="utf-8"), t.status("GET", "/Users")),
        (200, 200),
        (406, 200),
    ),
    "empty-string-refused": (
        lambda t: (t.create("anna", title="").status, t.create("ben").status),
        (201, 201),
        (400, 201),
    ),
    "null-refused": (
        lambda t: (t.create("anna", title=None).status, t.create("ben").status),
        (201, 201),
        (400, 201),
    ),
    # Creating users
    "create-answers-200": (lambda t: t.create("anna").status, 201, 200),
    "create-empty-body": (
        lambda t: (raw(t.create("anna"))[1] == b"", t.names()),
        (False, ["anna"]),
        (True, ["anna"]),
    ),
    "create-without-location": (
        lambda t: t.create("anna").response.header("Location") is not None,
        True,
        False,
    ),
    "create-without-id": (lambda t: "id" in t.create("anna").json, True, False),
    "create-without-user-name": (lambda t: "userName" in t.create("anna").json, True, False),
    "create-id-differs": (lambda t: t.get(t.anna).get("status"), None, "404"),
    "create-id-says-bulkid": (
        lambda t: (
            t.anna.startswith("bulkId:"),
            t.crew("anna").inside(),
            t.put().status,
            t.get(t.anna)["id"] == t.anna,
        ),
        (False, ["anna"], 200, True),
        (True, ["anna"], 200, True),
    ),
    "create-seats-limited": (lambda t: t.people(2).create("carl").status, 201, 403),
    "create-refuses-password": (lambda t: refuses(t, password=WORD), (201, 201), (400, 201)),
    "create-refuses-groups": (lambda t: refuses(t, groups=[]), (201, 201), (400, 201)),
    "create-refuses-unknown-attributes": (
        lambda t: refuses(t, favouriteColour="blue"),
        (201, 201),
        (400, 201),
    ),
    "create-refuses-external-id": (
        lambda t: (t.create("anna").status, t.create("ben", externalId=...).status),
        (201, 201),
        (400, 201),
    ),
    "create-refuses-locale": (
        lambda t: (t.create("anna").status, t.create("ben", locale=...).status),
        (201, 201),
        (400, 201),
    ),
    "create-refuses-plus-address": (
        lambda t: (t.create("an+na").status, t.create("ben").status),
        (201, 201),
        (400, 201),
    ),
    "create-requires-type-in-emails": (
        lambda t: refuses(t, emails=[{"value": "x@example.com", "primary": True}]),
        (201, 201),
        (400, 201),
    ),
    "create-requires-display-name": (lambda t: refuses(t, displayName=...), (201, 201), (400, 201)),
    "create-drops-name": (lambda t: "name" in t.get(t.anna), True, False),
    "create-drops-emails": (lambda t: "emails" in t.get(t.anna), True, False),
    "create-drops-display-name": (lambda t: "displayName" in t.get(t.anna), True, False),
    "create-drops-external-id": (lambda t: "externalId" in t.get(t.anna), True, False),
    "create-inactive": (lambda t: t.get(t.anna)["active"], True, False),
    "create-mangles-unicode": (
        lambda t: t.get(t.make("anna", displayName="Ánna Ødegård"))["displayName"],
        "Ánna Ødegård",
        "?nna ?deg?rd",
    ),
    "create-escapes-html": (
        lambda t: t.get(t.make("anna", name={"familyName": "O'Brien"}))["name"]["familyName"],
        "O'Brien",
        "O&#x27;Brien",
    ),
    "enterprise-dropped": (
        lambda t: (ENTERPRISE in t.get(t.anna), ENTERPRISE in t.get()["schemas"]),
        (True, True),
        (False, False),
    ),
    "enterprise-refused-unlisted": (lambda t: refuses(t, schemas=[USER]), (201, 201), (400, 201)),
    "enterprise-refused-listed": (
        lambda t: (t.create("anna").status, t.create("ben", schemas=[USER]).status),
        (201, 201),
        (400, 201),
    ),
    "users-without-schemas": (lambda t: "schemas" in t.get(t.anna), True, False),
    # Uniqueness
    "duplicates-allowed": (
        lambda t: (t.people(1).create("anna").status, t.found("anna"), t.names()),
        (409, ["anna"], ["anna"]),
        (201, ["anna", "anna"], ["anna", "anna"]),
    ),
    "duplicate-as-400": (lambda t: t.people(1).create("anna").status, 409, 400),
    "duplicate-as-500": (lambda t: t.people(1).create("anna").status, 409, 500),
    "duplicate-as-200": (
        lambda t: (t.people(1).create("anna", title="Boss").status, t.get()["title"], t.names()),
        (409, "Engineer", ["anna"]),
        (200, "Engineer", ["anna"]),
    ),
    "duplicate-overwrites": (
        lambda t: (t.people(1).create("anna", title="Boss").status, t.get()["title"], t.names()),
        (409, "Engineer", ["anna"]),
        (201, "Boss", ["anna"]),
    ),
    "duplicate-as-html": (
        lambda t: (t.people(1).create("anna").status, t.create("anna").kind),
        (409, "dict"),
        (409, HTML),
    ),
    # Reading and updating users
    "get-missing-as-200-empty": (
        lambda t: (t.status("GET", "/Users/nobody"), t.get("nobody") == {}),
        (404, False),
        (200, True),
    ),
    "get-missing-as-500": (lambda t: t.status("GET", "/Users/nobody"), 404, 500),
    "get-hides-emails": (lambda t: "emails" in t.get(t.anna), True, False),
    "email-primary-lost": (lambda t: t.get(t.anna)["emails"][0].get("primary"), True, None),
    "emails-as-object": (lambda t: isinstance(t.get(t.anna)["emails"], list), True, False),
    "get-hides-names": (lambda t: "name" in t.get(t.anna), True, False),
    "get-refused-501": (lambda t: t.get(t.anna).get("status"), None, "501"),
    "put-refused-501": (lambda t: t.people(1).put(title="Boss").status, 200, 501),
    "put-refuses-own-representation": (
        lambda t: (t.people(1).put().refusal, t.put(meta=...).status),
        ((200, None), 200),
        ((400, "mutability"), 200),
    ),
    "put-refuses-id": (
        lambda t: (t.people(1).put().refusal, t.put(id=...).status),
        ((200, None), 200),
        ((400, "mutability"), 200),
    ),
    "put-ignored": (
        lambda t: (t.people(1).put(title="Boss").status, t.get()["title"]),
        (200, "Boss"),
        (200, "Engineer"),
    ),
    "put-answers-204": (
        lambda t: (t.people(1).put(title="Boss").status, t.get()["title"]),
        (200, "Boss"),
        (204, "Boss"),
    ),
    "put-empty-body": (
        lambda t: (raw(t.people(1).put(title="Boss")) == EMPTY, t.get()["title"]),
        (False, "Boss"),
        (True, "Boss"),
    ),
    "put-answers-stale": (
        lambda t: (t.people(1).put(title="Boss").json["title"], t.get()["title"]),
        ("Boss", "Boss"),
        ("Engineer", "Boss"),
    ),
    "put-drops-unmapped": (
        lambda t: kept(t.after_put(displayName="A"), "title", "nickName", "phoneNumbers", "emails"),
        ["title", "nickName", "phoneNumbers", "emails"],
        ["emails"],
    ),
    "put-drops-extension": (
        lambda t: kept(t.after_put(title="Boss"), ENTERPRISE, "title"),
        [ENTERPRISE, "title"],
        ["title"],
    ),
    "put-drops-external-id": (
        lambda t: kept(t.after_put(title="Boss"), "externalId", "title"),
        ["externalId", "title"],
        ["title"],
    ),
    "put-emails-lost": (
        lambda t: kept(t.after_put(title="Boss"), "emails", "title"),
        ["emails", "title"],
        ["title"],
    ),
    "put-name-ignored": (
        lambda t: t.after_put(name={"familyName": "New"})["name"]["familyName"],
        "New",
        "Example",
    ),
    "put-merges-emails": (
        lambda t: [
            each["value"]
            for each in t.after_put(emails=[{"value": "n@example.com", "primary": True}])["emails"]
        ],
        ["n@example.com"],
        ["n@example.com", "anna@example.com"],
    ),
    "put-reactivates": (
        lambda t: last(t.make("anna", active=False), t.after_put(title="Boss")["active"]),
        False,
        True,
    ),
    "put-deactivates": (
        lambda t: (t.after_put(title="Boss")["active"], t.after_patch(ON)["active"]),
        (True, True),
        (False, True),
    ),
    "rename-refused": (
        lambda t: (t.people(1).put(userName="new").refusal, t.put(title="Boss").status),
        ((200, None), 200),
        ((400, "mutability"), 200),
    ),
    "rename-ignored": (
        lambda t: t.after_put(userName="new")["userName"],
        "new",
        "anna@example.com",
    ),
    "rename-creates-another": (
        lambda t: (t.people(1).put(userName="new").status, t.names()),
        (200, ["new"]),
        (200, ["anna", "new"]),
    ),
    "rename-changes-id": (
        lambda t: (
            t.crew("anna").put(userName="new").json["id"] == t.anna,
            t.names(),
            len(t.inside()),
            t.get(t.anna).get("status"),
        ),
        (True, ["new"], 1, None),
        (False, ["new"], 1, "404"),
    ),
    "rename-old-name-still-found": (
        lambda t: last(t.people(1).put(userName="new"), t.found("anna")),
        [],
        ["new"],
    ),
    # Active
    "deactivate-ignored": (
        lambda t: (t.after_patch(OFF)["active"], t.after_put(active=False)["active"]),
        (False, False),
        (True, True),
    ),
    "deactivate-refused": (
        lambda t: (t.people(1).patch(OFF).status, t.put(active=False).status, t.put().status),
        (200, 200, 200),
        (400, 400, 200),
    ),
    "deactivate-deletes": (
        lambda t: (t.people(1).patch(OFF).status, t.names()),
        (200, ["anna"]),
        (200, []),
    ),
    "deactivate-clears-profile": (
        lambda t: kept(t.after_patch(OFF), "name", "emails", "title"),
        ["name", "emails", "title"],
        ["title"],
    ),
    "deactivate-drops-memberships": (
        lambda t: last(t.crew("anna", "ben").patch(OFF), t.inside()),
        ["anna", "ben"],
        ["ben"],
    ),
    "deactivate-twice-refused": (
        lambda t: (t.people(1).patch(OFF).status, t.patch(OFF).status),
        (200, 200),
        (200, 400),
    ),
    "inactive-hidden-by-id": (
        lambda t: (t.get(t.anna).get("status"), t.after_patch(OFF).get("status")),
        (None, None),
        (None, "404"),
    ),
    "reactivate-ignored": (
        lambda t: (t.after_patch(OFF)["active"], t.after_patch(ON)["active"]),
        (False, True),
        (False, False),
    ),
    "reactivate-refused": (
        lambda t: (t.people(1).patch(OFF).status, t.patch(ON).status),
        (200, 200),
        (200, 403),
    ),
    "reactivate-new-id": (
        lambda t: (
            t.crew("anna").patch(OFF).status,
            t.patch(ON).json["id"] == t.anna,
            t.users()[0]["active"],
            len(t.inside()),
        ),
        (200, True, True, 1),
        (200, False, True, 1),
    ),
    "active-as-string": (lambda t: t.get(t.anna)["active"], True, "true"),
    "active-omitted": (lambda t: "active" in t.get(t.anna), True, False),
    "active-always-true": (lambda t: t.after_patch(OFF)["active"], False, True),
    # Passwords
    "password-patch-refused": (lambda t: passwords(t), (200, 200, 200), (400, 400, 200)),
    "password-pathless-refused": (lambda t: passwords(t), (200, 200, 200), (400, 200, 200)),
    "password-path-refused": (lambda t: passwords(t), (200, 200, 200), (200, 400, 200)),
    "password-put-refused": (lambda t: passwords(t), (200, 200, 200), (200, 200, 400)),
    "password-change-deactivates": (
        lambda t: t.after_patch(replacing(password=WORD))["active"],
        True,
        False,
    ),
    "password-echoed": (
        lambda t: (
            t.get(t.make("anna", password=WORD)).get("password"),
            t.after_patch(replacing(password=WORD + "2")).get("password"),
        ),
        (None, None),
        (WORD, WORD + "2"),
    ),
    # PATCH
    "patch-refused-501": (
        lambda t: (t.people(1).patch(OFF).status, t.crew().patch_group(adding()).status),
        (200, 204),
        (501, 501),
    ),
    "patch-user-refused-501": (
        lambda t: (t.people(1).patch(OFF).status, t.crew().patch_group(adding()).status),
        (200, 204),
        (501, 204),
    ),
    "patch-pathless-refused": (lambda t: pathless(t), (200, 200, 204), (400, 200, 400)),
    "patch-user-pathless-refused": (lambda t: pathless(t), (200, 200, 204), (400, 200, 204)),
    "patch-op-must-be-lower-case": (
        lambda t: (t.people(1).patch({**OFF, "op": "Replace"}).status, t.patch(ON).status),
        (200, 200),
        (400, 200),
    ),
    "patch-answers-202": (lambda t: t.people(1).patch(OFF).status, 200, 202),
    "patch-answers-empty-200": (
        lambda t: (raw(t.people(1).patch(OFF)) == EMPTY, t.get()["active"]),
        (False, False),
        (True, False),
    ),
    "patch-user-answers-204": (
        lambda t: (t.people(1).patch(OFF).status, t.get()["active"]),
        (200, False),
        (204, False),
    ),
    "patch-first-operation-only": (lambda t: titled(t), ("B", "b"), ("A", "an")),
    "patch-last-operation-only": (lambda t: titled(t), ("B", "b"), ("Engineer", "b")),
    "patch-operations-reversed": (lambda t: titled(t), ("B", "b"), ("A", "b")),
    "patch-many-operations-refused": (lambda t: titled(t), ("B", "b"), ("Engineer", "an")),
    # Groups
    "group-create-501": (lambda t: t.create_group().status, 201, 501),
    "group-create-refuses-members": (
        lambda t: (t.create_group("A", t.anna).status, t.create_group("B").status),
        (201, 201),
        (400, 201),
    ),
    "group-create-ignores-members": (lambda t: t.crew("anna").inside(), ["anna"], []),
    "group-create-answers-200": (lambda t: t.create_group().status, 201, 200),
    "group-create-empty-body": (
        lambda t: (raw(t.create_group())[1] == b"", t.found_groups("Staff")),
        (False, ["Staff"]),
        (True, ["Staff"]),
    ),
    "group-create-without-id": (lambda t: "id" in t.create_group().json, True, False),
    "group-create-id-differs": (lambda t: t.crew().group().get("status"), None, "404"),
    "group-create-refuses-external-id": (
        lambda t: (t.create_group("A", externalId="x").status, t.create_group("B").status),
        (201, 201),
        (400, 201),
    ),
    "empty-group-refused": (
        lambda t: (t.create_group().status, t.crew("anna").put_group(members=[]).status),
        (201, 200),
        (400, 400),
    ),
    "group-patch-501": (lambda t: t.crew().patch_group(adding()).status, 204, 501),
    "group-put-501": (lambda t: t.crew().put_group().status, 200, 501),
    "group-put-answers-204": (
        lambda t: (t.crew().put_group(displayName="New").status, t.group()["displayName"]),
        (200, "New"),
        (204, "New"),
    ),
    "group-put-refuses-id": (
        lambda t: (t.crew().put_group().status, t.put_group(id=...).status),
        (200, 200),
        (400, 200),
    ),
    "group-put-requires-id": (
        lambda t: (t.crew().put_group().status, t.put_group(id=...).status),
        (200, 200),
        (200, 400),
    ),
    "group-put-refuses-own-representation": (
        lambda t: (t.crew().put_group().status, t.put_group(meta=...).status),
        (200, 200),
        (400, 200),
    ),
    "group-id-in-value-refused": (
        lambda t: (
            t.crew().patch_group(replacing(id=t.ids["Staff"], displayName="New")).status,
            t.patch_group(replacing(displayName="New")).status,
        ),
        (204, 204),
        (400, 204),
    ),
    "group-rename-ignored": (
        lambda t: renamed(t),
        (204, "Newer", ["anna"]),
        (204, "Staff", ["anna"]),
    ),
    "group-rename-refused": (
        lambda t: renamed(t),
        (204, "Newer", ["anna"]),
        (400, "Staff", ["anna"]),
    ),
    "group-rename-drops-members": (
        lambda t: renamed(t),
        (204, "Newer", ["anna"]),
        (204, "Newer", []),
    ),
    "group-rename-creates-another": (
        lambda t: (*renamed(t), t.found_groups("New"), t.found_groups("Newer")),
        (204, "Newer", ["anna"], [], ["Newer"]),
        (200, "Staff", ["anna"], ["New"], ["Newer"]),
    ),
    "group-delete-refused": (
        lambda t: (t.crew().delete_group().status, t.found_groups("Staff")),
        (204, []),
        (405, ["Staff"]),
    ),
    "group-delete-ignored": (
        lambda t: (t.crew().delete_group().status, t.found_groups("Staff")),
        (204, []),
        (204, ["Staff"]),
    ),
    "group-delete-answers-200": (
        lambda t: (t.crew().delete_group().status, t.found_groups("Staff")),
        (204, []),
        (200, []),
    ),
    "group-delete-deletes-users": (
        lambda t: (t.people(2).crew("anna").delete_group().status, t.names()),
        (204, ["anna", "ben"]),
        (204, ["ben"]),
    ),
    "group-get-hides-members": (lambda t: "members" in t.crew("anna").group(), True, False),
    "group-get-null-members": (
        lambda t: t.crew("anna").group().get("members", ...) is None,
        False,
        True,
    ),
    "group-get-caps-members": (lambda t: len(big_group(t)["members"]), 60, 50),
    "group-get-404": (lambda t: t.crew().group().get("status"), None, "404"),
    "group-name-ascii": (
        lambda t: (
            t.crew(name="Büro").group("Büro")["displayName"],
            last(t.crew().patch_group(replacing(displayName="Köln")), t.group()["displayName"]),
        ),
        ("Büro", "Köln"),
        ("B?ro", "K?ln"),
    ),
    "group-name-truncated": (
        lambda t: t.crew(name="a" * 30).group("a" * 30)["displayName"],
        "a" * 30,
        "a" * 20,
    ),
    # Members
    "members-duplicated": (
        lambda t: (
            t.people(2).crew("anna").inside_after(adding(t.anna)),
            t.inside_after(removing(t.anna)),
            t.inside_after(adding(t.anna)),
        ),
        (["anna"], [], ["anna"]),
        (["anna", "anna"], [], ["anna"]),
    ),
    "member-add-replaces": (
        lambda t: t.people(2).crew("anna").inside_after(adding(t.ids["ben"])),
        ["anna", "ben"],
        ["ben"],
    ),
    "member-add-ignored": (
        lambda t: (t.people(1).crew().patch_group(adding(t.anna)).status, t.inside()),
        (204, ["anna"]),
        (204, []),
    ),
    "member-add-refuses-existing": (
        lambda t: (
            t.people(2).crew("anna").patch_group(adding(t.anna)).status,
            t.patch_group(adding(t.ids["ben"])).status,
        ),
        (204, 204),
        (409, 204),
    ),
    "member-add-one-only": (
        lambda t: t.people(2).crew().inside_after(adding(t.anna, t.ids["ben"])),
        ["anna", "ben"],
        ["anna"],
    ),
    "member-remove-removes-all": (
        lambda t: t.crew("anna", "ben").inside_after(removing(t.anna)),
        ["ben"],
        [],
    ),
    "member-remove-ignored": (
        lambda t: (t.crew("anna").patch_group(removing(t.anna)).status, t.inside()),
        (204, []),
        (204, ["anna"]),
    ),
    "member-remove-path-refused": (
        lambda t: (
            t.crew("anna").patch_group(removing(t.anna)).status,
            t.patch_group({"op": "remove", "path": "members"}).status,
        ),
        (204, 204),
        (400, 204),
    ),
    "member-remove-missing-refused": (
        lambda t: (
            t.crew("anna").patch_group(removing(t.anna)).status,
            t.patch_group(removing(t.anna)).status,
        ),
        (204, 204),
        (204, 404),
    ),
    "group-put-deletes-leavers": (
        lambda t: (
            t.crew("anna", "ben").inside_after_put(members=members(t.ids["ben"])),
            t.names(),
        ),
        (["ben"], ["anna", "ben"]),
        (["ben"], ["ben"]),
    ),
    "members-without-display": (
        lambda t: "display" in t.crew("anna").group()["members"][0],
        True,
        False,
    ),
    "member-remove-deletes-user": (
        lambda t: (t.crew("anna", "ben").inside_after(removing(t.anna)), t.names()),
        (["ben"], ["anna", "ben"]),
        (["ben"], ["ben"]),
    ),
    "members-replace-appends": (
        lambda t: t.people(2).crew("anna").inside_after(setting(t.ids["ben"])),
        ["ben"],
        ["anna", "ben"],
    ),
    "members-replace-ignored": (
        lambda t: t.people(2).crew("anna").inside_after(setting(t.ids["ben"])),
        ["ben"],
        ["anna"],
    ),
    "members-replace-refused": (lambda t: replaced(t), (204, 204), (501, 501)),
    "members-pathless-replace-refused": (lambda t: replaced(t), (204, 204), (204, 400)),
    "members-path-replace-refused": (lambda t: replaced(t), (204, 204), (400, 204)),
    "members-replace-empty-ignored": (
        lambda t: (
            t.people(2).crew("anna").inside_after(setting()),
            t.inside_after(setting(t.ids["ben"])),
        ),
        ([], ["ben"]),
        (["anna"], ["ben"]),
    ),
    "member-display-refused": (lambda t: displayed(t, "Anna"), (204, 204), (400, 204)),
    "member-display-null-refused": (lambda t: displayed(t, None), (204, 204), (400, 204)),
    "member-type-required": (
        lambda t: (
            t.people(1).crew().patch_group(adding(t.anna)).status,
            t.create_group("B", members=members(t.anna, type="User")).status,
        ),
        (204, 201),
        (400, 201),
    ),
    "members-without-value": (
        lambda t: "value" in t.crew("anna").group()["members"][0],
        True,
        False,
    ),
    "members-as-bare-ids": (lambda t: t.crew("anna").group()["members"][0] == t.anna, False, True),
    "user-groups-empty": (lambda t: "groups" in t.crew("anna").get(), True, False),
    "large-add-truncated": (lambda t: len(big_group(t)["members"]), 60, 50),
    "large-patch-413": (
        lambda t: (
            t.crew().patch_group(adding(*t.sixty())).status,
            t.patch_group(adding(t.anna)).status,
        ),
        (204, 204),
        (413, 204),
    ),
    "group-put-keeps-old-members": (
        lambda t: t.people(2).crew("anna").inside_after_put(members=members(t.ids["ben"])),
        ["ben"],
        ["anna", "ben"],
    ),
    "group-put-ignores-members": (
        lambda t: t.people(2).crew("anna").inside_after_put(members=members(t.ids["ben"])),
        ["ben"],
        ["anna"],
    ),
    # Errors
    "not-found-as-html": (lambda t: t.send("GET", "/Users/nobody").kind, "dict", HTML),
    "not-found-without-detail": (lambda t: "detail" in t.get("nobody"), True, False),
    "not-found-status-mismatch": (lambda t: missing(t), (404, "404"), (404, "400")),
    "not-found-as-400": (lambda t: missing(t), (404, "404"), (400, "400")),
    "not-found-empty": (lambda t: raw(t.send("GET", "/Users/nobody"))[1] == b"", False, True),
    "error-status-as-number": (lambda t: missing(t), (404, "404"), (404, 404)),
    "errors-without-schemas": (lambda t: t.get("nobody").get("schemas"), [ERROR], None),
    "errors-without-scim-type": (
        lambda t: t.people(1).create("anna").refusal,
        (409, "uniqueness"),
        (409, None),
    ),
    "errors-as-text": (lambda t: t.send("GET", "/Users/nobody").kind, "dict", "text/plain"),
    "errors-in-own-format": (lambda t: list(t.get("nobody")) == ["error"], False, True),
    "errors-with-status-200": (lambda t: missing(t), (404, "404"), (200, "404")),
    # Limits
    "rate-limit-http-date": (
        lambda t: (t.overrun().response.header("Retry-After") or "")[-3:] == "GMT",
        False,
        True,
    ),
    "rate-limit-without-retry-after": (
        lambda t: t.overrun().response.header("Retry-After") is None,
        False,
        True,
    ),
    "rate-limit-as-503": (lambda t: t.overrun().status, 429, 503),
    "rate-limit-as-403": (lambda t: t.overrun().status, 429, 403),
    "rate-limit-as-html": (lambda t: t.overrun().kind, "dict", HTML),
    "rate-limit-forever": (
        lambda t: (t.overrun().status, t.later().status("GET", "/Users")),
        (429, 200),
        (429, 429),
    ),
    "rate-limit-loses-request": (
        lambda t: (t.overrun().status, t.later().names()),
        (429, []),
        (429, ["anna"]),
    ),
    # Discovery, roles and entitlements
    "service-provider-config-404": (lambda t: t.status("GET", "/ServiceProviderConfig"), 200, 404),
    "resource-types-404": (lambda t: t.status("GET", "/ResourceTypes"), 200, 404),
    "resource-types-bare-array": (lambda t: t.send("GET", "/ResourceTypes").kind, "dict", "list"),
    "resource-types-without-schema": (
        lambda t: "schema" in listed(t.page(endpoint="ResourceTypes"))[0],
        True,
        False,
    ),
    "resource-types-without-endpoint": (
        lambda t: "endpoint" in listed(t.page(endpoint="ResourceTypes"))[0],
        True,
        False,
    ),
    "schemas-404": (lambda t: t.status("GET", "/Schemas"), 200, 404),
    "schemas-empty": (lambda t: listed(t.page(endpoint="Schemas")) == [], False, True),
    "entitlement-list-404": (lambda t: t.status("GET", "/Badges"), 200, 404),
    "entitlement-list-empty": (lambda t: len(listed(t.page(endpoint="Badges"))), 2, 0),
    "entitlement-items-per-page-100": (
        lambda t: t.page("count=1", endpoint="Badges")["itemsPerPage"],
        1,
        100,
    ),
    "entitlement-without-display-name": (
        lambda t: "displayName" in listed(t.page(endpoint="Badges"))[0],
        True,
        False,
    ),
    "entitlement-without-id": (lambda t: "id" in listed(t.page(endpoint="Badges"))[0], True, False),
    "roles-dropped": (lambda t: granted(t), ["roles", "entitlements"], ["entitlements"]),
    "entitlements-dropped": (lambda t: granted(t), ["roles", "entitlements"], ["roles"]),
    "roles-refused": (lambda t: refuses(t, roles=members("admin")), (201, 201), (400, 201)),
}

# What deviates from the protocol itself, with the same three parts.
PROBES |= {
    # Filters
    "filter-and-as-or": (
        lambda t: t.people(2).sought('userName sw "a" and displayName sw "B"'),
        [],
        ["anna", "ben"],
    ),
    "filter-or-as-and": (
        lambda t: t.people(3).sought('userName sw "a" or userName sw "b"'),
        ["anna", "ben"],
        [],
    ),
    "filter-not-ignored": (
        lambda t: t.people(2).sought('not (userName sw "a")'),
        ["ben"],
        ["anna"],
    ),
    "filter-co-as-eq": (lambda t: t.people(1).sought('displayName co "nna"'), ["anna"], []),
    "filter-sw-as-co": (lambda t: t.people(1).sought('displayName sw "nna"'), [], ["anna"]),
    "filter-ew-as-co": (lambda t: t.people(1).sought('displayName ew "Exam"'), [], ["anna"]),
    "filter-ge-as-gt": (
        lambda t: t.people(2).sought('displayName ge "Anna Example"'),
        ["anna", "ben"],
        ["ben"],
    ),
    "filter-gt-as-ge": (
        lambda t: t.people(2).sought('displayName gt "Anna Example"'),
        ["ben"],
        ["anna", "ben"],
    ),
    "filter-le-as-lt": (
        lambda t: t.people(2).sought('displayName le "Ben Example"'),
        ["anna", "ben"],
        ["anna"],
    ),
    "filter-lt-as-le": (
        lambda t: t.people(2).sought('displayName lt "Ben Example"'),
        ["anna"],
        ["anna", "ben"],
    ),
    "filter-ne-ignored": (
        lambda t: t.people(2).sought('displayName ne "Anna Example"'),
        ["ben"],
        ["anna", "ben"],
    ),
    "filter-pr-ignored": (
        lambda t: t.also("anna").also("ben", title=...).sought("title pr"),
        ["anna"],
        ["anna", "ben"],
    ),
    "filter-from-left-to-right": (
        lambda t: t.people(2).sought('userName sw "a" or userName sw "b" and active eq false'),
        ["anna"],
        [],
    ),
    "filter-brackets-mix-values": (
        lambda t: last(
            t.make("anna", emails=[WORK, HOME]),
            (
                t.sought('emails[type eq "work" and value co "home"]'),
                t.sought('emails[type eq "work" and value co "work"]'),
            ),
        ),
        ([], ["anna"]),
        (["anna"], ["anna"]),
    ),
    "filter-names-have-case": (
        lambda t: (t.filtered('USERNAME eq "a"').refusal, t.filtered('userName eq "a"').status),
        ((200, None), 200),
        ((400, "invalidFilter"), 200),
    ),
    "filter-operators-have-case": (
        lambda t: (t.filtered('userName EQ "a"').refusal, t.filtered('userName eq " OR "').status),
        ((200, None), 200),
        ((400, "invalidFilter"), 200),
    ),
    "filter-urn-refused": (
        lambda t: (
            t.filtered(f'{USER}:userName eq "a"').refusal,
            t.filtered('userName eq "urn:"').status,
        ),
        ((200, None), 200),
        ((400, "invalidFilter"), 200),
    ),
    "filter-by-user-name-only": (
        lambda t: (t.filtered('title eq "a"').refusal, t.filtered('userName sw "a"').status),
        ((200, None), 200),
        ((400, "invalidFilter"), 200),
    ),
    "filter-by-eq-only": (
        lambda t: (t.filtered('userName sw "a"').refusal, t.filtered('title eq " co "').status),
        ((200, None), 200),
        ((400, "invalidFilter"), 200),
    ),
    "filter-boolean-finds-nothing": (
        lambda t: (t.people(1).sought("active eq true"), t.sought("active pr")),
        (["anna"], ["anna"]),
        ([], ["anna"]),
    ),
    "filter-without-case-exact": (
        lambda t: (t.people(2).sought('externalId eq "HR-anna"'), t.sought('title eq "X"')),
        ([], []),
        (["anna"], []),
    ),
    "filter-broken-finds-everybody": (
        lambda t: (t.people(1).filtered("userName eq").status, t.sought("userName eq")),
        (400, []),
        (200, ["anna"]),
    ),
    "filter-broken-finds-nobody": (
        lambda t: (t.people(1).filtered("userName eq").status, t.sought("userName eq")),
        (400, []),
        (200, []),
    ),
    "filter-broken-500": (lambda t: t.filtered("userName eq").status, 400, 500),
    "filter-broken-as-invalid-value": (
        lambda t: t.filtered("userName eq").refusal,
        (400, "invalidFilter"),
        (400, "invalidValue"),
    ),
    "filter-order-of-booleans": (
        lambda t: (t.filtered("active gt true").refusal, t.filtered("active gt").refusal),
        ((400, "invalidFilter"), (400, "invalidFilter")),
        ((200, None), (400, "invalidFilter")),
    ),
    # Paging and sorting
    "count-zero-as-default": (lambda t: len(t.people(2).users("count=0")), 0, 2),
    "count-negative-as-unlimited": (lambda t: len(t.people(2).users("count=-1")), 0, 2),
    "count-negative-refused": (lambda t: t.queried("count=-1"), 200, 400),
    "count-large-refused": (
        lambda t: (t.queried("count=201"), t.queried("")),
        (200, 200),
        (400, 200),
    ),
    "count-no-number-500": (
        lambda t: (t.queried("count=many") == 500, t.queried("count=1")),
        (False, 200),
        (True, 200),
    ),
    "start-index-below-one-refused": (lambda t: t.queried("startIndex=0"), 200, 400),
    "start-index-beyond-end-404": (
        lambda t: (t.people(1).queried("startIndex=9"), t.queried("startIndex=1")),
        (200, 200),
        (404, 200),
    ),
    "start-index-left-out": (lambda t: "startIndex" in t.people(2).page("count=1"), True, False),
    "items-per-page-as-asked": (lambda t: t.people(1).page("count=5")["itemsPerPage"], 1, 5),
    "pages-overlap": (
        lambda t: (t.people(3).names("startIndex=2&count=1"), t.page("startIndex=2")["startIndex"]),
        (["ben"], 2),
        (["anna"], 2),
    ),
    "unknown-parameter-refused": (
        lambda t: (t.queried("colour=red"), t.queried("count=1")),
        (200, 200),
        (400, 200),
    ),
    "sort-ignored": (
        lambda t: t.also("ben").also("anna").names("sortBy=userName"),
        ["anna", "ben"],
        ["ben", "anna"],
    ),
    "sort-order-ignored": (
        lambda t: t.people(2).names("sortBy=userName&sortOrder=descending"),
        ["ben", "anna"],
        ["anna", "ben"],
    ),
    "sort-descending-by-default": (
        lambda t: (t.people(2).names("sortBy=userName"), t.names("sortBy=title")),
        (["anna", "ben"], ["anna", "ben"]),
        (["ben", "anna"], ["anna", "ben"]),
    ),
    "sort-missing-first": (
        lambda t: (
            t.also("anna", title=...).also("ben").names("sortBy=title"),
            t.names("sortBy=title&sortOrder=descending"),
        ),
        (["ben", "anna"], ["anna", "ben"]),
        (["anna", "ben"], ["ben", "anna"]),
    ),
    "sort-by-code-point": (
        lambda t: (
            t.also("anna").also("Ben").names("sortBy=userName"),
            t.names("sortBy=userName&sortOrder=descending"),
        ),
        (["anna", "Ben"], ["Ben", "anna"]),
        (["Ben", "anna"], ["anna", "Ben"]),
    ),
    # Projection
    "attributes-ignored": (
        lambda t: kept(t.viewed("attributes=userName"), "userName", "title"),
        ["userName"],
        ["userName", "title"],
    ),
    "attributes-ignored-in-writes": (
        lambda t: (
            kept(
                t.send("POST", "/Users", person("ben"), "attributes=userName").json,
                "userName",
                "title",
            ),
            kept(t.viewed("attributes=userName"), "userName", "title"),
        ),
        (["userName"], ["userName"]),
        (["userName", "title"], ["userName"]),
    ),
    "excluded-attributes-ignored": (
        lambda t: kept(t.viewed("excludedAttributes=title"), "userName", "title"),
        ["userName"],
        ["userName", "title"],
    ),
    "excluded-attributes-first-only": (
        lambda t: kept(t.viewed("excludedAttributes=title,nickName"), "title", "nickName"),
        [],
        ["nickName"],
    ),
    "attributes-hide-id": (
        lambda t: (kept(t.viewed("attributes=title"), "id"), kept(t.viewed("attributes=id"), "id")),
        (["id"], ["id"]),
        ([], ["id"]),
    ),
    "excluded-attributes-hide-id": (
        lambda t: (
            kept(t.viewed("excludedAttributes=title,id"), "id"),
            kept(t.viewed("excludedAttributes=title"), "id"),
        ),
        (["id"], ["id"]),
        ([], ["id"]),
    ),
    "attributes-hide-schemas": (
        lambda t: (kept(t.viewed("attributes=title"), "schemas"), kept(t.viewed(""), "schemas")),
        (["schemas"], ["schemas"]),
        ([], ["schemas"]),
    ),
    "attributes-show-meta": (lambda t: kept(t.viewed("attributes=title"), "meta"), [], ["meta"]),
    "attributes-show-whole-complex": (
        lambda t: t.viewed("attributes=name.givenName")["name"],
        {"givenName": "Anna"},
        {"givenName": "Anna", "familyName": "Example"},
    ),
    "attributes-urn-unknown": (
        lambda t: kept(t.viewed(f"attributes={USER}:title,nickName"), "title", "nickName"),
        ["title", "nickName"],
        ["nickName"],
    ),
    "attributes-names-have-case": (
        lambda t: kept(t.viewed("attributes=USERNAME,title"), "userName", "title"),
        ["userName", "title"],
        ["title"],
    ),
    "patch-attributes-answered-204": (
        lambda t: (
            t.people(1).patch(replacing(title="A"), asking="attributes=title").status,
            t.patch(replacing(title="B")).status,
        ),
        (200, 200),
        (204, 200),
    ),
    # Versions
    "etag-header-left-out": (lambda t: t.versions()[0] is None, False, True),
    "meta-version-left-out": (lambda t: t.versions()[1] is None, False, True),
    "etag-differs-from-version": (lambda t: t.versions()[0] == t.versions()[1], True, False),
    "etag-weak-in-lower-case": (
        lambda t: [str(each)[:2] for each in t.versions()],
        ["W/", "W/"],
        ["w/", "w/"],
    ),
    "etag-never-changes": (
        lambda t: t.versions() == last(t.versions(), t.put(title="Boss"), t.versions()),
        False,
        True,
    ),
    "if-match-ignored": (
        lambda t: [t.conditional(each).status for each in ("PUT", "PATCH", "DELETE")],
        [412, 412, 412],
        [200, 200, 204],
    ),
    "if-match-ignored-by-patch": (
        lambda t: [t.conditional(each).status for each in ("PUT", "PATCH", "DELETE")],
        [412, 412, 412],
        [412, 200, 412],
    ),
    "if-match-ignored-by-delete": (
        lambda t: [t.conditional(each).status for each in ("PUT", "PATCH", "DELETE")],
        [412, 412, 412],
        [412, 412, 204],
    ),
    "if-match-answered-too-late": (
        lambda t: (t.conditional("PATCH").status, t.get()["title"]),
        (412, "Engineer"),
        (412, "Boss"),
    ),
    "if-match-failed-as-400": (lambda t: t.conditional("PATCH").status, 412, 400),
    "if-match-failed-as-409": (lambda t: t.conditional("PATCH").status, 412, 409),
    "if-match-asterisk-refused": (lambda t: t.conditional("PATCH", "*").status, 200, 412),
    "if-none-match-ignored": (
        lambda t: t.status("GET", f"/Users/{t.anna}", If_None_Match=str(t.versions()[0])),
        304,
        200,
    ),
    "not-modified-always": (
        lambda t: (
            t.status("GET", f"/Users/{t.anna}", If_None_Match='W/"old"'),
            t.status("GET", f"/Users/{t.anna}"),
        ),
        (200, 200),
        (304, 200),
    ),
    # What a resource says about itself
    "meta-left-out": (lambda t: "meta" in t.get(t.anna), True, False),
    "meta-without-resource-type": (
        lambda t: t.get(t.anna)["meta"].get("resourceType"),
        "User",
        None,
    ),
    "meta-resource-type-plural": (
        lambda t: t.get(t.anna)["meta"]["resourceType"],
        "User",
        "Users",
    ),
    "meta-without-location": (lambda t: "location" in t.get(t.anna)["meta"], True, False),
    "location-of-another-host": (
        lambda t: (
            "internal-7" in t.get(t.anna)["meta"]["location"],
            "internal-7" in str(t.create("ben").response.header("Location")),
        ),
        (False, False),
        (True, True),
    ),
    "member-refs-of-another-host": (
        lambda t: "internal-7" in t.crew("anna").group()["members"][0]["$ref"],
        False,
        True,
    ),
    "dates-as-numbers": (
        lambda t: type(t.get(t.anna)["meta"]["created"]).__name__,
        "str",
        "int",
    ),
    "dates-without-time": (lambda t: len(t.get(t.anna)["meta"]["created"]) > 10, True, False),
    "dates-with-blank": (lambda t: " " in t.get(t.anna)["meta"]["created"], False, True),
    "created-moves": (lambda t: t.times(), (True, True, True), (True, False, True)),
    "last-modified-stays": (lambda t: t.times(), (True, True, True), (True, True, False)),
    "last-modified-of-new-later": (lambda t: t.times()[0], True, False),
    "schemas-as-text": (lambda t: t.get(t.anna)["schemas"], [USER, ENTERPRISE], USER),
    "schemas-repeated": (
        lambda t: t.get(t.anna)["schemas"],
        [USER, ENTERPRISE],
        [USER, ENTERPRISE, USER],
    ),
    "schemas-list-unknown": (lambda t: len(t.get(t.anna)["schemas"]), 2, 3),
    "schemas-without-extension": (
        lambda t: (t.get(t.anna)["schemas"], ENTERPRISE in t.get()),
        ([USER, ENTERPRISE], True),
        ([USER], True),
    ),
    "extension-at-top": (
        lambda t: kept(t.get(t.anna), ENTERPRISE, "department"),
        [ENTERPRISE],
        ["department"],
    ),
    "external-id-made-up": (
        lambda t: (
            "externalId" in t.get(t.make("ben", externalId=...)),
            t.get(t.anna)["externalId"],
        ),
        (False, "hr-anna"),
        (True, "hr-anna"),
    ),
    "email-types-lost": (lambda t: t.get(t.anna)["emails"][0].get("type"), "work", None),
    "email-plus-part-cut": (
        lambda t: t.get(t.make("an+na"))["emails"][0]["value"],
        "an+na@example.com",
        "an@example.com",
    ),
    # PATCH
    "patch-not-atomic": (
        lambda t: (
            t.people(1).patch(replacing(title="Boss"), {"op": "remove"}).status,
            t.get()["title"],
        ),
        (400, "Engineer"),
        (400, "Boss"),
    ),
    "patch-no-match-creates": (
        lambda t: (t.people(1).patch(AT_HOME).refusal, t.addresses()),
        ((400, "noTarget"), ["anna@example.com"]),
        ((200, None), ["anna@example.com", "home@example.com"]),
    ),
    "patch-no-match-ignored": (
        lambda t: (t.people(1).patch(AT_HOME).refusal, t.addresses()),
        ((400, "noTarget"), ["anna@example.com"]),
        ((200, None), ["anna@example.com"]),
    ),
    "patch-pathless-remove-ignored": (
        lambda t: t.people(1).patch({"op": "remove"}).refusal,
        (400, "noTarget"),
        (200, None),
    ),
    "patch-required-remove-ignored": (
        lambda t: (t.people(1).patch(taking("userName")).refusal, t.names()),
        ((400, "mutability"), ["anna"]),
        ((200, None), ["anna"]),
    ),
    "patch-read-only-ignored": (
        lambda t: t.people(1).patch(giving("id", "other")).refusal,
        (400, "mutability"),
        (200, None),
    ),
    "patch-unknown-path-ignored": (
        lambda t: t.people(1).patch(giving("emails[", "x")).refusal,
        (400, "invalidPath"),
        (200, None),
    ),
    "patch-no-change-refused": (
        lambda t: (
            t.people(1).patch(giving("title", "Engineer")).status,
            t.patch(giving("title", "Boss")).status,
        ),
        (200, 200),
        (400, 200),
    ),
    "patch-two-primaries": (
        lambda t: last(
            t.make("anna", emails=[WORK, HOME]),
            t.patch(giving('emails[type eq "home"].primary', value=True)),
            [each.get("primary") is True for each in t.get()["emails"]],
        ),
        [False, True],
        [True, True],
    ),
    "patch-complex-replaced-whole": (
        lambda t: t.after_patch(giving("name", {"familyName": "New"}))["name"],
        {"givenName": "Anna", "familyName": "New"},
        {"familyName": "New"},
    ),
    "patch-add-replaces-values": (
        lambda t: last(
            t.people(1).patch({"op": "add", "path": "emails", "value": [HOME]}), t.addresses()
        ),
        ["anna@example.com", "home@example.com"],
        ["home@example.com"],
    ),
    "patch-remove-drops-all-values": (
        lambda t: last(
            t.make("anna", emails=[WORK, HOME]),
            t.patch(taking('emails[type eq "home"]')),
            t.addresses(),
        ),
        ["work@example.com"],
        [],
    ),
    "patch-remove-drops-whole-complex": (
        lambda t: t.after_patch(taking("name.givenName")).get("name"),
        {"familyName": "Example"},
        None,
    ),
    "patch-replace-needs-old-value": (
        lambda t: last(
            t.make("anna", nickName=...),
            (t.patch(giving("nickName", "A")).status, t.patch(giving("title", "B")).status),
        ),
        (200, 200),
        (400, 200),
    ),
    "patch-paths-have-case": (
        lambda t: (
            t.people(1).patch(giving("TITLE", "A")).status,
            t.patch(giving("title", "B")).status,
        ),
        (200, 200),
        (400, 200),
    ),
    "patch-urn-path-refused": (
        lambda t: t.people(1).patch(giving(f"{ENTERPRISE}:department", "A")).refusal,
        (200, None),
        (400, "invalidPath"),
    ),
    "patch-urn-path-split-at-dot": (
        lambda t: t.people(1).patch(giving(f"{ENTERPRISE}:department", "A")).refusal,
        (200, None),
        (400, "noTarget"),
    ),
    "patch-urn-key-refused": (
        lambda t: t.people(1).patch(replacing(**{ENTERPRISE: {"department": "A"}})).status,
        200,
        400,
    ),
    "patch-urn-key-ignored": (
        lambda t: t.after_patch(replacing(title="B", **{ENTERPRISE: {"department": "A"}}))[
            ENTERPRISE
        ],
        {"department": "A"},
        {"department": "Research"},
    ),
    "patch-boolean-kept-as-text": (
        lambda t: (t.after_patch(replacing(active="False"))["active"], t.after_patch(ON)["active"]),
        (False, True),
        ("False", True),
    ),
    "patch-schemas-not-extended": (
        lambda t: last(
            t.make("anna", schemas=[USER], **{ENTERPRISE: ...}),
            t.patch(giving(f"{ENTERPRISE}:department", "A")),
            kept(t.get(), ENTERPRISE) + t.get()["schemas"],
        ),
        [ENTERPRISE, USER, ENTERPRISE],
        [ENTERPRISE, USER],
    ),
    "patch-without-operations-accepted": (lambda t: t.people(1).patch().status, 400, 200),
    "patch-unknown-op-ignored": (
        lambda t: t.people(1).patch({"op": "move", "path": "title", "value": "A"}).status,
        400,
        200,
    ),
    # Users
    "put-creates": (
        lambda t: (t.send("PUT", "/Users/nobody", person("anna")).status, t.names()),
        (404, []),
        (201, ["anna"]),
    ),
    "put-null-keeps": (lambda t: t.after_put(title=None).get("title"), None, "Engineer"),
    "put-empty-array-keeps": (lambda t: "emails" in t.after_put(emails=[]), False, True),
    "put-display-name-ignored": (
        lambda t: t.after_put(displayName="New")["displayName"],
        "New",
        "Anna Example",
    ),
    "put-answers-another-id": (lambda t: t.people(1).put().json["id"] == t.anna, True, False),
    "put-refuses-members": (
        lambda t: (t.crew("anna").put(title="B").status, t.also("ben").put("ben").status),
        (200, 200),
        (400, 200),
    ),
    "put-clears-memberships": (
        lambda t: (t.crew("anna", "ben").put(title="B").status, t.inside()),
        (200, ["anna", "ben"]),
        (200, ["ben"]),
    ),
    "put-immutable-members": (
        lambda t: (
            t.crew("anna").also("ben").put_group(members=members(t.ids["ben"])).status,
            t.put_group(displayName="New").status,
        ),
        (200, 200),
        (400, 200),
    ),
    "groups-set-by-user": (
        lambda t: last(t.crew().make("anna", groups=members(t.ids["Staff"])), t.inside()),
        [],
        ["anna"],
    ),
    "create-makes-up-user-name": (lambda t: t.create("anna", userName=...).status, 400, 201),
    "create-takes-numbers-for-text": (
        lambda t: (t.create("anna", title=7).json.get("title"), t.create("ben").json["title"]),
        (None, "Engineer"),
        (7, "Engineer"),
    ),
    "create-keeps-two-primaries": (
        lambda t: [
            each["type"]
            for each in t.create("anna", emails=[WORK, {**HOME, "primary": True}]).json.get(
                "emails", []
            )
            if each.get("primary") is True
        ],
        [],
        ["work", "home"],
    ),
    "wrong-values-500": (
        lambda t: (t.create("anna", active={}).status, t.raw_create(b"{")),
        (400, 400),
        (500, 400),
    ),
    "broken-json-500": (
        lambda t: (t.create("anna", active={}).status, t.raw_create(b"{")),
        (400, 400),
        (400, 500),
    ),
    "wrong-values-as-422": (
        lambda t: (t.create("anna", active={}).status, t.raw_create(b"{")),
        (400, 400),
        (422, 400),
    ),
    "delete-refused": (lambda t: t.deleted(), (204, 404, None), (405, 200, True)),
    "delete-ignored": (lambda t: t.deleted(), (204, 404, None), (204, 200, True)),
    "delete-deactivates": (lambda t: t.deleted(), (204, 404, None), (204, 200, False)),
    "delete-answers-200": (lambda t: t.deleted(), (204, 404, None), (200, 404, None)),
    "delete-twice-204": (lambda t: t.status("DELETE", "/Users/nobody"), 404, 204),
    "delete-of-member-refused": (
        lambda t: (t.crew("anna").deleted(), t.also("ben").deleted("ben")),
        ((204, 404, None), (204, 404, None)),
        ((409, 200, True), (204, 404, None)),
    ),
    "delete-takes-groups-along": (
        lambda t: (t.crew("anna").deleted()[0], t.group().get("displayName")),
        (204, "Staff"),
        (204, None),
    ),
    "deleted-still-listed": (
        lambda t: (t.people(2).deleted()[0], t.names(), t.page()["totalResults"]),
        (204, ["ben"], 1),
        (204, ["ben", "anna"], 2),
    ),
    "deleted-name-taken": (
        lambda t: (t.people(1).deleted()[0], t.create("anna").refusal, t.create("ben").status),
        (204, (201, None), 201),
        (204, (409, "uniqueness"), 201),
    ),
    # What the server says about itself
    "config-without-etag": (lambda t: "etag" in t.config(), True, False),
    "config-without-authentication-schemes": (
        lambda t: "authenticationSchemes" in t.config(),
        True,
        False,
    ),
    "config-without-schemas": (lambda t: "schemas" in t.config(), True, False),
    "config-without-limits": (
        lambda t: kept(t.config()["filter"] | t.config()["bulk"], "maxResults", "maxOperations"),
        ["maxResults", "maxOperations"],
        [],
    ),
    "config-booleans-as-text": (lambda t: t.config()["patch"]["supported"], True, "true"),
    "config-as-list": (lambda t: kept(t.config(), "patch", "Resources"), ["patch"], ["Resources"]),
    "config-announces-too-much": (
        lambda t: (t.config()["sort"]["supported"], t.queried("sortBy=userName")),
        (True, 200),
        (True, 501),
    ),
    "discovery-writable": (
        lambda t: t.send("PUT", "/ServiceProviderConfig", {}).status < 300,
        False,
        True,
    ),
    "discovery-paged": (lambda t: len(listed(t.page("count=1", "Schemas"))) > 1, True, False),
    "discovery-filtered": (
        lambda t: t.described('filter=name eq "Group"', "ResourceTypes"),
        (403, []),
        (200, ["Group"]),
    ),
    "discovery-filter-answered": (
        lambda t: t.described('filter=name eq "Group"', "ResourceTypes"),
        (403, []),
        (200, ["User", "Group", "Badge"]),
    ),
    "schema-by-id-404": (lambda t: t.status("GET", f"/Schemas/{USER}"), 200, 404),
    "schemas-list-messages": (
        lambda t: any(":api:" in each["id"] for each in t.schemas()),
        False,
        True,
    ),
    "schemas-without-enterprise": (
        lambda t: [each["id"] for each in t.schemas() if each["id"] in (USER, ENTERPRISE)],
        [USER, ENTERPRISE],
        [USER],
    ),
    "schemas-of-own-types": (lambda t: t.attribute("userName")["type"], "string", "text"),
    "schemas-without-multi-valued": (
        lambda t: "multiValued" in t.attribute("userName"),
        True,
        False,
    ),
    "schemas-flags-as-text": (lambda t: t.attribute("userName")["required"], True, "true"),
    "schemas-show-password": (
        lambda t: t.attribute("password")["returned"],
        "never",
        "default",
    ),
    "schemas-user-name-optional": (
        lambda t: (t.attribute("userName")["required"], t.attribute("title")["required"]),
        (True, False),
        (False, False),
    ),
    "schemas-name-twice": (
        lambda t: [
            each["name"]
            for each in t.send("GET", f"/Schemas/{USER}").json["attributes"]
            if each["name"].lower() == "username"
        ],
        ["userName"],
        ["userName", "USERNAME"],
    ),
    "schemas-location-broken": (
        lambda t: t.schemas()[0]["meta"]["location"].endswith("/definition"),
        False,
        True,
    ),
    "resource-type-by-name-404": (lambda t: t.status("GET", "/ResourceTypes/User"), 200, 404),
    "resource-types-endpoint-wrong": (
        lambda t: listed(t.page(endpoint="ResourceTypes"))[0]["endpoint"],
        "/Users",
        "/User",
    ),
    "resource-types-name-plural": (
        lambda t: listed(t.page(endpoint="ResourceTypes"))[0]["name"],
        "User",
        "Users",
    ),
    "resource-types-without-extension": (
        lambda t: "schemaExtensions" in listed(t.page(endpoint="ResourceTypes"))[0],
        True,
        False,
    ),
    "unknown-endpoint-200": (
        lambda t: (t.send("GET", "/Nothing").status, t.send("GET", "/Nothing").kind),
        (404, "dict"),
        (200, HTML),
    ),
    # Content
    "replies-as-plain-json": (lambda t: t.media("/Users"), SCIM, "application/json"),
    "replies-as-text": (lambda t: t.media("/Users"), SCIM, "text/plain"),
    "errors-as-problem-json": (
        lambda t: (t.media("/Users"), t.media("/Users/nobody")),
        (SCIM, SCIM),
        (SCIM, "application/problem+json"),
    ),
    "accept-scim-json-refused": (
        lambda t: (t.status("GET", "/Users", Accept=SCIM), t.status("GET", "/Users", Accept="*/*")),
        (200, 200),
        (406, 200),
    ),
    "accept-json-refused": (
        lambda t: (
            t.status("GET", "/Users", Accept="application/json"),
            t.status("GET", "/Users", Accept=SCIM),
        ),
        (200, 200),
        (406, 200),
    ),
    "charset-parameter-refused": (
        lambda t: (
            t.send("POST", "/Users", person("anna"), Content_Type=f"{SCIM}; charset=utf-8").status,
            t.create("ben").status,
        ),
        (201, 201),
        (415, 201),
    ),
    "bodies-read-as-latin-1": (
        lambda t: (t.raw_create(f'{{"schemas":["{USER}"],"userName":"å"}}'.encode()), t.names()),
        (201, ["å"]),
        (201, ["Ã¥"]),
    ),
}


def challenge(reply: Reply) -> tuple[int, bool]:
    """Return the status and whether a challenge comes with it."""
    return reply.status, reply.response.header("WWW-Authenticate") is not None


def refuses(t: Talk, **over: object) -> tuple[int, int]:
    """Return the status of a create with something particular, and of one without."""
    return t.create("anna", **over).status, t.create("ben").status


def kept(user: Json, *names: str) -> list[str]:
    """Return which of some attributes a user has."""
    return [name for name in names if name in user]


def missing(t: Talk) -> tuple[int, object]:
    """Return the status of a 404, and what its body says."""
    reply = t.send("GET", "/Users/nobody")
    return reply.status, reply.json["status"]


def passwords(t: Talk) -> tuple[int, int, int]:
    """Return the statuses of three ways to set a password."""
    by_path = {"op": "replace", "path": "password", "value": WORD}
    return (
        t.people(1).patch(replacing(password=WORD)).status,
        t.patch(by_path).status,
        t.put(password=WORD).status,
    )


def pathless(t: Talk) -> tuple[int, int, int]:
    """Return the statuses of a user's PATCH without and with a path, and a group's without."""
    return (
        t.people(1).patch(OFF).status,
        t.patch({"op": "replace", "path": "active", "value": True}).status,
        t.crew().patch_group(replacing(displayName="New")).status,
    )


def titled(t: Talk) -> tuple[str, str]:
    """Return the title and nickName after a PATCH of three operations."""
    user = t.after_patch(replacing(title="A"), replacing(title="B"), replacing(nickName="b"))
    return user["title"], user["nickName"]


def renamed(t: Talk) -> tuple[int, str, list[str]]:
    """Return the status of a renaming PATCH; name and members after a PUT that renames again."""
    status = t.crew("anna").patch_group(replacing(displayName="New")).status
    t.put_group(displayName="Newer")
    return status, t.group()["displayName"], t.inside()


def replaced(t: Talk) -> tuple[int, int]:
    """Return the statuses of replacing members with a path and without one."""
    with_path = t.crew("anna").patch_group(setting(t.anna)).status
    return with_path, t.patch_group(replacing(members=members(t.anna))).status


def displayed(t: Talk, text: str | None) -> tuple[int, int]:
    """Return the statuses of adding a member with and without `display`."""
    operation = {"op": "add", "path": "members", "value": members(t.anna, display=text)}
    return t.crew().patch_group(operation).status, t.patch_group(adding(t.anna)).status


def big_group(t: Talk) -> Json:
    """Return a group after sixty members were added to it at once."""
    t.crew().patch_group(adding(*t.sixty()))
    return t.group()


def granted(t: Talk) -> list[str]:
    """Return what a user has of roles and entitlements after a PUT of both."""
    rights = {"roles": members("admin"), "entitlements": members("disk")}
    return kept(t.after_put(**rights), "roles", "entitlements")


# Chapters of plain traffic, and the areas whose deviations have no business there.


def users_chapter(t: Talk) -> list[Reply]:
    """Create, read and change a user by PUT and PATCH."""
    replies = [t.create("anna"), t.create("anna")]
    t.ids["anna"] = "id-0001"
    replies += [t.send("GET", "/Users/id-0001"), t.put(title="Boss"), t.patch(OFF), t.patch(ON)]
    return [*replies, t.send("DELETE", "/Users/id-0001")]


def groups_chapter(t: Talk) -> list[Reply]:
    """Create, read, rename and delete groups, one in the other."""
    replies = [t.create_group("Board"), t.create_group("Staff", "id-0001")]
    t.ids["Staff"] = "id-0002"
    replies += [t.send("GET", "/Groups/id-0002"), t.patch_group(replacing(displayName="All"))]
    replies += [t.patch_group(removing("id-0001")), t.put_group(displayName="Everybody")]
    return [*replies, t.delete_group(), t.delete_group()]


def lists_chapter(t: Talk) -> list[Reply]:
    """List and find groups."""
    replies = [t.create_group(name) for name in NAMES]
    replies += [t.send("GET", "/Groups", query=f"startIndex={start}&count=2") for start in (1, 3)]
    return [*replies, t.search_group("ben"), t.search_group("nobody")]


def discovery_chapter(t: Talk) -> list[Reply]:
    """Read what the server says about itself."""
    paths = ("/ServiceProviderConfig", "/ResourceTypes", f"/Schemas/{USER}", "/Badges")
    return [t.send("GET", path) for path in paths]


def strangers_chapter(t: Talk) -> list[Reply]:
    """Come without a token, with a wrong one, and ask for what there is not."""
    nobody = t.send("GET", "/Nothing", Authorization=None)
    return [
        nobody,
        t.send("PATCH", "/Users/x", OFF, Authorization=WRONG),
        t.send("GET", "/Nothing"),
    ]


def knock(t: Talk) -> set[int]:
    """Return the statuses with which a stranger is turned away, whatever is asked for."""
    user, group = (
        person("anna", password=WORD, groups=[], roles=members("x"), title=""),
        {
            "schemas": [GROUP],
            "displayName": "Staff",
            "id": "x",
            "meta": {},
            "members": members("id-0001", display=None),
        },
    )
    replies = [t.send("GET", path) for path in ("/Users", "/Groups", "/Schemas", "/ResourceTypes")]
    replies += [t.send("POST", "/Users", user), t.send("POST", "/Groups", group)]
    for path, body in (("/Users/x", user), ("/Groups/x", group)):
        replies += [t.send("GET", path), t.send("PUT", path, body), t.send("DELETE", path)]
        replies += [t.send("PATCH", path, operating(replacing(**body), setting(), removing("x")))]
    replies += [t.search("o'brien", "&count=1"), t.search_group("Staff"), t.send("GET", "/Badges")]
    return {reply.status for reply in replies}


def silence_chapter(t: Talk) -> list[Reply]:
    """Make a group, which is not looked at, and delete it, which has no body."""
    t.crew()
    return [t.delete_group()]


CHAPTERS = {
    "authentication": (users_chapter, groups_chapter, lists_chapter, discovery_chapter),
    "content": (silence_chapter,),
    "discovery": (users_chapter, groups_chapter, lists_chapter, strangers_chapter),
    "errors": (discovery_chapter,),
    "groups": (users_chapter, discovery_chapter, strangers_chapter),
    "limits": (users_chapter, groups_chapter, discovery_chapter, strangers_chapter),
    "lists": (users_chapter, groups_chapter, strangers_chapter),
    "members": (users_chapter, discovery_chapter, strangers_chapter),
    "metadata": (discovery_chapter, strangers_chapter),
    "patching": (lists_chapter, discovery_chapter, strangers_chapter),
    "projection": (users_chapter, groups_chapter, lists_chapter, discovery_chapter),
    "requests": (discovery_chapter, strangers_chapter),
    "searches": (users_chapter, groups_chapter, discovery_chapter, strangers_chapter),
    "users": (groups_chapter, lists_chapter, discovery_chapter, strangers_chapter),
    "versions": (discovery_chapter, strangers_chapter),
}
AREAS = sorted(CHAPTERS)

# Each module of the folder `probes` has a table of its own, for the deviations of one subject.
TABLES: list[dict[str, tuple[Look, object, object]]] = [
    PROBES,
    *(
        import_module(f"tests.reference_server.probes.{path.stem}").PROBES
        for path in sorted((Path(__file__).parent / "probes").glob("*.py"))
    ),
]
ALL = {name: probe for table in TABLES for name, probe in table.items()}


@pytest.fixture(scope="session")
def schema_file(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a Path, as create_app takes
    path = tmp_path_factory.mktemp("schemas") / "badges.json"
    path.write_text(json.dumps(CUSTOM))
    return path


@pytest.fixture
def talk(schema_file: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Talk]:  # noqa: ANN401 - see above
    """Return a way to start conversations, in which waiting is noted and takes no time."""

    def start(*names: str) -> Talk:
        begun = Talk(names, (schema_file,))
        monkeypatch.setattr("time.sleep", begun.slept.append)
        return begun

    return start


def test_no_deviation_has_two_probes() -> None:
    assert sum(map(len, TABLES)) == len(ALL)


def test_every_deviation_has_a_probe_and_every_probe_a_deviation() -> None:
    assert sorted(ALL) == list(deviations.names())


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_probe_sees_the_deviation_and_nothing_on_the_correct_server(
    name: str, talk: Callable[..., Talk]
) -> None:
    look, right, wrong = ALL[name]
    assert right != wrong
    assert look(talk()) == right
    assert look(talk(name)) == wrong


@pytest.mark.parametrize("area", AREAS)
def test_traffic_that_a_deviation_does_not_concern_equals_the_correct_servers(
    area: str, talk: Callable[..., Talk]
) -> None:
    chosen = [name for name in deviations.names() if deviations.get(name).area == area]
    if area == "authentication":
        chosen.remove("bare-token-required")
    assert chosen
    for chapter in CHAPTERS[area]:
        correct = chapter(talk())
        assert {name: chapter(talk(name)) for name in chosen} == dict.fromkeys(chosen, correct)


def test_a_server_that_requires_bare_tokens_serves_them_correctly(
    talk: Callable[..., Talk],
) -> None:
    for chapter in CHAPTERS["authentication"]:
        correct = chapter(talk().verbatim())
        assert chapter(talk("bare-token-required").verbatim()) == correct


@pytest.mark.parametrize("area", [area for area in AREAS if area != "authentication"])
def test_a_deviation_lets_nobody_in(area: str, talk: Callable[..., Talk]) -> None:
    for name in deviations.names():
        if deviations.get(name).area == area:
            t = talk(name)
            t.authorization = WRONG
            assert {name: knock(t)} == {name: {401}}


def test_a_refusal_counts_once_against_a_limit(talk: Callable[..., Talk]) -> None:
    limited = talk("group-create-501")
    assert limited.overrun().status == 429
    limited.later()
    assert [limited.create_group().status for _ in range(3)] == [501, 501, 429]


@pytest.mark.parametrize("base_path", ["", "/v2", "/api/Users/scim"])
def test_deviations_know_users_and_groups_under_every_base_path(base_path: str) -> None:
    app = create_app(
        credentials=[Credential(kind="bearer", secret=BARE)],
        base_path=base_path,
        deviations=["group-create-501", "users-list-500"],
    )
    headers = (("Authorization", RIGHT), ("Content-Type", "application/scim+json"))
    body = json.dumps({"schemas": [GROUP], "displayName": "Staff"}).encode()
    assert app.handle(Request("POST", f"{base_path}/Groups", "", headers, body)).status == 501
    assert app.handle(Request("GET", f"{base_path}/Users", "", headers)).status == 500
    assert app.handle(Request("GET", f"{base_path}/Groups", "", headers)).status == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"userName": "a", "userName": "b"}', id="repeated-key"),
        pytest.param(b'{"userName": "a", "x": NaN}', id="not-a-number"),
        pytest.param(b'{"userName": "\xff"}', id="not-utf-8"),
        pytest.param(b"[" * 100_000, id="deeply-nested"),
        pytest.param(b"[]", id="array"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_body_that_the_server_refuses_is_not_repaired_by_a_deviation(
    body: bytes, talk: Callable[..., Talk]
) -> None:
    headers = (("Authorization", RIGHT), ("Content-Type", "application/scim+json"))
    request = Request("POST", f"{BASE}/Users", "", headers, body)
    correct = talk().handle(request)
    assert correct.status == 400
    assert talk("create-drops-name", "create-mangles-unicode").handle(request) == correct


def test_deviations_are_combined(talk: Callable[..., Talk]) -> None:
    t = talk("create-drops-name", "create-answers-200", "list-hides-emails")
    reply = t.create("anna")
    assert (reply.status, "name" in reply.json) == (200, False)
    assert "emails" in reply.json
    assert "emails" not in t.users()[0]


def test_the_last_deviation_named_is_the_outermost(talk: Callable[..., Talk]) -> None:
    once = talk("errors-as-text", "not-found-as-html").send("GET", "/Users/nobody")
    other = talk("not-found-as-html", "errors-as-text").send("GET", "/Users/nobody")
    assert (once.kind, other.kind) == (HTML, "text/plain")


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_deviation_is_described_by_one_sentence(name: str) -> None:
    summary = deviations.describe(name)
    assert summary[0].isupper()
    assert summary.endswith(".")
    assert ". " not in summary
    assert deviations.get(name).area in CHAPTERS
    assert summary == deviations.get(name).summary


def test_no_two_deviations_have_the_same_sentence() -> None:
    sentences = [deviations.describe(name) for name in deviations.names()]
    assert len(set(sentences)) == len(sentences)


def test_an_unknown_name_is_answered_with_names_like_it() -> None:
    with pytest.raises(
        ValueError, match=r"unknown deviation 'deactivate-ignore'; close names: "
    ) as e:
        deviations.apply(["deactivate-ignore"], lambda _request: Response(200))
    assert "deactivate-ignored" in str(e.value)
    with pytest.raises(ValueError, match="close names: none"):
        deviations.describe("xyzzy")


def test_a_name_is_registered_once() -> None:
    def deviate(handle: Handler) -> Handler:
        """Do nothing."""
        return handle

    with pytest.raises(ValueError, match="registered twice"):
        registry.deviation("list-as-bare-array", area="lists")(deviate)


def test_a_deviation_without_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="no docstring"):
        registry.deviation("something-new", area="lists")(lambda handle: handle)
    assert "something-new" not in deviations.names()
