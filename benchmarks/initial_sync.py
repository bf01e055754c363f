"""A Locust file: many identity providers sync their people to one endpoint, then a day passes.

locust -f benchmarks/initial_sync.py --headless --host http://127.0.0.1:8080/scim/v2 --people 2500

`docs/load.md` has the rest: several machines, tenants, what the report says.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from locust import User
from locust import events
from locust import task
from locust.env import Environment

# The checkout's own rooms, wherever Locust was started.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sync.crew import Crew
from benchmarks.sync.options import add_options

CREW = Crew()


class Tenant(User):
    """One tenant after the other, as the desk gives them out."""

    @task
    def provision(self) -> None:
        """Provision one tenant."""
        if CREW.hands is not None:
            CREW.hands.work()


def _on_options(parser: ArgumentParser, **_: Any) -> None:  # noqa: ANN401 - as Locust calls it
    add_options(parser)


def _on_init(environment: Environment, **_: Any) -> None:  # noqa: ANN401 - as above
    CREW.init(environment)


def _on_start(environment: Environment, **_: Any) -> None:  # noqa: ANN401 - as above
    CREW.test_start(environment)


def _on_stopping(**_: Any) -> None:  # noqa: ANN401 - as above
    CREW.stopping()


def _on_stop(environment: Environment, **_: Any) -> None:  # noqa: ANN401 - as above
    CREW.test_stop(environment)


# Called and not written as decorators: Locust has no types for these.
events.init_command_line_parser.add_listener(_on_options)
events.init.add_listener(_on_init)
events.test_start.add_listener(_on_start)
events.test_stopping.add_listener(_on_stopping)
events.test_stop.add_listener(_on_stop)
