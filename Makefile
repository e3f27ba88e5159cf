# Two commands do all: `make packs` builds the illustrative council's packs, `make test` runs the tests.
# Each makes its own environment in .venv and needs nothing beforehand but Python 3.11 or later.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PERIODS ?= 2023-24 2023-24-Q2 2026-27-Q1 2026-27-Q2

.PHONY: packs test quick sample lab lint bench mutants clean

packs: $(VENV)/.installed sample
	@for period in $(PERIODS); do $(BIN)/cwb run $$period || exit 1; done

sample: $(VENV)/.installed
	$(BIN)/cwb sample

test: $(VENV)/.tested
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# What needs no council but one of a few rows: for use between two edits.
QUICK := architecture docs bounds constructors periods values config rules emissions matching matching_parts portable_sql \
	spend_account
quick: $(VENV)/.tested
	$(BIN)/python -m pytest -q --numprocesses auto $(QUICK:%=tests/test_%.py)

lab: $(VENV)/.installed
	$(BIN)/jupyter lab notebooks

lint: $(VENV)/.tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/.tested
	$(BIN)/python tests/benchmarks/bench_spend.py
	$(BIN)/python tests/benchmarks/bench_findings.py
	$(BIN)/python tests/benchmarks/bench_run.py
	$(BIN)/python tests/benchmarks/bench_scale.py
	$(BIN)/python tests/benchmarks/bench_matching.py

# Small faults in 400 places, each against the tests that run it: an hour or two on two cores. MUTANTS="--size 40 --area periods"
# asks less; --write puts the result into docs/mutants.md.
mutants: $(VENV)/.tested
	$(BIN)/python tests/mutants $(MUTANTS)

clean:
	rm -rf $(VENV) data/processed/*/ data/processed/*.parquet data/processed/*.json data/raw/illustrative reports/*/

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'cwb needs Python 3.11 or later')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@
