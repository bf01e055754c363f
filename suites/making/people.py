"""Made-up people and groups: unique on the target, equal on every rerun with the same seed."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from dataclasses import replace
from random import Random

from faker import Faker

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person

_OF_THE_THREAD = threading.local()
_OURS = re.compile(r"scimproof-[0-9a-f]{6}-[0-9a-f]{6}(?![0-9a-z])", re.IGNORECASE)


def is_ours(name: str) -> bool:
    """Return whether a name is one that no one but a run gives to what it creates."""
    return _OURS.search(name) is not None


def mark_in(name: str) -> str | None:
    """Return what every name of the same run has in common, None where a name is no run's."""
    found = _OURS.search(name)
    return found[0].lower()[: len("scimproof-0a1b2c-")] if found else None


def new_run_id() -> str:
    """Return a short random id that marks everything one run creates."""
    return secrets.token_hex(3)


class Registry:
    """Makes people for one case.

    Every name holds the run's id and a digest of the case, so that two cases, two workers or two
    runs never meet, and a leftover can be told from the customer's own data.
    """

    def __init__(self, *, seed: int, run_id: str, case: str, domain: str) -> None:
        digest = hashlib.sha256(f"{seed}/{case}".encode()).digest()
        self._random = Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - names, no secrets
        self._tag = f"scimproof-{run_id}-{digest.hex()[:6]}"
        self._domain = domain
        self._count = 0

    @property
    def _faker(self) -> Faker:
        """The faker of this thread, with the luck of this registry."""
        faker: Faker | None = getattr(_OF_THE_THREAD, "faker", None)
        if faker is None:  # only when somebody is wanted: it takes some time
            faker = _OF_THE_THREAD.faker = Faker("en_US")
        faker.random = self._random  # type: ignore[attr-defined]  # its stubs lack it
        return faker

    @property
    def tag(self) -> str:
        """What every name holds."""
        return self._tag

    @property
    def domain(self) -> str:
        """Where the e-mail addresses are."""
        return self._domain

    def unique(self, word: str) -> str:
        """Return `word` made unique for this run and case."""
        self._count += 1
        return f"{self._tag}-{word}{self._count}"

    def person(self, *, local: str | None = None, **attributes: Json) -> Person:
        """Return a new person; `local` replaces the readable part of the user name."""
        given, family = self._faker.first_name(), self._faker.last_name()
        login = f"{self.unique(local or given.lower())}@{self._domain}"
        return Person(
            user_name=login,
            given_name=given,
            family_name=family,
            email=login,
            display_name=f"{given} {family}",
            idp_id="00u" + self._faker.bothify("?#?#?#?#?#?#?#?#?", letters="abcdefghjkmnpqrst"),
            # As long as in the captures, which breaks some password policies.
            password=self._faker.password(length=8, special_chars=True),
            attributes=attributes,
        )

    def employee(self, **attributes: Json) -> Person:
        """Return a new person with telephone, mailing address and title in the directory."""
        described: dict[str, Json] = {
            # A number that is set aside for fiction.
            "phone": self._faker.numerify("+1-555-555-01##"),
            "streetAddress": self._faker.street_address(),
            "locality": self._faker.city(),
            "region": self._faker.state_abbr(),
            "postalCode": self._faker.postcode(),
            "country": "US",
            "title": f"{self._faker.last_name()} Programme Manager",
        }
        return replace(self.person(), attributes={**described, **attributes})

    def people(self, count: int) -> tuple[Person, ...]:
        """Return several new people."""
        return tuple(self.person() for _ in range(count))

    def group(self, *members: Person, word: str = "team") -> Group:
        """Return a new group that holds these people."""
        return Group(name=self.unique(word), members=members)

    def password(self) -> str:
        """Return a new password."""
        made: str = self._faker.password(length=14, special_chars=True)
        return made

    def family_name(self) -> str:
        """Return a family name."""
        name: str = self._faker.last_name()
        return name
