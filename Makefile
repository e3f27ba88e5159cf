# Two commands do all: `make packs` builds the illustrative council's packs, `make test` runs the tests.
# Each makes its own environment in .venv and needs nothing beforehand but Python 3.11 or later.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
# An environment that is a link is another folder's: cwb would be installed into it from here, and there run from here. A make that does
# not follow links, as on Windows, is told by Python before it installs.
LINKED := is a link to the environment of another folder. Remove the link (not what it leads to), and make writes one of its own
ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),packs)),)
ifneq ($(wildcard $(VENV)),)
ifneq ($(realpath $(VENV)),$(realpath .)/$(VENV))
$(error $(VENV) $(LINKED))
endif
endif
endif
PERIODS ?= 2023-24 2023-24-Q2 2026-27-Q1 2026-27-Q2

.PHONY: packs test quick sample lab lint bench mutants gallery clean lock audit

packs: $(VENV)/.installed sample
	@for period in $(PERIODS); do $(BIN)/cwb run $$period || exit 1; done

sample: $(VENV)/.installed
	$(BIN)/cwb sample

test: $(VENV)/.tested
	$(BIN)/python -m pytest -p no:nbval --numprocesses auto --dist worksteal

# What needs no council but one of a few rows: for use between two edits.
QUICK := architecture docs bounds periods values config rules emissions matching matching_parts portable_sql \
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

# Every kind of chart with awkward data, to be looked at.
gallery: $(VENV)/.tested
	$(BIN)/python tests/gallery.py build/gallery.html

clean:
	rm -rf $(VENV) data/processed/*/ data/processed/*.parquet data/processed/*.json data/raw/illustrative reports/*/

# Every file that is installed has its hash in a lock, what builds cwb included; pip takes no other. A module is compiled when it is
# first imported: of all that are installed most never are. The locks name whatever a package wants: pip does not look for it again,
# and checks at the end that nothing is missing.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-compile --no-deps

$(VENV)/.installed: requirements-build.lock requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'cwb needs Python 3.11 or later')"
	$(PYTHON) -c "import os, sys; sys.exit(os.path.realpath('$(VENV)') != os.path.join(os.path.realpath('.'), '$(VENV)') and '$(VENV) $(LINKED)')"
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements-build.lock
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-index --editable .
	$(BIN)/python -m pip check
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	$(INSTALL) --require-hashes --only-binary :all: --no-binary yattag -r requirements-dev.lock
	$(BIN)/python -m pip check
	@touch $@

# Makes the locks again from pyproject.toml, for every system and Python from 3.11 on. Versions stay as they are where
# they still fit; make lock UPGRADE=--upgrade takes the newest of all.
LOCK := pip compile --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-header --no-annotate --quiet \
	$(UPGRADE)
lock: $(VENV)/.tested
	$(BIN)/uv $(LOCK) --emit-build-options --output-file requirements.lock pyproject.toml
	$(BIN)/uv $(LOCK) --emit-build-options --output-file requirements-build.lock --group build --constraint requirements.lock
	$(BIN)/uv $(LOCK) --output-file requirements-dev.lock --extra dev --no-binary yattag --constraint requirements.lock \
		--constraint requirements-build.lock pyproject.toml

# Licences of all that is locked, and its known faults where a database can be asked.
audit: $(VENV)/.tested
	$(BIN)/python tests/supply_chain.py
