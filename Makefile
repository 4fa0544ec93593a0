SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run check fix test prove pictures bench docs lock
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | while IFS=$$'\t' read -r name says; do \
		printf '  make %-8s  %s\n' "$$name" "$$says"; done

# One environment per lock file; a changed lock or a changed pyproject.toml installs again.
.venv/%.installed: requirements/%.txt pyproject.toml
	@scripts/python-environment
	@echo "Installing $< (once)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r $<
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/dev.installed ## what contributors need: tools, browser, Java, fonts
	@scripts/system-packages

run: .venv/run.installed ## a made-up book, today's decisions and the report of them
	@$(BIN)/tideover demo

check: .venv/dev.installed ## format, lint, types, import direction, architecture, content
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run --pythonpath .
	@$(PYTEST) -q tests/architecture
	@$(BIN)/tideover check

fix: .venv/dev.installed ## format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

ON_BOTH := tests/access tests/book tests/strategy tests/support tests/repayment tests/cli/test_resealing.py \
	tests/cli/test_import_into_a_database.py $(wildcard tests/web/test_api_*.py) tests/web/test_heard.py tests/web/test_odd_requests.py $(addprefix tests/delivery/test_, \
	the_loop.py answers.py last_look.py workers_that_die.py restored.py two_workers.py line.py inbound.py privacy.py \
	erased_whole.py erased_while_others_work.py erasing_by_two.py \
	nothing_is_forgotten.py guards_that_cannot_see.py shared_addresses.py brake.py several_a_day.py said_again.py)

test: setup ## the whole suite, what stands on a database on both; ARGS=... goes to pytest
	@$(PYTEST) -n 2 $(ARGS)
	@scripts/with-postgresql $(PYTEST) -n 2 $(ON_BOTH)

prove: setup ## the bars in full, on this machine; writes docs/proof/
	@$(BIN)/python -m tests.prove

PICTURES ?= pictures
pictures: setup ## every page of a borrower, in five languages, and of staff as pictures, into pictures/
	@mkdir -p $(PICTURES)
	@TIDEOVER_EVERY=1 TIDEOVER_PICTURES=$(PICTURES) $(PYTEST) -q -n 2 tests/journeys/test_every_page_of_hers.py tests/journeys/test_every_page_of_staff.py

bench: setup ## speed and memory, as ratios within one run
	@$(BIN)/python -m tests.bench

docs: .venv/dev.installed ## the documentation as a site, in site/
	@$(BIN)/python docs/build_reference.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html"

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --custom-compile-command 'make lock'
lock: .venv/dev.installed ## the lock files anew from pyproject.toml; UPGRADE=--upgrade for newer releases
	@$(LOCK) $(UPGRADE) --extra spark --group dev -o requirements/dev.txt
	@$(LOCK) -c requirements/dev.txt --group build -o requirements/run.txt
	@$(LOCK) -c requirements/dev.txt --extra spark --group build -o requirements/spark.txt
