# make okta   the main job: set up, then replay Okta against the embedded server
# make test   set up, then everything: suites, selftests, proofs
# make lint   ruff and mypy
# make interop  judge a server that others wrote
# make docs   write the generated pages again

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: okta test lint interop soak docs clean

okta: $(READY)
	$(BIN)/python -m pytest --idp okta

test: $(READY)
	$(BIN)/python -m pytest -q -n 2 --random-order

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

interop: $(READY)
	$(BIN)/python tests/interop/run.py

soak: $(READY)
	$(BIN)/python -m pytest -q -n 2 --idp okta --scim-large

docs: $(READY)
	$(BIN)/python -m suites.proofs --write docs/proofs.md

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "scimproof needs Python 3.11 or newer: make PYTHON=python3.12 okta"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) dist .scim-reports
