# Two commands do all: `make demo` and `make test`. Both set up .venv first, and say so.
# More workers than cores: half of what the tests do is waiting for servers.
PYTHON ?= python3
BIN := .venv/bin
FILES := --dist loadscope --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help demo test quick check ui bench mutants sample lock clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/ready ## start five real servers, prove the demo pilot as found and repaired
	@$(BIN)/seatrial demo

test: .venv/ready ## run the tests against real servers on loopback
	@$(BIN)/python -m pytest -n 4 $(FILES)

quick: .venv/ready check ## check, and the tests that start no process and no server: about a minute
	@$(BIN)/python -m pytest -n 2 $(FILES) -p tests.quick

check: .venv/ready ## ruff, mypy --strict, import-linter, README commands, lengths
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.readme
	@$(BIN)/python -m tests.lengths

ui: .venv/ready ## the demo pilot in the Dagster UI, with its servers running
	@$(BIN)/python -m estate -- $(BIN)/seatrial ui estate/demo

bench: .venv/ready ## measure the line against its floor
	@$(BIN)/python -m bench line

mutants: .venv/mutmut/ready ## change the pure code in thousands of ways, and name each that no test notices
	@PYTHONPATH=.venv/mutmut $(BIN)/python -m mutmut run --max-children 2 $(ONLY)
	@$(BIN)/python -m tests.mutant_table

sample: .venv/mutmut/ready ## change reading and landing in 60 ways, on disk: use a checkout of its own
	@PYTHONPATH=.venv/mutmut $(BIN)/python -m tests.sample

.venv/mutmut/ready: .venv/ready requirements-mutants.lock
	@$(BIN)/pip install --quiet --no-deps --require-hashes --upgrade --target .venv/mutmut \
	  -r requirements-mutants.lock
	@touch $@

COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
  --no-strip-extras --no-emit-index-url

lock: .venv/ready ## pin every dependency with hashes and without addresses
	@$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements-uv.lock
	@$(COMPILE) pyproject.toml --extra estate --extra dev --extra soap -o requirements.lock
	@$(COMPILE) pyproject.toml --extra image --extra soap --constraint requirements.lock \
	  -o requirements-product.lock
	@printf '%s\n' mutmut libcst coverage setproctitle cosmic-ray parso stevedore toml \
	  | $(COMPILE) --no-deps - -o requirements-mutants.lock
	@printf '%s\n' 'compliance-trestle>=5.2' 'cyclonedx-python-lib[json-validation]>=11.12' \
	  'openlineage-python>=1.54' 'mlcroissant[parquet]>=1.1' 'junitparser>=5' lxml \
	  | $(COMPILE) --python-version 3.11 - -o requirements-consumers.lock
	@printf '%s\n' kinto pygeoapi spyne trytond-party \
	  | $(COMPILE) --python-version 3.11 - -o requirements-servers.lock
	@printf '%s\n' 'gssapi>=1.9' Cython==3.3.0 setuptools \
	  | $(COMPILE) --python-version 3.11 - -o requirements-kerberos.lock
	@echo uv | $(COMPILE) - -o requirements-uv.lock

clean: ## remove the environment and the results
	rm -rf .venv out

.venv/ready: requirements.lock pyproject.toml
	@echo "setting up .venv: about 400 MB, a minute or two, once"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15) and "seatrial needs Python 3.11 to 3.14: make PYTHON=python3.13 …")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
