"""From pytest's options and the environment to what a run is asked to do."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

import idp_profiles
from suites.outcome import waivers
from suites.reach import in_process
from suites.requirements import CatalogueError
from suites.requirements import by_id
from suites.requirements import catalogue
from suites.requirements import judged_idps
from suites.requirements import judged_products
from suites.target.model import Target
from suites.target.model import TargetError
from suites.target.model import load_target

from . import unfit
from .asked import asked
from .selection import PRODUCT
from .state import Options

SUITES = ("protocol", "idp", "security", "consistency", "product")


def read_options(config: pytest.Config, target: Target | None) -> Options:
    """Return what the user asked for; raises TargetError for a value that means nothing."""
    option = config.option
    idps = _idps(option.idp)
    products = _products(config, target)
    _check(option.scim_suite, SUITES, "--scim-suite")
    suites = _suites(config, target)
    if suites == ("product",) and "all" not in option.idp:
        _check_documented(idps, products)
    unfit.check(option.scim_suite, option.idp)
    if option.scim_dialect:  # only now: the dialects of all identity providers take long to load
        _check(option.scim_dialect, _dialects(idps), "--scim-dialect")
    for requirement_id in option.scim_only:
        try:
            by_id(requirement_id)
        except CatalogueError as unknown:
            raise TargetError(
                f"--scim-only: {unknown}; see `scimproof list requirements`"
            ) from None
    _check_deviations(option.scim_deviation, option.scim_product)
    return Options(
        idps=idps,
        every_idp="all" in option.idp,
        suites=suites,
        products=products,
        only=tuple(option.scim_only),
        dialects=tuple(option.scim_dialect),
        deviations=tuple(option.scim_deviation),
        strict=option.scim_strict,
        large=option.scim_large,
        allow_inconclusive=option.scim_allow_inconclusive,
        proofs=option.scim_proofs,
        report=Path(option.scim_report) if option.scim_report else None,
        max_seconds=option.scim_max_seconds or float("inf"),
        asked=asked(config),
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
    settings = {
        "app": option.scim_app,
        "timeout": option.scim_timeout,
        "settle": option.scim_settle,
        "run_timeout": option.scim_max_seconds,
        "concurrency": option.scim_concurrency,
        "read_only": option.scim_read_only or None,
        "allow_http": option.scim_allow_http or None,
        "allow_redirect": option.scim_allow_redirect or None,
        "case_header": False if option.scim_no_case_header else None,
    }
    target = load_target(
        url=option.scim_url,
        target_file=option.scim_target,
        token_file=option.scim_token_file,
        settings=settings,
    )
    if target is None and option.scim_read_only:
        raise TargetError("--scim-read-only is for a server that you name: add --scim-url")
    unused = os.environ.get("SCIM_PRODUCT")
    if target is None and unused and unused != option.scim_product:
        raise TargetError(
            "SCIM_PRODUCT names the product behind a server, and no server is named: set SCIM_URL, "
            f"or unset it; --scim-product {unused} is for our simulation of the product"
        )
    if target is not None and option.scim_deviation:
        raise TargetError("--scim-deviation is for the embedded server, not for a named target")
    waivers.check(target.waivers if target else ())
    if target is not None and target.app and not hasattr(config, "workerinput"):
        # What is wrong with it is said before anything else; workers say it in their cases.
        in_process.application(target.app, target.timeout)
    return target


def check_product(target: Target | None) -> str:
    """Return what a target lacks to show its product; raises TargetError for one unknown to us."""
    if target is None or target.product is None:
        return ""
    _check([target.product.name], judged_products(), "product.name")
    return target.product.lacks


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


def _suites(config: pytest.Config, target: Target | None) -> tuple[str, ...]:
    """Return the suites; where a simulated product is the target, there is but one."""
    option = config.option
    asked = tuple(option.scim_suite)
    # A listing reads no target, but is told of one.
    if not option.scim_product or target is not None or option.scim_url or option.scim_target:
        return asked
    for name in asked:
        if name != PRODUCT:
            raise TargetError(
                f"--scim-suite {name!r} does not go with --scim-product alone: without a server "
                "the simulated product is the target, and its promises are all that is checked"
            )
    return (PRODUCT,)


def _products(config: pytest.Config, target: Target | None) -> tuple[str, ...]:
    """Return the products whose cases run: the named one, or all where everything is to run."""
    named = config.option.scim_product
    if named:
        _check([named], judged_products(), "--scim-product")
    check_product(target)
    own = target.product.name if target is not None and target.product is not None else None
    if named and own and named != own:
        raise TargetError(f"--scim-product {named!r}: the target file names the product {own!r}")
    if named or own:
        return (str(named or own),)
    if PRODUCT in config.option.scim_suite:
        known = ", ".join(judged_products())
        raise TargetError(f"--scim-suite product: name the product with --scim-product ({known})")
    return judged_products() if _runs_everything(config, target) else _of(config.option.scim_only)


def _of(only: list[str]) -> tuple[str, ...]:
    """Return the products of the requirements that are asked for."""
    found = (catalogue()[each].product for each in only if each in catalogue())
    return tuple(dict.fromkeys(each for each in found if each))


def _check_documented(idps: tuple[str, ...], products: tuple[str, ...]) -> None:
    """Refuse an IdP of which a product promises nothing: a run without it would look passed."""
    entries = (entry for entry in catalogue().values() if entry.product in products)
    known = sorted({name for entry in entries for name in entry.idps})
    strange = next((name for name in idps if name not in known), None)
    if strange is not None:
        raise TargetError(
            f"--idp {strange!r}: the documents of {' and '.join(products)} promise nothing about "
            f"it; they speak of {', '.join(known)}"
        )


def _runs_everything(config: pytest.Config, target: Target | None) -> bool:
    """Return whether nobody narrows, as in a developer's run or the proofs."""
    option = config.option
    named = option.idp or option.scim_suite or option.scim_only
    # A listing reads no target, but is told of one.
    named = named or option.scim_url or option.scim_target
    return bool(option.scim_proofs or (target is None and not named))


def _check_deviations(names: list[str], product: str | None) -> None:
    if not names:
        return
    from reference_server import deviations  # only now: a run without deviations never loads them
    from suites.reach import embedded_product

    known = embedded_product.deviations(product) if product else {}
    try:
        for name in names:
            if name not in known:
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
