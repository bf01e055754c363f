"""The target file that a look makes: what is known stands in it, the rest as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.target.model import APP_URL
from suites.values import items
from suites.values import value_at

from .looking import CONFIG
from .looking import GROUPS
from .looking import SCHEMAS
from .looking import TYPES
from .looking import USERS
from .looking import Sight
from .looking import amount
from .suggesting import in_lists
from .suggesting import pace
from .suggesting import pace_hints
from .suggesting import required

_FEATURES = ("patch", "bulk", "filter", "changePassword", "sort", "etag")
_WIDTH = 96


def text_of(sight: Sight, *, app: str = "", asked: str = "", allow_http: bool = False) -> str:
    """Return the file; `asked` is the kind of authentication to name where none has worked."""
    parts = (
        [
            "# Target file of scimproof; docs/target-file.md says what each key means.",
            *_place(sight, app),
        ],
        ["allow_http = true"] if allow_http else [],
        [*_heard(sight)],
        _pace(sight),
        _TIMES,
        _mails(),
        _people(sight),
        # Tables come last: what stands below one belongs to it.
        _authentication(sight, asked),
        [*_wanted(sight)],
        _features(sight),
        _REST,
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _place(sight: Sight, app: str) -> list[str]:
    lines = ["# Secrets never stand here: they come from the environment or from files."]
    if app:
        lines.append(f"app = {toml(app)}")
    if not app or sight.url != APP_URL:
        lines.append(f"url = {toml(sight.url)}")
    return lines


def _heard(sight: Sight) -> Iterator[str]:
    """Yield what was seen, as comments: nothing of a person, and no secret."""
    if sight.trouble:
        yield from _comment(f"What is known is little: {sight.trouble}.")
    else:
        yield "# What was seen, by GETs alone:"
    software = sight.header("server", "x-powered-by")
    yield from _comment(f"software: {software or 'not told'}")
    yield from _comment(f"resource types: {_listed(sight.names(TYPES, 'name'))}")
    yield from _comment(f"schemas: {_listed(sight.names(SCHEMAS, 'id'))}")
    yield from _comment(f"announced: {_announced(sight)}")
    yield from _comment(f"limits: {_limits(sight)}")
    kinds = items(value_at(sight.document(CONFIG), "authenticationSchemes"))
    named = [sight.mask.text(str(value_at(each, "type"))) for each in kinds]
    yield from _comment(f"authentication: {_listed(named)}")
    totals = [(sight.total(path), what) for path, what in ((USERS, "user"), (GROUPS, "group"))]
    said = [amount(total, what) for total, what in totals if total is not None]
    yield from _comment(f"there are {', '.join(said)}" if said else "how many there are: not told")
    yield from _comment(f"a read takes {sight.latency * 1000:.0f} ms")


def _announced(sight: Sight) -> str:
    config = sight.document(CONFIG)
    if config is None:
        return "nothing, /ServiceProviderConfig does not answer"
    said = [(name, value_at(config, f"{name}.supported")) for name in _FEATURES]
    return ", ".join(f"{name} {_yes(value)}" for name, value in said)


def _yes(value: Json) -> str:
    return (
        {True: "yes", False: "no"}.get(value, "not told") if isinstance(value, bool) else "not told"
    )


def _limits(sight: Sight) -> str:
    config = sight.document(CONFIG)
    places = {
        "filter.maxResults": "results a page",
        "bulk.maxOperations": "operations a bulk request",
        "bulk.maxPayloadSize": "bytes a bulk request",
        "pagination.maxPageSize": "results a page by cursor",
    }
    said = [
        (value_at(config, path), what)
        for path, what in places.items()
        # What is not there has limits that say nothing, such as pages of 0 results.
        if value_at(config, f"{path.partition('.')[0]}.supported") is not False
    ]
    found = [f"{value} {what}" for value, what in said if isinstance(value, int)]
    return _listed(found)


def _pace(sight: Sight) -> list[str]:
    hints = [line for hint in pace_hints(sight) for line in _comment(hint)]
    allowed = pace(sight)
    if allowed is not None:
        return [*hints, f"requests_per_second = {toml(allowed)}"]
    head = ["# The replies said this of limits:", *hints] if hints else []
    return [*head, "# requests_per_second = 10  # over all workers", "# concurrency = 4"]


_TIMES = [
    "timeout = 30          # seconds one request may take",
    "settle = 0            # seconds a read may lag behind a write; raise it where a run warns so",
    "# run_timeout = 1800  # seconds the whole run may take",
]


def _mails() -> list[str]:
    return [
        "# The domain of every e-mail address of test users. At example.com nobody is reached.",
        "# Give one of yours where the server takes verified domains only: it may invite people.",
        'email_domain = "example.com"',
    ]


def _people(sight: Sight) -> list[str]:
    total = sight.total(USERS)
    there = f"There are {total} users. " if total else ""
    return [
        f"# {there}Those whom a run may read and put into groups of its own, never change:",
        '# existing_users = ["a.user.name"]',
    ]


def _authentication(sight: Sight, asked: str) -> list[str]:
    kind = sight.kind or asked or "bearer"
    worked = f"# {kind}: this worked" if sight.kind else "# not tried, or refused"
    worked = f"# {sight.breaks}: does this work?" if sight.breaks else worked
    lines = ["[authentication]", f"kind = {toml(kind)}  {worked}"]
    if kind == "basic":
        lines.append('# the user name comes from SCIM_USER, or: user = "…"')
    return [*lines, 'token_env = "SCIM_TOKEN"']


def _wanted(sight: Sight) -> Iterator[str]:
    found = required(sight.definitions)
    if found:
        yield "# Announced as required of every user; the values are made up, so look at them."
        yield "[required_attributes]"
        yield from (f"{_key(path)} = {toml(value)}" for path, value in found.items())
    else:
        yield "# What this server wants on every user without announcing it, by SCIM path:"
        yield "# [required_attributes]"
        yield '# title = "Engineer"'
        yield f'# "{ENTERPRISE_URN}:department" = "Research"'
    for path in in_lists(sight.definitions):
        yield from _comment(f"{path} is required too; cases send one, mock IdPs do not.")
    yield "#"
    yield "# The same as a part of a user; a required attribute goes before it:"
    yield "# [user_template]"
    yield '# userType = "Contractor"'


def _features(sight: Sight) -> list[str]:
    config = sight.document(CONFIG)
    said = [(name, value_at(config, f"{name}.supported")) for name in _FEATURES]
    lines = ["# What discovery says wrongly, or not at all:", "# [capabilities]"]
    for name, value in said:
        lines.append(f"# {name} = {toml(value) if isinstance(value, bool) else 'false'}")
    return [*lines, "# createUsers = true  # false: groups are tried with existing_users alone"]


_REST = [
    "# [[waivers]]",
    '# requirement = "RFC7644-3.6-2"  # see: scimproof list requirements, and docs/waivers.md',
    '# reason = "why it is so on purpose"',
    '# expires = "2027-06-30"',
]


def _listed(values: list[str]) -> str:
    return ", ".join(values) or "not told"


def _comment(text: str) -> list[str]:
    """Return a text of somebody else as comments, whatever characters it has."""
    plain = re.sub(r"[^\x20-\x7e\xa0-\uffff]", " ", text)
    words, lines = plain.split(" "), ["#"]
    for word in words:
        if len(lines[-1]) + len(word) >= _WIDTH and lines[-1] != "#  ":
            lines.append("#  ")
        lines[-1] += f" {word[:200]}"
    return lines


def _key(path: str) -> str:
    return path if re.fullmatch(r"[A-Za-z0-9_-]+", path) else _text(path)


def toml(value: Json) -> str:
    """Return a JSON value in TOML; there is none for null."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {toml(part)}" for key, part in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    # As in JSON but for DEL, which JSON leaves as it is.
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


EXAMPLE = """# Target file of scimproof. Secrets come from the environment or from files.
url = "https://app.example.com/scim/v2"
settle = 0            # seconds a read may lag behind a write
timeout = 30          # seconds one request may take
email_domain = "example.com"

[authentication]
kind = "bearer"       # bearer, header (the whole value, verbatim) or basic (then also user = "…")
token_env = "SCIM_TOKEN"

# [product]             # what the product then shows is read from its own API
# name = "NAME"         # see docs/products.md
# url = "https://api.example.com/api"
# workspace = "ID"
# key_env = "PRODUCT_KEY"

# [required_attributes]
# title = "Engineer"  # what this server wants on every user

# [[waivers]]
# requirement = "RFC7644-3.6-2"  # see: scimproof list requirements, and docs/waivers.md
# reason = "why it is so on purpose"
# expires = "2027-06-30"
"""
