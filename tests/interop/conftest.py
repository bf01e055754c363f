"""Makes the parts of `run.py` importable under the names they have when it runs as a script."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
