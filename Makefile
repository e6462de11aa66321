# On a machine with Python 3.11 and a network, make run and make test need no preparation.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
AUDIT := .venv-audit/.installed
NOTEBOOK := .venv-notebook/.installed
PAGES := src/f1timings/web/static/build.json
PAGE_SOURCES := $(shell find web -name node_modules -prune -o -type f -print)
# Many tests wait for servers, so more of them run at once than there are cores.
WORKERS ?= 4
# Some machines forbid byte code. Then every server and command that a test starts would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE
SOAK_MINUTES ?= 60
FILE ?=
STORIES := tests/truth/test_truth.py tests/web/boards/test_erased_names.py \
	$(addprefix tests/store/acts/, test_erasure.py test_joined_rigs.py test_random_undos.py)

.PHONY: help install run demo test check docs notebook types bench sbom audit soak stories fuzz chaos drill lock tools clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) $(PAGES) ## create .venv with f1timings and its dependencies, and build the pages

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || { echo "packages: creating .venv …"; $(PYTHON) -m venv .venv; }
	@$(BIN)/python scripts/install_packages.py requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(PAGES): $(STAMP) $(PAGE_SOURCES)
	$(BIN)/python web/build.py
	touch $@

run: install ## run the server: pages at http://localhost:8080, telemetry at UDP port 20777
	$(BIN)/f1timings serve

demo: install ## run an evening with eight simulated rigs, drivers and a queue
	$(BIN)/python -m scripts.demo

test: install tools ## run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -p scripts.coverage_floor --coverage-floor 92

tools: $(STAMP) $(NOTEBOOK) ## install Chromium, old and new, tshark, and what the notebook needs, for the tests
	@scripts/install_tools
	@$(BIN)/python -m scripts.install_old_browsers

check: install ## style, spelling, types, imports, pages and their sizes, generated documentation, locks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.documentation --check
	scripts/check_locks
	scripts/check_pages

docs: install ## update the generated parts of the documentation
	$(BIN)/python -m scripts.documentation

notebook: install $(NOTEBOOK) ## run the notebook in docs/ on a simulated evening, and store what it shows
	$(BIN)/python -m scripts.notebook

$(NOTEBOOK): requirements-notebook.lock $(STAMP)
	$(PYTHON) -m venv --without-pip .venv-notebook
	$(BIN)/uv pip install --quiet --python .venv-notebook/bin/python --require-hashes -r requirements-notebook.lock
	touch $@

types: $(STAMP) ## update the generated types of the API and of the views for the pages
	$(BIN)/python web/api_types.py
	$(BIN)/python web/view_types.py
	$(BIN)/python web/role_list.py
	$(BIN)/python web/refusal_list.py

bench: install ## run the benchmarks: ratios within one run
	$(BIN)/python -m benchmarks

soak: install tools ## one hour with 20 rigs and 200 screens in real time; then one hour on a screen, at sixty times the speed
	F1TIMINGS_SOAK_MINUTES=$(SOAK_MINUTES) PYTEST_DEBUG_TEMPROOT=$${TMPDIR:-/tmp} $(BIN)/python -m pytest -s tests/soak
	F1TIMINGS_SOAK_MINUTES=$(SOAK_MINUTES) $(BIN)/python -m pytest tests/browser/test_soak.py

stories: install ## a thousand random evenings: every lap belongs to who drove it; a hundred of acts and their undos
	F1TIMINGS_LAP_STORIES=1000 $(BIN)/python -m pytest -n $(WORKERS) tests/property/test_whose_lap.py $(STORIES)

fuzz: install ## random bytes to the decoder for ten minutes; random requests to the API as each role
	$(BIN)/python -m scripts.fuzz_packets --seconds 600
	$(BIN)/python -m tests.api_fuzz

chaos: install ## kill, freeze and cut off the server and its database, and lose the network: no official lap is lost
	F1TIMINGS_CHAOS=long $(BIN)/python -m pytest -n $(WORKERS) --timeout 7200 tests/chaos tests/store/test_kill.py tests/store/test_failed_migrations.py tests/truth/test_bad_network.py tests/server/test_clock_steps.py tests/server/test_clock_durations.py

drill: install ## lose a database with 100,000 laps while rigs drive, and restore it
	F1TIMINGS_DRILL_LAPS=100000 $(BIN)/python -m pytest --timeout 1800 tests/server/test_restore_drill.py

sbom: $(AUDIT) ## list what the program and its pages consist of: dist/*.cdx.json, in the form CycloneDX
	mkdir -p dist
	.venv-audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml -o dist/program.cdx.json
	$(BIN)/python web/build.py npm sbom --package-lock-only --sbom-format cyclonedx > dist/pages.cdx.json

audit: $(AUDIT) ## compare the dependencies with the known weaknesses; asks public services
	.venv-audit/bin/pip-audit --disable-pip --require-hashes -r requirements.lock
	$(BIN)/python web/build.py npm audit --package-lock-only

$(AUDIT): requirements-audit.lock $(STAMP)
	$(PYTHON) -m venv --without-pip .venv-audit
	$(BIN)/uv pip install --quiet --python .venv-audit/bin/python --require-hashes -r requirements-audit.lock
	touch $@

lock: install ## update and pin the dependencies
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet pyproject.toml --group dev -o requirements-dev.lock
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet --group pyproject.toml:pages -o requirements-pages.lock
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet --group pyproject.toml:audit -o requirements-audit.lock
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet --group pyproject.toml:notebook -o requirements-notebook.lock

clean: ## delete everything that was built
	rm -rf .venv .venv-audit .venv-notebook dist build .mypy_cache .ruff_cache .hypothesis web/node_modules src/f1timings/web/static
