"""Sets scimproof and what others wrote against each other, and wants no surprise.

One way round `scimproof run` judges servers of others; the other way round testers of others judge
`scimproof serve`. Whatever is found must be exactly what `expected/NAME.json` lists, and
`docs/interop/NAME.md` explains each finding by the replies and the RFC text.
Run as `make interop`, or with names of parties: `python tests/interop/run.py scim-sanity`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from peers import servers
from peers import testers
from peers.environments import install
from peers.findings import Verdict

PARTIES = {
    "scim2-server": servers.judge_scim2_server,
    "scim2-tester": testers.ask_scim2_tester,
    "scim-sanity": testers.ask_scim_sanity,
}


def main(wanted: Sequence[str]) -> int:
    """Deal with each party; 0 when everything is as documented."""
    unknown = sorted(set(wanted) - set(PARTIES))
    if unknown:
        print(f"no such party: {', '.join(unknown)}; there are {', '.join(PARTIES)}")
        return 4
    verdicts = [verdict for name in wanted or PARTIES for verdict in _verdicts(name)]
    return 0 if all(verdict.as_documented for verdict in verdicts) else 1


def _verdicts(name: str) -> list[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        verdicts = PARTIES[name](install(name, place / "env"), place)
    for verdict in verdicts:
        print(verdict.text(), flush=True)
    return verdicts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
