"""Many identity providers that put their first load, and a day of changes, on one endpoint."""
