"""What a run would do to a target: its cases, what they create and send, what they would skip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from suites.cleanup.spared import CREATE_USERS
from suites.client import ENTERPRISE_URN
from suites.manners.encryption import is_bare
from suites.preflight.capabilities import TITLES
from suites.target.model import Target
from suites.values import value_at

from .choosing import Chosen
from .choosing import counted
from .costs import Cost
from .costs import measured
from .looking import CONFIG
from .looking import SCHEMAS
from .looking import TYPES
from .looking import Sight
from .looking import amount

OVERHEAD = 0.004  # seconds that a request takes on our side, between a reply and the next request
_IN_CONFIG = ("bulk", "changePassword", "etag", "filter", "patch", "sort")
# Domains that nobody has (RFC 2606 section 2 and 3, RFC 6761).
_NOBODYS = ("example.com", "example.org", "example.net", "example", "test", "invalid", "localhost")


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that has not begun: its target, what was seen of that, and its cases."""

    target: Target
    cases: tuple[Chosen, ...]
    sight: Sight | None = None  # None: nothing was sent to look
    remarks: tuple[str, ...] = ()  # of what was asked for and selects nothing

    @property
    def cost(self) -> Cost:
        """What the run sends and creates, as measured on a server that has everything."""
        return measured().of(case.place for case in self.cases)

    @property
    def seconds(self) -> float | None:
        """How long one worker takes; None where neither latency nor a limit is known."""
        count, limit = self.cost.requests, self.target.requests_per_second
        paced = count / limit if limit else 0.0
        if self.sight is None or self.sight.trouble:
            return paced or None
        return max(paced, count * (self.sight.latency + OVERHEAD))

    def lines(self) -> Iterator[str]:
        """Yield what there is to say, a line each."""
        yield f"cases:    {len(self.cases):,} ({self._groups()})"
        yield f"creates:  {self._creates()}"
        yield f"sends:    about {amount(self.cost.requests, 'request')}"
        yield f"takes:    {self._duration()}"
        yield from (f"skips:    {line}" for line in self.skips())
        yield from (f"missing:  {line}" for line in self.missing())
        yield from (f"mind:     {line}" for line in (*self.remarks, *self.cautions()))

    def _groups(self) -> str:
        return ", ".join(f"{name} {count:,}" for name, count in counted(self.cases)) or "none"

    def _creates(self) -> str:
        if self.target.read_only:
            return "nothing, the target is read-only: cases that would write are skipped"
        return f"{self._users()}, {self._new_groups()}; all are deleted at the end"

    def _users(self) -> str:
        if not self.target.capabilities.get(CREATE_USERS, True):
            return "no users, as the file says"
        people = amount(self.cost.users, "user")
        return f"about {people} (addresses at {self.target.email_domain})"

    def _new_groups(self) -> str:
        said = self.target.capabilities.get("groups")
        if said is False:
            return "no groups, as the file says"
        if said is None and self.sight is not None and self.sight.lacks_groups:
            return "no groups, as there is no /Groups"
        return f"about {amount(self.cost.groups, 'group')}"

    def _duration(self) -> str:
        seconds, limit = self.seconds, self.target.requests_per_second
        if seconds is None:
            return "not known: nobody looked how fast the server answers"
        paced = f" at {limit:g} requests a second" if limit else ""
        timed = f", a read taking {self.sight.latency * 1000:.0f} ms" if self.sight else ""
        return f"about {_span(seconds)} with one worker{paced}{timed}"

    def skips(self) -> Iterator[str]:
        """Yield how many cases would be skipped for lack of a feature, with the reason."""
        needed = Counter(feature for case in self.cases for feature in case.needs)
        for feature, count in sorted(needed.items()):
            reason = self._lack(feature)
            if reason:
                yield f"{amount(count, 'case')} about {TITLES[feature]}: {reason}"

    def _lack(self, feature: str) -> str:
        said = self.target.capabilities.get(feature)
        if said is not None:
            return "" if said else "the file says that there is no such thing"
        if feature == "tenants":
            return "" if self.target.other_tenant else "the file names no other_tenant"
        if self.sight is None or announced(self.sight, feature) is not False:
            return ""
        return "announced as missing; tried once, and skipped where that is refused"

    def missing(self) -> Iterator[str]:
        """Yield what the target file lacks for more to be checked."""
        target = self.target
        if target.rate_limited is None:
            yield "rate_limited, a credential to use up: what a 429 does is not checked"
        if target.expired is None:
            yield "expired, a credential that is over: that it opens nothing is not checked"
        if target.own_account is None:
            yield "own_account, a credential that stands for a user: what /Me means is not checked"
        if target.product is not None and target.product.lacks:
            yield f"the promises of the product will be skipped: {target.product.lacks}"
        if not target.capabilities.get(CREATE_USERS, True) and not target.existing_users:
            yield "existing_users: without them there is nobody to be in a group"

    def cautions(self, today: date | None = None) -> Iterator[str]:
        """Yield what to think of before such a run."""
        target = self.target
        if self.sight is not None and self.sight.breaks:
            yield f"{self.sight.breaks}: cases that read a list will fail, or cannot judge"
        if is_bare(target.url) and not target.app:
            yield "plain HTTP to another host: whoever sits in between reads the credential"
        if not is_nobodys(target.email_domain):
            yield (
                f"{target.email_domain} may be a real domain: the server may send mail to "
                "addresses there, which are made up"
            )
        for waiver in target.waivers:
            if waiver.is_over(today or date.today()):
                yield f"the waiver of {waiver.name} is over since {waiver.expires}"
        seconds = self.seconds
        if seconds is not None and seconds > target.run_timeout:
            yield f"longer than run_timeout ({_span(target.run_timeout)}): raise it, or use -n"
        if target.settle:
            yield f"settle: up to {target.settle:g} s more for each read that follows a write"


def announced(sight: Sight, feature: str) -> bool | None:
    """Return what discovery says of a feature, None where it says nothing."""
    config = sight.document(CONFIG)
    if feature in _IN_CONFIG or feature == "cursor":
        path = "pagination.cursor" if feature == "cursor" else f"{feature}.supported"
        said = value_at(config, path)
        return said if isinstance(said, bool) else None
    listed = {"groups": (TYPES, "name", "Group"), "enterprise": (SCHEMAS, "id", ENTERPRISE_URN)}
    if feature not in listed:
        return None
    path, key, wanted = listed[feature]
    names = sight.names(path, key)
    return wanted in names if names else None


def is_nobodys(domain: str) -> bool:
    """Return whether mail to a domain reaches nobody."""
    name = domain.lower().rstrip(".")
    return any(name == each or name.endswith(f".{each}") for each in _NOBODYS)


def found_of(names: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return those of the userNames that were not found."""
    known = {each.casefold() for each in found}
    return [name for name in names if name.casefold() not in known]


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
