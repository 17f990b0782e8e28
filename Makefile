# FDC's commands. `make` alone lists them.
PYTHON ?= python3
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev start test check rows formats checks trust bench texts verify-exports verify-providers preferences

help: ## List these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

start: setup ## Start FDC at http://127.0.0.1:8000 (FDC_PORT) until Ctrl-C
	@$(PY) manage.py start

test: setup-dev ## Run the whole suite with a real browser
	@$(PY) -m tests.chromium
	@$(PY) -m pytest -n 3 --dist worksteal

check: setup-dev ## Lint, types, templates, migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/djlint templates --lint --quiet
	@$(PY) manage.py makemigrations --check --dry-run

rows: setup-dev ## Run the tests of the feature matrix and write docs/reference/rows.md
	@$(PY) -m pytest --rows docs/reference/rows.md

formats: setup-dev ## Run over all formats and write docs/reference/formats.md
	@$(PY) -m tests.formats_page

checks: setup-dev ## Run every check over its labelled texts and write docs/reference/checks.md
	@DJANGO_SETTINGS_MODULE=fdc_project.settings $(PY) -m tests.checks_page

trust: setup-dev ## Kill, repeat and crowd everything, in full counts
	@$(PY) -m benchmarks.trust

verify-exports: setup-dev ## Put our exports into the hands of TRL and LLaMA-Factory (minutes, gigabytes)
	@$(PY) -m tests.trainers

verify-providers: setup-dev ## Run our recipes on servers of other people (minutes, a gigabyte)
	@$(PY) -m tests.servers

preferences: setup-dev ## Every method with every judge on recorded answers, where they are (minutes)
	@$(PY) -m tests.recorded

bench: setup-dev ## Measure FDC beside its limits
	@$(PY) -m benchmarks

texts: setup-dev ## Collect the texts for the translators and compile the catalogues
	@$(PY) manage.py texts

setup: ## Make .venv with what FDC needs to run
	@$(PYTHON) boot.py

setup-dev: ## Make .venv with what the tests need, too
	@$(PYTHON) boot.py --dev
