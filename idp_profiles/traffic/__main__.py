"""`python -m idp_profiles.traffic record|replay|compare`: what a real IdP sends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from idp_profiles import load
from idp_profiles.ledger import Ledger
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import load_mapping
from idp_profiles.profile import Profile
from idp_profiles.transport import WireSend

from . import replay as again
from .authorization import authorization
from .comparison import Comparison
from .comparison import compare
from .file import Writer
from .file import read
from .proxy import Recorder
from .recorded import Recorded
from .report import lines
from .report import records
from .upstream import Upstream

_EPILOG = """A recording holds no token, password, cookie, address, name or id of anybody; a HAR 1.2
file can stand wherever a recording can. Exit status: 0 no difference, 1 differences, 4 a bad
option or file."""
_CREDENTIAL = """The credential comes from SCIM_TOKEN or --token-file; SCIM_AUTH says what it is:
bearer (default), header (the whole value of the header) or basic (with SCIM_USER)."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@click.group(name="traffic", epilog=_EPILOG)
def command() -> None:
    """Record what a real IdP sends, send it again, compare it with a profile."""


@command.command()
@click.option("--upstream", required=True, help="Base URL of the SCIM server behind the recorder.")
@click.option("--listen", required=True, metavar="[HOST:]PORT", help="Where to listen; 0 is any.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--timeout", default=60.0, show_default=True, help="Longest silence of the server.")
@click.option("--ca-file", default=None, help="CA certificates to trust.")
@click.option("--largest", default=64, show_default=True, help="Largest request in MiB.")
@click.option("--quiet", is_flag=True, help="Do not show exchanges as they go by.")
def record(
    *,
    upstream: str,
    listen: str,
    out: Path,
    timeout: float,
    ca_file: str | None,
    largest: int,
    quiet: bool,
) -> int:
    """Pass requests on to a server and write both sides down, redacted, until Ctrl-C."""
    host, port = _address(listen)
    behind = Upstream(upstream, timeout=timeout, ca_file=ca_file)
    recorder = _recorder(behind, out, host, port, largest, quiet=quiet)
    if host not in _LOOPBACK:
        print(f"Anybody who reaches {host} can send through the recorder.", file=sys.stderr)
    with _signals_set(recorder.ended):
        recorder.start()
        print(f"scimproof: recording at {recorder.url}", flush=True)
        recorder.ended.wait()
        recorder.stop()
    if recorder.writer.failure:
        raise ValueError(recorder.writer.failure)
    print(f"{recorder.writer.count} exchanges in {out}", file=sys.stderr)
    return 0


def _recorder(
    upstream: Upstream, out: Path, host: str, port: int, largest: int, *, quiet: bool
) -> Recorder:
    writer = Writer(out)
    try:
        return Recorder(
            upstream,
            writer,
            host=host,
            port=port,
            largest=largest * 1024 * 1024,
            told=_silence if quiet else _show,
        )
    except OSError as error:
        writer.close()
        out.unlink()
        raise ValueError(f"cannot listen at {host} port {port}: {error.strerror}") from None


@command.command(epilog=_CREDENTIAL)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--url", default="", help="Base URL of the SCIM server (or SCIM_URL).")
@click.option("--token-file", default="", help="File that holds the credential.")
@click.option("--ca-file", default=None, help="CA certificates to trust.")
@click.option("--timeout", default=60.0, show_default=True, help="Longest silence in seconds.")
@click.option("--email-domain", default="example.com", show_default=True, help="For made-up users.")
@click.option("--keep", is_flag=True, help="Leave what the replay creates.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def replay(
    *,
    file: Path,
    url: str,
    token_file: str,
    ca_file: str | None,
    timeout: float,
    email_domain: str,
    keep: bool,
    as_json: bool,
) -> int:
    """Send a recording again, with made-up people, and say where the answers differ."""
    recording, header, place = read(file), authorization(token_file), _url(url)
    with WireSend(place, timeout=timeout, ca_file=ca_file) as send:
        ledger = Ledger(send)
        try:
            run = again.Replay(ledger, header, domain=email_domain).run(recording.entries)
            bad = sum([_told(one, as_json=as_json) for one in run])
        finally:
            for sentence in () if keep else ledger.sweep():
                print(sentence, file=sys.stderr)
    return 1 if bad else 0


def _url(given: str) -> str:
    url = given or os.environ.get("SCIM_URL", "")
    if not url:
        raise ValueError("say where the SCIM server is: --url, or SCIM_URL in the environment")
    return url


@command.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--idp", "name", required=True, help="The profile to compare with.")
@click.option("--dialect", default="", help="Its dialect; without it the one that fits best.")
@click.option("--mapping", "mapping_file", default="", help="Attribute mapping (TOML).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare_command(
    *, file: Path, name: str, dialect: str, mapping_file: str, as_json: bool
) -> int:
    """Say where recorded traffic differs from what a profile sends."""
    profile = load(name)
    dialects = _dialects(profile, dialect)
    mapping: AttributeMapping | None = load_mapping(Path(mapping_file)) if mapping_file else None
    recording = read(file)
    if not recording.entries:
        raise ValueError(f"there is no exchange in {str(file)!r}")
    found: Comparison = compare(recording, profile, dialects, mapping)
    if as_json:
        print(json.dumps(records(found, profile.name), ensure_ascii=False))
    else:
        for line in lines(found, profile.title, faithful=recording.faithful):
            print(line)
    return 1 if found.findings else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; never a traceback for what a user can mend."""
    try:
        status = command.main(argv, prog_name="traffic", standalone_mode=False)
    except click.exceptions.Abort:
        print("Interrupted.", file=sys.stderr)
        return 1
    except click.ClickException as error:
        print(f"Error: {error.format_message()}", file=sys.stderr)
        return 4
    except ValueError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 4
    except BrokenPipeError:
        # Whoever read our output has seen enough; a second attempt to flush would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(status or 0)


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError(f"--listen takes [HOST:]PORT, not {listen!r}")
    return host.strip("[]") or "127.0.0.1", int(port)


def _dialects(profile: Profile[Any], wanted: str) -> list[str]:
    known = [one.key for one in profile.dialects]
    if wanted and wanted not in known:
        raise ValueError(f"there is no dialect {wanted!r}; known: {', '.join(known)}")
    return [wanted] if wanted else known


def _told(one: again.Replayed, *, as_json: bool) -> bool:
    """Print what came of an exchange; True when it differs."""
    if as_json:
        print(json.dumps(again.as_json(one)), flush=True)
    else:
        then = one.recorded.reply.status if one.recorded.reply else "no reply"
        now = one.reply.status if one.reply else one.why
        said = one.why if one.sent is None else f"then {then}, now {now}"
        print(f"{one.verdict:8}  {one.recorded.number:4}  {one.recorded.line}  {said}", flush=True)
    return one.verdict == "differs"


def _show(recorded: Recorded) -> None:
    ended = recorded.reply.status if recorded.reply else recorded.error
    print(f"  {recorded.number:4}  {recorded.line} -> {ended}", file=sys.stderr, flush=True)


def _silence(recorded: Recorded) -> None:
    del recorded


@contextlib.contextmanager
def _signals_set(ended: threading.Event) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into an event, so that what is on its way is written whole."""
    before = {
        number: signal.signal(number, lambda *_: ended.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
