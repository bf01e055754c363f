"""Brings the sequences of a sheet about, and catches on a raw socket what a profile sends."""

# JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from idp_profiles import MockIdp
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.profile import Profile
from idp_profiles.profile import Stage
from idp_profiles.transport import WireSend
from tests.idp_profiles.sheets import BASE
from tests.idp_profiles.sheets import TOKEN
from tests.idp_profiles.sheets import SheetApp


@dataclass(frozen=True, kw_only=True)
class Play:
    """How a sequence is brought about.

    A move is the number of a step, with variables of its own where they differ. `changes` replaces
    parts of steps by what a variant is said to send. `prepare` works on the application at the
    start, `refuse` just before the scenario acts. `act` stands in for the scenario's own.
    """

    moves: tuple[Any, ...]
    switches: Mapping[str, str] = field(default_factory=dict)
    toggles: Mapping[str, bool] = field(default_factory=dict)
    mapping: Any = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[SheetApp], None] = lambda app: None
    refuse: Callable[[SheetApp], None] = lambda app: None
    act: Callable[[Any, Stage], Any] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    blank: str = "%20"

    def steps(self) -> set[int]:
        """Return the numbers of the steps that it plays."""
        return {move if isinstance(move, int) else move[0] for move in self.moves}


@dataclass(frozen=True)
class Caught:
    """What one play brought about."""

    requests: list[bytes]
    host: str
    stage: Stage


def stage_of(attributes: Mapping[str, Any], count: int = 3) -> Stage:
    """Return a stage with that many people, always the same ones."""
    people = tuple(
        Person(
            user_name=f"p{number}+x@example.com",
            given_name=f"Given{number}",
            family_name=f"Fämily{number}",
            email=f"mail{number}@example.com",
            display_name=f"Given{number} Fämily{number}",
            idp_id=f"{number:024x}",
            attributes=attributes,
        )
        for number in range(0xABC, 0xABC + count)
    )
    return Stage(
        people=people,
        group=Group('Team & Co "A"', idp_id="64"),
        new_user_name="renamed@example.com",
        new_email="renamed.mail@example.com",
        new_given_name="Zoë",
        new_group_name="Squad",
        new_password="New-pw-1!",  # noqa: S106 # nobody's password
    )


def play(
    profile: Profile[Any], sequence_id: str, given: Play, listen: Callable[..., Any]
) -> Caught:
    """Play a scenario against a raw socket and return what arrived."""
    app = SheetApp()
    given.prepare(app)
    listener = listen(app)
    scenario, stage = profile.scenarios[sequence_id], stage_of(given.attributes)
    idp = profile.start(
        dialect=profile.usual_dialect,
        credential=Credential("bearer", TOKEN),
        switches=given.switches,
        toggles=given.toggles,
        mapping=given.mapping,
    )
    with WireSend(listener.url + BASE) as send:
        mock = MockIdp(idp, send, sleep=lambda seconds: None)
        for script in scenario.arrange(idp, stage):
            outcome = mock.run("", script)
            assert outcome.ok, outcome.console
        listener.caught.clear()
        given.refuse(app)
        outcome = mock.run(sequence_id, (given.act or scenario.act)(idp, stage))
        assert scenario.reached(outcome), outcome.console
    return Caught(list(listener.caught), f"127.0.0.1:{listener.port}", stage)


def changed(sequence: dict[str, Any], given: Play) -> dict[str, Any]:
    """Return the sequence with the parts replaced in which a variant differs.

    A change is written `number.part` or `number.part.key`.
    """
    result = copy.deepcopy(sequence)
    for place, value in given.changes.items():
        number, *keys = place.split(".")
        target = result["steps"][int(number)]
        for key in keys[:-1]:
            target = target[key]
        target[keys[-1]] = value
    return result


def moves_of(given: Play) -> Sequence[tuple[int, dict[str, Any]]]:
    """Return the moves of a play, each with its own variables."""
    return [(move, {}) if isinstance(move, int) else move for move in given.moves]
