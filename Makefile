# Everything a developer or a first user runs. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types unit wheel page check-page screenshots bench quality words elasticsearch clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[openvino,dev]'
	@touch $@

install: $(VENV)/.installed  ## make the environment in .venv

demo: install  ## index real photos (PHOTOS=folder for your own), search them, write a contact sheet
	@$(BIN)/python scripts/demo.py $(if $(PHOTOS),--photos '$(PHOTOS)')

test: install lint types wheel check-page unit  ## lint, types, the built wheel in an empty environment, the page, all tests

lint: install  ## check the style
	$(BIN)/ruff check .

types: install  ## check the types
	$(BIN)/mypy

unit: install  ## run the tests; Elasticsearch starts from Maven artifacts unless ES_URL is set
	@$(BIN)/python scripts/check_tools.py
	$(BIN)/pytest -q

wheel: install  ## build the wheel, install it into an empty environment, index and search there
	$(BIN)/python scripts/check_wheel.py

page: install  ## build the page of web/ into search/static
	$(BIN)/python scripts/page.py

check-page: install  ## fail where search/static is not what web/ builds
	$(BIN)/python scripts/page.py --check

screenshots: install  ## take the pictures in docs/images again, as a changed page needs it
	@SCREENSHOTS=docs $(BIN)/pytest -q tests/page -k screenshots

bench: install  ## measure everything side by side and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

quality: install  ## measure how good the answers are and write benchmarks/QUALITY.md
	$(BIN)/python -m benchmarks.quality

words: install  ## build the bundled word data again (needs Debian's wordnet-base and some patience)
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[words]'
	@for step in scripts/words/[0-9]*.py; do echo $$step; $(BIN)/python $$step || exit 1; done

elasticsearch:  ## run Elasticsearch on 127.0.0.1:9200 in the foreground, without Docker
	tools/elasticsearch/start --port 9200

clean:  ## remove what was built, the environment included
	rm -rf $(VENV) .build build dist demo *.egg-info .mypy_cache .pytest_cache .ruff_cache
