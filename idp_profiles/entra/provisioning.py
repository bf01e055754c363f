"""What one job has done to the app, and which moves would bring it in step with the directory."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import partial

from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.moves import Move
from idp_profiles.model import Group
from idp_profiles.model import Person

from .behaviour import Entra

ALL, ASSIGNED = "all", "assigned"
CREATE, UPDATE, DISABLE, DELETE, OTHER = "Create", "Update", "Disable", "Delete", "Other"


@dataclass(slots=True)
class Provisioned:
    """What the job believes of the app beyond the links, which the mock Entra keeps."""

    off: set[str] = field(default_factory=set)
    managers: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)

    def forget_references(self, key: str) -> None:
        """Forget manager and groups of a person whose account is no more, or another one.

        Whoever has the person as manager points to the account that was: that is no manager.
        """
        self.managers.pop(key, None)
        self.managers |= {one: "" for one, above in self.managers.items() if above == key}
        for members in self.members.values():
            members.discard(key)


class Planner:
    """Compares the directory with what was provisioned, one object at a time."""

    def __init__(self, idp: Entra, directory: Directory, app: Provisioned, scope: str) -> None:
        self._idp = idp
        self._directory = directory
        self._app = app
        self._scope = scope

    # -- scope

    def wants(self, key: str) -> bool:
        """Tell whether a person is in the job's scope, blocked or not."""
        if self._directory.state(key) is State.GONE:
            return False
        return self._scope == ALL or self._directory.is_in_scope(key)

    def wants_group(self, key: str) -> bool:
        """Tell whether a group is in the job's scope; groups within groups are not looked at."""
        if not self._directory.has_group(key):
            return False
        return self._scope == ALL or self._directory.is_assigned(key)

    # -- people

    def person(self, key: str) -> Move | None:
        """Return what has to be done about a person, None when nothing."""
        idp, person = self._idp, self._directory.person(key)
        state = self._directory.state(key)
        idp.links.remember(person)
        fit = self.wants(key) and state is State.ENABLED
        if idp.user_id(person) is None:
            return Move("person", key, CREATE, partial(idp.assign, person)) if fit else None
        if state is State.GONE:
            return self._removal(key, person)
        if not fit:
            return self._leaving(key, person)
        if key in self._app.off or not idp.links.manages(person):
            on = partial(self._switched_on, key, person, idp.user_id(person))
            return Move("person", key, UPDATE, partial(idp.reassign, person), on)
        return Move("person", key, UPDATE, partial(idp.update, person))

    def _leaving(self, key: str, person: Person) -> Move | None:
        """Switch off who is blocked, deleted or out of scope; that is done once."""
        idp, off = self._idp, self._app.off
        if key in off or not idp.links.manages(person):
            if not self.wants(key):
                idp.links.release(person)
            return None
        leave = idp.soft_delete if self.wants(key) else idp.unassign
        return Move("person", key, DISABLE, partial(leave, person), partial(off.add, key))

    def _switched_on(self, key: str, person: Person, before: str | None) -> None:
        """Note that a person is back; an account that is another one has no references yet.

        The memberships are not thought of again until a restart (sheet 5).
        """
        self._app.off.discard(key)
        if self._idp.user_id(person) != before:
            self._app.forget_references(key)

    def _removal(self, key: str, person: Person) -> Move | None:
        """Delete who was purged, if the person was in scope; an unassigned one is left alone."""
        forget = partial(self._forget, key, person)
        if self._idp.links.manages(person):
            return Move("person", key, DELETE, partial(self._idp.purge, person), forget)
        forget()
        return None

    def _forget(self, key: str, person: Person) -> None:
        self._idp.forget(person)
        self._app.off.discard(key)
        self._app.forget_references(key)

    def manager(self, key: str) -> Move | None:
        """Return what has to be done about a person's manager, None when nothing.

        A manager without an account is passed over, and not thought of again until a restart.
        """
        idp, managers, person = self._idp, self._app.managers, self._directory.person(key)
        wanted = person.attributes.get("manager")
        if idp.user_id(person) is None or wanted == managers.get(key):
            return None
        if not isinstance(wanted, str):
            remove = partial(idp.remove_manager, person)
            return Move("manager", key, OTHER, remove, partial(managers.pop, key, None))
        above = self._directory.person(wanted)
        if idp.user_id(above) is None:
            return None
        tell = partial(idp.set_manager, person, above)
        return Move("manager", key, OTHER, tell, partial(managers.update, {key: wanted}))

    # -- groups

    def group(self, key: str) -> Move | None:
        """Return what has to be done about a group itself, None when nothing."""
        idp, group = self._idp, self.named(key)
        linked = idp.group_id(group) is not None
        named = partial(self._app.names.update, {key: group.name})
        if not self.wants_group(key):
            if not linked:
                return None
            return Move(
                "group", key, DELETE, partial(idp.delete_group, group), partial(self._drop, key)
            )
        if not linked:
            return Move("group", key, CREATE, partial(idp.push_group, group), named)
        if self._app.names.get(key) == group.name:
            return None
        return Move("group", key, UPDATE, partial(idp.rename_group, group, group.name), named)

    def members(self, key: str, people: Iterable[str] | None) -> Iterator[Move]:
        """Yield who has to be taken out of a group and added to it; None looks at everybody.

        Who has no account is passed over, and not thought of again until a restart.
        """
        if not self.wants_group(key) or self._idp.group_id(self.named(key)) is None:
            return
        group = self.named(key)
        known = self._app.members.setdefault(key, set())
        now = {each.idp_id for each in group.members}
        looked_at = filter(self._has_account, sorted(now | known if people is None else {*people}))
        came, left = self._parted(looked_at, now, known)
        if left:
            take = partial(self._idp.remove_members, group, self._people(left))
            yield Move("members", key, UPDATE, take, partial(known.difference_update, left))
        if came:
            put = partial(self._idp.add_members, group, self._people(came))
            yield Move("members", key, UPDATE, put, partial(known.update, came))

    def lacks_members(self, key: str) -> bool:
        """Tell whether somebody in a group has no account although there should be one."""
        if not self.wants_group(key):
            return False
        return any(self._is_missing(each.idp_id) for each in self._directory.group(key).members)

    def lacks_manager(self, key: str) -> bool:
        """Tell whether a person's manager has no account although there should be one."""
        person = self._directory.person(key)
        above = person.attributes.get("manager")
        linked = self._idp.user_id(person) is not None
        return linked and isinstance(above, str) and self._is_missing(above)

    def linked_groups(self) -> tuple[str, ...]:
        """Return the keys of the groups that the job made or linked."""
        return tuple(self._app.names)

    # -- inside

    def _parted(
        self, keys: Iterable[str], now: set[str], known: set[str]
    ) -> tuple[list[str], list[str]]:
        """Return who came and who left."""
        looked_at = list(keys)
        came = [each for each in looked_at if each in now - known]
        return came, [each for each in looked_at if each in known - now]

    def _is_missing(self, key: str) -> bool:
        fit = self.wants(key) and self._directory.state(key) is State.ENABLED
        return fit and not self._has_account(key)

    def _drop(self, key: str) -> None:
        self._app.names.pop(key, None)
        self._app.members.pop(key, None)

    def named(self, key: str) -> Group:
        """Return a group as the directory has it, or as the app knows it after its end."""
        if self._directory.has_group(key):
            return self._directory.group(key)
        return Group(self._app.names.get(key, key), (), key)

    def _has_account(self, key: str) -> bool:
        return self._idp.user_id(self._directory.person(key)) is not None

    def _people(self, keys: Iterable[str]) -> list[Person]:
        return [self._directory.person(key) for key in keys]
