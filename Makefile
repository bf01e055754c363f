# make okta   the main job: set up, then replay Okta against the embedded server
# make large  the Okta job with the big cases, such as a group of 1,000
# make test   set up, then everything: suites, selftests, proofs
# make lint   ruff and mypy
# make interop  judge servers that others wrote, and let their testers judge ours
# make soak   the heavy tests in full: fuzz, kills, random histories; writes benchmarks/SOAK.md
# make bench  measure: the reference server and the suites beside others, a slow server; writes
#             benchmarks/RESULTS.md, SUITE.md and LATENCY.md
# make docs   write the generated pages again
# make site   build the documentation site into site/; a broken link fails
# make screenshots  take the pictures of the pages and reports again (Chromium)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: okta test large lint interop soak bench docs site screenshots clean

okta: $(READY)
	$(BIN)/python -m pytest --idp okta

test: $(READY)
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --random-order

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

interop: $(READY)
	$(BIN)/python tests/interop/run.py

large: $(READY)
	$(BIN)/python -m pytest -q -n 2 --idp okta --scim-large

soak: $(READY) large
	$(BIN)/python benchmarks/soak.py

bench: $(READY)
	$(BIN)/python benchmarks/server.py
	$(BIN)/python benchmarks/suite.py
	$(BIN)/python benchmarks/latency.py

docs: $(READY)
	$(BIN)/python -m suites.proving.proofs --write docs/proofs.md
	$(BIN)/python -m suites.pages --write docs/requirements
	$(BIN)/python -m suites.proving.tolerance_needs --write docs/tolerances.md
	$(BIN)/python -m idp_profiles.page --write docs/idps
	$(BIN)/python -m idp_profiles.living.page --write docs/mock-idp.md
	$(BIN)/python -m suites.products.page --write docs/product-promises.md
	$(BIN)/python tests/interop/run.py --pages scim2-server django-scim2 scimmy

site: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

screenshots: $(READY)
	$(BIN)/python -m tests.reference_server.page.screenshots
	$(BIN)/python -m tests.reports.page.screenshots
	$(BIN)/python -m tests.reports.vendors.card_screenshots

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "scimproof needs Python 3.11 or newer: make PYTHON=python3.12 okta"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) dist site .scim-reports
