"""A target in this process: an application named by its module, WSGI or ASGI (design 4.2)."""

from __future__ import annotations

import atexit
import importlib
import inspect
import logging
import re
import sys
import traceback
from collections import deque
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NoReturn
from wsgiref.types import StartResponse
from wsgiref.types import WSGIApplication
from wsgiref.types import WSGIEnvironment

from idp_profiles.deadline import left
from idp_profiles.model import Trouble
from idp_profiles.transport import answer_of
from suites.manners.encryption import is_loopback
from suites.target.credentials import TargetError

from .hands import Hand
from .hands import Hands

if TYPE_CHECKING:
    from .asgi import Bridge

IMPORT = 60  # seconds that an import may take
_ROOMS = ("suites", "reports", "idp_profiles", "reference_server")
_NAME = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(\(\))?")  # as target.schema.json has it
_SERVES = "Does it start a server of its own, outside of `if __name__ == '__main__'`?"


class Application:
    """An application in this process, as WSGI; every request has a time-out, as on a wire.

    It is imported, started and called in threads of its own, so that one that hangs can be left
    alone. The thread that makes this always calls it in the thread that imported it.
    """

    def __init__(self, name: str, timeout: float) -> None:
        self.name = name
        self._timeout = timeout
        self._hands = Hands()
        self._bridge: Bridge | None = None
        self.ear = Ear()
        try:
            found = self._hands.do(partial(load, name), IMPORT)
        except TimeoutError:
            _refuse(name, f"its import takes more than {IMPORT} s. {_SERVES}")
        self._app: WSGIApplication = self._bridged(found) if is_asgi(found) else found
        logging.getLogger().addHandler(self.ear)

    def _bridged(self, found: Callable[..., Any]) -> Bridge:
        # Only where the application is ASGI: asyncio takes longer to load than all of this.
        from .asgi import Bridge
        from .asgi import StartupError

        self._bridge = Bridge(found, self._hands.give_home_away())
        try:
            self._bridge.start()
        except StartupError as fault:
            self._bridge.close()
            _refuse(self.name, f"it did not start: {fault}")
        return self._bridge

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; raises Trouble when that takes too long."""
        try:
            # What is left of the request's time, or of the run's.
            seconds = min(self._timeout, left())
            reply = self._hands.do(partial(answer_of, self._app, environ), seconds)
        except TimeoutError:
            asked = f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}"
            raise Trouble(
                f"The application {self.name} did not answer {asked} within "
                f"{self._timeout:g} seconds."
            ) from None
        start_response(f"{reply.status} {reply.reason}", list(reply.headers))
        return [reply.body]

    def close(self) -> None:
        """Let it end."""
        logging.getLogger().removeHandler(self.ear)
        if self._bridge is not None:
            self._bridge.close()
        self._hands.close()


class Ear(logging.Handler):
    """Hears what an application raised: what nobody catches is logged, by it or by us."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: deque[str] = deque(maxlen=5)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line of an exception; runs in whatever thread logs."""
        problem = record.exc_info[1] if record.exc_info else None
        if problem is not None:
            line = f"in the application: {record.getMessage()}: {described(problem)}"
            if line not in self._heard:
                self._heard.append(line)

    def told(self) -> list[str]:
        """Return what was heard since the last time."""
        heard = list(self._heard)
        self._heard.clear()
        return heard


def load(name: str) -> Callable[..., Any]:
    """Return the application that `package.module:app` names.

    The module is looked for in the current folder first. `app` may be dotted, and a name that ends
    with `()` is called, as factories are. Raises TargetError when there is none.
    """
    module_name, _, attribute = name.partition(":")
    path = attribute.removesuffix("()")
    if not module_name or not path:
        hint = f"{Path(module_name).stem}:app" if module_name else "package.module:app"
        _refuse(name, f"write the module and the application in it, such as {hint}.")
    found: Any = _module(module_name, name)
    for part in path.split("."):
        if not hasattr(found, part):
            _refuse(name, f"{module_name} ({_file_of(module_name)}) has no {path!r}.")
        found = getattr(found, part)
    if attribute.endswith("()"):
        found = _made(found, name)
    _check(found, name)
    return found  # type: ignore[no-any-return]  # whatever it is, it can be called


def is_asgi(app: Callable[..., Any]) -> bool:
    """Tell whether an application is called with scope, receive and send, and awaited."""
    if inspect.isclass(app):
        return False
    called = vars(type(app)).get("__call__") or getattr(app, "__call__", None)  # noqa: B004 # its kind is asked, not whether it is there
    coroutine = inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(called)
    # A decorator may hide that a coroutine is returned; then the three arguments tell.
    return coroutine or required(app) == 3


def required(app: Callable[..., Any]) -> int | None:
    """Return how many positional arguments must be given; None where that is unknown."""
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.kind in places and each.default is each.empty for each in parameters)


def _check(found: object, name: str) -> None:
    if not callable(found):
        _refuse(name, f"that is a {type(found).__name__}, and no application.")
    asks = required(found)
    if asks is not None and asks not in (2, 3):
        _refuse(
            name,
            f"that takes {asks} argument(s), and neither the two of WSGI nor the three of ASGI. "
            "If it makes the application, write () behind its name.",
        )


def _module(module_name: str, name: str) -> Any:  # noqa: ANN401 - a module
    here = str(Path.cwd())
    if sys.path[:1] != [here]:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as fault:
        if fault.name and f"{module_name}.".startswith(f"{fault.name}."):
            where = "in this folder, nor among what is installed"
            _refuse(name, f"there is no module {fault.name!r} {where}{_file_hint(module_name)}.")
        _refuse_import(name, module_name, fault)
    except (Exception, SystemExit) as fault:  # whatever the user's own code raises
        _refuse_import(name, module_name, fault)


def _file_hint(module_name: str) -> str:
    return " (a module, not the name of its file)" if module_name.endswith(".py") else ""


def _refuse_import(name: str, module_name: str, fault: BaseException) -> NoReturn:
    clash = next((room for room in _ROOMS if _is_here(room)), None)
    hint = (
        f" Your package {clash!r} has the name of a part of scimproof: serve the application, and "
        "name it by --scim-url."
        if clash
        else ""
    )
    _refuse(name, f"{module_name} cannot be imported: {described(fault)}.{hint}")


def _is_here(room: str) -> bool:
    """Tell whether the current folder has a package of its own with the name of one of ours."""
    ours = Path(__file__).resolve().parents[2]
    here = Path.cwd()
    return here.resolve() != ours and any(
        path.exists() for path in (here / room, here / f"{room}.py")
    )


def _made(factory: Callable[[], Any], name: str) -> Any:  # noqa: ANN401 - an application
    try:
        return factory()
    except (Exception, SystemExit) as fault:  # as above: the user's own code
        _refuse(name, f"it cannot be made: {described(fault)}.")


def _refuse(name: str, why: str) -> NoReturn:
    raise TargetError(f"--scim-app {name}: {why}") from None


def _file_of(module_name: str) -> str:
    return str(getattr(sys.modules.get(module_name), "__file__", None) or "built in")


def described(problem: BaseException) -> str:
    """Return the last line of a traceback, with the last place in the code of this folder."""
    lines = traceback.format_exception_only(problem)
    said = next((line for line in lines if not line.startswith(" ")), "").partition("\n")[0][:300]
    frames = traceback.extract_tb(problem.__traceback__)
    here = f"{Path.cwd()}/"
    own = [
        each
        for each in frames
        if each.filename.startswith(here) and "site-packages" not in each.filename
    ]
    if not own:
        return said
    return f"{said} ({own[-1].filename.removeprefix(here)}, line {own[-1].lineno})"


_OPEN: dict[str, Application] = {}
_REFUSED: dict[str, TargetError] = {}


def application(name: str, timeout: float) -> Application:
    """Return the application of this process with a name, loaded and started when it is not yet.

    Raises TargetError, which stays the answer until all is closed.
    """
    if name in _REFUSED:
        raise _REFUSED[name]
    if name not in _OPEN:
        atexit.register(close_all)
        try:
            _OPEN[name] = Application(name, timeout)
        except TargetError as refusal:
            _REFUSED[name] = refusal
            raise
    return _OPEN[name]


_BRIDGES: dict[int, tuple[Callable[..., Any], Bridge]] = {}


def in_this_process(app: Callable[..., Any]) -> WSGIApplication:
    """Return an application as WSGI; an ASGI one is started, once. Raises StartupError."""
    if not is_asgi(app):
        return app
    if id(app) not in _BRIDGES:
        # Only where the application is ASGI, as above.
        from .asgi import Bridge

        atexit.register(close_all)
        bridge = Bridge(app, Hand())
        _BRIDGES[id(app)] = app, bridge  # it is kept, so that its id is no other's
        bridge.start()
    return _BRIDGES[id(app)][1]


def heard() -> list[str]:
    """Return what applications of this process raised since the last time."""
    return [line for each in _OPEN.values() for line in each.ear.told()]


def check_name(given: Mapping[str, object], environment: Mapping[str, str]) -> None:
    """Refuse what names no application, by the option or variable that has it."""
    value = given.get("app") or environment.get("SCIM_APP")
    if isinstance(value, str) and not _NAME.fullmatch(value):
        _, where = _source("app", given, environment)
        raise TargetError(
            f"{where} {value!r} names no application: write the module and the application in it, "
            "such as package.module:app."
        )


def check_place(url: str, given: Mapping[str, object], environment: Mapping[str, str]) -> None:
    """Refuse an application beside a server that somebody else named, in SCIM_URL for example.

    `given` holds the options. An application may answer under any name that is given with it.
    """
    (url_way, url_name), (app_way, app_name) = (
        _source(key, given, environment) for key in ("url", "app")
    )
    if url_way == app_way or is_loopback(url):
        return
    raise TargetError(
        f"{app_name} names an application in this process, and {url_name} a server, {url}: leave "
        "out one of them. Or is that the address at which the application believes to be? Then "
        "give both in the same way."
    )


def _source(
    key: str, given: Mapping[str, object], environment: Mapping[str, str]
) -> tuple[str, str]:
    """Return in what way a setting is given, and the name it has there."""
    variable = f"SCIM_{key.upper()}"
    if given.get(key):
        return "option", f"--scim-{key}"
    return ("environment", variable) if environment.get(variable) else ("file", "the target file")


def close_all() -> None:
    """Let every application of this process end."""
    _REFUSED.clear()
    while _OPEN:
        _OPEN.popitem()[1].close()
    while _BRIDGES:
        _BRIDGES.popitem()[1][1].close()
