"""Pictures of the report for the documentation: `python -m tests.reports.page.screenshots`.

What they show is real: two runs on the embedded server, one as it is and one with five faults.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.browser import Browser
from tests.browser import chromium
from tests.browser import running

IDPS = ("okta", "entra", "jumpcloud")
FAULTS = (
    "active-text-as-true",
    "bearer-prefix-required",
    "group-delete-ignored",
    "members-pathless-replace-refused",
    "patch-pathless-remove-ignored",
)


def main(folder: str = "docs/images") -> int:
    """Take all pictures; return the exit status."""
    if chromium() is None:
        print("scimproof: there is no Chromium on this machine", file=sys.stderr)  # noqa: T201 - a command
        return 1
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        pages = {
            "passing": _report(Path(place) / "passing", ()),
            "broken": _report(Path(place) / "broken", FAULTS),
        }
        with running(Path(place)) as browser:
            for name, page in pages.items():
                _pictures(browser, page, target / f"report-{name}")
            _evidence(browser, pages["broken"], target / "report-evidence.png")
    return 0


def _report(folder: Path, faults: Iterable[str]) -> str:
    """Run the cases of three identity providers; return the address of the report."""
    options = [f"--idp={idp}" for idp in IDPS] + [f"--deviation={fault}" for fault in faults]
    command = [sys.executable, "-m", "scimproof", "run", *options, "--seed=8", f"--report={folder}"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own command
    return (folder / "report.html").resolve(strict=True).as_uri()


def _pictures(browser: Browser, page: str, name: Path) -> None:
    for suffix, dark, phone in (
        ("", False, False),
        ("-dark", True, False),
        ("-phone", False, True),
    ):
        browser.size(*((390, 844) if phone else (1280, 800)), scale=2 if phone else 1, phone=phone)
        browser.colours(dark=dark)
        browser.open(page)
        browser.picture(name.with_name(f"{name.name}{suffix}.png"))
        browser.forget()


def _evidence(browser: Browser, page: str, file: Path) -> None:
    """Show the entry of the cause that stops deactivating, with its evidence."""
    browser.size(1280, 1330)
    browser.colours(dark=False)
    browser.open(page)
    causes = "[...document.querySelectorAll('.cause')]"
    wanted = f"{causes}.find((each) => each.querySelector('h3').innerText.includes('inactive'))"
    browser.run(
        f"(() => {{ const cause = {wanted} ?? {causes}[0];"
        "cause.querySelector('.evidence').open = true;"
        "cause.scrollIntoView({ block: 'start' }); })()"
    )
    browser.picture(file)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
