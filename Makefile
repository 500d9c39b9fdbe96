# Maskloop. `make run` runs it, `make test` tests it; `make help` lists the rest.
PYTHON ?= python3
MASKLOOP := .venv/bin/maskloop
FRONTEND_SOURCES := $(shell find frontend/src frontend/public frontend/scripts -type f 2>/dev/null) frontend/index.html frontend/vite.config.ts

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup dev-setup test check format bench screenshots api lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: setup ## set everything up and serve on http://127.0.0.1:8000
	@exec $(MASKLOOP) serve --sample

setup: .venv/.runtime frontend/dist/index.html models/weights/mobile_sam.json ## what `run` needs, without serving

dev-setup: .venv/.dev setup ## what `test` and `check` need

test: dev-setup ## every check and test, the browser's too
	@scripts/test.sh

check: .venv/.dev frontend/node_modules/.package-lock.json ## linters, types, layers, formats, API drift
	@scripts/check.sh

format: .venv/.dev frontend/node_modules/.package-lock.json ## format and fix what can be fixed
	@scripts/format.sh

bench: dev-setup ## measure and write bench-results/bench.json and bench.md
	@.venv/bin/python -m tests.bench

screenshots: dev-setup ## remake the documentation's pictures in a real browser
	@.venv/bin/python scripts/screenshots.py
	@.venv/bin/python scripts/annotating_screenshots.py

api: .venv/.dev frontend/node_modules/.package-lock.json ## regenerate the browser's API client from the server
	@scripts/generate_api.sh

lock: .venv/.dev ## resolve pyproject.toml into the hashed lock files
	@scripts/lock.sh

clean: ## remove what make made (not your data)
	@rm -rf .venv frontend/node_modules frontend/dist models/node_modules models/weights bench-results

.venv/.runtime: requirements.lock pyproject.toml
	@PYTHON=$(PYTHON) scripts/setup_python.sh requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml
	@PYTHON=$(PYTHON) scripts/setup_python.sh requirements-dev.lock
	@touch .venv/.runtime $@

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json
	@scripts/setup_node.sh frontend
	@touch $@

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(FRONTEND_SOURCES)
	@echo "==> Building the front end"
	@npm run --silent --prefix frontend build
	@touch $@

# `pull` fetches, verifies, converts and exports; its manifest is written last.
models/weights/mobile_sam.json: .venv/.runtime models/package-lock.json models/sam/zoo.toml $(wildcard models/sam/*.py)
	@$(MASKLOOP) models pull
	@touch $@
