# `make help` lists the targets. Each prepares what it needs first, on a new machine too.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run demo letters test screenshots test-compose check format bench docs lock new-service ops clean broker judges mail

python := .venv/bin/python
export PYTHONPATH := .

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/ready: requirements.lock
	@sh local/setup.sh python

broker:
	@sh local/setup.sh broker

judges: .venv/ready
	@sh local/setup.sh judges

mail:
	@sh local/setup.sh mail

run: .venv/ready broker mail ## Start the whole platform; Ctrl-C stops it
	@exec $(python) -m local.run

demo: .venv/ready broker ## Play one application from submission to return and print every step
	@$(python) -m local.demo.play

letters: .venv/ready ## Show the letters that the platform wrote to addresses outside
	@$(python) -m local.letters

test: .venv/ready broker judges mail ## Run all tests (one part: make test ARGS=tests/unit)
	@$(python) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# Docker's options for the build may be given, such as a mirror: make test-compose BUILD="--build-arg BASE_IMAGE=...";
# RABBITMQ_IMAGE and MONGO_IMAGE in the environment name other images of the servers.
test-compose: .venv/ready ## The tests that `make test` leaves out, because they need Docker: the platform in containers
	@docker info >/dev/null 2>&1 || { echo "No Docker daemon answers here: these tests build the image and start" \
		"docker-compose.yml. Start Docker, or leave them to a machine that has it."; exit 1; }
	@docker build $(BUILD) --tag truc-chung .
	@$(python) -m pytest tests/compose $(ARGS)

screenshots: .venv/ready broker judges ## Take pictures of every page into .local/screenshots
	@$(python) -m tests.browser.screenshots

check: .venv/ready ## Style, types and import rules, in seconds
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check --quiet --output-format concise || { echo "make format repairs this"; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

format: .venv/ready ## Repair the style
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: .venv/ready broker ## Measure speed and write docs/benchmarks.md (one part: make bench ARGS=webhooks)
	@$(python) -m tests.benchmarks $(ARGS)

docs: .venv/ready ## Write the generated pages of docs/ again
	@$(python) -m local.docs

lock: .venv/ready ## Choose versions for the dependencies in pyproject.toml again
	@.venv/bin/uv pip compile pyproject.toml --all-extras --generate-hashes --no-header --quiet \
		--upgrade -o requirements.lock
	@echo checkov | .venv/bin/uv pip compile - --python-version 3.11 --generate-hashes --no-header --quiet \
		--upgrade -o local/checkov.lock

new-service: .venv/ready ## Write the files of a new service: make new-service NAME=parking_permits
	@$(python) -m local.new_service "$(NAME)"

ops: .venv/ready ## Look at the platform that `make run` started: make ops ARGS=status
	@$(python) -m local.operate $(ARGS)

clean: ## Remove the environment, the local data and all caches
	@rm -rf .venv .local .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
