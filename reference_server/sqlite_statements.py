"""The statements of the SQLite store, by name; the tables are in `database_layout`."""

from __future__ import annotations

FIND = """
  SELECT r.kind, r.id, r.created, r.modified, r.version, r.sequence, r.attributes
  FROM resources r WHERE r.tenant = ? AND r.id = ?
"""
# Which column of these it is.
SEQUENCE = 5
SCAN = """
  SELECT r.kind, r.id, r.created, r.modified, r.version, r.sequence, r.attributes
  FROM resources r WHERE r.kind = ? AND r.sequence > ?
  ORDER BY r.sequence LIMIT ? OFFSET ?
"""
LOOK_UP = """
  SELECT r.kind, r.id, r.created, r.modified, r.version, r.sequence, r.attributes
  FROM entries e JOIN resources r ON r.number = e.resource
  WHERE e.kind = ? AND e.place = ? AND e.value = ?
"""
TAKEN = "SELECT 1 FROM entries WHERE kind = ? AND place = ? AND value = ? LIMIT 1"
STORED = "SELECT number, display, attributes FROM resources WHERE tenant = ? AND id = ?"
NUMBER = "SELECT number FROM resources WHERE tenant = ? AND id = ?"

SEQUENCE_OF = "SELECT sequence FROM tenants WHERE number = ?"
SET_SEQUENCE = "UPDATE tenants SET sequence = ? WHERE number = ?"
COUNT_OF = "SELECT count FROM kinds WHERE number = ?"
# Touches no row when the type was opened with other indexed attributes in the meantime.
CHANGE_COUNT = "UPDATE kinds SET count = count + ? WHERE number = ? AND indexed = ?"

INSERT = """
  INSERT INTO resources
    (tenant, kind, sequence, id, display, created, modified, version, attributes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
UPDATE = """
  UPDATE resources SET display = ?, modified = ?, version = ?, attributes = ? WHERE number = ?
"""
DELETE = "DELETE FROM resources WHERE number = ?"
ADD_ENTRY = "INSERT INTO entries (kind, place, value, resource) VALUES (?, ?, ?, ?)"
DROP_ENTRY = """
  DELETE FROM entries WHERE kind = ? AND place = ? AND value = ? AND resource = ?
"""

# Which column of MEMBERS it is.
MEMBER = 3
MEMBERS = """
  SELECT r.id, r.kind, r.display, m.member
  FROM memberships m JOIN resources r ON r.number = m.member
  WHERE m.holder = ? AND m.member > ? ORDER BY m.member LIMIT ?
"""
HAS_MEMBER = """
  SELECT 1 FROM memberships
  WHERE holder = (SELECT number FROM resources WHERE tenant = ? AND id = ?)
  AND member = (SELECT number FROM resources WHERE tenant = ? AND id = ?)
"""
GROUPS = """
  SELECT r.id, r.kind, r.display FROM memberships m JOIN resources r ON r.number = m.holder
  WHERE m.member = (SELECT number FROM resources WHERE tenant = ? AND id = ?) ORDER BY m.holder
"""
GROUPS_WITH = """
  SELECT r.kind, r.id, r.created, r.modified, r.version, r.sequence, r.attributes
  FROM memberships m JOIN resources r ON r.number = m.holder
  WHERE m.member = (SELECT number FROM resources WHERE tenant = ? AND id = ?) AND r.kind = ?
"""
ADD_MEMBER = """
  INSERT OR IGNORE INTO memberships (holder, member)
  VALUES (?, (SELECT number FROM resources WHERE tenant = ? AND id = ?))
"""
REMOVE_MEMBER = """
  DELETE FROM memberships
  WHERE holder = ? AND member = (SELECT number FROM resources WHERE tenant = ? AND id = ?)
"""
EMPTY = "DELETE FROM memberships WHERE holder = ?"
LEAVE_ALL = "DELETE FROM memberships WHERE member = ?"
# The groups of a member whose name has changed, or who goes for ever.
RENAMED = """
  UPDATE resources SET version = version + 1
  WHERE number IN (SELECT holder FROM memberships WHERE member = ?) AND number <> ?
"""
BEREFT = """
  UPDATE resources SET version = version + 1, modified = ?
  WHERE number IN (SELECT holder FROM memberships WHERE member = ?)
"""

ADD_TENANT = "INSERT OR IGNORE INTO tenants (name, sequence) VALUES (?, 0)"
TENANT = "SELECT number FROM tenants WHERE name = ?"
ADD_KIND = "INSERT OR IGNORE INTO kinds (tenant, name, indexed, count) VALUES (?, ?, ?, 0)"
KIND = "SELECT number, indexed FROM kinds WHERE tenant = ? AND name = ?"
SET_INDEXED = "UPDATE kinds SET indexed = ? WHERE number = ?"
DROP_ENTRIES = "DELETE FROM entries WHERE kind = ?"
ADD_MARK = "INSERT OR IGNORE INTO marks (tenant, mark) VALUES (?, ?)"
