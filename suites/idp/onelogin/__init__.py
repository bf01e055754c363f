"""The cases of OneLogin, by the parts of its console."""
