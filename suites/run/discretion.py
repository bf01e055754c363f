"""Secrets out of what pytest itself says: tracebacks with locals, captured output, log records.

Evidence is masked where it is recorded. What a bug of ours or a library's log line shows is not
evidence, and goes to the terminal, to JUnit files, to Allure and to whatever other plugins write;
so it is masked where pytest makes it, before anybody has it.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
import warnings
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterable
from types import TracebackType
from typing import Any
from warnings import WarningMessage

import pytest

from reports import Redactor

Mask = Callable[[str], str]
NAME = "scimproof-discretion"
_DEEPEST = 12  # far beyond the parts of a traceback
_HIDDEN = "[redacted]"
_LEAST = 4  # characters of a secret that a cut leaves, and that are masked
_WORDS = "password|passwd|secret|token|assertion|credential|authorization|cookie|jwk|api_?key"
_QUOTED = r"b?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
# As Python shows values: of a dictionary, of an argument or field, and of a local variable.
_MEMBER = re.compile(rf"(?i)(['\"](?:[\w-]*)(?:{_WORDS})['\"]\s*:\s*){_QUOTED}")
_FIELD = re.compile(rf"(?i)(\b\w*(?:{_WORDS})\w*=){_QUOTED}")
_LOCAL = re.compile(rf"(?im)^(\w*(?:{_WORDS})\w*\s+= ){_QUOTED}$")
_CUT = re.compile(r"\.\.\.+")


class Discretion:
    """The hooks; `redactor` returns what knows the secrets of the moment."""

    def __init__(self, redactor: Callable[[], Redactor]) -> None:
        self._redactor = redactor
        self._factory = logging.getLogRecordFactory()

    def text(self, value: str) -> str:
        """Return a text of pytest's without secrets, cut ones included."""
        redactor = self._redactor()
        value = _without_cut(value, redactor.secrets)
        for pattern in (_MEMBER, _FIELD, _LOCAL):
            value = pattern.sub(_hidden, value)
        return redactor.text(value)

    def listen(self, config: pytest.Config) -> None:
        """Mask what is logged from now on until the end of the session, and pytest's own trace."""
        logging.setLogRecordFactory(self._record)
        before = warnings.showwarning
        warnings.showwarning = self._showwarning
        config.add_cleanup(lambda: setattr(warnings, "showwarning", before))
        # Not taken back: what goes wrong at the very end is printed when the session is over.
        sys.excepthook = self._excepthook
        config.add_cleanup(lambda: logging.setLogRecordFactory(self._factory))
        writer = config.trace.root._writer  # --debug; there is no public way to it
        if writer is not None:
            config.trace.root.setwriter(lambda told: writer(self.text(told)))

    def _showwarning(self, message: Warning | str, *where: Any, **more: Any) -> None:  # noqa: ANN401 - as Python's own
        """Print a warning that comes where pytest catches none."""
        kind, file, line = (*where, "", 0)[:3]
        sys.stderr.write(self.text(warnings.formatwarning(message, kind, file, line)))

    def _excepthook(
        self,
        kind: type[BaseException],
        problem: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Print what nobody caught, as Python does."""
        sys.stderr.write(self.text("".join(traceback.format_exception(kind, problem, trace))))

    def _record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging's own factory
        record = self._factory(*args, **kwargs)
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            return record  # the handler will say that the arguments do not fit
        masked = self.text(said)
        if masked != said:
            record.msg, record.args = masked, ()
        if record.exc_info:
            record.exc_text = self.text(logging.Formatter().formatException(record.exc_info))
        return record

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        """Mask the report of a test."""
        report = yield
        return self._masked(report)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self) -> Generator[None, Any, Any]:
        """Mask the report of a file that could not be read."""
        report = yield
        return self._masked(report)

    def _masked(self, report: Any) -> Any:  # noqa: ANN401 - either kind of report
        report.longrepr = masked_in_place(report.longrepr, self.text)
        report.sections = [(name, self.text(told)) for name, told in report.sections]
        if getattr(report, "wasxfail", None):
            report.wasxfail = self.text(report.wasxfail)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: Any) -> None:  # noqa: ANN401 - pytest's own class
        """Mask the traceback of an error in pytest or a plugin."""
        masked_in_place(excrepr, self.text)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: WarningMessage) -> None:
        """Mask what a warning says."""
        told = warning_message.message
        if isinstance(told, Warning):
            told.args = tuple(
                self.text(each) if isinstance(each, str) else each for each in told.args
            )


def register(config: pytest.Config, redactor: Callable[[], Redactor]) -> None:
    """Let nothing secret into what pytest says of this process."""
    discretion = Discretion(redactor)
    discretion.listen(config)
    config.pluginmanager.register(discretion, NAME)


def masked_in_place(value: Any, mask: Mask, depth: int = 0) -> Any:  # noqa: ANN401 - pytest has many forms of a traceback
    """Return a traceback as pytest holds it, masked: texts and lists anew, objects themselves."""
    if isinstance(value, str):
        return mask(value)
    if depth > _DEEPEST or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        masked = [masked_in_place(each, mask, depth + 1) for each in value]
        return masked if isinstance(value, list) else tuple(masked)
    for name, held in list(getattr(value, "__dict__", {}).items()):
        if name != "path":  # of a file of ours, which a reader wants to find
            setattr(value, name, masked_in_place(held, mask, depth + 1))
    return value


def _hidden(found: re.Match[str]) -> str:
    return f"{found[1]}'{_HIDDEN}'"


def _without_cut(value: str, secrets: Iterable[str]) -> str:
    """Mask the pieces of secrets beside `...`, where pytest cuts the middle out of a long value."""
    for cut in reversed(list(_CUT.finditer(value))):
        before, after = value[: cut.start()], value[cut.end() :]
        for secret in secrets:
            head = _longest(secret, before.endswith, from_start=True)
            tail = _longest(secret, after.startswith, from_start=False)
            before = f"{before[:-head]}{_HIDDEN}" if head else before
            after = f"{_HIDDEN}{after[tail:]}" if tail else after
        value = f"{before}{cut[0]}{after}"
    return value


def _longest(secret: str, fits: Callable[[str], bool], *, from_start: bool) -> int:
    for length in range(len(secret), _LEAST - 1, -1):
        if fits(secret[:length] if from_start else secret[-length:]):
            return length
    return 0
