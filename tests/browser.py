"""Chromium without a window, driven over its debugging pipe with the standard library alone.

The pipe is two file descriptors (3 to write to, 4 to read from), over which JSON objects go that
end with a zero byte: the DevTools protocol without a WebSocket, a port or a driver program.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import TypeAlias

# What came out of a JSON reader.
Json: TypeAlias = Any

PATIENCE = 30.0  # seconds for anything to happen
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # in a container there is often no other way, and it loads our own pages only
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)
# Puts the two ends where the browser looks for them; first out of each other's way.
_PLACE = """
import os, sys
ends = [os.dup(int(each)) for each in sys.argv[1:3]]
spare = [os.open(os.devnull, os.O_RDONLY) for _ in range(5)]
ends = [os.dup(each) for each in ends]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
# Where to click on an element, as soon as a click there would reach it.
_PLACE_OF = """(selector) => {
  const element = document.querySelector(selector);
  if (!element || element.disabled) return null;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = element.getBoundingClientRect();
  const [across, down] = [x + width / 2, y + height / 2];
  return element.contains(document.elementFromPoint(across, down)) ? [across, down] : null;
}"""


def chromium() -> str | None:
    """Return the browser of this machine, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Browser:
    """One running browser with one tab."""

    def __init__(self, writing: int, reading: int) -> None:
        self._writing = writing
        self._reading = reading
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        # What the pages have complained about: exceptions, blocked scripts, failed loads.
        self.complaints: list[str] = []
        # Every dialog that a script has opened, which is how an injected one shows itself.
        self.dialogs: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Json) -> Json:
        """Send a command; return its result."""
        self._number += 1
        message: dict[str, Json] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        wanted = self._number
        while True:
            told = self._next(PATIENCE)
            if told.get("id") == wanted:
                assert "error" not in told, f"{method}: {told['error']}"
                return told["result"]

    def _next(self, seconds: float) -> Json:
        ends = time.monotonic() + seconds
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._reading], [], [], max(0.0, ends - time.monotonic()))
            assert ready, "the browser says nothing"
            content = os.read(self._reading, 1 << 20)
            assert content, "the browser has gone"
            self._buffer += content
        text, _, self._buffer = self._buffer.partition(b"\0")
        told = json.loads(text)
        self._note(told)
        return told

    def _note(self, told: Json) -> None:
        """Keep what a page complains about; a dialog is shut, else everything would wait."""
        details = told.get("params", {})
        match told.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(details["exceptionDetails"]))
            case "Log.entryAdded" if details["entry"]["level"] == "error":
                self.complaints.append(details["entry"]["text"])
            case "Page.javascriptDialogOpening":
                self.dialogs.append(details["message"])
                self._number += 1
                answer = {"id": self._number, "method": "Page.handleJavaScriptDialog"}
                answer |= {"params": {"accept": True}, "sessionId": self._session}
                os.write(self._writing, json.dumps(answer).encode() + b"\0")

    def size(self, width: int, height: int, *, scale: float = 1, phone: bool = False) -> None:
        """Give the tab a size."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=phone,
        )

    def colours(self, *, dark: bool) -> None:
        """Prefer dark or light colours, and no movement."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        features.append({"name": "prefers-reduced-motion", "value": "reduce"})
        self.call("Emulation.setEmulatedMedia", features=features)

    def forget(self) -> None:
        """Forget cookies, the page that was open and what there was to complain about."""
        self.call("Page.navigate", url="about:blank")
        self.until("location.href === 'about:blank'")
        self.call("Network.clearBrowserCookies")
        self.complaints.clear()
        self.dialogs.clear()

    def open(self, url: str) -> None:
        """Load a page and wait until it is there."""
        self.call("Page.navigate", url=url)
        self.until(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def run(self, script: str) -> Json:
        """Evaluate an expression in the page; a promise is waited for."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def until(self, script: str, seconds: float = PATIENCE) -> Json:
        """Wait until an expression is true; return its value."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            with contextlib.suppress(AssertionError):  # in between two pages there is no place
                value = self.run(script)
                if value:
                    return value
            with contextlib.suppress(AssertionError):
                self._next(0.02)
        raise AssertionError(f"never came true: {script}; complaints: {self.complaints}")

    def text(self, selector: str = "body") -> str:
        """Return what a reader sees of an element."""
        return str(self.run(f"document.querySelector({json.dumps(selector)}).innerText"))

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a finger would."""
        place = self.until(f"({_PLACE_OF})({json.dumps(selector)})")
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )

    def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def sign_in(self, url: str, secret: str) -> None:
        """Open a server's page and sign in with the form."""
        self.open(url)
        self.write("#secret", secret)
        self.click("form button")
        self.until("document.querySelector('#state.live') !== null")

    def picture(self, file: Path) -> None:
        """Save what the tab shows, with no row lit up by the pointer."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=0, y=0)
        taken = self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(taken["data"]))


@contextmanager
def running(folder: Path, options: Sequence[str] = ()) -> Iterator[Browser]:
    """Run a browser whose profile is in a folder of its own."""
    program = chromium()
    assert program is not None
    commands, our_writing = os.pipe()
    our_reading, replies = os.pipe()
    placed = [sys.executable, "-c", _PLACE, str(commands), str(replies)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the browser of this machine
            [*placed, program, *_OPTIONS, f"--user-data-dir={folder / 'profile'}", *options],
            pass_fds=(commands, replies),
            stdout=log,
            stderr=log,
        )
    os.close(commands)
    os.close(replies)
    try:
        yield Browser(our_writing, our_reading)
    finally:
        os.close(our_writing)  # the browser leaves when nobody can talk to it any more
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(our_reading)
