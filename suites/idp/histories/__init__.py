"""Histories: what many turns of a living mock IdP must come to, whatever happens in between."""
