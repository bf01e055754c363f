"""The server under test, as the user names it: address, credentials, and what it wants of users."""
