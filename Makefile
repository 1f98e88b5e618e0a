# Everything a developer or a first user runs. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3
# The tests start thousands of processes: none of them should compile the modules again.
unexport PYTHONDONTWRITEBYTECODE

# Two processes, each of which runs whole files, in the order of tests/conftest.py.
PYTEST := $(BIN)/pytest -q --numprocesses=2 --no-loadscope-reorder
# What another version of Elasticsearch could break: stores, queries, documents, Kibana, copying.
ON_9 := ES_VERSION=9.5 $(PYTEST) -m elasticsearch tests/indexer/stores tests/mappings \
	tests/indexer/neighbours/test_elasticsearch_index.py tests/indexer/moving/copy/test_copy_store.py
# Side by side; where make can, each prints its lines when it ends.
SIDE_BY_SIDE := --jobs=3 --no-print-directory $(and $(filter output-sync,$(.FEATURES)),--output-sync)

.DEFAULT_GOAL := help
.PHONY: help install demo test quick quick-unit lint types unit wheel page check-page docs screenshots bench soak chaos quality words elasticsearch sbom constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@# Most of what is installed is never imported here: what is compiles itself then.
	@# Files whose hashes are known first; then Magpie, and what it requires since those were written.
	$(if $(filter no,$(LOCKED)),,@$(BIN)/python -m pip install --quiet --no-compile --require-hashes --requirement constraints.txt)
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-compile --editable '.[dev]'
	@touch $@

install: $(VENV)/.installed  ## make the environment in .venv (LOCKED=no: newest versions, unchecked)

demo: install  ## index real photos (PHOTOS=folder for your own), search them, write a contact sheet
	@$(BIN)/python scripts/demo.py $(if $(PHOTOS),--photos '$(PHOTOS)')

test: install  ## lint, types, the built wheel in an empty environment, the page, all tests
	@$(MAKE) $(SIDE_BY_SIDE) wheel check-page types lint
	@$(MAKE) --no-print-directory unit

quick: install  ## lint, types, and the tests that are fast and need neither Java nor Node nor Chromium
	@$(MAKE) $(SIDE_BY_SIDE) quick-unit types lint

quick-unit: install
	$(PYTEST) -m 'not (elasticsearch or browser or ray or slow)'

lint: install  ## check the style, docstrings and annotations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install  ## check the types
	$(BIN)/mypy

unit: install  ## run the tests, on Elasticsearch 8.19 and what matters on 9.5; or on ES_VERSION or ES_URL alone
	@$(BIN)/python scripts/check_tools.py
	@# The rest of the tests runs where those on 9.5 fail, too.
	$(if $(ES_URL)$(ES_VERSION),$(PYTEST),$(ON_9); newer=$$?; $(PYTEST) && exit $$newer)

wheel: install  ## build the wheel, install it into an empty environment, index and search there
	$(BIN)/python scripts/check_wheel.py

page: install  ## build the page of web/ into search/static
	$(BIN)/python scripts/page.py

check-page: install  ## fail where search/static is not what web/ builds
	$(BIN)/python scripts/page.py --check

screenshots: install  ## take the pictures in docs/images again, which a changed page needs
	@SCREENSHOTS=docs $(BIN)/pytest -q tests/web -k screenshots

docs: install  ## build the documentation as a website, and fail on a dead link
	@$(BIN)/python scripts/website.py

bench: install  ## measure everything and write benchmarks/RESULTS.md (OLDER=checkout: some beside an older one)
	$(BIN)/python -m benchmarks

soak: install  ## index 1,000 malformed files, then use a server for MINUTES=30: what is lost, what grows
	$(BIN)/python -m benchmarks.malformed
	$(BIN)/python -m benchmarks.soak $(or $(MINUTES),30)

chaos: install  ## kill Elasticsearch 8.19 and 9.5 KILLS=30 times each, and one of two nodes, fill disks: what is lost
	$(BIN)/python -m benchmarks.chaos $(or $(KILLS),30)

quality: install  ## measure how good the answers are and write benchmarks/QUALITY.md
	$(BIN)/python -m benchmarks.quality

words: install  ## build the bundled word data again (needs Debian's wordnet-base and some patience)
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[words]'
	@for step in scripts/words/[0-9]*.py; do echo $$step; $(BIN)/python $$step || exit 1; done

elasticsearch:  ## run Elasticsearch on 127.0.0.1:9200, without Docker (ES_VERSION=9.5 for that one)
	tools/elasticsearch/start --port 9200

sbom: install  ## write .build/sbom.json: what is installed, bundled and built from, with hashes
	@$(BIN)/python scripts/sbom.py .build/sbom.json

constraints: install  ## write constraints.txt again: the newest versions that setup.cfg allows
	@$(BIN)/python -m pip install --quiet uv
	@mkdir -p .build
	@{ head -2 constraints.txt; $(BIN)/python -m uv pip compile --quiet setup.cfg --upgrade --universal \
		--python-version 3.11 --extra dev --extra demo --extra docs --extra ray --generate-hashes \
		--no-header --no-annotate --no-emit-index-url; } > .build/constraints.txt
	@mv .build/constraints.txt constraints.txt

clean:  ## remove what was built, the environment included
	rm -rf $(VENV) .build build dist demo *.egg-info .mypy_cache .pytest_cache .ruff_cache
