"""What somebody asked for beyond the choice of cases, as the report keeps it.

With it the command of a run can be written again (`reports.repeat_command`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from idp_profiles.model import Json

HOME = Path(__file__).resolve().parents[1]


def asked(config: pytest.Config) -> dict[str, Json]:
    """Return what shapes a run and is no list of cases; of a file its name alone is kept."""
    option = config.option
    return {
        "every_idp": "all" in option.idp,
        "named_product": option.scim_product,
        "target_file": Path(option.scim_target).name if option.scim_target else None,
        "timeout": option.scim_timeout,
        "settle": option.scim_settle,
        "app": option.scim_app,
        "max_seconds": option.scim_max_seconds,
        "concurrency": option.scim_concurrency,
        "read_only": option.scim_read_only,
        "allow_http": option.scim_allow_http,
        "allow_redirect": option.scim_allow_redirect,
        "case_header": not option.scim_no_case_header,
        "keyword": option.keyword or None,
        "marks": option.markexpr or None,
        "paths": _paths(config),
    }


def _paths(config: Any) -> list[Json]:  # noqa: ANN401 - a pytest.Config, or a test's own
    """Return the files or folders of cases that were named; folders of other projects stay out."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return []
    named = (Path(each.partition("::")[0]).resolve() for each in config.args)
    rests = (each.partition("::")[1:] for each in config.args)
    return [
        f"{path.relative_to(HOME.parent).as_posix()}{''.join(rest)}"
        for path, rest in zip(named, rests, strict=True)
        if path != HOME and path.is_relative_to(HOME)
    ]
