"""What `scimproof report` can do, one module for each of its commands."""
