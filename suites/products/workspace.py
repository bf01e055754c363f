"""One workspace of a product in one case: a simulation of its own, or the one of a target file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from idp_profiles.model import Credential
from idp_profiles.model import Json
from suites.cleanup.journal import Item
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.client import Seen
from suites.evidence import CaseLog
from suites.making.people import Registry
from suites.reach import embedded_product
from suites.reach.connection import Connection
from suites.reach.embedded_product import EmbeddedProduct
from suites.target.model import Target
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from . import promises
from .api import ProductApi
from .api import api_target
from .api import simulated_by
from .kit import Kit
from .probe import Probe
from .probe import Shown

T = TypeVar("T")
SCIM_PATH = "/scim/v2"


class Workspace:
    """What a case does in the workspace, and what it sees there.

    `named` is the target that the user names, with `scim` as the way to it; without one there is
    a simulation, with SCIM off.
    """

    def __init__(
        self,
        kit: Kit,
        log: CaseLog,
        journal: Journal,
        people: Registry,
        *,
        named: Target | None,
        scim: Connection | None = None,
        deviations: tuple[str, ...] = (),
        large: bool = False,
    ) -> None:
        self.kit = kit
        self.log = log
        self.journal = journal
        self.people = people
        self.named = named
        self.large = large  # whether large cases were asked for
        self._deviations = deviations
        self._embedded: EmbeddedProduct | None = None
        self._scim = scim
        self.token = _bare(scim.target.credential) if scim is not None else ""
        # What was made in the product and not over SCIM, which need not know of it.
        self.made_by_hand: list[tuple[str, str]] = []
        self.simulated = named is None
        self._open({})

    # -- the product

    def _open(self, settings: dict[str, Json]) -> None:
        if self.named is None:
            self._embedded = embedded_product.start(
                self.kit.name, deviations=self._deviations, settings=settings
            )
            keys, self.id = self._embedded.keys, self._embedded.workspace
            self.log.redactor = self.log.redactor.also(keys.values())
            url = embedded_product.ORIGIN + self.kit.api_path
            self._api_connection = self._embedded.connection(api_target(url, keys[self.kit.owner]))
            self._key = keys[self.kit.owner]
            return
        place = self.named.product
        if place is None or place.lacks:
            raise NotOffered(place.lacks if place else "the target file has no [product]")
        self.id, self._key = place.workspace, place.key
        self._api_connection = Connection(api_target(place.url, place.key, self.named))
        if self._scim is not None:  # the run has one clock
            self._api_connection.manners.clock = self._scim.manners.clock

    def started(self, **settings: Json) -> Workspace:
        """Begin again with another simulated workspace; raises NotOffered on a named target."""
        if self.named is not None:
            raise NotOffered("it takes a workspace that is set up for it")
        self.close()
        self._scim, self.token = None, ""
        self._open(settings)
        return self

    @property
    def embedded(self) -> EmbeddedProduct | None:
        """The simulation in this process, None on a named target."""
        return self._embedded

    @property
    def api(self) -> ProductApi:
        """The product's own API with the owner's key."""
        return ProductApi(
            self._api_connection,
            self.log,
            header=self.kit.key_header,
            key=self._key,
            shared=self.named is not None,
        )

    @property
    def owner(self) -> Probe:
        """The product as its owner sees it."""
        return self.kit.probe(self.api, self.id, self.simulated)

    def acting(self, who: str) -> Probe:
        """Return the product as another of the people at the start sees it."""
        if self._embedded is None:
            raise NotOffered(f"by hand: do it as {who}; the run has the owner's key alone")
        return self.with_key(self._embedded.keys[who])

    def with_key(self, key: str) -> Probe:
        """Return the product as the member with a key sees it."""
        return self.kit.probe(self.api.acting(key), self.id, self.simulated)

    def recognise(self) -> bool:
        """Tell whether a simulation of ours answers; raises Blocked where the key opens nothing."""
        seen = self.api.send("GET", self.kit.first_look)
        if seen.status in (401, 403):
            variable = self.named.product.key_env if self.named and self.named.product else ""
            reason = f"the product's API refuses the key (status {seen.status}): check {variable}"
            raise Blocked(reason, entry=seen.entry)
        return simulated_by(seen) == self.kit.name

    @property
    def within(self) -> float:
        """How many seconds a look may lag behind a write."""
        return self.named.settle if self.named else 0.0

    def shown(
        self,
        read: Callable[[], Shown[T]],
        fits: Callable[[T], bool],
        expected: str,
        actual: Callable[[T], str],
    ) -> T:
        """Expect something of what the product shows, and return it; raises Mismatch."""
        __tracebackhide__ = True
        return promises.shown(read, fits, expected, actual, within=self.within)

    # -- SCIM

    def before_scim(self) -> Workspace:
        """Return the workspace while SCIM is off; raises NotOffered on a named target."""
        if self.named is not None:
            raise NotOffered("by hand: an owner switches SCIM off and on, which ends every token")
        return self

    def switch_on(self) -> None:
        """Switch SCIM on as preparation; raises Blocked, or NotOffered on a named target."""
        self.before_scim()
        seen = self.owner.switch_on()
        try:
            self.use(seen)
        except Mismatch as problem:
            raise Blocked(f"SCIM cannot be switched on: {problem}", entry=seen.entry) from None

    def use(self, seen: Seen) -> None:
        """Take base URL and token out of the reply to switching SCIM on; raises Mismatch."""
        __tracebackhide__ = True
        url, token = value_at(seen.json(), "baseUrl"), value_at(seen.json(), "token")
        if not (isinstance(url, str) and url.startswith("http")):
            raise Mismatch(expected="a base URL", actual=repr(url), entry=seen.entry)
        if not (isinstance(token, str) and token):
            raise Mismatch(expected="a bearer token", actual="none", entry=seen.entry)
        self.enter(url, token)

    def enter(self, url: str, token: str) -> None:
        """Speak SCIM at a URL with a token from now on, as an admin of an IdP enters them."""
        assert self._embedded is not None  # only a simulation is switched on
        self.token = token
        self.log.redactor = self.log.redactor.also((token,))
        target = Target(url=url.rstrip("/"), credential=Credential("bearer", token))
        self._scim = self._embedded.connection(target)

    def scim(self) -> Connection:
        """Return the way to the SCIM service, which is switched on for it if need be."""
        if self._scim is None:
            self.switch_on()
        assert self._scim is not None
        return self._scim

    def client(self) -> ScimClient:
        """Return the independent SCIM client."""
        return ScimClient(self.scim(), self.log, self.journal)

    # -- what is made in the product itself

    def add_user(self, hand: Probe, email: str) -> Seen:
        """Let a member try to add somebody, and write it down before the request leaves."""
        item = self._intend("Users", {"userName": email})
        seen = hand.add_user(email)
        found = self.owner.member(email).value if 200 <= seen.status < 300 else None
        self._answered(item, seen, found.id if found else "")
        return seen

    def create_group(self, hand: Probe, name: str) -> Seen:
        """Let a member try to make a group, and write it down before the request leaves."""
        item = self._intend("Groups", {"displayName": name})
        seen = hand.create_group(name)
        self._answered(item, seen, str(value_at(seen.object(), "id") or ""))
        return seen

    def _intend(self, kind: str, body: dict[str, Json]) -> Item:
        item = self.journal.intend("POST", f"/{kind}", json.dumps(body).encode())
        assert item is not None  # both kinds are the journal's
        return item

    def _answered(self, item: Item, seen: Seen, made: str) -> None:
        self.journal.answered(item, seen.status, json.dumps({"id": made}).encode())
        if 200 <= seen.status < 300 and made:
            self.made_by_hand.append((item.kind, made))

    # -- the end

    def close(self) -> None:
        """Let go of the connections, and of the simulation."""
        self._api_connection.close()
        if self._embedded is not None:
            if self._scim is not None:
                self._scim.close()
            self._embedded.close()


def _bare(credential: Credential) -> str:
    """Return the token itself out of what the target file says."""
    scheme, _, token = credential.secret.partition(" ")
    return token if credential.kind == "header" and scheme.lower() == "bearer" else scheme


def simulated_target() -> Target:
    """Return the SCIM service of a simulation as a target, for what a result tells to repeat."""
    return Target(
        url=embedded_product.ORIGIN + SCIM_PATH, credential=Credential("bearer", "$SCIM_TOKEN")
    )
