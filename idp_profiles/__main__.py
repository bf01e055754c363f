"""`python -m idp_profiles NAME --url URL ...`: drive one mock IdP by hand.

With a verb or a scenario it does that once; without either it lives, and is told what to do.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from . import load
from .by_hand import Hand
from .by_hand import Settings
from .by_hand import variant_named
from .elsewhere import Elsewhere
from .living.commands import COMMANDS
from .living.door import Wanted
from .living.door import live
from .living.kept import kept_setup
from .mapping import AttributeMapping
from .mapping import load_mapping
from .model import Credential
from .profile import Profile
from .profile import Scenario
from .profile import Wishes
from .transport import WireSend

_EPILOG = """The credential comes from SCIM_TOKEN or --token-file, never from an option. SCIM_AUTH
says what it is: bearer (default), header (the whole value of the header) or basic (with SCIM_USER).
sync-password takes the new password from SCIM_NEW_PASSWORD. Without VERB and --scenario a living
mock takes commands from the terminal or from standard input. With --state FILE it does the one
command that VERB and WORDS are, and keeps people, links and clock in FILE. Its command help lists
its commands. Exit status: 0 the IdP reached the last step, 1 it stopped or could not get through, 4
a bad option, command or file."""


@click.command(name="idp", epilog=_EPILOG)
@click.argument("name")
@click.argument("verb", required=False)
@click.argument("words", nargs=-1)
@click.option("--url", "--scim-url", default="", help="Base URL of the SCIM server (or SCIM_URL).")
@click.option(
    "--dialect", "--scim-dialect", default="", help="Which of the IdP's dialects to speak."
)
@click.option("--scenario", "scenario_id", default="", help="A named sequence with made-up people.")
@click.option("--variant", default="", help="A known wire form of the scenario.")
@click.option("--switch", "switches", multiple=True, metavar="KEY=VALUE", help="Set an open point.")
@click.option("--toggle", "toggles", multiple=True, metavar="KEY=on|off", help="Set a feature.")
@click.option(
    "--mapping", "mapping_file", default="", help="Attribute mapping (TOML) or template (JSON)."
)
@click.option("--auth-mode", default=None, help="How the app authenticates, by its id.")
@click.option("--token-file", "--scim-token-file", default="", help="File with the credential.")
@click.option("--ca-file", default=None, help="CA certificates to trust.")
@click.option(
    *("--timeout", "--scim-timeout"),
    default=60.0,
    show_default=True,
    help="Longest silence in seconds.",
)
@click.option("--state", default="", metavar="FILE", help="What a living mock keeps between calls.")
@click.option(
    "--setting", "own", multiple=True, metavar="KEY=VALUE", help="How a living mock provisions."
)
@click.option("--keep", is_flag=True, help="Leave what a scenario creates.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--list", "listing", is_flag=True, help="List scenarios, variants and verbs.")
@click.option("--user-name", default="", help="The person's user name.")
@click.option("--given-name", default="", help="The person's given name.")
@click.option("--family-name", default="", help="The person's family name.")
@click.option("--email", default="", help="The person's e-mail address.")
@click.option("--display-name", default="", help="The person's display name.")
@click.option("--new-user-name", default="", help="What `rename` changes the user name to.")
@click.option("--group", default="", help="The group's name.")
@click.option("--new-name", default="", help="What `rename-group` changes the name to.")
@click.option("--member", "members", multiple=True, help="User name of a member (repeatable).")
def command(**options: Any) -> int:  # noqa: ANN401 # click hands over whatever the options are
    """Drive the mock IdP NAME by hand: one scenario, one VERB, or a prompt without either."""
    try:
        profile = load(options["name"])
        if options["listing"]:
            return _list(profile, as_json=options["as_json"])
        if options["state"] or not (options["verb"] or options["scenario_id"]):
            return _live(profile, options)
        return _drive(profile, options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; never a traceback for what a user can mend."""
    try:
        status = command.main(argv, prog_name="idp", standalone_mode=False)
    except click.exceptions.Abort:
        print("Interrupted.", file=sys.stderr)
        return 1
    except click.ClickException as error:
        print(f"Error: {error.format_message()}", file=sys.stderr)
        return 4
    except BrokenPipeError:
        # Whoever read our output has seen enough; a second attempt to flush would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(status or 0)


def _live(profile: Profile[Any], options: dict[str, Any]) -> int:
    for name, value in options.items():
        if name in _ONCE and value:
            option = _OPTIONS.get(name, "--" + name.replace("_", "-"))
            raise ValueError(f"a living mock is told by commands: {option} does not fit")
    file = Path(options["state"]) if options["state"] else None
    kept = kept_setup(file, profile.name)
    dialect = _dialect(profile, options["dialect"] or kept.dialect, None)
    settings = _settings(options, dialect, None)
    own = dict(_pair(text, "--setting") for text in options["own"])
    wanted = Wanted(
        url=kept.same_url(options["url"]) or _url(options),
        settings=kept.completed(settings),
        own={**kept.own, **own},
        words=[word for word in (options["verb"], *options["words"]) if word],
        file=file,
        as_json=options["as_json"],
    )
    reach = partial(WireSend, timeout=options["timeout"], ca_file=options["ca_file"])
    return live(profile, wanted, reach)


def _drive(profile: Profile[Any], options: dict[str, Any]) -> int:
    if options["words"] or options["own"]:
        raise ValueError("words after a verb and --setting are for a living mock: add --state FILE")
    verb, scenario = _chosen(profile, options)
    dialect = _dialect(profile, options["dialect"], scenario)
    url = _url(options)
    wishes = _wishes(profile, verb, options)
    settings = _settings(options, dialect, scenario)
    with_json, keep = options["as_json"], options["keep"]
    reach = partial(WireSend, timeout=options["timeout"], ca_file=options["ca_file"])
    send = Elsewhere(reach(url), reach)
    out, err = Console(file=sys.stdout), Console(stderr=True)
    hand = Hand(profile, settings, send, as_json=with_json, out=out, err=err)
    try:
        done = hand.scenario(scenario, keep=keep) if scenario else hand.verb(verb, wishes)
    finally:
        send.close()
    return 0 if done else 1


def _url(options: dict[str, Any]) -> str:
    url: str = options["url"] or os.environ.get("SCIM_URL", "")
    if not url:
        raise ValueError("say where the SCIM server is: --url, or SCIM_URL in the environment")
    return url


def _chosen(profile: Profile[Any], options: dict[str, Any]) -> tuple[str, Scenario[Any] | None]:
    verb, scenario_id = options["verb"] or "", options["scenario_id"]
    if bool(verb) == bool(scenario_id):
        raise ValueError("say what to do: either --scenario ID or one verb; --list shows both")
    if scenario_id:
        if scenario_id not in profile.scenarios:
            raise ValueError(f"{profile.title} has no scenario {scenario_id!r}; --list shows them")
        return "", profile.scenarios[scenario_id]
    if verb not in profile.verbs and verb in COMMANDS:
        raise ValueError(f"{verb} is for a living mock: add --state FILE, or call the prompt")
    if verb not in profile.verbs:
        raise ValueError(f"there is no verb {verb!r}; known: {', '.join(profile.verbs)}")
    return verb, None


def _dialect(profile: Profile[Any], wanted: str, scenario: Scenario[Any] | None) -> str:
    known = [dialect.key for dialect in profile.dialects]
    if wanted and wanted not in known:
        raise ValueError(f"there is no dialect {wanted!r}; known: {', '.join(known)}")
    possible = scenario.dialects if scenario else tuple(known)
    if wanted and wanted not in possible:
        raise ValueError(
            f"the scenario {scenario.id if scenario else ''!r} does not exist in the dialect "
            f"{wanted!r}; it does in {', '.join(possible)}"
        )
    return wanted or (profile.usual_dialect if profile.usual_dialect in possible else possible[0])


def _settings(options: dict[str, Any], dialect: str, scenario: Scenario[Any] | None) -> Settings:
    switches: dict[str, str] = {}
    mapping: AttributeMapping | Path | None = None
    if options["variant"]:
        if scenario is None:
            raise ValueError("--variant needs --scenario")
        variant = variant_named(scenario, dialect, options["variant"])
        switches, mapping = dict(variant.switches), variant.mapping
    if options["mapping_file"]:
        file = Path(options["mapping_file"])
        mapping = file if file.suffix == ".json" else load_mapping(file)
    switches.update(_pair(text, "--switch") for text in options["switches"])
    toggles = dict(_pair(text, "--toggle") for text in options["toggles"])
    return Settings(
        dialect=dialect,
        credential=_credential(options["token_file"]),
        auth_mode=options["auth_mode"],
        switches=switches,
        toggles={key: _on(key, value) for key, value in toggles.items()},
        mapping=mapping,
    )


def _pair(text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ValueError(f"{option} takes KEY=VALUE, not {text!r}")
    return key, value


def _on(key: str, value: str) -> bool:
    if value not in {"on", "off"}:
        raise ValueError(f"the toggle {key!r} is on or off, not {value!r}")
    return value == "on"


def _credential(token_file: str) -> Credential:
    kind = os.environ.get("SCIM_AUTH", "bearer")
    secret = os.environ.get("SCIM_TOKEN", "")
    if token_file:
        try:
            secret = Path(token_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(
                f"the token file {token_file!r} cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            raise ValueError(f"the token file {token_file!r} is not UTF-8 text") from None
    if not secret:
        raise ValueError("there is no credential: set SCIM_TOKEN, or name a --token-file")
    return Credential(kind, secret, os.environ.get("SCIM_USER", ""))


def _wishes(profile: Profile[Any], verb: str, options: dict[str, Any]) -> Wishes:
    names = Wishes.__dataclass_fields__
    given = {name: value for name, value in options.items() if name in names}
    wishes = Wishes(**given, password=os.environ.get("SCIM_NEW_PASSWORD", ""))
    for need in profile.verbs[verb].needs if verb else ():
        if not getattr(wishes, need):
            raise ValueError(f"{verb} needs {_OPTIONS.get(need, '--' + need.replace('_', '-'))}")
    return wishes


# What belongs to a verb or a scenario that is done once, and not to a living mock.
_ONCE = {"scenario_id", "variant", "keep", *Wishes.__dataclass_fields__}
_OPTIONS = {
    "members": "--member",
    "password": "SCIM_NEW_PASSWORD in the environment",
    "scenario_id": "--scenario",
}


def _list(profile: Profile[Any], *, as_json: bool) -> int:
    if as_json:
        for scenario in profile.scenarios.values():
            print(json.dumps(_scenario_json(scenario), ensure_ascii=False))
        return 0
    console = Console(file=sys.stdout)
    for scenario in profile.scenarios.values():
        forms = ", ".join(variant.name for variant in scenario.variants)
        head = Text.assemble((scenario.id, "bold"), f"  {scenario.title}")
        console.print(head, soft_wrap=True)
        line = f"    {scenario.feature}; {', '.join(scenario.dialects)}; variants: {forms}"
        console.print(Text(line, "dim"), soft_wrap=True)
    for name, verb in profile.verbs.items():
        console.print(Text.assemble((name, "bold"), f"  {verb.title}"), soft_wrap=True)
    return 0


def _scenario_json(scenario: Scenario[Any]) -> dict[str, object]:
    return {
        "id": scenario.id,
        "title": scenario.title,
        "feature": scenario.feature,
        "dialects": scenario.dialects,
        "steps": [asdict(step) for step in scenario.steps],
        "variants": [
            {"name": v.name, "certainty": v.certainty, "sources": v.sources, "note": v.note}
            for v in scenario.variants
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
