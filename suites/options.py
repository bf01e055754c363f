"""From pytest's options and the environment to what a run is asked to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import idp_profiles

from .requirements import CatalogueError
from .requirements import by_id
from .requirements import judged_idps
from .state import Options
from .target import Target
from .target import TargetError
from .target import load_target

SUITES = ("protocol", "idp", "security", "consistency", "product")


def read_options(config: pytest.Config) -> Options:
    """Return what the user asked for; raises TargetError for a value that means nothing."""
    option = config.option
    idps = _idps(option.idp)
    _check(option.scim_suite, SUITES, "--scim-suite")
    _check(option.scim_dialect, _dialects(idps), "--scim-dialect")
    for requirement_id in option.scim_only:
        try:
            by_id(requirement_id)
        except CatalogueError as unknown:
            raise TargetError(
                f"--scim-only: {unknown}; see `scimproof list requirements`"
            ) from None
    _check_deviations(option.scim_deviation)
    return Options(
        idps=idps,
        every_idp="all" in option.idp,
        suites=tuple(option.scim_suite),
        only=tuple(option.scim_only),
        dialects=tuple(option.scim_dialect),
        deviations=tuple(option.scim_deviation),
        strict=option.scim_strict,
        large=option.scim_large,
        allow_inconclusive=option.scim_allow_inconclusive,
        proofs=option.scim_proofs,
        report=Path(option.scim_report) if option.scim_report else None,
        **_identity(config),
    )


def _identity(config: pytest.Config) -> dict[str, Any]:
    """Return seed and run id where they are given: by the controller of xdist, or an option."""
    shared = getattr(config, "workerinput", {}).get("scimproof", {})
    known = {key: shared[key] for key in ("seed", "run_id") if key in shared}
    if config.option.scim_seed is not None:
        known.setdefault("seed", config.option.scim_seed)
    return known


def read_target(config: pytest.Config) -> Target | None:
    """Return the target that options, environment and file name; None is the embedded server."""
    option = config.option
    if option.scim_proofs or option.collectonly:
        return None
    settings = {"timeout": option.scim_timeout, "settle": option.scim_settle}
    if option.scim_no_case_header:
        settings["case_header"] = False
    target = load_target(
        url=option.scim_url,
        target_file=option.scim_target,
        token_file=option.scim_token_file,
        settings=settings,
    )
    if target is not None and option.scim_deviation:
        raise TargetError("--scim-deviation is for the embedded server, not for a named target")
    _check_waivers(target)
    return target


def _check_waivers(target: Target | None) -> None:
    for waiver in target.waivers if target else ():
        try:
            by_id(waiver.requirement)
        except CatalogueError as unknown:
            raise TargetError(f"A waiver cannot be used: {unknown}") from None


def _idps(asked: list[str]) -> tuple[str, ...]:
    if "all" in asked:
        return judged_idps()
    for name in asked:
        if name in idp_profiles.PROFILES and name not in judged_idps():
            by_hand = f"`scimproof idp {name}` drives it by hand"
            raise TargetError(f"--idp {name!r} has no cases yet; {by_hand}")
    _check(asked, judged_idps(), "--idp")
    return tuple(dict.fromkeys(asked))


def _dialects(idps: tuple[str, ...]) -> tuple[str, ...]:
    known = [
        dialect.key
        for name in idps or judged_idps()
        for dialect in idp_profiles.load(name).dialects
    ]
    return tuple(dict.fromkeys(known))


def _check(values: list[str], known: tuple[str, ...], option: str) -> None:
    for value in values:
        if value not in known:
            raise TargetError(f"{option} {value!r} is unknown; known are: {', '.join(known)}")


def _check_deviations(names: list[str]) -> None:
    if not names:
        return
    from reference_server import deviations  # only now: a run without deviations never loads them

    try:
        for name in names:
            deviations.describe(name)
    except (KeyError, ValueError) as unknown:
        raise TargetError(str(unknown)) from None


def installed_version() -> str:
    """Return the version of scimproof, or `0+unknown` in a checkout that was never installed."""
    if importlib.util.find_spec("scimproof") is None:
        return "0+unknown"
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version

    try:
        return version("scimproof")
    except PackageNotFoundError:
        return "0+unknown"
