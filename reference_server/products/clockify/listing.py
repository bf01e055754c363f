"""Lists of the public interface: which people and groups, in which order, and which page."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from reference_server.messages import Json
from reference_server.products.routes import Refused

from .service import DENIED
from .shapes import account_status
from .workspace import Group
from .workspace import Member
from .workspace import Role
from .workspace import Workspace

_T = TypeVar("_T")

LARGEST_PAGE = 5000
# What the reference says is shown when nothing is asked for.
_DEFAULT_ACCOUNTS = frozenset({"ACTIVE", "PENDING_EMAIL_VERIFICATION", "NOT_REGISTERED"})
_ACCOUNTS = _DEFAULT_ACCOUNTS | {"DELETED", "LIMITED", "LIMITED_DELETED"}
_STATUSES = ("PENDING", "ACTIVE", "DECLINED", "INACTIVE", "ALL")
_MEMBERSHIPS = ("ALL", "NONE", "WORKSPACE", "PROJECT", "USERGROUP")
_ORDERS = ("ASCENDING", "DESCENDING")
_ROLES = ("WORKSPACE_ADMIN", "OWNER", "TEAM_MANAGER", "PROJECT_MANAGER")
_RANK = {Role.OWNER: 0, Role.ADMIN: 1, Role.USER: 2}
_USER_COLUMNS: dict[str, Callable[[Member], tuple[str, ...] | tuple[int, str]]] = {
    "ID": lambda each: (each.id,),
    "EMAIL": lambda each: (each.email,),
    "NAME": lambda each: (each.name, each.id),
    "NAME_LOWERCASE": lambda each: (each.name.lower(), each.id),
    "ACCESS": lambda each: (_RANK[each.role], each.id),
    "HOURLYRATE": lambda each: (each.id,),  # nobody has a rate of their own here
    "COSTRATE": lambda each: (each.id,),
}
_GROUP_COLUMNS: dict[str, Callable[[Group], tuple[str, ...]]] = {
    "ID": lambda each: (each.id,),
    "NAME": lambda each: (each.name.lower(), each.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserQuery:
    """Which people are wanted."""

    email: str = ""
    name: str = ""
    status: str = "ALL"
    accounts: frozenset[str] = _DEFAULT_ACCOUNTS
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    project: str = ""
    memberships: str = "NONE"
    column: str = "EMAIL"
    order: str = "ASCENDING"
    page: int = 1
    size: int = 50

    def matches(self, workspace: Workspace, member: Member) -> bool:
        """Tell whether somebody is wanted; there are no projects here to be in."""
        return (
            not self.project
            and self.email.lower() in member.email.lower()
            and self.name.lower() in member.name.lower()
            and self.status in ("ALL", member.status)
            and account_status(member) in self.accounts
            and (not self.roles or _has_role(member, self.roles))
            and (
                not self.groups or any(g.id in self.groups for g in workspace.groups_of(member.id))
            )
        )

    def found(self, workspace: Workspace) -> Sequence[Member]:
        """Return the page of people that is asked for."""
        wanted = (each for each in workspace.members.values() if self.matches(workspace, each))
        return paged(wanted, _USER_COLUMNS[self.column], self.order, self.page, self.size)


def _has_role(member: Member, roles: frozenset[str]) -> bool:
    """Tell whether somebody has one of the roles; owners count as admins here."""
    if member.role is Role.OWNER:
        return bool(roles & {"OWNER", "WORKSPACE_ADMIN"})
    return member.role in roles


def user_query(query: Mapping[str, str]) -> UserQuery:
    """Read what is wanted from the parameters of a GET."""
    accounts = query.get("account-statuses", "")
    return UserQuery(
        email=query.get("email", ""),
        name=query.get("name", ""),
        status=_word(query, "status", "ALL", _STATUSES),
        accounts=_words("account-statuses", accounts.split(",") if accounts else (), _ACCOUNTS)
        or _DEFAULT_ACCOUNTS,
        project=query.get("project-id", ""),
        memberships=_word(query, "memberships", "NONE", _MEMBERSHIPS),
        column=_word(query, "sort-column", "EMAIL", tuple(_USER_COLUMNS)),
        order=_word(query, "sort-order", "ASCENDING", _ORDERS),
        page=_number(query, "page", 1),
        size=_number(query, "page-size", 50),
    )


def user_query_of_body(body: Mapping[str, Json]) -> UserQuery:
    """Read what is wanted from the body of a POST."""
    texts = {key: value for key, value in body.items() if isinstance(value, str)}
    numbers = {key: str(value) for key, value in body.items() if type(value) is int}
    return UserQuery(
        email=texts.get("email", ""),
        name=texts.get("name", ""),
        status=_word(texts, "status", "ALL", _STATUSES),
        accounts=_words("accountStatuses", _list(body, "accountStatuses"), _ACCOUNTS)
        or _DEFAULT_ACCOUNTS,
        roles=_words("roles", _list(body, "roles"), _ROLES),
        groups=frozenset(_list(body, "userGroups")),
        project=texts.get("projectId", ""),
        memberships=_word(texts, "memberships", "NONE", _MEMBERSHIPS),
        column=_word(texts, "sortColumn", "EMAIL", tuple(_USER_COLUMNS)),
        order=_word(texts, "sortOrder", "ASCENDING", _ORDERS),
        page=_number(numbers, "page", 1),
        size=_number(numbers, "pageSize", 50),
    )


def found_groups(workspace: Workspace, query: Mapping[str, str]) -> Sequence[Group]:
    """Return the page of groups that is asked for."""
    name = query.get("name", "").lower()
    groups = () if query.get("project-id") else workspace.groups.values()
    return paged(
        (each for each in groups if name in each.name.lower()),
        _GROUP_COLUMNS[_word(query, "sort-column", "NAME", tuple(_GROUP_COLUMNS))],
        _word(query, "sort-order", "ASCENDING", _ORDERS),
        _number(query, "page", 1),
        _number(query, "page-size", 50),
    )


def roles_of(query: Mapping[str, str]) -> frozenset[str]:
    """Read the roles by which one's own workspaces are filtered."""
    roles = query.get("roles", "")
    return _words("roles", roles.split(",") if roles else (), _ROLES)


def paged(
    items: Iterable[_T],
    column: Callable[[_T], tuple[object, ...]],
    order: str,
    page: int,
    size: int,
) -> Sequence[_T]:
    """Return one page of some items in order."""
    found = sorted(items, key=column, reverse=order == "DESCENDING")
    return found[(page - 1) * size : page * size]


def flag(query: Mapping[str, str], name: str) -> bool:
    """Read a parameter that is true or false."""
    return _word(query, name, "false", ("true", "false")) == "true"


def _word(query: Mapping[str, str], name: str, default: str, known: Sequence[str]) -> str:
    value = query.get(name) or default
    if value not in known:
        raise _wrong(name, f"one of {', '.join(known)}")
    return value


def _words(name: str, values: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    found = frozenset(each.strip() for each in values)
    if not found <= set(known):
        raise _wrong(name, f"some of {', '.join(sorted(known))}")
    return found


def _list(body: Mapping[str, Json], name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(name, "a list of texts")
    return [each for each in value if isinstance(each, str)]


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name) or str(default)
    most = LARGEST_PAGE if default != 1 else 1_000_000
    if not text.isascii() or not text.isdigit() or len(text) > 7 or not 1 <= int(text) <= most:
        raise _wrong(name, f"a number from 1 to {most}")
    return int(text)


def _wrong(name: str, expected: str) -> Refused:
    return Refused(400, f"{name}: expected {expected}.", DENIED)
