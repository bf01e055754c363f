"""What Okta sends about people: create, link, update, (de)activate, password."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace

from idp_profiles.mapping import nested
from idp_profiles.mapping import steps_of
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import merge
from idp_profiles.wire import segment

from .console import CREATE
from .console import DEACTIVATE
from .console import EMPTY_USER
from .console import PASSWORD
from .console import PROFILE
from .console import REACTIVATE
from .console import VERIFY
from .console import Text
from .exchange import body_of
from .exchange import patiently
from .facts import LIMITS
from .names import AIW
from .names import PATCH_OP
from .names import USER
from .org import Link
from .org import Org
from .org import key_of
from .steps import step

_CLEARED: dict[str, Json] = {"empty": "", "null": None}


class Users:
    """The verbs about people; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._put_template = org.dialect == AIW

    # -- assignment

    def assign(self, person: Person, scenario: str = "create-user") -> Script:
        """Look the person up, then create, link or reactivate the account."""
        org = self._org
        link = org.link(person)
        if link is not None:
            if not link.active:
                yield from self.reactivate(person)
            return
        person = org.remember(person)
        if not org.toggles["create_users"]:
            return
        found = yield from self._look_up(person, scenario)
        if found is None:
            yield from self._create(person, scenario)
        elif scenario == "provision-user-backlog":
            # The log of this feature shows lookup, then PUT; the lookup's answer is what it had.
            user_id = str(member(found, "id"))
            body = self._whole_profile(person, found, user_id)
            yield from self._put(person, user_id, body, scenario, PROFILE)
            self._linked(person, user_id)
        else:
            yield from self._link_found(person, found)

    def reactivate(self, person: Person) -> Script:
        """Activate a deactivated account; the switch `reassign` decides what else is sent."""
        org = self._org
        link = org.link(person)
        if link is None or link.active or not org.toggles["deactivate_users"]:
            return
        person = org.person(person)
        scenario = "reactivate-user-aiw" if self._put_template else "reactivate-user-oin"
        full = org.switches["reassign"] == "full"
        if full:
            yield from self._look_up(person, scenario)
        if not self._put_template:
            yield from self._set_active(person, link.user_id, scenario, active=True)
        if full or self._put_template:
            yield from self._push_whole_profile(person, link.user_id, scenario)
            link.pushed = person
        link.active = True

    def adopt(self, person: Person) -> Script:
        """Look the person up and link what is found, as a confirmed import does."""
        found = yield from self._look_up(person, "create-user")
        if found is None:
            because = f"the app has no user {person.user_name!r}; assign the person first"
            raise Stopped(because=because, console="")
        person = self._org.remember(_as_found(person, found))
        active = member(found, "active") is not False
        self._org.links[key_of(person)] = Link(str(member(found, "id")), person, active)

    # -- profile

    def push_changes(self, person: Person, cleared: Iterable[str], scenario: str) -> Script:
        """Send what differs from the profile as last pushed, with `cleared` paths emptied."""
        org = self._org
        link = org.link(person)
        if link is None or not link.active or not org.toggles["update_users"]:
            return
        profile, changed = self._pushable_profile(link, person)
        paths = tuple(cleared)
        if not changed and not paths:
            return
        overlay = profile if org.switches["overlay"] == "profile" else changed
        current = yield from self._read(person, link.user_id, scenario)
        if current is None:
            yield from self._create(person, "create-user")
            return
        body = self._with_cleared(self._with_extensions(merge(current, overlay), overlay), paths)
        yield from self._put(person, link.user_id, body, scenario, PROFILE)
        link.pushed = person

    # -- lifecycle

    def deactivate(self, person: Person) -> Script:
        """Deactivate the account; never a DELETE."""
        org = self._org
        link = org.link(person)
        if link is None or not link.active:
            return
        if not org.toggles["deactivate_users"]:
            # Switching the feature on later does not replay what was missed.
            link.active = False
            return
        person = org.person(person)
        if self._put_template:
            yield from self._overwrite(
                person, link, {"active": False}, "deactivate-user-aiw", DEACTIVATE
            )
        else:
            yield from self._set_active(person, link.user_id, "deactivate-user-oin", active=False)
        link.active = False

    def set_password(self, person: Person, password: str) -> Script:
        """Send a new password."""
        org = self._org
        org.secrets.add(password)
        link = org.link(person)
        person = org.remember(replace(org.person(person), password=password))
        if link is None or not link.active or not org.toggles["sync_password"]:
            return
        if self._put_template:
            yield from self._overwrite(
                person, link, {"password": password}, "sync-password-aiw", PASSWORD
            )
            return
        operation: dict[str, Json] = {"op": "replace", "value": {"password": password}}
        if org.switches["password_patch"] == "path":  # noqa: S105 # the name of a switch
            operation = {"op": "replace", "path": "password", "value": password}
        yield from self._patch(
            person, link.user_id, [operation], "sync-password-oin", "set the password", PASSWORD
        )

    def grant(self, person: Person, granted: Mapping[str, Json]) -> Script:
        """Send roles and entitlements on top of what the app has."""
        link = self._org.link(person)
        if link is None or not link.active or not granted:
            return
        yield from self._overwrite(
            self._org.person(person), link, granted, "entitlement-assign", PROFILE
        )

    # -- the requests

    def _look_up(self, person: Person, scenario: str) -> Part[dict[str, Json] | None]:
        """Return the first match, or None: 200 without match and 404 both mean "not there"."""
        org, mapping = self._org, self._org.mapping
        wanted = equals(mapping.match, mapping.match_value(person))
        count = LIMITS["page_size"].value
        target = org.listing("/Users", {"filter": wanted, "startIndex": 1, "count": count})
        request = org.request("GET", target, step(scenario, "look up the user"))
        complaint = org.complaint(VERIFY, person)
        reply = yield from patiently(request, complaint)
        body = body_of(request, reply, complaint)
        found = member(body, "Resources") if reply.status == 200 else None
        if not found and not member(body, "totalResults"):
            return None
        first = found[0] if isinstance(found, list) and found else None
        if isinstance(first, dict) and _usable_id(member(first, "id")):
            return first
        raise complaint.refused(reply, "the lookup names a match but no resource with an id")

    def _create(self, person: Person, scenario: str) -> Script:
        org = self._org
        profile = org.mapping.body(person, "create")
        body: dict[str, Json] = {"schemas": self._schemas(profile), **profile}
        request = org.request("POST", "/Users", step(scenario, "create the user"), body)
        complaint = org.complaint(CREATE, person)
        reply = yield from patiently(request, complaint)
        if not reply.body.strip():
            raise complaint.stopped(EMPTY_USER, "the reply to POST /Users has no body")
        created = member(body_of(request, reply, complaint), "id")
        if not _usable_id(created):
            because = f"the new user's id is {created!r}; Okta needs one of its own to keep"
            raise complaint.stopped(EMPTY_USER, because)
        self._linked(person, str(created))

    def _link_found(self, person: Person, found: dict[str, Json]) -> Script:
        user_id = str(member(found, "id"))
        scenario = "link-existing-user-aiw" if self._put_template else "link-existing-user-oin"
        if not self._put_template and member(found, "active") is False:
            yield from self._set_active(person, user_id, scenario, active=True)
        yield from self._push_whole_profile(person, user_id, scenario)
        self._linked(person, user_id)

    def _push_whole_profile(self, person: Person, user_id: str, scenario: str) -> Script:
        current = yield from self._read(person, user_id, scenario)
        if current is None:
            yield from self._create(person, "create-user")
            return
        body = self._whole_profile(person, current, user_id)
        yield from self._put(person, user_id, body, scenario, PROFILE)

    def _overwrite(
        self, person: Person, link: Link, overlay: Mapping[str, Json], scenario: str, text: Text
    ) -> Script:
        """GET, then PUT the answer with some attributes replaced and nothing refreshed."""
        current = yield from self._read(person, link.user_id, scenario)
        if current is None:
            yield from self._create(person, "create-user")
            return
        yield from self._put(person, link.user_id, merge(current, overlay), scenario, text)

    def _read(self, person: Person, user_id: str, scenario: str) -> Part[dict[str, Json] | None]:
        """Return the account as the app shows it; None when it is gone and is to be made again."""
        org = self._org
        needed = step(scenario, "read the user")
        recreate = org.switches["missing_user"] == "create"
        if recreate:
            needed = replace(needed, accepts=(*needed.accepts, 404))
        request = org.request("GET", f"/Users/{segment(user_id)}", needed)
        complaint = org.complaint(PROFILE, person)
        reply = yield from patiently(request, complaint)
        return None if reply.status == 404 else body_of(request, reply, complaint)

    def _put(
        self, person: Person, user_id: str, body: dict[str, Json], scenario: str, text: Text
    ) -> Part[Reply]:
        org = self._org
        needed = step(scenario, "replace the user")
        request = org.request("PUT", f"/Users/{segment(user_id)}", needed, body)
        complaint = org.complaint(text, person)
        reply = yield from patiently(request, complaint)
        body_of(request, reply, complaint)
        return reply

    def _set_active(self, person: Person, user_id: str, scenario: str, *, active: bool) -> Script:
        name, text = "deactivate the user", DEACTIVATE
        if active:
            name, text = "activate the user", REACTIVATE
        # Lower case, no path, a real boolean; a refusal is not repeated as PUT.
        operation: dict[str, Json] = {"op": "replace", "value": {"active": active}}
        yield from self._patch(person, user_id, [operation], scenario, name, text)

    def _patch(
        self,
        person: Person,
        user_id: str,
        operations: list[Json],
        scenario: str,
        name: str,
        text: Text,
    ) -> Script:
        org = self._org
        body: dict[str, Json] = {"schemas": [PATCH_OP], "Operations": operations}
        target = f"/Users/{segment(user_id)}"
        request = org.request("PATCH", target, step(scenario, name), body)
        complaint = org.complaint(text, person)
        reply = yield from patiently(request, complaint)
        if reply.body.strip():
            body_of(request, reply, complaint)

    # -- the bodies

    def _whole_profile(
        self, person: Person, current: Mapping[str, Json], user_id: str
    ) -> dict[str, Json]:
        profile = self._org.mapping.body(person, "link")
        head: dict[str, Json] = {"schemas": self._schemas(profile), "id": user_id}
        return merge(current, {**head, **profile})

    def _pushable_profile(
        self, link: Link, person: Person
    ) -> tuple[dict[str, Json], dict[str, Json]]:
        """Return the profile for an update, and what of it is not as last pushed."""
        org = self._org
        before = org.mapping.body(link.pushed, "update")
        after = org.mapping.body(person, "update")
        if org.toggles["exclude_username_updates"]:
            before.pop("userName", None)
            after.pop("userName", None)
        return after, _difference(before, after)

    def _with_extensions(
        self, body: dict[str, Json], overlay: Mapping[str, Json]
    ) -> dict[str, Json]:
        schemas = member(body, "schemas")
        if self._org.switches["enterprise_urn"] == "unlisted" or not isinstance(schemas, list):
            return body
        new = [urn for urn in self._org.mapping.extensions(overlay) if urn not in schemas]
        return {**body, "schemas": [*schemas, *new]} if new else body

    def _with_cleared(self, body: dict[str, Json], paths: tuple[str, ...]) -> dict[str, Json]:
        how = self._org.switches["cleared"]
        for path in paths:
            if how == "missing":
                body = _without(body, steps_of(path))
            else:
                body = merge(body, nested(path, _CLEARED[how]))
        return body

    def _schemas(self, profile: Mapping[str, Json]) -> list[Json]:
        listed = self._org.switches["enterprise_urn"] == "listed"
        return [USER, *(self._org.mapping.extensions(profile) if listed else ())]

    def _linked(self, person: Person, user_id: str) -> None:
        self._org.links[key_of(person)] = Link(user_id, person)


def _as_found(person: Person, found: Mapping[str, Json]) -> Person:
    """Return the person with the names and the address that the app has."""
    name, emails = member(found, "name"), member(found, "emails")
    names = name if isinstance(name, dict) else {}
    first = emails[0] if isinstance(emails, list) and emails else None
    return replace(
        person,
        user_name=_text(found, "userName", person.user_name),
        given_name=_text(names, "givenName", ""),
        family_name=_text(names, "familyName", ""),
        email=_text(first if isinstance(first, dict) else {}, "value", ""),
        display_name=_text(found, "displayName", ""),
    )


def _text(body: Mapping[str, Json], name: str, default: str) -> str:
    value = member(body, name)
    return value if isinstance(value, str) else default


def _usable_id(value: Json) -> bool:
    # The word bulkId is reserved and never part of an id (RFC 7643 section 3.1).
    return isinstance(value, str) and bool(value) and "bulkId" not in value


def _difference(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """Return the members of `after` that are not the same in `before`, deeply."""
    changed: dict[str, Json] = {}
    for key, value in after.items():
        below = before.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            inner = _difference(below, value)
            if inner:
                changed[key] = inner
        elif key not in before or below != value:
            changed[key] = value
    return changed


def _without(body: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    """Return the body without what stands at the path."""
    head, *rest = path
    below = body.get(head)
    if rest and isinstance(below, dict):
        return {**body, head: _without(below, tuple(rest))}
    return {key: value for key, value in body.items() if key != head}
