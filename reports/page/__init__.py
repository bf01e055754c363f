"""`report.html`: one file that opens from disk and asks for nothing from outside.

It can be read as it is; its one script adds search, filters, buttons that copy, and links that
open what they lead to.
"""

from __future__ import annotations

from .document import render_html as render_html
