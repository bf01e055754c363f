"""An office on a server of its own: the embedded one in this process, or one at an address."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager

import idp_profiles
from suites.cleanup.journal import Journal
from suites.cleanup.tidying import sweep
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.making.people import Registry
from suites.making.people import new_run_id
from suites.reach import embedded
from suites.reach.connection import Connection
from suites.replay import Setup
from suites.target.every_user import by_path

from .office import Office
from .office import Site


@contextmanager
def embedded_office(idp: str, dialect: str, deviations: Sequence[str] = ()) -> Iterator[Office]:
    """Open an office on an embedded server in this process, which may deviate."""
    server = embedded.start(deviations=deviations, sockets=False, tenants=False)
    try:
        yield office_on(server.connection, idp, dialect)
    finally:
        server.close()


@contextmanager
def office_at(connection: Connection, idp: str, dialect: str) -> Iterator[Office]:
    """Open an office on somebody's server, and delete at the end what it made there."""
    office = office_on(connection, idp, dialect)
    try:
        yield office
    finally:
        sweep(office.site.journal, office.site.look.raw)
        connection.close()


def office_on(connection: Connection, idp: str, dialect: str) -> Office:
    """Return an office at the end of a connection, whose log is kept in memory."""
    log = CaseLog("history", Unmasked(), lambda line: None)
    journal = Journal(None, owner="history")
    target = connection.target
    site = Site(
        connection=connection,
        log=log,
        journal=journal,
        look=ScimClient(connection, log, journal),
        people=Registry(seed=0, run_id=new_run_id(), case=idp, domain=target.email_domain),
    )
    profile = idp_profiles.load(idp)
    setup = Setup(
        profile=profile,
        dialect=dialect or profile.usual_dialect,
        credential=target.credential,
        wishes=by_path(target.every_user),
    )
    return Office(setup, site)
