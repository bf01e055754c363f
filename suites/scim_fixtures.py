"""The fixtures of the protocol's cases: a client, resources, the seeded world, what is announced.

`user` and `group` belong to one case. `calm_user`, `calm_group`, `world` and what `experiment`
makes are shared by all cases of a worker: they are only read, or meet requests that must be
refused.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import Protocol
from typing import TypeVar

import pytest

from reports import Verdict

from .bench import Bench
from .bench import Discovery
from .cleanup.spared import CREATE_USERS
from .cleanup.spared import NO_CREATES
from .evidence import CaseLog
from .making.lab import Lab
from .making.world import World
from .making.world import seed
from .preflight.capabilities import Capabilities
from .reach.connection import authorization
from .run.plugin import RESULT
from .schemas.definitions import Definitions
from .target.existing import find
from .target.model import Target
from .verbs import Changes
from .verbs import Made
from .verbs import Scim
from .verdicts import NotOffered

T = TypeVar("T")
STAFF = 4


@pytest.fixture
def scim(bench: Bench) -> Scim:
    """The client of the case."""
    return Scim(bench.client(bench.journal))


@pytest.fixture
def target(bench: Bench) -> Target:
    """What is known of the server under test: its address, credentials and the target file."""
    return bench.connection.target


@pytest.fixture
def me(bench: Bench) -> Changes:
    """The headers by which a request is that of the user whom `/Me` means.

    Its user is the run's own only where the target file names the account or the server is ours.
    """
    bench.features.check(("me",))
    own = bench.connection.target.own_account
    return {"Authorization": authorization(own.credential)} if own else {}


@pytest.fixture
def lab(request: pytest.FixtureRequest, bench: Bench) -> Lab:
    """Where the case makes resources of its own."""
    return bench.lab(request.node.nodeid, bench.journal)


@pytest.fixture
def features(bench: Bench) -> Capabilities:
    """Which optional features the server has."""
    return bench.features


@pytest.fixture
def discovery(bench: Bench) -> Discovery:
    """The three discovery documents, as they were read once."""
    return bench.discovery()


@pytest.fixture
def definitions(bench: Bench) -> Definitions:
    """What the server's schemas define; empty where it does not tell."""
    return bench.definitions()


@pytest.fixture
def user(lab: Lab) -> Made:
    """A user of the case's own, with everything that the server's schema has room for."""
    return lab.user()


@pytest.fixture
def staff(bench: Bench) -> tuple[Made, ...]:
    """Four shared users to be members of groups, which those of the world never are."""
    if bench.connection.target.read_only:
        return bench.stock().staff(STAFF)

    def make(log: CaseLog) -> tuple[Made, ...]:
        made_in = bench.shared_lab("staff", log)
        if not bench.connection.target.capabilities.get(CREATE_USERS, True):
            return _existing_staff(bench, made_in)
        return tuple(made_in.plain_user(key=f"staff {n}") for n in range(STAFF))

    return bench.shared.quietly("staff", bench.log, make)


def _existing_staff(bench: Bench, lab: Lab) -> tuple[Made, ...]:
    """Return users who are there already, where the target file says that none can be created."""
    names = bench.connection.target.existing_users
    found = find(lab.scim.client, names)
    bench.connection.spared.add(found)
    if len(found) < STAFF:
        raise NotOffered(
            f"{NO_CREATES}, and of the {len(names)} users that existing_users names the server "
            f"shows {len(found)}: groups need {STAFF} to be their members"
        )
    return tuple(each.made(f"existing {n}") for n, each in enumerate(found[:STAFF]))


@pytest.fixture
def group(bench: Bench, lab: Lab, staff: tuple[Made, ...]) -> Made:
    """A group of the case's own, with two of the staff as members."""
    bench.features.check(("groups",))
    return lab.group(*staff[:2])


@pytest.fixture
def calm_user(request: pytest.FixtureRequest, bench: Bench) -> Iterator[Made]:
    """A shared user, for requests that only read or must be refused; replaced after a mishap."""
    yield _calm(bench, "calm user", lambda made_in: made_in.user(key="calm user"))
    if not _ended_well(request.node):
        bench.shared.forget("calm user")


@pytest.fixture
def calm_group(
    request: pytest.FixtureRequest, bench: Bench, staff: tuple[Made, ...]
) -> Iterator[Made]:
    """A shared group of two of the staff, under the same rules as `calm_user`."""
    bench.features.check(("groups",))
    members = staff[:2]
    yield _calm(bench, "calm group", lambda made_in: made_in.group(*members, key="calm group"))
    if not _ended_well(request.node):
        bench.shared.forget("calm group")


def _calm(bench: Bench, key: str, make: Callable[[Lab], Made]) -> Made:
    # Its place in the journal tells one that replaces another from the first.
    label = f"{key} {len(bench.shared.journal.items)}"

    def made(log: CaseLog) -> Made:
        return make(bench.shared_lab(label, log))

    return bench.shared.quietly(key, bench.log, made)


def _ended_well(node: pytest.Item) -> bool:
    """Return whether the case passed without a mismatch, so that its resource is as it was."""
    result = node.stash.get(RESULT, None)
    good = (Verdict.PASS, Verdict.SKIP)
    return result is not None and result.verdict in good and result.expected is None


@pytest.fixture
def world(bench: Bench) -> World:
    """The seeded users and groups with their decoys; see `world.py` for what each is for."""
    if bench.connection.target.read_only:
        return bench.stock().world()

    def make(log: CaseLog) -> World:
        with_groups = bench.features.has("groups")
        return seed(bench.shared_lab("world", log), with_groups=with_groups)

    return bench.shared.quietly("world", bench.log, make)


class Experiment(Protocol):
    """Runs a sequence of requests once for all cases that look at it."""

    def __call__(self, make: Callable[[Lab], T], *, key: str | None = None) -> T:
        """Return what `make` made; its exchanges are evidence of each case that asks."""


@pytest.fixture
def experiment(bench: Bench) -> Experiment:
    """A way to run one sequence of requests for many cases, each of which looks at one effect.

    The key is the name of the function that makes it, or the one given (for a partial or a lambda)
    within the module that asks.
    """

    def run(make: Callable[[Lab], Any], *, key: str | None = None) -> Any:  # noqa: ANN401 - whatever it makes
        owner = getattr(make, "__module__", __name__)
        label = f"{owner}.{key or make.__qualname__}"
        return bench.shared.once(label, bench.log, lambda: make(bench.shared_lab(label)))

    return run


class Needs(Protocol):
    """Skips a case where the server's schema lacks an attribute."""

    def __call__(self, *paths: str, of: str = "User") -> None:
        """Raise NotOffered for the first of these attributes that a resource type lacks."""


@pytest.fixture
def needs(definitions: Definitions) -> Needs:
    """Skip the case where the server's schema lacks an attribute: `needs("title", of="User")`."""

    def check(*paths: str, of: str = "User") -> None:
        for path in paths if definitions.known else ():
            if definitions.attribute(path, of) is None:
                raise NotOffered(f"the server's schema of {of} has no {path}")

    return check


Reading = Callable[[str], None]


@pytest.fixture
def reading(bench: Bench) -> Reading:
    """Note which legal reading of the text the server follows."""

    def note(text: str) -> None:
        line = f"reading: {text}"
        if line not in bench.log.notes:
            bench.log.notes.append(line)

    return note
