# `make` alone says what there is. Works with GNU make 3.81 and later.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
WORKERS ?= auto
BROWSER ?= yes

# Targets of make have no spaces; the folder of the project may have any.
ifneq ($(words $(VENV)),1)
$(error VENV: a path with a space in it; $(VENV); name a place without one, or leave VENV out)
endif

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
TESTING := $(VENV)/.installed-test
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help site serve test soak numeric verify lint bench clean distclean

help:
	@echo 'make site       build the gallery into site/'
	@echo 'make serve      look at what was built, on this machine'
	@echo 'make test       every test; BROWSER=no leaves out those that need Chromium'
	@echo 'make soak       what takes hours: kills at any moment, files changed at random, an hour of serve'
	@echo 'make numeric    the tests of numbers, with the kernels of other processors'
	@echo 'make verify     measure every exhibit again and compare with its results'
	@echo 'make lint       ruff, mypy, import-linter, zizmor'
	@echo 'make bench      measure speed and memory'
	@echo 'make clean      remove built pages and the caches of tools; keeps .venv and .gallery'
	@echo 'make distclean  the same, and .venv and .gallery (results, checkpoints, fetched texts)'
	@echo
	@echo 'PYTHON=python3.12 picks a Python for .venv; ARGS="..." goes to the command that is run.'

site: $(RUNTIME)
	$(BIN)/gallery build $(ARGS)

serve: $(RUNTIME)
	$(BIN)/gallery serve $(ARGS)

verify: $(RUNTIME)
	$(BIN)/gallery measure --check $(ARGS)

bench: $(TESTING)
	$(BIN)/python -m tests.bench $(ARGS)

lint: $(TESTING)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet .github/workflows

# Fast layers first; the first that fails ends the run. One thread for each worker of pytest.
# pytest ends with 5 where a layer has no test.
LAYER = layer() { echo "== $$1"; shift; OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(ARGS) "$$@" \
	|| { code=$$?; test $$code -eq 5 && echo 'no test in this layer'; }; }

test: $(TESTING)
	@$(FIND_CHROMIUM); $(LAYER); \
	layer 'without torch' -m 'not torch and not browser and not soak' -n $(WORKERS) --dist loadfile && \
	layer 'with torch' -m 'torch and not browser and not soak' -n $(WORKERS) --dist loadfile && \
	if test '$(BROWSER)' = no; then echo '== in Chromium: left out, BROWSER=no'; \
	else layer 'in Chromium' -m 'browser and not soak'; fi

soak: $(TESTING)
	@$(FIND_CHROMIUM); $(LAYER); \
	layer 'what takes long' -m 'soak and not browser' -n $(WORKERS) && \
	if test '$(BROWSER)' = no; then echo '== in Chromium: left out, BROWSER=no'; \
	else layer 'what takes long, in Chromium' -m 'soak and browser'; fi

# float32 differs in the last bits from processor to processor. torch, oneDNN and MKL have kernels
# for several; these are those of an old one and of one without AVX-512, as far as there are any.
NUMERIC := tests/scoring tests/activations tests/models tests/evidence tests/cards
OLD := ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 MKL_CBWR=COMPATIBLE
AVX2 := ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_CBWR=AVX2

numeric: $(TESTING)
	@$(LAYER); \
	(export $(OLD); layer 'numbers: $(OLD)' $(NUMERIC) -m 'not browser and not soak' -n $(WORKERS) --dist loadfile) && \
	(export $(AVX2); layer 'numbers: $(AVX2)' $(NUMERIC) -m 'not browser and not soak' -n $(WORKERS) --dist loadfile)

FIND_CHROMIUM = if test '$(BROWSER)' != no; then \
	found=; \
	if test -n "$$GALLERY_CHROMIUM"; then found=$$(command -v "$$GALLERY_CHROMIUM"); else \
		for name in chromium chromium-browser google-chrome google-chrome-stable \
			'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' \
			'/Applications/Chromium.app/Contents/MacOS/Chromium'; do \
			if found=$$(command -v "$$name"); then break; fi; \
		done; \
	fi; \
	if test -z "$$found"; then \
		echo "make test: no Chromium; looked for $${GALLERY_CHROMIUM:-one on PATH}." >&2; \
		echo '  Debian, Ubuntu: apt-get install chromium' >&2; \
		echo '  Fedora:         dnf install chromium' >&2; \
		echo '  macOS:          brew install --cask chromium' >&2; \
		echo '  elsewhere:      make test GALLERY_CHROMIUM=/path/to/chrome' >&2; \
		echo '  without one:    make test BROWSER=no' >&2; \
		exit 2; \
	fi; \
	GALLERY_CHROMIUM=$$found; export GALLERY_CHROMIUM; fi

# The stamps are newer than what was asked for, so a second run installs nothing. For a site, what
# is never imported need not be compiled; tests start many processes.
$(RUNTIME): pyproject.toml constraints.txt | $(BIN)/pip
	@echo 'installing into $(VENV); the first time takes some minutes'
	@$(PIP_INSTALL) --no-compile -e .
	@touch $@

$(TESTING): pyproject.toml constraints.txt | $(BIN)/pip
	@echo 'installing into $(VENV); the first time takes some minutes'
	@$(PIP_INSTALL) -e '.[test]'
	@touch $(RUNTIME) $@

$(BIN)/pip:
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'make: $(PYTHON) is missing or older than Python 3.11.' >&2; \
		echo '  Name another one: make PYTHON=/path/to/python3.12 ...' >&2; exit 2; }
	@'$(PYTHON)' -m venv $(VENV) || { \
		echo 'make: no virtual environment could be made in $(VENV).' >&2; \
		echo '  Debian, Ubuntu: apt-get install python3-venv' >&2; exit 2; }

# The folders of generated pages; a test compares them with the kinds of page and with .gitignore.
GENERATED := architectures cells classics counting embed exhibits explore features films models \
	quiz results side-by-side units words

clean:
	rm -rf site site-offline site-zensical *.zip build dist *.egg-info
	rm -rf $(addprefix site_src/docs/,$(GENERATED) assets/gallery.css croissant.json datapackage.json)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .cache
	rm -rf htmlcov .coverage .coverage.*

distclean: clean
	rm -rf $(VENV) .gallery
