"""No case is led astray by what another one writes to something that they share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.sizes import sized

ROOT = Path(__file__).resolve().parents[2]
IDPS = ROOT / "suites" / "idp"
# Of those that do without histories, which take long; in the soak all of them.
FEW = ("entra/test_provision_groups.py", "entra/test_validator_users.py")


def test_what_others_leave_misleads_nobody(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    every = [each for each in sorted(IDPS.glob("*/test_*.py")) if each.stem != "test_histories"]
    files = sized(0, 1) * every or [IDPS / each for each in FEW]
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "untidied", "--idp", "all"),
            *("--scim-report", str(tmp_path), *map(str, files)),
        ],
        cwd=ROOT,
        env=quiet_environment(PYTHONPATH=f"{ROOT}:{Path(__file__).parent}"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
