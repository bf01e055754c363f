"""What the frame has to know of one product: its probe, and how its documents set up each IdP."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from importlib import import_module

from idp_profiles.model import Credential

from .api import ProductApi
from .probe import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """How the product's documents let an admin set up one IdP.

    `credential` makes what the admin types out of the token. `forms` are all that follow from the
    guide, by what each is called; the first is the one that most cases use.
    """

    dialect: str
    forms: Mapping[str, Callable[[str], Credential]]
    auth_mode: str | None = None
    switches: Mapping[str, str] = field(default_factory=dict)
    form_switches: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def credential(self, token: str, form: str = "") -> Credential:
        """Return the credential in one of the documented forms."""
        return self.forms[form or next(iter(self.forms))](token)

    def switches_of(self, form: str = "") -> dict[str, str]:
        """Return the switches of the mock IdP that belong to a form."""
        return {**self.switches, **self.form_switches.get(form or next(iter(self.forms)), {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One product. `probe` is called with the API, the workspace's id and whether it is simulated.

    `api_path` is where the simulation has the API, `key_header` the header that carries a key, and
    `owner` whose key of the simulation is the owner's; `first_look` is a path of the API that every
    member may read.
    """

    name: str
    title: str
    probe: Callable[[ProductApi, str, bool], Probe]
    set_ups: Mapping[str, SetUp]
    api_path: str = "/api"
    key_header: str = "X-Api-Key"
    owner: str = "owner"
    first_look: str = "/v1/user"


def load(name: str) -> Kit:
    """Return what is known of a product; raises ModuleNotFoundError for one without a package."""
    kit: Kit = import_module(f"suites.products.{name}.kit").KIT
    return kit


def bearer(token: str) -> Credential:
    """Return a token that goes out as a bearer token."""
    return Credential("bearer", token)


def verbatim(prefix: str) -> Callable[[str], Credential]:
    """Return what makes a header out of a prefix that the admin typed and the token."""
    return lambda token: Credential("header", f"{prefix}{token}")
