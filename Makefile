# make demo   sets up, scans the examples, shows the result
# make test   sets up, runs every check and test
# make train  trains the attribute model from models/attribute/corpus
# make train-names  trains the name model from models/names/corpus, the labelled groups and the shared data (SHARED=path)
# make train-statements  trains the model of what is said of a person from the labelled groups and models/statements/corpus
# make train-landlines  trains the model that tells a person's landline from an office's
# make train-marks  trains the models of passages, limits and levels from the written texts, the rules and the clean texts
# make check-marks  trains them again and says whether the shipped ones are the same
# make published DATA=folder  what is said against public documents (figures only; the documents stay where they are)
# make foreign DATA=folder   how files of other programs are read
# make audit-proof  what an audit promises: 2,000 pages as sites have them, PAGES=20000 small ones, KILLS=50
# make evaluate  figures on the labelled documents, and whether they are above their floors
# make bench  speed and memory: ratios against a floor and against Presidio in the same run (DATA=folder of public texts)
# make docs   writes the generated pages again and builds the site into out/site, without a network
# make pictures  pictures of the desk and of a terminal run, from the real thing (needs chromium)
# make figures   measures and writes the tables of docs/figures.md and the READMEs (BENCH=folder: also beside other tools)
# make bundle    wheel houses to install from without a network, in out/bundle (ARCH=x86_64 or aarch64 for one)
# make sbom      out/sbom.json (CycloneDX) and docs/licences.md, from a fresh environment
# make extras    each extra by itself and all together, on every Python there is, without a network
# make sizes     what the core costs on disk, in a fresh environment; fails above 180 MB

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
TESTS ?=
DATA ?=
OUT ?=
PAGES ?= 20000
KILLS ?= 50

.PHONY: demo test audit-proof train train-names train-statements train-landlines train-marks check-marks published evaluate bench foreign tables rulebook examples clean docs \
	reference pictures figures bundle sbom sizes extras

$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本；可用 make PYTHON=python3.12 指定"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.nlp: $(VENV)/.core
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[nlp]'
	touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: $(VENV)/.nlp
	@$(BIN)/prescan scan examples --fail-on never
	@$(BIN)/python -c 'import spacy; nlp = spacy.blank("zh"); pipe = nlp.add_pipe("prescan"); doc = nlp("申请人身份证号110101190203140028。"); print("spaCy 组件 prescan：", [(span.label_, span.start, span.end) for span in doc.spans["prescan"]], doc._.prescan["verdict"])'

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/prescan rules test
	$(BIN)/python -m pytest -n auto --dist worksteal -q $(TESTS)

train: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.attribute train

train-names: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.names train --shared $(SHARED)

train-statements: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.statements

train-landlines: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.landlines

train-marks: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.secrecy_models

check-marks: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.secrecy_models check

published: $(VENV)/.core
	@test -n "$(DATA)" || { echo "请用 make published DATA=文件夹 指定已公开文件所在的文件夹"; exit 1; }
	$(BIN)/python -m prescan.quality.published "$(DATA)" --gate

evaluate: $(VENV)/.dev
	$(BIN)/prescan evaluate --gate

# Presidio gets an environment of its own; where it cannot be installed its figures are left out, with the reason.
$(VENV)/.presidio:
	@$(PYTHON) -m venv $(VENV)/presidio && $(VENV)/presidio/bin/pip install --quiet --disable-pip-version-check presidio-analyzer jieba \
		&& touch $@ || { rm -rf $(VENV)/presidio; echo "装不上 presidio-analyzer，略去与它的对比"; }

bench: $(VENV)/.dev $(VENV)/.presidio
	PRESIDIO_PYTHON=$(VENV)/presidio/bin/python $(BIN)/python benchmarks/run.py $(DATA)
	$(BIN)/python benchmarks/audit.py --pages 1000
	$(BIN)/python benchmarks/audit.py --slope 1000 5000 20000
	$(BIN)/python benchmarks/ocr.py

# Spark takes part where pyspark (prescan[cluster]) and Java are installed, a browser where Chromium is.
audit-proof: $(VENV)/.dev
	$(BIN)/python benchmarks/audit_proof.py --pages 2000 --annexes 200
	$(BIN)/python benchmarks/audit_proof.py --pages $(PAGES) --annexes $$(( $(PAGES) / 10 )) --size 1500 --dense --only identity again
	$(BIN)/python benchmarks/audit_kill.py --kills $(KILLS)

foreign: $(VENV)/.dev
	@test -n "$(DATA)" || { echo "请用 make foreign DATA=文件夹 指定要试读的文件夹"; exit 1; }
	$(BIN)/python benchmarks/foreign.py "$(DATA)" $(if $(OUT),-o "$(OUT)")

# Tables of src/prescan/data from public sources (see NOTICE): make tables SHARED=path OPENCC=path/TSCharacters.txt
tables: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.tables $(SHARED) $(OPENCC)

# docs/rules.md from the rules
rulebook: $(VENV)/.dev
	$(BIN)/python -m prescan.quality.rulebook docs/rules.md

reference: $(VENV)/.dev
	$(BIN)/python tools/generate.py

docs: reference
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "out/site/index.html"

pictures: $(VENV)/.dev
	$(BIN)/python tools/pictures.py

BENCH ?=
figures: $(VENV)/.dev $(VENV)/.presidio
	$(BIN)/python tools/figures.py quality
	PRESIDIO_PYTHON=$(VENV)/presidio/bin/python $(BIN)/python tools/figures.py speed
	@test -z "$(BENCH)" || $(BIN)/python tools/figures.py passages --bench "$(BENCH)"

ARCH ?=
bundle: $(VENV)/.core
	$(BIN)/pip install --quiet --disable-pip-version-check packaging
	$(BIN)/python tools/bundle.py out/bundle $(addprefix --arch ,$(ARCH))

# Environments of their own: what is counted and listed is what a stranger gets.
sizes:
	rm -rf out/core && $(PYTHON) -m venv out/core && out/core/bin/pip install --quiet --disable-pip-version-check .
	out/core/bin/python tools/sizes.py --at-most 180

extras: $(VENV)/.dev
	$(BIN)/python tools/extras.py --write docs/admin.md

sbom:
	rm -rf out/all && $(PYTHON) -m venv out/all && out/all/bin/pip install --quiet --disable-pip-version-check packaging '.[web,audit,ocr,nlp,train,crawl,cluster]'
	out/all/bin/python tools/sbom.py sbom --extras web,audit,ocr,nlp,train,crawl,cluster > out/sbom.json
	out/all/bin/python tools/sbom.py licences > docs/licences.md

# Needs LibreOffice and a Chinese font.
examples: $(VENV)/.dev
	$(BIN)/python tests/make_examples.py

clean:
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
