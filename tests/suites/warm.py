"""A process that has loaded all that `scimproof` needs, and forks itself for each command.

`python -m scimproof …` spends most of a short run on loading what the run before has loaded too.
The commands of the selftests are processes of their own here as well, with their own folder,
environment and output, and only what the project's files say is there before they begin.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import scimproof

ROOT = Path(__file__).resolve().parents[2]
# What an interpreter reads as it starts: such a command needs one of its own.
_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "TZ", "COVERAGE")


def _starts_alike(environment: Mapping[str, str], mine: Mapping[str, str]) -> bool:
    """Tell whether an interpreter starts in one environment as it does in the other."""

    def of(variables: Mapping[str, str]) -> dict[str, str]:
        return {name: each for name, each in variables.items() if name.startswith(_AT_START)}

    return of(environment) == of(mine)


class Warm:
    """The process, as those see it who want a command run; it starts when it is wanted."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._one = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
    ) -> tuple[int, str, str] | None:
        """Run `scimproof` in a folder: exit status, output, errors; None where it has to be cold.

        A second command at the same time, and one whose interpreter starts otherwise, are for an
        interpreter of their own.
        """
        if not _starts_alike(environment, self._environment) or not self._one.acquire(False):
            return None
        try:
            said = [self._folder / name for name in ("out", "err")]
            task = {"words": [*words], "folder": str(folder), "environment": {**environment}}
            status = self._asked({**task, "said": [*map(str, said)]}, seconds)
            out, err = (each.read_text(encoding="utf-8") for each in said)
            return status, out, err
        finally:
            self._one.release()

    def _asked(self, task: Mapping[str, object], seconds: float) -> int:
        if self._process is None:
            self._start()
        self._talk.settimeout(seconds)
        try:
            self._talk.sendall(f"{json.dumps(task)}\n".encode())
            status = self._replies.readline()
        except TimeoutError:
            self.end()
            raise
        assert status, "the process that forks for each command has died"
        return int(status)

    def _start(self) -> None:
        self._talk, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603 - this file
            [sys.executable, "-m", "tests.suites.warm", str(theirs.fileno())],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self._replies = self._talk.makefile("r", encoding="utf-8")

    def end(self) -> None:
        """End the process, and whatever of it still runs."""
        if self._process is None:
            return
        self._replies.close()
        self._talk.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        self._process = None


def main(descriptor: int) -> int:
    """Load everything; then fork for each line, and answer with the exit status."""
    talk = socket.socket(fileno=descriptor)
    _load()
    gc.collect()
    gc.freeze()
    with talk, talk.makefile("r", encoding="utf-8") as tasks:
        for line in tasks:
            child = os.fork()
            if not child:
                tasks.close()
                talk.close()
                return _become(json.loads(line))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            talk.sendall(f"{status}\n".encode())
    return 0


def _load() -> None:
    """Load the cases, the renderings and their templates, and a server of ours."""
    before, finders, path = dict(os.environ), [*sys.meta_path], [*sys.path]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import allure_pytest.plugin  # noqa: F401 - all of it is loaded here and nowhere else
    import xdist.plugin  # noqa: F401

    import suites.command  # noqa: F401
    from reports.page import environment
    from suites.proving.case_list import all_cases
    from suites.reach import embedded

    all_cases()
    embedded.start().close()
    environment._environment().get_template("page/base.html.jinja")
    os.environ.clear()
    os.environ.update(before)
    sys.meta_path[:], sys.path[:] = finders, path


def _become(task: dict[str, Any]) -> int:
    """Be `scimproof …`, as if nothing had been before."""
    folder = Path(task["folder"])
    os.environ.clear()
    os.environ.update(task["environment"])
    for number, name in enumerate(task["said"], start=1):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path[0] = str(folder)
    sys.argv = ["scimproof", *task["words"]]
    return scimproof.main()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
