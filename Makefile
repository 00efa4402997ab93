# Everything a checkout can do. Needs Python 3.11 or newer and make; the rest is fetched, pinned by hash.
#
#   make demo     the product with sample data, on http://127.0.0.1:8000 (PORT=, DATA=)
#   make test     all tests on both databases      make check   style, types, imports: all findings at once
#   make bench    ratios against a bare server     make soak    the full figures (SEED=)
#   make docs     the documentation into site/     make build   wheel and source distribution
#   make lock     pin the requirements again

PORT ?= 8000
DATA ?= .data
SEED ?= 1
JOBS ?= 2
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

ROOMS := formula metadata engine workflow runtime
CHECKED := $(ROOMS) tests $(if $(wildcard benchmarks/*.py),benchmarks) hatch_build.py
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq
FRONTEND := $(shell find runtime/frontend -name node_modules -prune -o -type f -print 2>/dev/null)
ASSETS := $(if $(wildcard runtime/static/dist/manifest.json),,assets-are-missing)

.DELETE_ON_ERROR:
.PHONY: demo test check style types imports templates bench soak docs build lock clean assets-are-missing

demo: .venv/project
	@echo "==> Starting the demo on http://127.0.0.1:$(PORT) (data in $(DATA))"
	@$(BIN)/strata demo --port $(PORT) --data $(DATA)

test: .venv/dev .venv/project
	@echo "==> Testing on SQLite and PostgreSQL, $(JOBS) processes"
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: .venv/dev .venv/project
	@$(MAKE) --no-print-directory --keep-going style types imports templates

style: .venv/dev
	@echo "==> Style"
	@$(BIN)/ruff check --quiet $(CHECKED)
	@$(BIN)/ruff format --quiet --check $(CHECKED)

types: .venv/dev
	@echo "==> Types"
	@$(BIN)/mypy $(CHECKED)

imports: .venv/dev
	@echo "==> Import direction"
	@$(BIN)/lint-imports --no-cache

# The htmx package finds what its version no longer understands; Playwright brings a Node.js to run that.
templates: .venv/dev .venv/project
	@echo "==> Templates"
	@.venv/lib/python*/site-packages/playwright/driver/node \
	  runtime/frontend/node_modules/htmx.org/dist/scripts/upgrade-check.js --no-color runtime/web runtime/frontend/src

bench: .venv/dev .venv/project
	@$(BIN)/python -m benchmarks

soak: .venv/dev .venv/project
	@echo "==> Full figures, seed $(SEED), commit $$(git rev-parse --short HEAD)"
	@STRATA_SEED=$(SEED) $(BIN)/python -m pytest -m soak --timeout 0

docs: .venv/dev
	@$(BIN)/python -m runtime.reference
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "==> Documentation is in site/index.html"

build: .venv/build
	@$(BIN)/python -m build --outdir dist .

lock: .venv/uv
	$(BIN)/uv pip compile $(LOCK) pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile $(LOCK) --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --custom-compile-command "make lock"

clean:
	rm -rf .venv dist site runtime/static/dist runtime/frontend/node_modules

# The environment. Each file below stands for something installed, and is remade when what it was made from
# changes.

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Strata needs Python 3.11 or newer with venv (Debian: python3-venv);" \
	  "name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "==> Making a virtual environment in .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt | .venv/bin/python
	@echo "==> Installing the pinned requirements (about 15 seconds the first time)"
	@$(PIP) --require-hashes -r requirements/run.txt
	@touch $@

.venv/dev: requirements/dev.txt .venv/run
	@echo "==> Installing the pinned development requirements (about 30 seconds the first time)"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# An editable install; its build hook makes the front-end assets when their sources changed.
.venv/project: pyproject.toml hatch_build.py $(FRONTEND) $(ASSETS) | .venv/run
	@echo "==> Installing Strata and building its front end when that changed"
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/build: | .venv/bin/python
	@$(PIP) build && touch $@

.venv/uv: | .venv/bin/python
	@$(PIP) uv && touch $@
