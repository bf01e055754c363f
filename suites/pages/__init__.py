"""The pages of the requirements: a table for each document, and a page for each requirement."""
