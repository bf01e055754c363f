"""Findings by cause: which cases show one fault, what it does to whom, what it is called."""
