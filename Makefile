# make demo   a whole Halftone on this machine, until Ctrl-C
# make test   everything that must hold, on SQLite and PostgreSQL, in a real browser
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test check fast install install-dev chromium experiments bench clean

demo: install
	@exec $(BIN)/python manage.py demo --port $(PORT)

install:
	@$(PYTHON) -m config.bootstrap

install-dev:
	@$(PYTHON) -m config.bootstrap
	@$(PYTHON) -m config.bootstrap --dev

chromium:
	@$(BIN)/python -m tests.chromium

test: install-dev chromium check
	@$(BIN)/python -m tests.run

fast: install-dev
	@$(BIN)/python -m tests.run --fast

check: install-dev
	@$(BIN)/python -m tests.checks

experiments: install-dev
	@DATA="$(DATA)" $(BIN)/python -m bench.experiments

bench: install-dev
	@$(BIN)/python -m bench.serving

clean:
	rm -rf .venv var staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
