"""The page: one small web page behind the server's token, to look at what an IdP did."""

from __future__ import annotations
