"""Clockify at work: a workspace, its rules, its SCIM service, and who holds which key.

Whoever calls holds the lock, so that what SCIM writes and what people do in the product never
happen at the same moment.
"""

from __future__ import annotations

import secrets
from threading import RLock

from reference_server.products.building import Parts
from reference_server.products.product import SCIM_PATH
from reference_server.products.routes import Refused
from reference_server.products.scim_service import ScimService

from .provisioning import Provisioning
from .records import seeds
from .rules import Lock
from .rules import Rules
from .workspace import ENTERPRISE
from .workspace import Member
from .workspace import Role
from .workspace import Status
from .workspace import Workspace

# The numbers that the public interface gives with its refusals.
DENIED = 501
NO_KEY = 1000
WRONG_KEY = 4003


def denied(message: str = "Access Denied") -> Refused:
    """Return the refusal of somebody who may not do this."""
    return Refused(403, message, DENIED)


def stranger(what: str) -> Refused:
    """Return the refusal for somebody or something that is not in the workspace."""
    return Refused(400, f"{what} doesn't belong to Workspace", DENIED)


class Clockify:
    """One workspace with its rules and its SCIM service."""

    def __init__(self, workspace: Workspace, rules: Rules, parts: Parts) -> None:
        self.lock = RLock()
        self.workspace = workspace
        self.workspace.keeps_former = not rules.removed_keys_dead
        self.rules = rules
        self.clock = parts.clock
        self.new_id = parts.new_id
        self.provisioning = Provisioning(workspace, rules, parts.clock, parts.new_id)
        self.scim = ScimService(parts, self.lock, self.provisioning, kinds=rules.token_forms)
        self.scim_on = False
        self._tokens: tuple[str, ...] = ()
        self._former: tuple[str, ...] = ()  # for a product that gives them again

    def holder(self, key: str | None, *, inside: bool = False) -> Member:
        """Return whose key it is, or raise 401; `inside` says that it is for the workspace."""
        if key is None:
            text = "Full authentication is required to access this resource"
            raise Refused(401, text, NO_KEY)
        self.workspace.settle(self.clock())
        member = self.workspace.holder(key)
        if member is None or not self.has_access(member, inside=inside):
            raise Refused(401, "Api key does not exist", WRONG_KEY)
        return member

    def has_access(self, member: Member, *, inside: bool = False) -> bool:
        """Tell whether somebody's key opens the product."""
        if member.id not in self.workspace.members:
            return self.workspace.keeps_former
        if not self.rules.others_keep_keys and self._is_left_out(member):
            return False
        if member.status is Status.INACTIVE:
            dead = self.rules.inactive_keys_dead
            return not (self.rules.inactive_keys_dead_inside if inside and dead else dead)
        return member.status is Status.ACTIVE

    def _is_left_out(self, member: Member) -> bool:
        """Tell whether SCIM sent people and not this one, who is no owner either."""
        sent = any(each.provisioned for each in self.workspace.members.values())
        return sent and not member.provisioned and member.role is not Role.OWNER

    def check(self, lock: Lock, member: Member | None) -> None:
        """Refuse what SCIM locks while it is on."""
        if not self.scim_on or lock not in self.rules.locks:
            return
        if member is not None and not self._binds(lock, member):
            return
        raise denied(lock.reason if self.rules.locks_say_why else "")

    def _binds(self, lock: Lock, member: Member) -> bool:
        rules = self.rules
        if member.role is Role.OWNER and not rules.locks_bind_owners:
            return False
        own = lock in (Lock.OWN_NAME, Lock.LEAVING)
        return rules.locks_bind_unsent or member.provisioned or not own

    def may_switch(self, member: Member) -> bool:
        """Tell whether somebody may switch SCIM on and off, and make it a new token."""
        return member.role is Role.OWNER or (member.manages and not self.rules.owners_only)

    def switch_on(self, member: Member) -> str:
        """Switch SCIM on and return the token; the groups that there are go."""
        self._check_switching(member)
        if self.scim_on:
            raise Refused(409, "SCIM is switched on already.", DENIED)
        if not self._has_scim(self.workspace.plan):
            raise denied("SCIM needs the Enterprise plan.")
        self.provisioning.begin()
        kept = () if self.rules.token_new_after_off else self._former
        self._tokens = kept or (self._new_token(),)
        seen = self.workspace.members.values() if self.rules.members_seen else ()
        self.scim.switch_on(self._tokens[-1], [*seeds(seen)])
        self.scim_on = True
        return self._tokens[-1]

    def rotate(self, member: Member) -> str:
        """Return a new token; the one before is good for nothing any more."""
        self._check_switching(member)
        self._expect_on()
        kept = () if self.rules.rotation_ends_old_token else self._tokens
        self._tokens = (*kept, self._new_token())
        self.scim.set_tokens(*self._tokens)
        return self._tokens[-1]

    def switch_off(self, member: Member) -> None:
        """Switch SCIM off; people and groups stay as they are."""
        self._check_switching(member)
        self._expect_on()
        self._off()

    def set_plan(self, member: Member, plan: str) -> None:
        """Change the plan; below Enterprise there is no SCIM."""
        if member.role is not Role.OWNER:
            raise denied("Only an owner of the workspace can change its plan.")
        self.workspace.plan = plan
        if self.scim_on and not self._has_scim(plan):
            self._off()

    def base_url(self, origin: str) -> str:
        """Return the base URL for the identity provider."""
        return origin + (SCIM_PATH if self.rules.base_url_has_path else "/scim")

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens in use, to be kept out of what is shown."""
        return self._tokens

    def _off(self) -> None:
        self.scim_on = False
        if self.rules.switching_off_ends_token:
            self._former, self._tokens = self._tokens, ()
            self.scim.switch_off()

    def _has_scim(self, plan: str) -> bool:
        return not self.rules.enterprise_only or plan in ENTERPRISE | self.rules.lesser_plans

    def _check_switching(self, member: Member) -> None:
        if not self.may_switch(member):
            raise denied("Only an owner of the workspace can set SCIM up.")

    def _expect_on(self) -> None:
        if not self.scim_on:
            raise Refused(404, "SCIM is not switched on in this workspace.", DENIED)

    def _new_token(self) -> str:
        if not self.rules.new_token_each_time:
            return f"clockify-{self.workspace.name.lower().replace(' ', '-')}"
        return secrets.token_urlsafe(32)
