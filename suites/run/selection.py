"""Which cases run, in which dialects, and what is known about each before it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import idp_profiles
from suites.outcome.results import CaseRecord
from suites.requirements import MARK
from suites.requirements import Proof
from suites.requirements import Requirement
from suites.requirements import by_id

from .state import Options

HOME = Path(__file__).resolve().parents[1]
LARGE = "scim_large"
PRODUCT = "product"  # the suite of the promises of products
PROVIDER = "provider"  # the parameter that says which IdP a promise of a product is tried with
_TOLD = (PROVIDER, "deviation")  # parameters that a result names anyway


def parametrise(metafunc: pytest.Metafunc, options: Options) -> None:
    """Give a case its dialects and, in a run of proofs, the deviations that must kill it."""
    marker = next(metafunc.definition.iter_markers(MARK), None)
    if marker is None:
        return
    parameter, forms = _forms_of(metafunc, marker, options)
    proof = marker.kwargs["proof"]
    if not options.proofs:
        if parameter:
            metafunc.parametrize(parameter, forms)
        return
    pairs = [(form, name) for form in forms for name in deviations_of(proof, form)]
    if parameter:
        metafunc.parametrize((parameter, "deviation"), pairs)
    else:
        metafunc.parametrize("deviation", [name for _, name in pairs])


def _forms_of(
    metafunc: pytest.Metafunc, marker: pytest.Mark, options: Options
) -> tuple[str, list[str] | list[None]]:
    """Return what a case is run in: the dialects of its IdP, or the IdPs of a product."""
    requirement = by_id(marker.args[0])
    if requirement.product is not None:
        idps = idps_of(marker, requirement)
        return (PROVIDER, [*idps]) if idps else ("", [None])
    if "dialect" in metafunc.fixturenames:
        return "dialect", _dialects(marker, requirement, options)
    return "", [None]


def idps_of(marker: pytest.Mark, requirement: Requirement) -> tuple[str, ...]:
    """Return the IdPs with which a case tries the promise of a product."""
    own: tuple[str, ...] | None = marker.kwargs["idps"]
    return requirement.idps if own is None else own


def deviations_of(proof: Proof, form: str | None) -> tuple[str, ...]:
    """Return the deviations that must kill a case in a dialect, or with an IdP."""
    if isinstance(proof, dict):
        return proof.get(form or "", ())
    return proof


def _dialects(marker: pytest.Mark, requirement: Requirement, options: Options) -> list[str]:
    own: tuple[str, ...] | None = marker.kwargs["dialects"]
    every = own or requirement.dialects
    asked = [name for name in every if not options.dialects or name in options.dialects]
    # An empty tuple says that the traffic is the same in all dialects: once is enough.
    return asked[:1] if own == () else asked


def record_of(item: pytest.Item) -> CaseRecord | None:
    """Return what is known about a collected item; None for an item that is no case of ours."""
    marker = item.get_closest_marker(MARK)
    if marker is None:
        return None
    params = item.callspec.params if hasattr(item, "callspec") else {}
    dialect, provider = params.get("dialect"), params.get(PROVIDER)
    documentation = (getattr(item, "function", None).__doc__ or "").strip()
    requirement = by_id(marker.args[0])
    # The traffic of several dialects is judged once; that of the only dialect belongs to it.
    shared_traffic = marker.kwargs["dialects"] == () and len(requirement.dialects) > 1
    return CaseRecord(
        requirement=requirement,
        suite=_suite(item.path),
        title=documentation.splitlines()[0].rstrip(".") + _form(item, requirement),
        dialect=dialect if isinstance(dialect, str) and not shared_traffic else None,
        provider=provider,
        proof=deviations_of(marker.kwargs["proof"], provider or dialect),
        deviation=params.get("deviation"),
        needs=needs_of(marker, requirement),
    )


def _form(item: pytest.Item, requirement: Requirement) -> str:
    """Return what tells the forms of one case from each other, unless dialect or IdP does."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or requirement.idp is not None:
        return ""
    if requirement.product is None:
        return f" ({callspec.id})"
    own = [str(value) for name, value in callspec.params.items() if name not in _TOLD]
    return f" ({', '.join(own)})" if own else ""


def needs_of(marker: pytest.Mark, requirement: Requirement) -> tuple[str, ...]:
    """Return the optional features without which a case has nothing to judge."""
    own: tuple[str, ...] | None = marker.kwargs["needs"]
    return requirement.depends_on if own is None else own


def wants(item: pytest.Item, record: CaseRecord | None, options: Options) -> bool:
    """Return whether an item stays in the run (design section 4.1)."""
    if record is None:
        ours = item.path.is_relative_to(HOME.parent / "tests")
        return not (ours and _narrowed(item.config))
    if item.get_closest_marker(LARGE) and not (options.large or options.proofs):
        return False
    if options.suites and record.suite not in options.suites:
        return False
    if options.dialects and not _speaks(item, options):
        return False
    if options.only and record.requirement.id not in options.only:
        return False
    if record.requirement.product is not None:
        return _product_wants(record, options)
    return _idp_wants(record.requirement, options)


def _speaks(item: pytest.Item, options: Options) -> bool:
    """Return whether an item runs in a wanted dialect; pytest keeps one without any, to skip it."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return "dialect" not in params or params["dialect"] in options.dialects


def _product_wants(record: CaseRecord, options: Options) -> bool:
    if record.requirement.product not in options.products:
        return False
    return not options.idps or options.every_idp or record.provider in (None, *options.idps)


def _idp_wants(requirement: Requirement, options: Options) -> bool:
    if not options.idps or options.every_idp:
        return True
    if requirement.idp is not None:
        return requirement.idp in options.idps
    relied = {rid for name in options.idps for rid in idp_profiles.load(name).facts.relies_on}
    return requirement.id in relied


def _narrowed(config: pytest.Config) -> bool:
    """Return whether an option says that this is a run against a target, not a developer's."""
    option = config.option
    named = option.idp or option.scim_url or option.scim_target or option.scim_product
    return bool(named or option.scim_suite)


def is_pure_run(config: pytest.Config) -> bool:
    """Return whether the session is nothing but a run of cases, so that judging none is wrong."""
    return _narrowed(config) or bool(config.option.scim_only)


class Folders:
    """Leaves out folders of which no case was asked for: they need not even be read."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Leave out a folder, unless paths say themselves what is to be collected."""
        if collection_path.parent != HOME or config.args != [str(HOME)]:
            return None
        return not _may_have_cases(collection_path, self._options) or None


def _may_have_cases(folder: Path, options: Options) -> bool:
    suite = _suite(folder)
    if suite == PRODUCT and not options.products:
        return False
    return not options.suites or suite in options.suites


def _suite(path: Path) -> str:
    try:
        area = path.relative_to(HOME).parts[0]
    except ValueError:
        return "protocol"
    if area == "products":
        return PRODUCT
    return area if area in ("idp", "security", "consistency") else "protocol"
