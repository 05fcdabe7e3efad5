# The commands of this project; `make` alone lists them. Each brings what it needs by itself (infra/setup), once.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo start status stop clean-demo verify test lint format bench prune

# Where set-up put things, for the shell of one recipe line: TRE_PYTHON, TRE_OPA, TRE_NODE and so on.
places = eval "$$(infra/setup/paths.py --export)"

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Bring what the TRE runs on (the other commands do this by themselves)
	@infra/setup/run

setup-tests: ## Bring what the tests need too: Chromium, PostgreSQL, the checking tools
	@infra/setup/run --tests

demo: setup ## Start the TRE, load the data, walk from sign-in to a released result; CHECK=1 then stops it all
	@$(places); exec "$$TRE_PYTHON" -m tre.entrypoints.cli demo $(if $(CHECK),--check)

start: setup ## Start the TRE in the background, without the walk
	@$(places); exec "$$TRE_PYTHON" -m tre.entrypoints.cli start

status: setup ## Say which part of it answers
	@$(places); exec "$$TRE_PYTHON" -m tre.entrypoints.cli status

stop: setup ## Stop it, workspaces included
	@$(places); exec "$$TRE_PYTHON" -m tre.entrypoints.cli stop

clean-demo: stop ## Stop the demo and remove its state: records, data, workspaces, keys
	@$(places); exec "$$TRE_PYTHON" -m tre.entrypoints.cli clean-demo

verify: setup ## Prove the whole record (`tre audit verify`), or name the first bad row
	@$(places); exec "$$TRE_PYTHON" -m tre.entrypoints.cli audit verify

test: setup-tests ## Run every check and test
	@infra/checks/run all

lint: setup-tests ## Run the checks that start nothing: style, types, import contracts, policies, scripts
	@infra/checks/run lint

format: setup-tests ## Write Python and Rego the one way the checks expect
	@infra/checks/run format

bench: setup-tests ## Measure against the bars; writes tests/benchmarks/results.json and docs/benchmarks.md
	@$(places); exec "$$TRE_TEST_PYTHON" -m tests.benchmarks

prune: setup ## Remove what set-up made for older lock files
	@infra/setup/prune
