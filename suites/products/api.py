"""The way to a product's own API: a key in a header, every exchange evidence, every key masked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from idp_profiles.model import Credential
from idp_profiles.model import Json
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.client import Seen
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.preflight.look import SIMULATION
from suites.reach.connection import Connection
from suites.target.model import Target

_SECRET = frozenset({"key", "apikey", "token"})  # members of replies whose texts are secrets


class ProductApi:
    """Talks to one base URL of a product with one member's key.

    The target of an exchange is the whole URL, so that evidence and reproduction tell the
    product's own API from the SCIM service. Replies are requested as JSON. In a workspace that is
    `shared` nobody touches what SCIM itself rests on: its token, its being on, the plan.
    """

    def __init__(
        self,
        connection: Connection,
        log: CaseLog,
        *,
        header: str,
        key: str,
        shared: bool = False,
    ) -> None:
        self.shared = shared
        self._connection = connection
        self._header = header
        self._key = key
        self.log = log
        log.hands_out = handed_out
        log.redactor = log.redactor.also((key,) if key else ())
        self._client = ScimClient(connection, log, Journal(None, owner="product"))

    @property
    def url(self) -> str:
        """The base URL."""
        return self._connection.target.url

    @property
    def origin(self) -> str:
        """Scheme and host, below which a simulation has what is no API."""
        split = urlsplit(self.url)
        return f"{split.scheme}://{split.netloc}"

    def acting(self, key: str) -> ProductApi:
        """Return the same with another member's key."""
        return ProductApi(
            self._connection, self.log, header=self._header, key=key, shared=self.shared
        )

    def send(self, method: str, path: str, body: Json = None) -> Seen:
        """Send one request below the base URL; raises Blocked on transport trouble."""
        return self._send(method, self.url + path, body)

    def at_origin(self, method: str, path: str, body: Json = None) -> Seen:
        """Send one request below the origin."""
        return self._send(method, self.origin + path, body)

    def _send(self, method: str, url: str, body: Json) -> Seen:
        headers = [(self._header, self._key)] if self._key else []
        headers += [("Accept", "application/json"), ("User-Agent", "scimproof")]
        headers += [("Content-Type", "application/json")] if body is not None else []
        return self._client.send(method, url, body=body, headers=tuple(headers), settle=False)


def simulated_by(seen: Seen) -> str:
    """Return which of our simulations answered, empty for a product itself."""
    return seen.header(SIMULATION) or ""


def api_target(url: str, key: str, base: Target | None = None) -> Target:
    """Return a product's API as a target; of the SCIM server's settings only the manners hold."""
    credential = Credential("header", key)
    if base is None:
        return Target(url=url, credential=credential)
    return Target(
        url=url,
        credential=credential,
        ca_file=base.ca_file,
        timeout=base.timeout,
        wait_budget=base.wait_budget,
        run_timeout=base.run_timeout,
        requests_per_second=base.requests_per_second,
        concurrency=base.concurrency,
        read_only=base.read_only,
    )


def handed_out(raw: RawExchange) -> set[str]:
    """Return the keys and tokens that a reply of a product hands out."""
    if raw.reply is None or not raw.reply.body:
        return set()
    try:
        return set(_secrets(json.loads(raw.reply.body)))
    except (ValueError, RecursionError):
        return set()


def _secrets(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _secrets(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and item and name.lower() in _SECRET:
                yield item
            else:
                yield from _secrets(item)
