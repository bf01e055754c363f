"""The file between two calls of the command: the office, where its app is, how it was set up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

from idp_profiles.by_hand import Settings
from idp_profiles.model import Json

from .office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How an office was set up by an earlier call, as far as it says so; `own` is the engine's."""

    url: str = ""
    dialect: str = ""
    switches: Mapping[str, str] = field(default_factory=dict)
    toggles: Mapping[str, bool] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    def same_url(self, wanted: str) -> str:
        """Return where the app is; raises ValueError when somebody means another one."""
        if self.url and wanted and wanted.rstrip("/") != self.url.rstrip("/"):
            raise ValueError(f"this state is of the app at {self.url}, not {wanted}")
        return wanted or self.url

    def completed(self, settings: Settings) -> Settings:
        """Return settings with what was set earlier and is not set anew."""
        switches = {**self.switches, **settings.switches}
        return replace(settings, switches=switches, toggles={**self.toggles, **settings.toggles})


def kept_setup(file: Path | None, name: str) -> Setup:
    """Return what a file says of the set-up, if there is one; raises ValueError."""
    if file is None or not file.exists():
        return Setup()
    kept: dict[str, Any] = read_state(file)
    if kept.get("idp") != name:
        raise ValueError(f"the state {str(file)!r} is of {kept.get('idp')!r}, not of {name!r}")
    return Setup(**{each: kept[each] for each in Setup.__dataclass_fields__})


def read_state(file: Path) -> dict[str, Json]:
    """Return what a file keeps; raises ValueError with one sentence for anything else."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"the state {str(file)!r} cannot be read: {error.strerror}") from None
    except ValueError:
        raise ValueError(f"the state {str(file)!r} is no JSON") from None
    if not isinstance(kept, dict) or not {"idp", *Setup.__dataclass_fields__} <= kept.keys():
        raise ValueError(f"the state {str(file)!r} is no kept state of a living mock IdP")
    return kept


def write_state(file: Path, office: Office, how: Mapping[str, Json]) -> None:
    """Keep an office and `how` it was set up; an older file stays whole until the new one is."""
    text = json.dumps({**office.to_json(), **how}, indent=1, ensure_ascii=False)
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise ValueError(f"the state {str(file)!r} cannot be written: {error.strerror}") from None
