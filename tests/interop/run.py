"""Sets scimproof and what others wrote against each other, and wants no surprise.

One way round `scimproof run` judges servers of others; the other way round testers of others judge
`scimproof serve`. Whatever is found must be exactly what `expected/NAME.json` lists, and
`docs/interop/NAME.md` explains each finding by the replies and the RFC text; the servers stand side
by side in `docs/interop-matrix.md`.

    make interop                                        everything
    python tests/interop/run.py scim-sanity             only these parties
    python tests/interop/run.py --update django-scim2   what is found becomes what is expected
    python tests/interop/run.py --pages                 the lists in the pages, written again
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from peers import columns
from peers import findings
from peers import pages
from peers import servers
from peers import testers
from peers.environments import MissingError
from peers.environments import install
from peers.environments import must_have_everything
from peers.findings import Verdict


def _asked(ask: Callable[[Path, Path], list[Verdict]], name: str, place: Path) -> list[Verdict]:
    return ask(install(name, place / "env"), place)


SERVERS = tuple(peer.name for peer in servers.PEERS)
PARTIES: dict[str, Callable[[Path], list[Verdict]]] = {
    **{peer.name: partial(servers.judge, peer) for peer in servers.PEERS},
    "scim2-tester": partial(_asked, testers.ask_scim2_tester, "scim2-tester"),
    "scim-sanity": partial(_asked, testers.ask_scim_sanity, "scim-sanity"),
}


def main(arguments: Sequence[str]) -> int:
    """Deal with each party; 0 when everything is as documented."""
    wanted = [each for each in arguments if each not in ("--update", "--pages")]
    unknown = sorted(set(wanted) - set(PARTIES))
    if unknown:
        print(f"no such party: {', '.join(unknown)}; there are {', '.join(PARTIES)}")
        return 4
    names = wanted or list(PARTIES)
    if "--pages" in arguments:
        return _write_pages(names)
    # Two at a time: most of the time one waits for a download or an answer.
    with ThreadPoolExecutor(max_workers=2) as both:
        verdicts = [verdict for each in both.map(_verdicts, names) for verdict in each]
    if "--update" in arguments:
        return _update(verdicts, names)
    return 0 if all(verdict.as_documented for verdict in verdicts) else 1


def _verdicts(name: str) -> list[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            verdicts = PARTIES[name](Path(folder))
        except MissingError as missing:
            trouble = (f"  the build needs it: {missing}",) if must_have_everything() else ()
            verdicts = [Verdict(name, name, f"skipped, {missing}", trouble)]
    for verdict in verdicts:
        print(verdict.text(), flush=True)
    return verdicts


def _update(verdicts: Sequence[Verdict], names: Sequence[str]) -> int:
    for verdict in verdicts:
        if verdict.found is not None:
            findings.write(verdict.name, verdict.found)
            if verdict.found.column is not None:
                columns.write(verdict.name, verdict.found.column)
    missing = sorted({verdict.name for verdict in verdicts if verdict.found is None})
    if missing:
        print(f"left as it was: {', '.join(missing)}")
    return _write_pages(names) or bool(missing)


def _write_pages(names: Sequence[str]) -> int:
    """Write the lists again, and say what no page explains yet."""
    missing = [line for name in names if name in SERVERS for line in pages.write(name)]
    if set(names) & set(SERVERS):
        columns.write_page()
    print("\n".join(missing) or "everything is explained")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
