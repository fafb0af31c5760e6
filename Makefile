# Commands for people who work on the help desk. `make` alone lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
WORKERS ?= 2
LANGUAGES := es pt_BR it ar
# Found when an environment has to be made, not at every start of make.
PYTHON ?= $$(.ci/find-python)

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python example_site/manage.py
APPS := wagtail_helpdesk helpdesk_knowledge_base helpdesk_portal home
TEMPLATES = $(shell find wagtail_helpdesk example_site -name '*.html' -not -path '*/var/*')
PYTEST_FLAGS := -q -rsfE --numprocesses $(WORKERS) --dist loadgroup
# Browser and wheel tests say nothing new about another database or another Django.
ONCE := not e2e and not packaging
# Nor do these about another database: see tests/conftest.py.
ON_DATABASE := $(ONCE) and not one_database

# --- Environment: one stamp per set of packages, made again when pyproject.toml changes.

$(VENV)/.stamp-demo: pyproject.toml
	@.ci/make-environment $(VENV) "$(PYTHON)" --editable '.[localize,mfa,sso,saml]'
	@touch $@

$(VENV)/.stamp-%: pyproject.toml $(VENV)/.stamp-demo
	@.ci/make-environment $(VENV) "$(PYTHON)" --group $*
	@touch $@

# mysqlclient is compiled, so what the compiler needs is asked for in one line.
$(VENV)/.stamp-databases: pyproject.toml $(VENV)/.stamp-test
	@.ci/check-database-headers
	@.ci/make-environment $(VENV) "$(PYTHON)" --group databases
	@touch $@

# --- Commands

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/.stamp-demo ## Serve the demo site; PORT=8000, RESET=1 starts afresh
	@$(BIN)/python example_site/run_demo.py --port $(PORT) $(if $(filter-out 0,$(RESET)),--reset)

.PHONY: test
test: $(VENV)/.stamp-test ## Run the whole suite on SQLite
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

# A command of its own: measuring takes as long again as the tests.
.PHONY: coverage
coverage: $(VENV)/.stamp-test ## Run the whole suite on SQLite and measure coverage
	$(BIN)/python -m pytest $(PYTEST_FLAGS) --cov --cov-report=term

.PHONY: lint
lint: $(VENV)/.stamp-lint $(VENV)/.stamp-test ## Check format, rules, types, imports, templates, migrations, catalogs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg
	$(if $(TEMPLATES),$(BIN)/djhtml --check --tabwidth 4 $(TEMPLATES))
	$(MANAGE) makemigrations --check --dry-run --settings example_site.settings.test $(APPS)
	$(BIN)/python .ci/check_catalogs.py
	$(BIN)/sphinx-lint --enable default-role docs README.md CHANGELOG.md

.PHONY: format
format: $(VENV)/.stamp-lint ## Format Python and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(if $(TEMPLATES),$(BIN)/djhtml --tabwidth 4 $(TEMPLATES))

.PHONY: test-databases
test-databases: test-postgres test-mariadb ## Run the suite on PostgreSQL and on MariaDB

.PHONY: test-postgres
test-postgres: $(VENV)/.stamp-databases ## Run the suite on PostgreSQL (PGHOST, PGPORT, PGUSER, PGPASSWORD)
	HELPDESK_TEST_DB=postgres $(BIN)/python -m pytest $(PYTEST_FLAGS) -m "$(ON_DATABASE)"

.PHONY: test-mariadb
test-mariadb: $(VENV)/.stamp-databases ## Run the suite on MariaDB (MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD)
	HELPDESK_TEST_DB=mariadb $(BIN)/python -m pytest $(PYTEST_FLAGS) -m "$(ON_DATABASE)"

# name:python:django:wagtail
MATRIX := py311-dj52-wt74:3.11:5.2:7.4 py312-dj60-wt80:3.12:6.0:8.0 py313-dj61-wt80:3.13:6.1:8.0

.PHONY: test-matrix
test-matrix: ## Run the suite on the supported versions of Python, Django and Wagtail
	@.ci/test-matrix "$(ONCE)" "$(PYTEST_FLAGS)" $(MATRIX)

.PHONY: docs
docs: $(VENV)/.stamp-docs $(VENV)/.stamp-test ## Build the documentation into docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -n -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

.PHONY: screenshots
screenshots: $(VENV)/.stamp-screenshots ## Take the pictures of README and documentation from a fresh demo
	$(BIN)/python docs/screenshots.py

.PHONY: messages
messages: $(VENV)/.stamp-test ## Collect the texts to translate and compile the catalogs
	@command -v xgettext >/dev/null || { echo "gettext is needed: apt-get update && apt-get install -y gettext" >&2; exit 1; }
	cd wagtail_helpdesk && ../$(BIN)/django-admin makemessages $(LANGUAGES:%=--locale %) --no-obsolete --no-wrap --add-location file --extension html,txt,py
	cd wagtail_helpdesk && ../$(BIN)/django-admin makemessages $(LANGUAGES:%=--locale %) --no-obsolete --no-wrap --add-location file --domain djangojs
	cd wagtail_helpdesk && ../$(BIN)/django-admin compilemessages $(LANGUAGES:%=--locale %)

# SIZE=1k|10k|100k|1m  DB=sqlite|postgres  ONLY='inbox_*,ticket'  CHECK=1  FRESH=1  BY=time|cpu
BENCH = $(BIN)/python -m benchmarks --size $(or $(SIZE),10k) --db $(or $(DB),postgres) \
	$(if $(ONLY),--only '$(ONLY)') $(if $(SYSTEMS),--systems '$(SYSTEMS)') $(if $(BY),--by $(BY)) \
	$(if $(filter-out 0,$(CHECK)),--check) $(if $(filter-out 0,$(FRESH)),--fresh)

.PHONY: bench
bench: $(VENV)/.stamp-benchmarks ## Measure against a peer and the floor; SIZE=10k, DB=postgres, ONLY=, CHECK=1
	@$(BENCH)

.PHONY: bench-growth
bench-growth: $(VENV)/.stamp-benchmarks ## Compare the runs of `make bench` at several sizes; DB=postgres
	@$(BIN)/python -m benchmarks.growth --db $(or $(DB),postgres)

.PHONY: wheel
wheel: $(VENV)/.stamp-test ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

.PHONY: clean
clean: ## Remove environments, demo data and everything built
	rm -rf $(VENV) .venvs build dist *.egg-info docs/_build example_site/var benchmarks/.work htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
