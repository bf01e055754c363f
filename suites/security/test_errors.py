"""What errors give away."""

from __future__ import annotations

from collections.abc import Callable

from suites.client import Seen
from suites.expect import expect
from suites.requirements import requirement
from suites.security.leaks import database_words
from suites.security.leaks import source_paths
from suites.security.leaks import traces
from suites.security.leaks import version


def _tells_nothing(replies: list[Seen], what: Callable[[Seen], str | None], called: str) -> None:
    __tracebackhide__ = True
    for reply in replies:
        expect(reply).holds(
            lambda reply=reply: what(reply) is None,  # type: ignore[misc]  # a lambda with a default has no type of its own
            f"no {called}",
            lambda reply=reply: str(what(reply)),  # type: ignore[misc]  # as above
        )


@requirement(
    "SEC-ERROR-1", proof=("errors-with-traceback", "errors-with-java-trace", "broken-json-trace")
)
def test_an_error_holds_no_stack_trace(odd: list[Seen]) -> None:
    """No answer to odd requests holds a stack trace."""
    _tells_nothing(odd, traces, "stack trace")


@requirement("SEC-ERROR-2", proof=("errors-with-sql",))
def test_an_error_holds_no_words_of_a_data_base(odd: list[Seen]) -> None:
    """No answer to odd requests holds a message of a data base."""
    _tells_nothing(odd, database_words, "message of a data base")


@requirement("SEC-ERROR-3", proof=("errors-with-paths", "errors-with-traceback"))
def test_an_error_names_no_source_file(odd: list[Seen]) -> None:
    """No answer to odd requests names a file or directory of the server."""
    _tells_nothing(odd, source_paths, "path of the server")


@requirement("SEC-ERROR-4", proof=("server-version-told",))
def test_the_version_of_the_software_is_not_told(odd: list[Seen]) -> None:
    """No header tells the version of the server's software."""
    _tells_nothing(odd, version, "version in a header")
