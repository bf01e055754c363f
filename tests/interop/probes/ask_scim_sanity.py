"""Runs the command of scim-sanity against a URL; lives in its environment.

The command takes the token as an argument only, which a process list would show, so the arguments
are set inside the process. Its strictest mode is its default.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points

url = sys.argv[1]
token = os.environ["SCIM_TOKEN"]
sys.argv = ["scim-sanity", "probe", url, "--token", token, "--strict"]
sys.argv += ["--i-accept-side-effects", "--json-output"]
(door,) = entry_points(group="console_scripts", name="scim-sanity")
sys.exit(door.load()())
