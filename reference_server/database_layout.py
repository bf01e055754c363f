"""The layout of the database file: its tables, and the numbers by which the file is known.

Resources have a number of their own, so that entries and memberships are small. An entry leads from
a value of an indexed attribute to a resource. A membership is one row, indexed in both directions:
what a change of members costs does not depend on how many there are. The counts and sequences are
kept, because counting would read as many rows as there are resources.
"""

from __future__ import annotations

# "SCIM" in ASCII: PRAGMA application_id, by which the file says whose it is.
PROGRAM = 0x5343494D
# PRAGMA user_version; every change of the tables below needs a new number.
LAYOUT = 1

STATEMENTS = (
    f"PRAGMA application_id = {PROGRAM}",
    f"PRAGMA user_version = {LAYOUT}",
    """
    CREATE TABLE tenants (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      sequence INTEGER NOT NULL
    )
    """,
    # `indexed` says which attributes have entries, and in which form.
    """
    CREATE TABLE kinds (
      number INTEGER PRIMARY KEY,
      tenant INTEGER NOT NULL,
      name TEXT NOT NULL,
      indexed TEXT NOT NULL,
      count INTEGER NOT NULL,
      UNIQUE (tenant, name)
    )
    """,
    # The long column stands last: SQLite reads a row from its beginning.
    """
    CREATE TABLE resources (
      number INTEGER PRIMARY KEY,
      tenant INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      id TEXT NOT NULL,
      display TEXT,
      sequence INTEGER NOT NULL,
      created TEXT NOT NULL,
      modified TEXT NOT NULL,
      version INTEGER NOT NULL,
      attributes TEXT NOT NULL,
      UNIQUE (tenant, id)
    )
    """,
    "CREATE UNIQUE INDEX resources_in_order ON resources (kind, sequence)",
    """
    CREATE TABLE entries (
      kind INTEGER NOT NULL,
      place TEXT NOT NULL,
      value TEXT NOT NULL,
      resource INTEGER NOT NULL,
      PRIMARY KEY (kind, place, value, resource)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE memberships (
      holder INTEGER NOT NULL,
      member INTEGER NOT NULL,
      PRIMARY KEY (holder, member)
    ) WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX memberships_by_member ON memberships (member, holder)",
    """
    CREATE TABLE marks (
      tenant INTEGER NOT NULL,
      mark TEXT NOT NULL,
      PRIMARY KEY (tenant, mark)
    ) WITHOUT ROWID
    """,
)
