"""The words of Okta's test files: requests with places to fill, assertions, variables.

Places look like `{{random_email}}` and are filled from `SpecVariables`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from urllib.parse import quote

from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode

_PLACE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One line of a test file.

    `source` is `response_status`, `response_json` or `response_time` (milliseconds). `property`
    is a path such as `Resources[0].name.familyName`. `comparison` is one of `equal_number`,
    `equal`, `not_empty`, `has_value`, `contains`, `is_a_number`, `is_less_than`.
    """

    source: str
    comparison: str
    property: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecVariables:
    """The values that the test files draw, and what the runs capture."""

    auth: str = field(repr=False)
    invalid_user_email: str
    unknown_user_id: str
    random_given_name: str
    random_family_name: str
    random_email: str
    isv_user_id: str = ""
    id_user_one: str = ""
    scim_id: str = ""
    user_email: str = ""
    user_first_name: str = ""
    user_last_name: str = ""
    user_first_name_update: str = ""
    entitlement_endpoint: str = ""

    @property
    def random_username(self) -> str:
        """The user name: the same as the random e-mail address."""
        return self.random_email

    @property
    def random_username_caps(self) -> str:
        """The user name in capitals, the domain included."""
        return self.random_email.upper()

    @classmethod
    def made_up(cls, *, auth: str, domain: str = "example.com") -> SpecVariables:
        """Return values drawn as the SPEC file draws them."""
        digits = f"{secrets.randbelow(1000):03d}"
        letters = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(9))
        given, family = f"Runscope{digits}", f"{letters.capitalize()}{digits}"
        return cls(
            auth=auth,
            invalid_user_email=f"abcdefgh@{domain}",
            unknown_user_id="".join(secrets.choice("01") for _ in range(30)),
            random_given_name=given,
            random_family_name=family,
            random_email=f"{given}{family}@{domain}",
        )

    def fill(self, template: Json) -> Json:
        """Return a text, or any JSON value, with every place filled."""
        if isinstance(template, str):
            return self.text(template)
        if isinstance(template, list):
            return [self.fill(item) for item in template]
        if isinstance(template, dict):
            return {key: self.fill(value) for key, value in template.items()}
        return template

    def path(self, template: str) -> str:
        """Return a path with every place filled; an id stays one segment, whatever is in it."""
        return _PLACE.sub(lambda place: _segment(place.group(1), self), template)

    def text(self, template: str) -> str:
        """Return a text with every place filled."""
        return _PLACE.sub(lambda place: str(getattr(self, place.group(1))), template)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRequest:
    """One request of a test file with its assertions.

    `captures` says which variable takes which property of the reply; `after` names what happens
    in Okta before it, and `pause` how many seconds the file waits for that to arrive.
    """

    number: int
    title: str
    source: str
    method: str = "GET"
    target: str
    headers: Headers
    body: Json = None
    assertions: tuple[Assertion, ...]
    captures: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    pause: int = 5

    def request(self, variables: SpecVariables) -> Request:
        """Return the request as the file sends it: raw blanks and quotes are percent-encoded."""
        path, _, query = self.target.partition("?")
        target = variables.path(path)
        if query:
            target += "?" + _encoded(variables.text(query))
        return Request(
            method=self.method,
            target=target,
            headers=tuple((name, variables.text(value)) for name, value in self.headers),
            body=None if self.body is None else encode(variables.fill(self.body)),
            step=Step(self.title, Certainty.TEST, (self.source,), f"official-{self.source}"),
        )

    def expected(self, variables: SpecVariables) -> tuple[Assertion, ...]:
        """Return the assertions with every place filled."""
        return tuple(replace(one, value=variables.text(one.value)) for one in self.assertions)


def _segment(name: str, variables: SpecVariables) -> str:
    value = str(getattr(variables, name))
    # An endpoint is a path of its own.
    return _encoded(value) if name == "entitlement_endpoint" else quote(value, safe="@:,+-._~")


def _encoded(raw: str) -> str:
    return quote(raw, safe="/?&=@:,+-._~")
