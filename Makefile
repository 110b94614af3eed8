# Every target is one word of `python -m deploy.local`; `make` alone lists them.
# Variables of the command line (ROLE=..., NAME=..., JSON=1, ARGS=...) reach it as they are.
SHELL := /bin/sh
PYTHON := $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && { command -v $$p; exit; }; done; echo python3)
LAUNCH := @cd '$(CURDIR)' && exec '$(PYTHON)' -m deploy.local

.DEFAULT_GOAL := help
.PHONY: help setup up servers down status test demo token logs bench reset check proto lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## fetch and check all that is needed, into .tools/
	$(LAUNCH) setup
up: ## start Postgres, Kafka and the services; safe to repeat
	$(LAUNCH) up
servers: ## start only Postgres, Kafka and the issuer, for running a service by hand
	$(LAUNCH) servers
down: ## stop everything in good order
	$(LAUNCH) down
status: ## what runs, how far it has come, what it weighs (JSON=1 for machines)
	$(LAUNCH) status
test: ## run every test (ARGS='-k word' for pytest)
	$(LAUNCH) test
demo: ## load a generated history and hold it beside the published figures (SCALE=0.01 SEED=387)
	$(LAUNCH) demo
token: ## print a token: ROLE=a[,b] AREA=... [PERSON=1] [SUBJECT=<id>] [FUND=<id>]
	$(LAUNCH) token
logs: ## what the processes said last (NAME=training-serve)
	$(LAUNCH) logs
bench: ## measure, beside the baselines (ARGS=append for one)
	$(LAUNCH) bench
reset: ## delete every fact stored here; asks first (YES=1)
	$(LAUNCH) reset
check: ## lint, types, boundaries, contracts, budgets
	$(LAUNCH) check
proto: ## generate the code of the contracts into proto/gen (BASELINE=1: they are promised)
	$(LAUNCH) proto
lock: ## resolve the requirements into hashed files (UPGRADE=1 lets pins move)
	$(LAUNCH) lock
