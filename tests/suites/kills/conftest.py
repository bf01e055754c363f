from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.suites.kills.struck import Place
from tests.suites.kills.struck import Plan
from tests.suites.kills.struck import end_group


@pytest.fixture
def place(tmp_path: Path, token: str) -> Iterator[Place]:
    """A server with other people's data."""
    made = Place(token, tmp_path / "people.db")
    made.start()
    made.app.settle_in()
    yield made
    made.stop()


class Killer:
    """Runs scimproof in a process group of its own, which a plan of the server may end."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.directory = folder / "report"
        self._environment = environment
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start the command."""
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "scimproof", *map(str, words)],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A run in the background may have inherited deafness to Ctrl-C from its shell.
            preexec_fn=_hear_ctrl_c,
        )
        self._started.append(process)
        return process

    def run(self, url: str, *words: str) -> subprocess.Popen[str]:
        """Start a run with its report in `directory`."""
        return self.start("run", "--url", url, "--report", self.directory, *words)

    def struck(
        self,
        place: Place,
        start: Callable[[], subprocess.Popen[str]],
        plan: Callable[[Callable[[], None]], Plan],
    ) -> None:
        """Start something that is killed by a plan; fails where it does not come so far."""
        ready: list[subprocess.Popen[str]] = []
        made = place.app.plan = plan(lambda: end_group(ready[0]))
        ready.append(start())
        said = ready[0].communicate(timeout=100)[0]
        place.app.plan = None
        if not made.done.wait(5):  # the server notes it when the killed one may be gone already
            pytest.fail(f"it was over before the plan was carried out:\n{said}")

    def cleanup(self) -> tuple[int, str]:
        """Run the cleanup to its end; return its status and what it said."""
        process = self.start("cleanup", self.directory)
        said = process.communicate(timeout=100)[0]
        return process.returncode, said

    def close(self) -> None:
        """End what a failed test left."""
        for process in self._started:
            if process.poll() is None:
                end_group(process)
            if process.stdout is not None and not process.stdout.closed:
                process.communicate(timeout=20)


def _hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def killer(
    tmp_path: Path, token: str, quiet_environment: Callable[..., dict[str, str]]
) -> Iterator[Killer]:
    made = Killer(tmp_path, quiet_environment(SCIM_TOKEN=token))
    yield made
    made.close()
