"""What a run left on a server is taken away: at its end, and by `scimproof cleanup`."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from idp_profiles.model import Json
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.manners import commons
from suites.reach import in_process
from suites.reach.connection import Connection
from suites.run.ending import interruptible
from suites.run.run_lock import NAME
from suites.run.run_lock import ORPHANED
from suites.run.run_lock import RunLock
from suites.run.state import Options
from suites.run.state import RunState
from suites.target.model import Target
from suites.target.model import TargetError
from suites.target.model import load_target

from .journal import Item
from .journal import Journal
from .journal import app_of
from .journal import asked_of
from .journal import load_open
from .journal import marks_of
from .journal import target_of
from .last_deletion import LastDeletion

JOURNAL = "journal.jsonl"
# A cleanup has nothing else to do: it waits as long as a busy server asks for.
PATIENT = 1800.0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of what a journal had open."""

    items: tuple[Item, ...]

    @property
    def deleted(self) -> int:
        """How many are gone, whether now or before."""
        return sum(item.done for item in self.items)

    @property
    def stays(self) -> tuple[Json, ...]:
        """What could not be deleted, in the form of the report's `left_behind`."""
        return tuple(item.to_json() for item in self.items if not item.done)

    @property
    def deactivated(self) -> int:
        """How many users could be deactivated only."""
        return sum(item.deactivated for item in self.items if not item.done)

    @property
    def left(self) -> int:
        """How many are left as they are."""
        return len(self.stays) - self.deactivated


def clean(path: Path, connection: Connection, state: RunState) -> Cleaned:
    """Delete what a journal lists as open; who cannot be deleted is deactivated.

    What bears the run's mark is looked for as well, since a server may say of a resource that it
    is deleted and keep it.
    """
    marks = marks_of(path)
    journal = Journal(path, owner=f"cleanup {secrets.token_hex(3)}")
    journal.take_over(load_open(path))
    log = CaseLog("cleanup", state.redactor, lambda line: None)
    send = ScimClient(connection, log, journal).raw
    with interruptible():
        settle = min(connection.target.settle, connection.manners.clock.left_to_tidy)
        LastDeletion(journal, send, marks, settle).run()
    for item in journal.items:
        # After a second Ctrl-C the report is written all the same, and says what is left.
        item.why = item.why or (None if item.done else "the deletion was interrupted")
    return Cleaned(tuple(journal.items))


def is_needed(path: Path) -> bool:
    """Return whether a journal lists something that a cleanup may still take away."""
    return any(not item.deactivated for item in load_open(path))


def clean_up(
    directory: Path,
    say: Callable[[str], object],
    *,
    url: str | None,
    target_file: str | None,
    token_file: str | None,
    app: str | None = None,
    allow_http: bool = False,
) -> int:
    """Delete what the run of a folder left, say what became of it, and return the exit status.

    Raises TargetError, JournalError or FolderBusy.
    """
    journal, cleaned = directory / JOURNAL, Cleaned(())
    with _alone_in(directory):
        if load_open(journal):
            settings = {"app": app, "allow_http": allow_http or None}
            target = _target_of_the_run(journal, url, target_file, token_file, settings)
            cleaned = _cleaned(journal, target, say)
    say(
        f"scimproof: {cleaned.deleted} resource(s) deleted, {cleaned.deactivated} deactivated, "
        f"{cleaned.left} left behind"
    )
    return 1 if cleaned.left else 0


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Keep the folder of a run to ourselves; raises TargetError where it is none."""
    journal = directory / JOURNAL
    if not journal.exists() and not (directory / NAME).exists():
        raise TargetError(f"There is no {journal}: this is not the folder of a run that created.")
    lock = RunLock(directory, patience=ORPHANED)
    try:
        yield
    finally:
        commons.remove(directory)
        lock.release()


def _cleaned(journal: Path, target: Target, say: Callable[[str], object]) -> Cleaned:
    _check_app(app_of(journal), target)
    patient = replace(
        target,
        wait_budget=max(target.wait_budget, PATIENT),
        run_timeout=max(target.run_timeout, PATIENT),
    )
    state = RunState(Options(), patient, None, owner="cleanup")
    try:
        cleaned = clean(journal, state.connection(), state)
    finally:
        state.close()
    for item in cleaned.stays:
        told = json.dumps(item, ensure_ascii=False)
        say(f"could not be deleted: {state.redactor.text(told)}")
    return cleaned


def _target_of_the_run(
    journal: Path,
    url: str | None,
    target_file: str | None,
    token_file: str | None,
    settings: Mapping[str, Json],
) -> Target:
    """Return the server that a run was about: ids of one server mean other people on another."""
    about = target_of(journal)
    named = url or target_file or os.environ.get("SCIM_URL")
    target = load_target(
        url=url if named else about,
        target_file=target_file,
        token_file=token_file,
        settings=settings,
    )
    if target is None:
        raise TargetError("Name the server with --url, SCIM_URL or --target.")
    if target.read_only:
        raise TargetError("The target is read-only, and a cleanup deletes: set read_only = false.")
    if about is not None and target.url == asked_of(journal):
        return replace(target, url=about)  # the run went where its base URL redirects to
    if about not in (None, target.url):
        raise TargetError(f"The run was about {about}, not {target.url}: nothing is deleted.")
    return target


def _check_app(about: str, target: Target) -> None:
    """Refuse to clean up elsewhere than in the application that a run was about, if it was one."""
    if about != target.app:
        told = f"application {about} in its process" if about else f"server {target.url}"
        more = f": add --app {about}" if about else ", and no application: leave --app out"
        raise TargetError(f"The run was about the {told}{more}. Nothing is deleted.")
    if target.app:
        in_process.application(target.app, target.timeout)
