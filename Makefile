# make demo | serve | test | lint | bench | clean; needs Python 3.11 or newer, make, and a network once.
PYTHON ?= python3
DATA ?= data
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Many tests wait for servers: one worker more than there are processors.
WORKERS ?= $(shell expr $$(nproc) + 1)
INPUTS := pyproject.toml constraints.txt package-lock.json hatch_build.py
# Older pip builds under PIP_CONSTRAINT, newer ones under PIP_BUILD_CONSTRAINT.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(BIN)/python -m pip

.DEFAULT_GOAL := demo
.PHONY: demo serve test lint bench clean browser

demo: $(VENV)/.for-serving
	$(BIN)/crowdheritage demo --data demo-data --port $(PORT)

serve: $(VENV)/.for-serving
	$(BIN)/crowdheritage serve --data $(DATA) --port $(PORT)

test: $(VENV)/.for-testing browser
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.for-testing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict server

bench: $(VENV)/.for-testing
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build dist node_modules server/static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "CrowdHeritage needs Python 3.11 or newer: name one with  make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make virtual environments. On Debian and Ubuntu:  apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.for-serving: $(INPUTS) | $(VENV)/bin/python
	@echo "Installing into $(VENV): about a minute, once."
	@$(PIP) install --quiet -e .
	@touch $@

$(VENV)/.for-testing: $(INPUTS) | $(VENV)/bin/python
	@echo "Installing into $(VENV), with what the tests need: about a minute, once."
	@$(PIP) install --quiet -e '.[test]'
	@touch $@ $(VENV)/.for-serving

# The system's browser; else Debian's package, when root; else Playwright's own.
browser: $(VENV)/.for-testing
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -q && apt-get install -y -q chromium \
	    && chromium --version; \
	} || $(BIN)/playwright install chromium
