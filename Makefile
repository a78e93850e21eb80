# Undersigned: everything a fresh checkout needs, from one word. `make help` lists the words.
#
# The virtual environment is .venv, made from requirements/*.txt (pinned, with hashes) and refreshed when they
# change. Nothing outside this folder is written. Choose an interpreter with `make PYTHON=python3.12 …`.

VENV   := .venv
PY     := $(VENV)/bin/python
PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
ARGS   ?=

# A foreign environment that happens to be active has no say here.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

# Set-up speaks on stderr and reads nothing: `printf '/sign\n' | make -s demo > out` is the program's alone.
SETUP   := </dev/null >&2
PIP     := $(PY) -m pip -qq --disable-pip-version-check --no-input
LOCK     = $(VENV)/bin/uv pip compile pyproject.toml --quiet --no-config --group build --universal \
           --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-annotate \
           --custom-compile-command 'make lock' $(ARGS)
heading  = printf '\n── %s\n' '$(1)'

.PHONY: help demo test cover lint bench torture audit words lock clean
.DELETE_ON_ERROR:

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/run.stamp ## read and sign the example petition here (ARGS='--petition FILE')
	@$(VENV)/bin/undersigned demo $(ARGS)

test: lint ## check everything (ARGS='-k receipt' for a few tests)
	@$(call heading,tests)
	@$(PY) -m pytest --numprocesses=2 $(ARGS)

cover: $(VENV)/dev.stamp ## run the tests and tell which lines none of them reaches
	@$(PY) -m pytest --numprocesses=2 --cov --cov-report=term $(ARGS)

lint: $(VENV)/dev.stamp ## check style, types and architecture only
	@$(call heading,style)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(call heading,types)
	@$(VENV)/bin/mypy
	@$(call heading,architecture)
	@$(VENV)/bin/lint-imports --no-logo

torture: $(VENV)/dev.stamp ## kill it 200 times over, race it, feed it nonsense (ARGS='-k killed')
	@UNDERSIGNED_TORTURE=200 $(PY) -m pytest --numprocesses=2 -m torture $(ARGS)

bench: $(VENV)/dev.stamp ## measure what is fast, beside its limit (ARGS='intake' for some of it)
	@$(PY) -m benchmarks $(ARGS)

audit: requirements/run.txt $(VENV)/run.stamp ## look up known weaknesses of the libraries (asks the network)
	@$(PIP) install uv $(SETUP)
	@$(VENV)/bin/uv --no-config --cache-dir $(VENV)/cache tool run pip-audit --requirement requirements/run.txt \
	    --require-hashes --disable-pip --strict $(ARGS)

words: $(VENV)/run.stamp ## bring the translations up to the messages in bot/words (ARGS=fr begins a new one)
	@$(PY) -m bot.words.collect $(ARGS)

lock: $(VENV)/dev.stamp ## pin what pyproject.toml asks for (ARGS=--upgrade for newer releases)
	@$(PIP) install uv $(SETUP)
	@$(LOCK) --output-file requirements/run.txt
	@$(LOCK) --extra dev --extra postgres --extra speed --constraints requirements/run.txt \
	    --output-file requirements/dev.txt

clean: ## remove the virtual environment and every cache
	@rm -rf $(VENV) .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find bot adapters storage tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment ---

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo 'Installing what the tests need (once, about a minute) …' >&2
	@$(PIP) install --require-hashes -r requirements/dev.txt $(SETUP)
	@touch $@

$(VENV)/run.stamp: requirements/run.txt pyproject.toml $(VENV)/venv.stamp
	@echo 'Installing Undersigned and its libraries (once, about a minute) …' >&2
	@$(PIP) install --require-hashes -r requirements/run.txt $(SETUP)
	@$(PIP) install --no-deps --no-build-isolation --editable . $(SETUP)
	@touch $@

# An interpreter that has gone since (an upgrade, a moved folder) is replaced; one that works is kept.
$(VENV)/venv.stamp:
	@if ! $(PY) -c '$(NEW_ENOUGH)' 2>/dev/null; then \
	    for python in $(PYTHONS); do \
	        if $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then found=$$python; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo 'Undersigned needs Python 3.11 or newer. None of these is: $(PYTHONS).' >&2; \
	        echo 'Install it, or say where it is: make PYTHON=/path/to/python3.12 demo' >&2; \
	        exit 1; \
	    fi; \
	    echo "Making $(VENV) with $$found …" >&2; \
	    $$found -m venv --clear $(VENV) $(SETUP) || exit 1; \
	fi
	@touch $@

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
