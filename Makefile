# make demo   sets up, scans the examples, shows the result
# make test   sets up, runs every check and test
# make train  trains the attribute model from models/attribute/corpus
# make train-names  trains the name model from models/names/corpus and the shared data (SHARED=path)
# make bench  speed and memory as ratios against a floor in the same run

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
TESTS ?=

.PHONY: demo test train train-names evaluate bench tables rulebook examples clean

$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本；可用 make PYTHON=python3.12 指定"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: $(VENV)/.core
	@$(BIN)/prescan scan examples --fail-on never

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/prescan rules test
	$(BIN)/python -m pytest -n auto -q $(TESTS)

train: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.attribute train

train-names: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.names train --shared $(SHARED)

evaluate: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.attribute evaluate

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/audit.py --pages 1000

# Tables of src/prescan/data from public sources (see NOTICE): make tables SHARED=path OPENCC=path/TSCharacters.txt
tables: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.tables $(SHARED) $(OPENCC)

# docs/rules.md from the rules
rulebook: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.rulebook docs/rules.md

# Needs LibreOffice and a Chinese font.
examples: $(VENV)/.dev
	$(BIN)/python tests/make_examples.py

clean:
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
