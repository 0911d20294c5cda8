# Needs Python 3.11 or newer and make; everything else is installed into .venv the first time.

PYTHON ?= $(shell for p in python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
CONFIG ?= config.toml
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help demo story run test check bench pictures clean

help:
	@echo "make demo    the bot against local stand-ins of Slack, Telegram and Twilio, as a page to open in a browser"
	@echo "make story   an emergency by chat and two calls, played by themselves in the terminal"
	@echo "make run     the bot as config.toml says (CONFIG=path for another file)"
	@echo "make test    all tests; those of the pages want a browser: Debian's package chromium"
	@echo "make check   ruff, mypy --strict, import contracts"
	@echo "make bench   how long the hot paths take"
	@echo "make pictures  the pictures in docs/pictures, made anew by the tests of the pages"
	@echo "make clean   remove what these commands made, but not data/"

demo: $(VENV)/.installed
	$(BIN)/standby demo

story: $(VENV)/.installed
	$(BIN)/standby demo --story
	$(BIN)/standby demo --story call

run: $(VENV)/.installed
	$(BIN)/standby run --config $(CONFIG)

test: $(VENV)/.installed-dev
	$(BIN)/pytest -n 2 tests

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev $(VENV)/.installed-bench
	@for file in deadlines paging webhook calls board; do \
		$(BIN)/python -m "benchmarks.$$file" || exit 1; done

pictures: $(VENV)/.installed-dev
	CI=true STANDBY_PICTURES=build/pictures $(BIN)/pytest -n 2 tests/browser -k picture
	@mkdir -p docs/pictures
	cp build/pictures/playground.png build/pictures/playground-390.png docs/pictures/
	cp build/pictures/board-1280-light.png docs/pictures/board.png
	cp build/pictures/board-390-light.png docs/pictures/board-390.png

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(INSTALL) -e '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	@if $(INSTALL) -e '.[bench]'; then touch $@; else echo "the libraries to compare with could not all be installed"; fi
