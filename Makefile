# The front door for a machine with Python 3.11 or newer, pip, make and git; `make` alone lists the targets.
# PYTHON=/path/to/python3 picks the interpreter, RUN_OPTIONS="--runs 1000" goes to `coopsim run`,
# BENCH_OPTIONS="--before COMMIT" to the benchmarks.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; \
	done)
RUN_OPTIONS ?=
BENCH_OPTIONS ?=
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

# Two installs at once would break the environment; the targets have nothing else to gain from -j.
.NOTPARALLEL:
# Tests start dozens of processes, each of which would compile the package anew where Python is told to keep nothing.
export PYTHONDONTWRITEBYTECODE :=
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test test-fast mutations bench docs site kernel constraints clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | while IFS=@ read -r target text; do \
		printf '%-20s %s\n' "$$target" "$$text"; done

demo: .venv/installed ## Run scenarios/thaw.yaml; the last lines say where its figures are
	$(BIN)/coopsim run scenarios/thaw.yaml $(RUN_OPTIONS)

test: .venv/installed-test ## Run every lint, type check and test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto --dist worksteal

test-fast: .venv/installed-test ## Run the tests that are not marked slow, while you code
	$(BIN)/pytest --numprocesses auto --dist worksteal -m 'not slow'

mutations: .venv/installed-test ## Break each rule in turn and see its test fail; takes ten minutes
	$(BIN)/python bench/mutate.py

bench: .venv/installed-bench ## Time all there is, on a machine that does nothing else; takes ten minutes
	$(BIN)/python bench/run.py $(BENCH_OPTIONS)

docs: .venv/installed ## Renew what is generated in docs/; takes some minutes
	$(BIN)/python docs/make_reference_classes.py
	$(BIN)/python docs/make_model.py
	$(BIN)/python docs/make_tutorial.py
	$(BIN)/python tests/mutants.py

site: .venv/installed-site ## Build the site: build/site/index.html; takes some minutes at first
	$(BIN)/python docs/make_gallery.py
	$(BIN)/mkdocs build

kernel: .venv/installed ## Compile the kernel that the package brings; after each change of what is compiled
	$(BIN)/python -m coopsim.simulation.kernel.making src/coopsim/simulation/kernel

constraints: .venv/installed ## Renew constraints.txt with the newest versions that fit pyproject.toml
	$(BIN)/python -m venv --clear --without-pip .venv-constraints
	$(BIN)/python -m pip --python .venv-constraints/bin/python install ".[bench,test]"
	{ sed -n '/^#/p' constraints.txt; \
		$(BIN)/python -m pip --python .venv-constraints/bin/python freeze --exclude coopsim; } > constraints.new
	mv constraints.new constraints.txt
	rm -rf .venv-constraints

clean: ## Remove the environment, builds and caches; results/ stays
	rm -rf .venv .venv-constraints build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests bench docs -name __pycache__ -type d -prune -exec rm -rf {} +

# Some systems ship a Python whose venv cannot bring its own pip; there the system's pip installs it.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'No Python 3.11 or newer found; try: make PYTHON=/path/to/python3' >&2; exit 1; }
	"$(PYTHON)" -m venv --clear .venv || { \
		"$(PYTHON)" -m venv --clear --without-pip .venv && \
		"$(PYTHON)" -m pip --python $(BIN)/python install pip; }

.venv/installed: pyproject.toml constraints.txt $(BIN)/python
	$(INSTALL) --editable .
	@touch $@

.venv/installed-test: .venv/installed
	$(INSTALL) --editable '.[test]'
	@touch $@

.venv/installed-site: .venv/installed
	$(INSTALL) --editable '.[site]'
	@touch $@

.venv/installed-bench: .venv/installed
	$(INSTALL) --editable '.[bench]'
	@touch $@
