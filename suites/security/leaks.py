"""What an error gives away of the server's inside."""

from __future__ import annotations

import re

from suites.client import Seen

_TRACES = (
    r"Traceback \(most recent call last\)",
    r'File "[^"]+", line \d+',
    r"\bat [\w.$<>]+\([\w$]+\.(?:java|kt|scala):\d+\)",
    r"\bat [\w.$<>]+\((?:Native Method|Unknown Source)\)",
    r"\bat [\w.`<>\[\], ]+\(.*\) in .+:line \d+",
    r"\bat [\w.<>\[\] ]+ \(?(?:file://|node:|/)[^\s)]+:\d+:\d+\)?",
    r"#\d+ [^\s]+\.php\(\d+\)",
    r"[\w/.-]+\.rb:\d+:in [`']",
    r"\bgoroutine \d+ \[",
    r"Exception in thread \"",
)
_DATABASES = (
    r"SQLSTATE",
    r"\bORA-\d{5}\b",
    r"\bPSQLException\b|\bpsycopg2?\.|\bpg_query\b|\bpgx?\.|PG::\w+",
    r"\bsqlite3?\.(?:\w*Error|OperationalError)|\bSQLITE_\w+",
    r"syntax error at or near",
    r"You have an error in your SQL syntax",
    r"duplicate key value violates unique constraint",
    r"violates (?:not-null|foreign key|check) constraint",
    r"UNIQUE constraint failed|NOT NULL constraint failed",
    r"Duplicate entry '.*' for key",
    r"org\.hibernate\.|javax?\.persistence|jakarta\.persistence|sqlalchemy\.exc",
    r"\bMongo(?:Server)?Error\b|\bE11000 duplicate key",
    r"(?i)\bselect\b[^\"]{1,300}\bfrom\b[^\"]{1,100}\bwhere\b",
    r"(?i)\binsert into \w+",
    r"javax\.naming\.\w+Exception|LDAP: error code \d+",
)
_PATHS = (
    r"(?:/[\w.@-]+){2,}\.(?:py|rb|js|ts|mjs|java|php|go|cs|rs|ex|pl)\b",
    r"\b[A-Za-z]:\\\\?(?:[\w.$ -]+\\\\?){2,}",
    r"/(?:site-packages|node_modules|WEB-INF)/",
    r"/(?:home|var/www|srv|opt|usr/(?:lib|local|src))/[\w.-]+/[\w./-]+",
)
# Addresses that a page or a message leads to, which are no files of the server's own.
_ADDRESSES = re.compile(
    r"""(?ix)
    \bhttps?://[^\s"'<>\\]+
    | \b(?:src|href|srcset|poster|action|formaction|data-[\w-]+) \s*=\s*
      (?: "(?!\s*file:)[^"]*" | '(?!\s*file:)[^']*' | (?!["']|file:)[^\s>]+ )
    | \burl\( (?!\s*["']?file:)[^)]*\)
    """
)


def traces(reply: Seen) -> str | None:
    """Return what of an error looks like a stack trace, or None."""
    return _found(_TRACES, reply)


def database_words(reply: Seen) -> str | None:
    """Return what of an error a data base or a mapper has written, or None."""
    return _found(_DATABASES, reply)


def source_paths(reply: Seen) -> str | None:
    """Return what of an error is a path of the server's own, or None."""
    return _found(_PATHS, reply, but=_ADDRESSES)


def _found(
    patterns: tuple[str, ...], reply: Seen, but: re.Pattern[str] | None = None
) -> str | None:
    """Return the first match in an error body that is not a piece of the request.

    What matches `but` is left out.
    """
    if reply.status < 400:
        return None
    text = reply.content.decode("utf-8", "replace")
    # JSON writes quotes and slashes with a backslash.
    text = text.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n").replace("\\t", "\t")
    text = but.sub(" ", text) if but is not None else text
    sent = f"{reply.entry.target} {reply.entry.request_body}"
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            if match.group() not in sent:
                return match.group()[:120]
    return None


def version(reply: Seen) -> str | None:
    """Return the header that tells the version of the software, or None."""
    for name in ("Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Runtime"):
        value = reply.header(name)
        if value and re.search(r"\d+\.\d+", value) and name != "X-Runtime":
            return f"{name}: {value}"
    return None
