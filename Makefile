# make run · make test: both need only Python (3.11 or newer) and make.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help install install-test run test check bench assets lock

help:            ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/  /'

install: .venv/run.stamp   ## the product in .venv, from hash-locked requirements

install-test: .venv/test.stamp

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/test.stamp: requirements-test.txt .venv/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	touch $@

run: install     ## serve the demo on http://127.0.0.1:8000
	$(BIN)/cspr run --demo

test: install-test   ## the whole test suite
	$(BIN)/pytest $(PYTEST_ARGS)

check: install-test  ## style, types, import contracts, diagrams, built assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cspr check bpmn_diagrams/*.bpmn bpmn_diagrams/*.dmn bpmn_diagrams/deadlines.toml
	$(BIN)/python -m tests.architecture.built_files

bench: install-test  ## times and ratios; writes benchmarks/results.json
	$(BIN)/python -m benchmarks

lock:            ## renew both lock files (needs uv)
	uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate --python-version 3.11 --universal \
	    --group test --extra postgresql --quiet --output-file requirements-test.txt
	uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate --python-version 3.11 --universal \
	    --group build --constraint requirements-test.txt --quiet --output-file requirements.txt
