"""The crew: a desk at Locust's master, hands at its workers, and the messages between them.

Without workers the desk and the hands are in one process. Locust starts one of its users for each
tenant; a user asks the desk for a tenant until there is none left, so that a tenant is provisioned
once, whatever Locust does with its users.
"""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import time
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import gevent
from greenlet import getcurrent
from locust import __version__ as locust_version
from locust.env import Environment
from locust.runners import STATE_MISSING
from locust.runners import LocalRunner
from locust.runners import MasterRunner
from locust.runners import WorkerRunner

from . import report
from .desk import Desk
from .hands import Hands
from .hands import Post
from .machine import machine
from .options import tenants_to_load
from .options import wishes_of
from .plan import Tenant
from .plan import Wishes

_LOG = logging.getLogger("scimproof.sync")
_WANT, _TAKE, _WORD, _STOP = "sync_want", "sync_take", "sync_word", "sync_stop"
_BAD_START = 4
_LOOK = 0.3
_ALONE = "this process"


class Crew:
    """Everything between Locust's events and the tenants."""

    def __init__(self) -> None:
        self._environment: Environment | None = None
        self._desk: Desk | None = None
        self.hands: Hands | None = None
        self._tenants: tuple[Tenant, ...] = ()
        self._began = 0.0
        self._stopping = False

    # -- what Locust tells

    def init(self, environment: Environment) -> None:
        """Take part in a process of Locust; a wrong option ends it before anything is sent."""
        self._environment = environment
        runner, options = environment.runner, _options(environment)
        _interrupt_no_greenlet()
        # It comes before Locust's own listeners: a worker says goodbye to the master in one.
        environment.events.quitting.add_listener(self._quitting)
        if isinstance(runner, WorkerRunner):
            runner.register_message(_TAKE, self._taken)
            runner.register_message(_STOP, self._told_to_stop, concurrent=True)
            return
        try:
            tenants = tenants_to_load(options, environment.host or "", wishes_of(options, "0" * 6))
        except ValueError as fault:
            self._refuse(str(fault))
        if isinstance(runner, MasterRunner):
            runner.register_message(_WANT, self._wanted)
            runner.register_message(_WORD, self._heard)
        options.num_users = options.num_users or len(tenants)
        options.spawn_rate = options.spawn_rate or 100

    def test_start(self, environment: Environment) -> None:
        """Begin a run: the desk decides what it is called, the hands get ready."""
        options, runner = _options(environment), environment.runner
        self._stopping, self._began = False, time.time()
        environment.process_exit_code = None  # of an earlier run, from Locust's page
        if not isinstance(runner, WorkerRunner):
            options.sync_run_id = secrets.token_hex(3)
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
            usual = Path(".scim-reports") / f"sync-{stamp}-{options.sync_run_id}"
            options.sync_folder = options.sync_report or str(usual)
        refused, wishes = "", Wishes()
        try:
            wishes = wishes_of(options, options.sync_run_id)
            self._tenants = tenants_to_load(options, environment.host or "", wishes)
        except ValueError as fault:  # the other machine has not the file, or not the token
            refused, self._tenants = str(fault), ()
        self._wishes, self._folder = wishes, Path(options.sync_folder)
        if not isinstance(runner, WorkerRunner):
            self._desk = Desk(len(self._tenants))
            gevent.spawn(self._watch, self._desk)
        if not isinstance(runner, MasterRunner):
            post = Post(self._take, self._tell, self._fire)
            self.hands = Hands(self._tenants, wishes, self._folder, post, refused)

    def stopping(self, **_: Any) -> None:  # noqa: ANN401 - whatever the event holds
        """End the traffic, and wait until what was created is deleted and told of."""
        runner = self._environment.runner if self._environment else None
        if isinstance(runner, MasterRunner):
            self._stop_workers(runner)
        elif self.hands is not None:
            self.hands.wind_up()

    def test_stop(self, environment: Environment) -> None:
        """Write the report, where the desk is."""
        if self._desk is None:
            return
        desk, self._desk = self._desk, None
        for refusal in dict.fromkeys(desk.refusals):
            _LOG.error("a worker cannot take part: %s", refusal)
        known = {each.number: desk.worker_of(each.number) for each in self._tenants}
        results = report.results_of(self._tenants, self._wishes, desk.words, known)
        written = report.document(results, self._wishes, self._workers(desk), self._about())
        text = report.write(self._folder, written)
        print(f"\n{text}\nscimproof: the report is in {self._folder}", flush=True)
        self._end_without_workers(environment)
        if desk.refusals:
            environment.process_exit_code = _BAD_START
        elif not written["good"] or len(results) < len(self._tenants):
            environment.process_exit_code = 1

    def _quitting(self, **_: Any) -> None:  # noqa: ANN401 - whatever the event holds
        """End the run while there still is an exit status to decide on."""
        self.stopping()
        if isinstance(self._runner, LocalRunner):
            self._runner.stop()

    def _end_without_workers(self, environment: Environment) -> None:
        """End a run whose last worker went missing: Locust itself waits for another one then."""
        runner, headless = environment.runner, _options(environment).headless
        if isinstance(runner, MasterRunner) and headless and not runner.worker_count:
            gevent.spawn_later(1.0, runner.quit)

    # -- the desk

    def _watch(self, desk: Desk) -> None:
        """End the run when all tenants are done, or when a worker cannot take part."""
        runner = self._runner
        while self._desk is desk and not (desk.is_done or desk.refusals):
            gevent.sleep(_LOOK)
            self._look_for_lost(runner, desk)
        if self._desk is desk and not self._stopping:
            headless = _options(runner.environment).headless
            gevent.spawn(runner.quit if headless else runner.stop)

    def _look_for_lost(self, runner: Any, desk: Desk) -> None:  # noqa: ANN401 - any of Locust's
        if isinstance(runner, MasterRunner):
            there = {key for key, one in runner.clients.items() if one.state != STATE_MISSING}
            desk.lose(set(desk.workers) - there)

    def _stop_workers(self, runner: MasterRunner) -> None:
        self._stopping, desk = True, self._desk
        runner.send_message(_STOP)
        while desk is not None and not desk.has_heard_last:
            self._look_for_lost(runner, desk)
            gevent.sleep(_LOOK)

    def _wanted(self, msg: Any, **_: Any) -> None:  # noqa: ANN401 - a message of Locust's
        number = self._desk.take(msg.node_id) if self._desk and not self._stopping else None
        answer = {"ticket": msg.data["ticket"], "number": number}
        self._runner.send_message(_TAKE, answer, client_id=msg.node_id)

    def _heard(self, msg: Any, **_: Any) -> None:  # noqa: ANN401 - a message of Locust's
        if self._desk is not None:
            self._desk.hear(msg.node_id, msg.data)

    def _workers(self, desk: Desk) -> list[report.Worker]:
        return [
            report.Worker(name, desk.word_of(name).get("cpu", 0.0), lost=desk.is_lost(name))
            for name in desk.workers
        ]

    def _about(self) -> dict[str, Any]:
        return {
            "id": self._wishes.run_id,
            "began": datetime.fromtimestamp(self._began, UTC).isoformat(timespec="seconds"),
            "seconds": round(time.time() - self._began, 3),
            "locust": locust_version,
            "machine": machine(),
        }

    # -- the hands

    def _take(self, ticket: int) -> None:
        if self._desk is not None and self.hands is not None:
            self.hands.given(ticket, self._desk.take(_ALONE))
        else:
            self._runner.send_message(_WANT, {"ticket": ticket})

    def _taken(self, msg: Any, **_: Any) -> None:  # noqa: ANN401 - a message of Locust's
        if self.hands is not None:
            self.hands.given(msg.data["ticket"], msg.data["number"])

    def _tell(self, word: dict[str, Any]) -> None:
        if isinstance(self._runner, LocalRunner):
            if self._desk is not None:
                self._desk.hear(_ALONE, word)
        else:
            self._runner.send_message(_WORD, word)

    def _told_to_stop(self, **_: Any) -> None:  # noqa: ANN401 - a message of Locust's
        if self.hands is not None:
            self.hands.wind_up()

    def _fire(self, method: str, name: str, took: float, length: int, error: str) -> None:
        self._runner.environment.events.request.fire(
            request_type=method,
            name=name,
            response_time=took,
            response_length=length,
            exception=RuntimeError(error) if error else None,
            context={},
        )

    @property
    def _runner(self) -> Any:  # noqa: ANN401 - any of Locust's
        return None if self._environment is None else self._environment.runner

    def _refuse(self, why: str) -> None:
        print(f"scimproof: {why}", file=sys.stderr, flush=True)
        self._runner.quit()
        sys.exit(_BAD_START)


def _interrupt_no_greenlet() -> None:
    """Let Ctrl-C reach Locust's main greenlet, and not whichever is sending at that moment."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        main = getcurrent()
        gevent.signal_handler(signal.SIGINT, lambda: gevent.kill(main, KeyboardInterrupt))


def _options(environment: Environment) -> Any:  # noqa: ANN401 - Locust knows not which there are
    return environment.parsed_options
