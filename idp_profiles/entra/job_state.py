"""A job as JSON types and back, so that a long history can be taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING
from typing import Any

from idp_profiles.living.directory import Directory
from idp_profiles.model import Json

from .provisioning import Provisioned
from .quarantine import Quarantine

if TYPE_CHECKING:
    from .engine import Job


def save_job(job: Job) -> dict[str, Json]:
    """Return directory, links and the job's own state; no credential and no password."""
    app = job.app
    return {
        "directory": job.directory.to_json(),
        "links": job.idp.links.save(),
        "app": {
            "off": [*sorted(app.off)],
            "managers": {**app.managers},
            "names": {**app.names},
            "members": {key: [*sorted(people)] for key, people in app.members.items()},
        },
        "job": {
            "now": job.clock.now,
            "watermark": job.watermark,
            "next_cycle": job.next_cycle,
            "paused": job.paused,
            "disabled": job.disabled,
            "quarantine": None if job.quarantine is None else asdict(job.quarantine),
            "escrow": job.escrow.to_json(),
        },
    }


def load_job(job: Job, kept: Mapping[str, Any]) -> None:
    """Take up what `save_job` returned; raises ValueError for anything else."""
    directory = Directory.from_json(kept.get("directory"), job.clock)
    try:
        app, own = kept["app"], kept["job"]
        job.idp.links.load(kept["links"])
        job.app = Provisioned(
            off=set(app["off"]),
            managers=dict(app["managers"]),
            names=dict(app["names"]),
            members={key: set(people) for key, people in app["members"].items()},
        )
        job.watermark, job.next_cycle = own["watermark"], float(own["next_cycle"])
        job.paused, job.disabled = own["paused"], own["disabled"]
        job.quarantine = None if own["quarantine"] is None else Quarantine(**own["quarantine"])
        job.escrow.load(own["escrow"])
        job.clock.now = max(job.clock.now, float(own["now"]))
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"this is no kept job: {problem!r}") from None
    job.directory = directory
