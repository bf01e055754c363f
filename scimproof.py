"""The front door of scimproof: the pytest plugin and the command.

This module is loaded in every pytest run of an environment that has scimproof installed, so it
imports none of the four rooms at load time; they are imported inside functions, when a run, a
fixture or a command wants them. Another project's package called `reports` or `suites` stays
untouched that way.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from suites.own_tests import MockIdps

__all__ = ["main", "mock_idp"]

_HOME = Path(__file__).resolve().parent
_SUITES = _HOME / "suites"

# Options that only narrow or shape a run do not start one by themselves in a foreign project.
_WANTS_RUN = (
    *("idp", "scim_url", "scim_app", "scim_target", "scim_suite", "scim_only", "scim_report"),
    *("scim_proofs", "scim_deviation", "scim_product", "scim_read_only"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--idp` and the `--scim-*` options."""
    group = parser.getgroup("scimproof", "SCIM conformance (scimproof)")
    for name, settings in OPTIONS.items():
        group.addoption(name, **settings)


class _Once(argparse.Action):
    """An option that may be given once; of two values the last would win without a word."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the value; a worker of xdist is told the one of the command line once more."""
        known = getattr(namespace, self.dest, None)
        if known not in (None, values):
            raise argparse.ArgumentError(self, f"{known} and {values}: a run is about one product")
        setattr(namespace, self.dest, values)


_MANY: dict[str, Any] = {"action": "append", "default": []}
_FLAG: dict[str, Any] = {"action": "store_true", "default": False}
OPTIONS: dict[str, dict[str, Any]] = {
    "--idp": {**_MANY, "metavar": "NAME", "help": "replay this identity provider (or `all`)"},
    "--scim-url": {"metavar": "URL", "help": "base URL of the server; else SCIM_URL, else ours"},
    "--scim-app": {
        "metavar": "MODULE:APP",
        "help": "a WSGI or ASGI application in this process, in place of a server",
    },
    "--scim-token-file": {"metavar": "FILE", "help": "file with the token; else SCIM_TOKEN"},
    "--scim-target": {"metavar": "FILE", "help": "target file (TOML)"},
    "--scim-suite": {**_MANY, "metavar": "NAME", "help": "only this suite"},
    "--scim-product": {
        "action": _Once,
        "metavar": "NAME",
        "help": "the promises of this product as well",
    },
    "--scim-only": {**_MANY, "metavar": "ID", "help": "only the cases of this requirement"},
    "--scim-dialect": {**_MANY, "metavar": "NAME", "help": "only this dialect of an IdP"},
    "--scim-strict": {**_FLAG, "help": "a warning fails the run"},
    "--scim-large": {**_FLAG, "help": "add the large cases (a group of 1,000)"},
    "--scim-allow-inconclusive": {**_FLAG, "help": "inconclusive cases do not fail the run"},
    "--scim-report": {"metavar": "DIR", "help": "report folder (.scim-reports/<time>-<run id>)"},
    "--scim-baseline": {"metavar": "FILE", "help": "earlier report: only regressions fail the run"},
    "--scim-timeout": {"type": float, "metavar": "SECONDS", "help": "time-out of one request"},
    "--scim-settle": {"type": float, "metavar": "SECONDS", "help": "how late a read may be"},
    "--scim-max-seconds": {
        "type": float,
        "metavar": "SECONDS",
        "help": "how long the whole run may take",
    },
    "--scim-concurrency": {
        "type": int,
        "metavar": "N",
        "help": "how many requests may be under way at once, over all workers",
    },
    "--scim-read-only": {**_FLAG, "help": "change nothing on the server"},
    "--scim-allow-http": {**_FLAG, "help": "send the token over plain HTTP to another host"},
    "--scim-allow-redirect": {**_FLAG, "help": "go where the base URL redirects to"},
    "--scim-seed": {"type": int, "metavar": "N", "help": "seed of the made-up people"},
    "--scim-no-case-header": {**_FLAG, "help": "do not send X-Scimproof-Case"},
    "--scim-deviation": {**_MANY, "metavar": "NAME", "help": "let the embedded server misbehave"},
    "--scim-proofs": {**_FLAG, "help": "run each case against the deviations that must kill it"},
}


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Let workers take cases in a row, unless a distribution is chosen: neighbours share work."""
    option = config.option
    if _wants_run(config) and getattr(option, "numprocesses", None) and option.dist == "no":
        option.dist = "worksteal"
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and the run itself when an option asks for one."""
    config.addinivalue_line("markers", "scim_requirement(id, proof, dialects): what a case checks")
    config.addinivalue_line("markers", "scim_large: runs only with --scim-large")
    config.addinivalue_line("markers", "scim_undisturbed: nothing of its process runs beside it")
    if not _wants_run(config):
        return
    try:
        _prepare_imports()
        from suites.run.plugin import ensure_plugin
    except ImportError as clash:
        raise pytest.UsageError(str(clash)) from None
    ensure_plugin(config)
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        # Nothing was named on the command line: our cases, and neither tests/ nor the user's own.
        config.args = [str(_SUITES)]
        # pytest refuses the conftest.py of a checkout when it meets it below another project's
        # root, and has no public way to say after its start where to look no further.
        config.pluginmanager._confcutdir = _SUITES


def _wants_run(config: pytest.Config) -> bool:
    return any(getattr(config.option, name) for name in _WANTS_RUN)


def _prepare_imports() -> None:
    """Let the rooms be found beside this file, and explain a bare assert in our vocabulary.

    Raises ImportError where another package has the name of a room.
    """
    if str(_HOME) not in sys.path:
        sys.path.insert(0, str(_HOME))
    found = find_spec("suites")
    if found is None or Path(found.origin or "").resolve().parent != _SUITES:
        raise ImportError(
            f"scimproof needs its package 'suites' at {_SUITES}, but Python finds "
            f"{found.origin if found else 'nothing'}. Use the command `scimproof run`, which "
            "isolates itself, or install scimproof into an environment of its own."
        )
    pytest.register_assert_rewrite("suites.expect")


@pytest.fixture
def mock_idp() -> Iterator[MockIdps]:
    """Return a maker of mock IdPs for your own tests.

    `mock_idp("okta", base_url, token)` replays over sockets; a WSGI or ASGI application in place of
    the URL is called in this process. `dialect` and the other settings of the profile are keywords.
    Each verb of the result (`assign`, `push_group`, …) returns an outcome: what the admin console
    shows and the exchanges. `mock_idp.office("entra", app, token)` returns an office in which the
    IdP lives: people and groups, a clock to drive, cycles, faults (docs/mock-idp.md). Raises
    ValueError for an unknown IdP or setting.
    """
    _prepare_imports()
    from suites.own_tests import MockIdps

    made = MockIdps()
    yield made
    made.close()


def main(arguments: list[str] | None = None) -> int:
    """Run the `scimproof` command and return its exit status."""
    sys.path.insert(0, str(_HOME))
    from suites.command import run_command

    return run_command(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    # `python scimproof.py` from a checkout that is not installed.
    os.environ.setdefault("PYTHONPATH", str(_HOME))
    sys.exit(main())
