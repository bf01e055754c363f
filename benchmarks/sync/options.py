"""The options of a run, beside Locust's own, and what they mean."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .places import Place
from .places import check_consent
from .places import numbered_places
from .places import read_places
from .plan import PlanError
from .plan import Tenant
from .plan import Wishes
from .plan import mix_of
from .plan import tenants_of

_MOST_PEOPLE = 1_000_000


def add_options(parser: Any) -> None:  # noqa: ANN401 - Locust's parser, which is not imported here
    """Add the options to Locust's parser; none of them holds a token."""
    group = parser.add_argument_group("Load from many identity providers (docs/load.md)")

    def add(name: str, kind: Callable[[str], object], **details: Any) -> None:  # noqa: ANN401
        group.add_argument(name, type=kind, **details)

    add("--tenants", _whole(1), default=1, metavar="N", help="tenants at --host (%(default)s)")
    add("--tenants-file", str, metavar="FILE", help="TOML file that names the tenants instead")
    add("--token-file", str, metavar="FILE", help="file with the token; else SCIM_TOKEN")
    add("--people", _whole(1), default=100, metavar="N", help="people of a tenant (%(default)s)")
    add("--groups", _whole(0), metavar="N", help="groups of a tenant (one for 50 people)")
    group.add_argument(
        "--idp", action=_Joined, default="", metavar="MIX", help="as entra or entra:3,okta:1"
    )
    add("--cycles", _whole(0), metavar="N", help="cycles after the first load (a day's); 0: none")
    add("--day-factor", _number, default=1440.0, metavar="X", help="how much faster a day passes")
    add("--at-once", _whole(1), default=8, metavar="N", help="requests of a tenant under way")
    add("--rate", _number, default=0.0, metavar="N", help="most requests a second of a tenant")
    add("--window", _whole(3), default=10, metavar="S", help="seconds that a rate has to last")
    add("--request-timeout", _number, default=60.0, metavar="S", help="longest wait for a reply")
    add("--email-domain", str, default="example.com", metavar="DOMAIN", help="(%(default)s)")
    add("--seed", _whole(0), default=0, metavar="N", help="seed of people and days (%(default)s)")
    add("--sync-report", str, default="", metavar="DIR", help="folder of the report")
    group.add_argument("--keep", action="store_true", help="delete nothing at the end")
    group.add_argument(
        "--may-load", action=_Joined, default="", metavar="HOST", help="another host than this"
    )


def wishes_of(options: argparse.Namespace, run_id: str) -> Wishes:
    """Return what was asked for; raises ValueError for a mix that means nothing."""
    if options.request_timeout <= 0:
        raise PlanError("--request-timeout is more than 0 seconds")
    return Wishes(
        people=int(options.people),
        groups=None if options.groups in (None, "") else int(options.groups),
        idps=mix_of(options.idp or "entra"),
        cycles=None if options.cycles in (None, "") else int(options.cycles),
        day_factor=float(options.day_factor),
        seed=int(options.seed),
        at_once=int(options.at_once),
        rate=float(options.rate),
        window=int(options.window),
        timeout=float(options.request_timeout),
        domain=options.email_domain,
        keep=bool(options.keep),
        run_id=run_id,
    )


def tenants_to_load(options: argparse.Namespace, host: str, wishes: Wishes) -> tuple[Tenant, ...]:
    """Return the tenants; raises ValueError where one cannot be, or may not be, loaded."""
    places = _places(options, host or os.environ.get("SCIM_URL", ""))
    check_consent([each.url for each in places], options.may_load.replace(",", " ").split())
    return tenants_of(wishes, places)


def _places(options: argparse.Namespace, host: str) -> tuple[Place, ...]:
    if options.tenants_file:
        return read_places(Path(options.tenants_file), host)
    return numbered_places(int(options.tenants), host, options.token_file or None)


class _Joined(argparse.Action):
    """Joins what is given repeatedly: a list has no field on Locust's page."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,  # noqa: ANN401 - argparse's own form
        option_string: str | None = None,
    ) -> None:
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, f"{before},{values}" if before else values)


def _whole(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= _MOST_PEOPLE:
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} on")
        return int(text)

    return whole


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return number
