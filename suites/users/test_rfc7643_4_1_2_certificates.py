"""RFC 7643 section 4.1.2: the certificates of a user."""

from __future__ import annotations

import base64
import binascii

from suites.attributes.creating import CERTIFICATE
from suites.attributes.showing import shows
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.users.conftest import Wishes
from suites.users.samples import NO_BASE64
from suites.users.wishes import Wish
from suites.values import values_at


@requirement("RFC7643-4.1.2-35", proof=("certificates-in-pem", "certificates-in-hex"))
def test_a_certificate_is_kept(entitled: Wishes) -> None:
    """A certificate comes back as the same bytes in base64."""
    wish = entitled["certificate"]
    wish.kept("x509Certificates.value")
    for each in _values(wish):
        same = _bytes(each) == _bytes(CERTIFICATE)
        shows(wish.after, holds=same, wanted="the certificate that was sent", came=each)


@requirement("RFC7643-4.1.2-35", proof=("wrong-values-kept",))
def test_what_is_not_base64_is_no_certificate(wrong: Wishes) -> None:
    """A certificate that is not in base64 is refused, or does not come back."""
    wish = wrong["no base64"]
    expect(wish.reply).no_server_error()
    if wish.taken:
        kept = NO_BASE64 in _values(wish)
        expect(wish.after).warn_at_most().holds(lambda: not kept, "base64", lambda: NO_BASE64)


@requirement("RFC7643-4.1.2-36", proof=("wrong-values-kept",))
def test_two_certificates_are_not_one(wrong: Wishes, reading: Reading) -> None:
    """A value that holds two certificates is refused, or does not come back."""
    wish = wrong["two certificates"]
    reading(f"two certificates in one value are answered with {wish.reply.status}")
    expect(wish.reply).no_server_error()
    if wish.taken:
        long = [each for each in _values(wish) if len(_bytes(each)) > len(_bytes(CERTIFICATE))]
        shows(wish.after, holds=not long, wanted="one certificate", came="two in one value")


def _values(wish: Wish) -> list[str]:
    return [str(each) for each in values_at(wish.after.object(), "x509Certificates.value")]


def _bytes(value: str) -> bytes:
    """Return what base64 text holds, of either alphabet; nothing where it is none."""
    plain = "".join(value.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (ValueError, binascii.Error):
        return b""
