"""Follows a page word for word: writes its files, types its commands, reads what it shows.

A comment before a block says what it is: `<!-- file: NAME -->` is saved under that name,
`<!-- into NAME above: LINE -->` is put into a file, `<!-- shown -->` is what the commands before
print (`…` stands for anything), `<!-- install -->` is what a page installs, `<!-- status: 1 -->`
that the commands end so. A block of `sh` is typed; others are only read.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"(?:<!-- ([^>]*) -->\n+)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SERVES = re.compile(r"--port (\d+) &")
_WAIT = """
import socket, sys, time
for _ in range(400):
    with socket.socket() as it:
        if it.connect_ex(("127.0.0.1", int(sys.argv[1]))) == 0:
            break
    time.sleep(0.05)
"""
_INTO = """
import sys
from pathlib import Path
name, line, block = sys.argv[1:]
lines = Path(name).read_text("utf-8").splitlines(keepends=True)
(place,) = (n for n, each in enumerate(lines) if each.strip().startswith(line))
Path(name).write_text("".join([*lines[:place], block, *lines[place:]]), "utf-8")
"""


@dataclass(frozen=True)
class Block:
    """One block of a page: the comment before it, its language and its lines."""

    comment: str
    language: str
    text: str

    def named(self, kind: str) -> str | None:
        """Return what the comment says of a kind (`file: app.py`), None when it is another."""
        head, colon, rest = self.comment.partition(f"{kind}:")
        return rest.strip() if colon and not head else None

    @property
    def status(self) -> int:
        return int(self.named("status") or 0)

    @property
    def is_typed(self) -> bool:
        return self.language == "sh" and not self.comment.startswith("not run")


@dataclass(frozen=True)
class Typed:
    """What came of one block that was typed."""

    block: Block
    status: int
    out: str


def blocks(text: str) -> Iterator[Block]:
    """Return the blocks of a page."""
    for comment, language, block in _BLOCK.findall(text):
        yield Block(comment.strip(), language, block)


def _lines(block: Block, number: int) -> list[str]:
    if name := block.named("file"):
        return [f"cat > {shlex.quote(name)} <<'THE_END_OF_IT'", f"{block.text}THE_END_OF_IT"]
    if block.comment.startswith("into "):
        name, _, line = block.comment.removeprefix("into ").partition(" above: ")
        words = [sys.executable, "-c", _INTO, name, line, block.text]
        return [shlex.join(words)]
    if not block.is_typed:
        return []
    typed = [f"echo '::block {number}'", block.text, 'echo "::status $?"']
    # Whoever types by hand is slower than a server that starts.
    return typed + [
        shlex.join([sys.executable, "-c", _WAIT, p]) for p in _SERVES.findall(block.text)
    ]


def script(known: list[Block]) -> str:
    """Return a page as one script of the shell, so that what a block sets stays set."""
    lines = ["exec 2>&1", "trap 'kill $(jobs -p) 2>/dev/null' EXIT"]
    for number, block in enumerate(known):
        lines += _lines(block, number)
    return "\n".join(lines)


def follow(
    text: str, folder: Path, environment: Mapping[str, str], *, install: str | None = None
) -> tuple[Typed, ...]:
    """Follow a page in a folder; `install` is typed where the page installs (None: nothing is)."""
    known = [_installed(block, install) for block in blocks(text)]
    done = subprocess.run(  # noqa: S603 - our own pages
        ["bash", "-c", script(known)],  # noqa: S607 - whatever shell the reader has
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
        timeout=540,
        check=False,
    )
    found = re.findall(r"^::block (\d+)\n(.*?)^::status (\d+)$", done.stdout, re.S | re.M)
    typed = tuple(Typed(known[int(n)], int(status), out) for n, out, status in found)
    assert [each.block for each in typed] == [each for each in known if each.is_typed], done.stdout
    return typed


def _installed(block: Block, install: str | None) -> Block:
    if block.comment != "install":
        return block
    return Block(block.comment, "sh" if install else "text", install or block.text)


def problems(text: str, typed: tuple[Typed, ...]) -> list[str]:
    """Return what went otherwise than the page says."""
    found = [
        f"status {each.status} in place of {each.block.status}: {each.block.text}{each.out}"
        for each in typed
        if each.status != each.block.status
    ]
    outs = {each.block.text: each.out for each in typed}
    last = ""
    for block in blocks(text):
        last = outs.get(block.text, last)
        if block.comment == "shown":
            found += [f"not shown: {block.text}{last}"] if not shows(last, block.text) else []
    return found


def shows(out: str, wanted: str) -> bool:
    """Tell whether the lines that a page shows came in this order."""
    lines = (line.rstrip() for line in out.splitlines())
    return all(
        any(re.fullmatch(_pattern(line), each) for each in lines)
        for line in map(str.rstrip, wanted.splitlines())
        if line not in ("", "…")
    )


def _pattern(line: str) -> str:
    return ".*".join(map(re.escape, line.split("…")))
