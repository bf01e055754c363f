"""Groups that SCIM writes, and what becomes of them in the product."""

from __future__ import annotations

from html import escape

from reference_server.products.watched_store import Written
from reference_server.store import Record

from .rules import Rules
from .workspace import Group
from .workspace import Member
from .workspace import NewId
from .workspace import Workspace


class GroupProvisioning:
    """Carries changes of SCIM groups over to a workspace."""

    def __init__(self, workspace: Workspace, rules: Rules, new_id: NewId) -> None:
        self._workspace = workspace
        self._rules = rules
        self._new_id = new_id
        # The ids that groups had before they were deleted, by name: for a product that reuses them.
        self.old_ids: dict[str, str] = {}
        self._ended: set[str] = set()  # the names of groups that SCIM deleted
        # The product's own id of a SCIM group, where it is another.
        self._aliases: dict[str, str] = {}

    def change(self, written: Written) -> None:
        """Let the change of one group take effect."""
        record = written.new or written.old
        if record is None:
            return
        group = self._workspace.groups.get(self._aliases.get(record.id, record.id))
        if written.new is None:
            self._ended.add(self._name(record))
            if group is not None and self._rules.groups_removed:
                del self._workspace.groups[group.id]
            return
        group = group or (self._created(written.new) if written.old is None else None)
        if group is not None:
            group = self._renamed(group, self._name(written.new))
            self._take_members(group, written)

    def _name(self, record: Record) -> str:
        name = _name(record)
        return name if self._rules.group_names_verbatim else escape(name)

    def _created(self, record: Record) -> Group | None:
        name = self._name(record)
        comes = self._rules.groups_may_return or name not in self._ended
        if not self._rules.groups_created or not comes:
            return None
        if "@" in name and not self._rules.address_names_taken:
            return None
        identifier = record.id
        if not self._rules.groups_new_each_time:
            identifier = self.old_ids.get(name, record.id)
            self._aliases[record.id] = identifier
        return self._workspace.add_group(Group(id=identifier, name=name))

    def _renamed(self, group: Group, name: str) -> Group:
        if group.name == name or not self._rules.group_names_followed:
            return group
        if self._rules.renamed_in_place:
            group.name = name
            return group
        return self.put_into_new(name, group)

    def put_into_new(self, name: str, old: Group) -> Group:
        """Make a second group beside one that was renamed: what the product must not do."""
        return self._workspace.add_group(
            Group(id=self._new_id(), name=name, members=dict(old.members))
        )

    def _take_members(self, group: Group, written: Written) -> None:
        for member, inside in written.members.items():
            if inside and self._rules.members_added and member in self._workspace.members:
                group.members.setdefault(member)
            elif not inside and self._lets_go(group):
                group.members.pop(member, None)

    def _lets_go(self, group: Group) -> bool:
        rules = self._rules
        return rules.members_removed and (rules.last_members_removed or len(group.members) > 1)

    def put_into(self, name: str, member: Member) -> None:
        """Put somebody into a group that nobody asked for: what the product must not do."""
        groups = self._workspace.groups.values()
        group = next((each for each in groups if each.name == name), None)
        group = group or self._workspace.add_group(Group(id=self._new_id(), name=name))
        group.members[member.id] = None


def _name(record: Record) -> str:
    name = record.attributes.get("displayName")
    return name if isinstance(name, str) else ""
