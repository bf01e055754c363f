"""Provisioning: what SCIM wrote takes effect in the product, within the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime

from reference_server.products.watched_store import Written
from reference_server.store import Record

from .group_provisioning import GroupProvisioning
from .records import email_of
from .records import is_active
from .records import name_of
from .records import time_zone_of
from .rules import Rules
from .workspace import DEFAULT_TIME_ZONE
from .workspace import Member
from .workspace import NewId
from .workspace import Role
from .workspace import Status
from .workspace import Workspace


class Provisioning:
    """Carries changes of SCIM resources over to a workspace."""

    def __init__(
        self, workspace: Workspace, rules: Rules, clock: Callable[[], datetime], new_id: NewId
    ) -> None:
        self._workspace = workspace
        self._rules = rules
        self._clock = clock
        self._new_id = new_id
        self.groups = GroupProvisioning(workspace, rules, new_id)

    def begin(self) -> None:
        """Prepare the workspace for SCIM: it begins without groups, which are to come back."""
        workspace, rules = self._workspace, self._rules
        if rules.groups_deleted:
            self.groups.old_ids = {each.name: each.id for each in workspace.groups.values()}
            workspace.groups = {
                each.id: each
                for each in workspace.groups.values()
                if not rules.empty_groups_deleted and not each.members
            }
        for member in workspace.members.values():
            member.provisioned = False
            if not rules.names_kept_at_switch:
                member.name = member.email.partition("@")[0].replace(".", " ")
        if not rules.nobody_pulled:
            email = f"directory.neighbour@{workspace.join_domain}"
            workspace.add(Member(id=self._new_id(), email=email, name="Directory Neighbour"))

    def __call__(self, changes: Sequence[Written]) -> None:
        """Let the changes of one transaction take effect: people first, then groups."""
        users = [each for each in changes if _kind(each) == "User"]
        for each in users:
            self._user(each)
        for each in changes:
            if _kind(each) == "Group":
                self.groups.change(each)
        if users:
            self._treat_others()

    def _user(self, written: Written) -> None:
        record = written.new or written.old
        if record is None:
            return
        member = self._workspace.members.get(record.id)
        if written.new is None:
            if member is not None:
                self._removed(member)
        elif member is None:
            self._created(written.new)
        else:
            self._changed(member, written.new, written.old)

    def _created(self, record: Record) -> None:
        rules = self._rules
        most = rules.most_users
        full = most is not None and len(self._workspace.members) >= most
        if full or not rules.users_created:
            return
        member = Member(id=record.id, email=email_of(record), name=self._name(record) or "")
        member.provisioned = True
        member.status = Status.ACTIVE if is_active(record) else Status.INACTIVE
        if not rules.users_active_at_once and member.status is Status.ACTIVE:
            member.status = Status.PENDING
        self._take_time_zone(member, record)
        self._workspace.add(member)
        if not rules.no_group_of_its_own:
            self.groups.put_into("Everyone", member)

    def _changed(self, member: Member, new: Record, old: Record | None) -> None:
        first, member.provisioned = not member.provisioned, True
        self._take_status(member, new, old)
        if member.id not in self._workspace.members:
            return
        if not is_active(new) and not self._rules.inactive_updated:
            return
        name = self._name(new, old)
        if (
            name
            and self._rules.names_followed
            and (self._rules.names_followed_at_first or not first)
        ):
            member.name = name
        email = email_of(new)
        if email and self._rules.emails_followed:
            member.email = email
        self._take_time_zone(member, new)

    def _name(self, new: Record, old: Record | None = None) -> str | None:
        name = name_of(new, old)
        if name is None or self._rules.names_in_every_script:
            return name
        return name.encode("ascii", "replace").decode()

    def _take_time_zone(self, member: Member, record: Record) -> None:
        """Take the time zone until the person has chosen one: then theirs is the truth."""
        zone = time_zone_of(record)
        kept = member.by_hand and self._rules.time_zone_by_hand_kept
        if zone and self._rules.time_zone_taken and not kept:
            member.time_zone = zone
        if not zone and not self._rules.time_zone_kept_unsent:
            member.time_zone = DEFAULT_TIME_ZONE

    def _take_status(self, member: Member, new: Record, old: Record | None) -> None:
        """Follow a change of `active`; who is invited stays so until it becomes true."""
        rules = self._rules
        if old is not None and is_active(old) is is_active(new):
            return
        if is_active(new):
            self._returns(member)
            if rules.reactivation_followed or member.status is not Status.INACTIVE:
                self._become(member, Status.ACTIVE)
        elif member.returned and not rules.returners_can_leave:
            return
        elif not rules.deactivation_keeps:
            self._workspace.remove(member.id)
        elif rules.deactivation_followed:
            self._become(member, Status.INACTIVE)

    def _returns(self, member: Member) -> None:
        member.returned = member.status is Status.INACTIVE
        if not self._rules.time_zone_kept_on_return:
            member.by_hand = False

    def _become(self, member: Member, status: Status) -> None:
        if self._rules.status_delay:
            member.next_status = (self._clock() + self._rules.status_delay, status)
        else:
            member.status, member.next_status = status, None

    def _removed(self, member: Member) -> None:
        if self._rules.removal_followed:
            self._workspace.remove(member.id)

    def _treat_others(self) -> None:
        """Leave whoever SCIM never wrote to alone, unless the product does what it must not."""
        for member in self._workspace.members.values():
            if member.provisioned or member.role is Role.OWNER:
                continue
            if not self._rules.others_left_alone and not member.manages:
                member.status = Status.INACTIVE
            if not self._rules.others_keep_roles:
                member.role = Role.USER


def _kind(written: Written) -> str:
    record = written.new or written.old
    return record.kind.name if record is not None else ""
