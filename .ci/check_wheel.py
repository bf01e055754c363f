"""Checks that a wheel holds what it must, and nothing of the tests or of this checkout."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOMS = ("suites", "idp_profiles", "reference_server", "reports")
DATA = (
    "suites/catalogue/okta.json",
    "suites/isolated.ini",
    "suites/target/target.schema.json",
    "suites/idp/okta/test_create_users.py",
    "reports/report.schema.json",
    "reports/templates/page/base.html.jinja",
    "reference_server/data/entitlements.json",
    "idp_profiles/okta/sources.json",
    "scimproof.py",
)


def main(wheel: str) -> int:
    """Return 0 when the wheel is as it should be; prints what is wrong."""
    home = Path(__file__).resolve().parent.parent
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(home))
        for room in ROOMS
        for path in (home / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    info = {name for name in names if ".dist-info/" in name}
    problems = [f"missing: {name}" for name in sorted((wanted | set(DATA)) - names)]
    problems += [f"not wanted: {name}" for name in sorted(names - wanted - info - {"scimproof.py"})]
    for problem in problems:
        print(problem)
    print(f"{Path(wheel).name}: {len(names)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
