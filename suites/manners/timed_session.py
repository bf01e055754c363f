"""`requests` with one time-out for a whole exchange, where its own counts from the last byte."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.connectionpool import HTTPSConnectionPool

from idp_profiles.deadline import TimedSocket
from idp_profiles.final_response import FinalResponse


class _Plain(HTTPConnection):
    response_class = FinalResponse

    def connect(self) -> None:
        """Connect, and read under the limit of the request from then on."""
        super().connect()
        self.sock = TimedSocket(self.sock)


class _Encrypted(HTTPSConnection):
    response_class = FinalResponse

    def connect(self) -> None:
        """Connect, and read under the limit of the request from then on."""
        super().connect()
        self.sock = TimedSocket(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class TimedAdapter(HTTPAdapter):
    """Sends over connections that know when the time of a request is over."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as requests calls it
        """Make the pools of connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
