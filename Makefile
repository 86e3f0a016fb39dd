# gongkai. `make demo` and `make test` need only Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-all lint types format bench docker-lint browser fault-tools clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## build .venv from pyproject.toml and constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; give one with: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. Debian, Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: $(STAMP) ## collect a sample office, edit it, collect again, browse (Ctrl-C ends)
	$(BIN)/gongkai demo

# The tests start hundreds of processes: each would compile the program anew where the environment forbids to keep it.
test test-all: export PYTHONDONTWRITEBYTECODE :=

test: $(STAMP) ## the tests
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

test-all: $(STAMP) ## the tests and the slow fault suites
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(STAMP) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy --strict
	$(BIN)/mypy

format: $(STAMP) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## the ratios of benchmarks/
	@$(BIN)/python -c 'import warcio, gne, lxml_html_clean' 2>/dev/null || $(BIN)/python -m pip install --quiet -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks.collection
	$(BIN)/python -m benchmarks.extraction tests/pages
	$(BIN)/python -m benchmarks.writer
	$(BIN)/python -m benchmarks.storage
	$(BIN)/python -m benchmarks.diff

docker-lint: $(STAMP) ## hadolint
	$(BIN)/hadolint Dockerfile

browser: ## install Chromium for the browser tests (Debian, Ubuntu; as root)
	apt-get install -y --no-install-recommends chromium fonts-noto-cjk

fault-tools: ## install what make test-all needs besides (Debian, Ubuntu; as root)
	apt-get install -y --no-install-recommends strace

clean: ## remove .venv, caches and the demonstration's data
	rm -rf $(VENV) data/demo .pytest_cache .mypy_cache .ruff_cache build *.egg-info
