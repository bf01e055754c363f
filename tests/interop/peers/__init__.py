"""The parts of `tests/interop/run.py`: environments, servers, testers, and what they found."""
