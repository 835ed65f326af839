PYTHON ?= python3
WORKERS ?= 2
CYCLES ?= 200
KILLS ?= 2000
CHANGES ?= 100000
BASE ?= HEAD~1
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE # each of many processes would compile everything anew

.PHONY: help setup run check test test-deep dist matrix format reference bench bench-compare faults faults-alerts tamper constraints clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.ready ## make .venv with everything, each package checked by its hash

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## serve on http://127.0.0.1:8000, with a database of its own unless KIENNGHI_DATABASE_URL is set
	$(BIN)/kiennghi run

LINT = $(BIN)/ruff format --check && $(BIN)/ruff check && $(BIN)/mypy && $(BIN)/lint-imports
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: setup ## about a minute: format, lint, types, import contracts, and the tests of domain and projections
	$(LINT)
	$(PYTEST) tests/domain tests/projections

test: setup ## everything that decides about a change
	$(LINT)
	$(PYTEST)

test-deep: setup ## all tests with sixteen times as many random examples, others in each run
	EXAMPLES=deep $(PYTEST)

dist: setup ## build the wheel, install it where nothing else is, and take a petition through it
	$(BIN)/python tests/packaging/check_wheel.py

matrix: ## `make test` on each Python and PostgreSQL that is installed here
	tests/packaging/matrix.sh

format: setup ## put the sources into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

reference: setup ## make the generated pages of docs/reference anew
	$(BIN)/python -m docs.generator

bench: setup ## measure; what and how is in tests/benchmarks
	$(BIN)/python -m tests.benchmarks.run

bench-compare: setup ## measure BASE and this version in turn, and say what has become dearer; NAMES= some of the benchmarks
	$(BIN)/python -m tests.benchmarks.compare $(BASE) $(NAMES)

faults: setup ## kill service and database CYCLES times under load, and look what is missing; SEED=n repeats a run
	$(BIN)/python -m tests.faults commands --cycles $(CYCLES) $(if $(SEED),--seed $(SEED))

faults-alerts: setup ## kill workers that alert, and receivers, KILLS times at every point, and count what is wrong; SEED=n repeats a run
	$(BIN)/python -m tests.faults alerts --kills $(KILLS) $(if $(SEED),--seed $(SEED))

tamper: setup ## change a sealed log CHANGES times as a superuser, and look what is not named; SEED=n repeats a run
	$(BIN)/python -m tests.tampering --changes $(CHANGES) $(if $(SEED),--seed $(SEED))

constraints: ## make constraints.txt anew from pyproject.toml, at today's releases
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13'
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file constraints.txt

clean: ## remove what setup and the checks made; the petitions in .kiennghi stay
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis dist
	find docs domain projections service tests -name __pycache__ -type d -prune -exec rm -rf {} +
