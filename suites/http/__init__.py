"""Cases of HTTP itself: credentials, media types, errors, versions and /Me."""
