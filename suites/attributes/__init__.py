"""The protocol cases of RFC 7643 sections 1 to 3 and 7: attributes and what schemas say."""
