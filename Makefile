# One target per habit; `make` alone lists them. The first sentence after ## is what the list shows.
#
# Everything is built below target/, and tests of every kind share one build. Needs GNU make 4.3, cargo and terraform;
# the acceptance tests need Python 3 as well. A missing tool is an error with the way to install it, never a skipped test.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
TERRAFORM ?= terraform
PYTHON ?= python3

# Rounds of `make bench`; at least 10.
ROUNDS ?= 12

MOTO_VENV := target/moto-venv
MOTO_READY := $(MOTO_VENV)/.installed

# Looked for anew every day: a key that ECS takes since yesterday is what its test is for.
MODEL := target/ecs-model
MODEL_READY := $(MODEL)/.newest-on-$(shell date -u +%F)

.PHONY: help fmt lint check acceptance moto model test docs demo bench need-cargo need-terraform need-python

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

fmt: need-cargo need-terraform ## Formats Rust and the examples.
	$(CARGO) fmt
	$(TERRAFORM) fmt -recursive examples

lint: need-cargo need-terraform ## Checks the format of both and runs Clippy on everything, warnings being errors.
	$(CARGO) fmt --check
	$(TERRAFORM) fmt -check -recursive examples
	$(CARGO) clippy --locked --all-targets --all-features -- -D warnings

check: need-cargo ## Runs every test that needs only cargo.
	$(CARGO) test --locked

acceptance: need-cargo need-terraform moto model ## Runs the stories with the real Terraform, against our local ECS and against moto.
	$(CARGO) test --locked --all-features --test acceptance

moto: need-python $(MOTO_READY) ## Installs moto, the second opinion of the acceptance tests, below target/.

model: need-python $(MODEL_READY) ## Installs the newest API model of ECS, which the table of shapes is compared with, below target/.

test: lint moto model ## Runs everything: lint, and all tests in one build.
	$(CARGO) test --locked --all-features

docs: need-cargo need-terraform ## Rewrites docs/, golden files and inline expectations; read the diff afterwards.
	UPDATE_EXPECT=1 $(CARGO) test --locked --all-features --lib --test suite
	UPDATE_EXPECT=1 $(CARGO) test --locked --all-features --test acceptance the_schema

demo: need-cargo need-terraform ## Plans, applies, re-plans and destroys examples/fargate against a local ECS endpoint.
	$(CARGO) build --locked --release --bin terraform-provider-ddrofs --example local-ecs
	examples/demo.sh

bench: need-cargo need-terraform ## Measures, prints a table and rewrites the one in PERFORMANCE.md.
	$(CARGO) bench --locked --bench rendering
	$(CARGO) build --locked --release --example idle-provider
	$(CARGO) bench --locked --bench terraform -- --rounds $(ROUNDS)

$(MOTO_READY): tests/tools/requirements.txt | need-python
	$(PYTHON) -m venv --clear $(MOTO_VENV)
	$(MOTO_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	touch $@

$(MODEL_READY): | $(MOTO_READY)
	rm -rf $(MODEL).new
	$(MOTO_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --target $(MODEL).new botocore
	$(MOTO_VENV)/bin/python -m gzip -d $(MODEL).new/botocore/data/ecs/2014-11-13/service-2.json.gz
	rm -rf $(MODEL) && mv $(MODEL).new $(MODEL)
	touch $@

# $(call need,tool,how to install it)
need = @command -v $(1) >/dev/null || { echo 'make: $(1) is missing. Install it: $(2)' >&2; exit 1; }

need-cargo:
	$(call need,$(CARGO),curl --proto "=https" --tlsv1.2 -sSf https://sh.rustup.rs | sh)

need-terraform:
	$(call need,$(TERRAFORM),brew install hashicorp/tap/terraform$(comma) or see https://developer.hashicorp.com/terraform/install)

need-python:
	$(call need,$(PYTHON),apt-get install python3 python3-venv$(comma) or brew install python3)

comma := ,
