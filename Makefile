# One target per habit; `make` alone lists them. The first sentence after ## is what the list shows.
#
# Everything is built below target/, and demo, lint and tests share one build of the dependencies. Needs GNU make 4.3, cargo,
# a C compiler and terraform; the acceptance tests need Python 3 as well. A missing tool is an error with the way to install
# it, never a skipped test.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
PYTHON ?= python3

# The core that everything runs with, a name or a path: Terraform or OpenTofu.
TERRAFORM ?= $(or $(TF_ACC_TERRAFORM_PATH),terraform)
export TERRAFORM

# Clippy compiles and lints at once: these are the variables that `cargo clippy -- -D warnings` sets for itself. With it alone
# the same code would be checked for lint and then compiled for the tests. No script may stand in between: a shell loses
# variables with a dash in their names, and tests find the built program by such a one.
LINTING := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__

# The browser that `make browser` drives, a name or a path.
CHROMIUM ?= chromium

# Rounds of `make bench`; at least 10.
ROUNDS ?= 12

# For how long each target of `make fuzz` runs.
SECONDS ?= 15

# The program that `make install` installs; without one it builds one.
PROVIDER ?=

# What `make binary` builds for, a target of Rust. Another one than this machine's needs `rustup target add` and a C compiler.
TARGET ?= $(shell rustc -vV | sed -n 's/^host: //p')

# Programs by target, and what the Registries take.
PROGRAMS := target/dist/programs
RELEASE := target/dist/release

# Nothing of a release names a folder of this machine: neither its own, nor cargo's, nor that of Rust's own library.
CARGO_FOLDER = $(or $(CARGO_HOME),$(HOME)/.cargo)
REMAPPED = $(CURDIR)=/ddrofs $(CARGO_FOLDER)=/cargo \
	$(shell rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$(shell rustc -vV | sed -n 's/^commit-hash: //p')
# cl.exe of Windows knows no such option, and aws-lc is told of no folder there.
CFLAGS_REMAPPED = $(if $(findstring msvc,$(TARGET)),,$(addprefix -ffile-prefix-map=,$(REMAPPED)))

MOTO_VENV := target/moto-venv
MOTO_READY := $(MOTO_VENV)/.installed

# Looked for anew every day: a key that ECS takes since yesterday is what its test is for.
MODEL := target/ecs-model
MODEL_READY := $(MODEL)/.newest-on-$(shell date -u +%F)

TOOLS := target/tools
CARGO_FUZZ := $(TOOLS)/bin/cargo-fuzz
CARGO_CYCLONEDX := $(TOOLS)/bin/cargo-cyclonedx
CARGO_DENY := $(TOOLS)/bin/cargo-deny
FUZZ := target/fuzz

.PHONY: help fmt lint check optimized acceptance moto model fuzz test browser faults docs demo bench binary pack dist install \
	deny beside need-cargo need-cc need-terraform need-python need-c++ need-chromium

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

fmt: need-cargo need-terraform ## Formats Rust and the examples.
	$(CARGO) fmt
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml
	$(TERRAFORM) fmt -recursive examples

lint: need-cargo need-cc need-terraform ## Checks the format of both and builds everything with Clippy, warnings being errors.
	$(CARGO) fmt --check
	$(CARGO) fmt --check --manifest-path fuzz/Cargo.toml
	$(TERRAFORM) fmt -check -recursive examples
	$(LINTING) $(CARGO) build --locked --all-targets --all-features

check: need-cargo need-cc beside ## Runs every test that needs only cargo.
	$(LINTING) $(CARGO) test --locked --all-features --lib --test suite

optimized: need-cargo need-cc beside ## Runs the tests of check with the release's optimization, in which a compiler can err as well.
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
		$(CARGO) test --locked --release --all-features --lib --test suite

acceptance: need-cargo need-cc need-terraform moto model beside ## Runs the stories with the real Terraform, against our local ECS and against moto.
	$(LINTING) $(CARGO) build --locked --all-features --example local-ecs
	$(LINTING) $(CARGO) test --locked --all-features --test acceptance

moto: need-python $(MOTO_READY) ## Installs moto, the second opinion of the acceptance tests, below target/.

model: need-python $(MODEL_READY) ## Installs the newest API model of ECS, which the table of shapes is compared with, below target/.

fuzz: need-cargo need-c++ $(CARGO_FUZZ) ## Feeds what reads, judges and merges with bytes nobody thought of; SECONDS=600 for long.
	$(CARGO) run --quiet --locked --all-features --example fuzz-seeds -- $(FUZZ)/seeds
	PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" $(CARGO) fuzz build --sanitizer none --target-dir $(FUZZ)/build
	$(call fuzz,document,documents,-dict=$(FUZZ)/seeds/words)
	$(call fuzz,merge,documents,-dict=$(FUZZ)/seeds/words)
	$(call fuzz,files,messages)
	$(call fuzz,found,found,-dict=$(FUZZ)/seeds/signs)
	$(call fuzz,msgpack,messages)
	$(call fuzz,compose,files)
	$(call fuzz,docker,containers)
	$(call fuzz,kubernetes,manifests,-dict=$(FUZZ)/seeds/signs)
	$(call fuzz,nomad,jobs)
	$(call fuzz,yaml,yaml,-dict=$(FUZZ)/seeds/signs)

test: lint moto model beside ## Runs everything: lint and all tests, in one build.
	$(LINTING) $(CARGO) test --locked --all-features --lib --test suite --test acceptance
	$(LINTING) $(CARGO) test --quiet --locked --all-features --test faults -- --check

browser: need-cargo need-cc need-python need-chromium ## Drives the audit's page of 1,000 services in Chromium and takes pictures of it, below target/browser.
	$(LINTING) $(CARGO) build --locked --all-features --example fleet-page
	mkdir -p target/browser
	$(or $(CARGO_TARGET_DIR),target)/debug/examples/fleet-page 1000 > target/browser/audit.html
	$(PYTHON) tests/tools/drive_page.py $(CHROMIUM) target/browser/audit.html target/browser

faults: need-cargo need-cc need-terraform ## Disturbs and kills real applies and prints what is doubled or lost; ONLY='answer lost' for some.
	$(LINTING) $(CARGO) test --quiet --locked --all-features --test faults -- --all $(if $(ONLY),--only '$(ONLY)')

docs: need-cargo need-cc need-terraform ## Rewrites docs/, golden files and inline expectations; read the diff afterwards.
	UPDATE_EXPECT=1 $(LINTING) $(CARGO) test --locked --all-features --lib --test suite
	UPDATE_EXPECT=1 $(LINTING) $(CARGO) test --locked --all-features --test acceptance the_schema

demo: need-cargo need-cc need-terraform ## Plans, applies, re-plans and destroys examples/fargate against a local ECS endpoint.
	$(CARGO) build --locked --all-features --bin terraform-provider-ddrofs --example local-ecs
	examples/demo.sh $(or $(CARGO_TARGET_DIR),target)/debug

bench: need-cargo need-terraform ## Measures, prints a table and rewrites the one in PERFORMANCE.md.
	$(CARGO) bench --locked --bench rendering
	$(CARGO) build --locked --release --example idle-provider --example local-ecs
	$(CARGO) bench --locked --bench terraform -- --rounds $(ROUNDS)

install: ## Installs the program for Terraform and OpenTofu of this user; PROVIDER=PATH for one that is built already.
	$(if $(PROVIDER),,$(MAKE) --no-print-directory binary)
	packaging/install.sh $(or $(PROVIDER),$(PROGRAMS)/$(TARGET)/terraform-provider-ddrofs)

binary: need-cargo ## Builds the program of a release for TARGET, the same bytes in every folder.
	$(if $(findstring msvc,$(TARGET)),,$(need_c_compiler))
	RUSTFLAGS='$(addprefix --remap-path-prefix=,$(REMAPPED))' CFLAGS='$(CFLAGS_REMAPPED)' \
		$(CARGO) build --locked --release --bin terraform-provider-ddrofs --target $(TARGET)
	mkdir -p $(PROGRAMS)/$(TARGET)
	cp $(or $(CARGO_TARGET_DIR),target)/$(TARGET)/release/terraform-provider-ddrofs$(if $(findstring windows,$(TARGET)),.exe) \
		$(PROGRAMS)/$(TARGET)/

pack: need-python $(CARGO_CYCLONEDX) ## Packs what `make binary` built: zips, manifest, SBOM, sums and, with GPG_PRIVATE_KEY, their signature.
	SOURCE_DATE_EPOCH=$(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct),0) PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" \
		$(CARGO) cyclonedx --quiet --format json --spec-version 1.5 --target all --override-filename sbom.cdx
	mv sbom.cdx.json target/dist/
	rm domain/sbom.cdx.json
	packaging/sign.sh "$$($(PYTHON) packaging/pack.py $(PROGRAMS) $(RELEASE) target/dist/sbom.cdx.json)"

dist: ## Builds a release for this machine and packs it, below target/dist: the same bytes in every folder.
	rm -rf target/dist
	$(MAKE) --no-print-directory binary
	$(MAKE) --no-print-directory pack

deny: need-cargo ## Checks advisories and licences of what the program is built from; cargo-deny of PATH, or installed below target/.
	command -v cargo-deny >/dev/null || [ -x $(CARGO_DENY) ] || $(CARGO) install --quiet --locked --root $(TOOLS) cargo-deny
	PATH="$$PATH:$(CURDIR)/$(TOOLS)/bin" $(CARGO) deny --locked check

$(MOTO_READY): tests/tools/requirements.txt | need-python
	$(PYTHON) -m venv --clear $(MOTO_VENV)
	$(MOTO_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile -r $<
	touch $@

$(MODEL_READY): | $(MOTO_READY)
	rm -rf $(MODEL).new
	$(MOTO_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile --target $(MODEL).new botocore
	$(MOTO_VENV)/bin/python -m gzip -d $(MODEL).new/botocore/data/ecs/2014-11-13/service-2.json.gz
	rm -rf $(MODEL) && mv $(MODEL).new $(MODEL)
	touch $@

$(CARGO_FUZZ): | need-cargo
	$(CARGO) install --quiet --locked --root $(TOOLS) cargo-fuzz

# This version leaves time and chance out where SOURCE_DATE_EPOCH is set; another one may write another text.
$(CARGO_CYCLONEDX): | need-cargo
	$(CARGO) install --quiet --locked --root $(TOOLS) cargo-cyclonedx@0.5.9

# $(call fuzz,target,seeds,options). What is learned is kept for the next run.
define fuzz
	@mkdir -p $(FUZZ)/learned/$(1) $(FUZZ)/found
	@echo 'fuzz target $(1), $(SECONDS) seconds'
	@$(FUZZ)/build/*/release/$(1) -max_total_time=$(SECONDS) -timeout=10 -artifact_prefix=$(FUZZ)/found/$(1)- $(3) \
		$(FUZZ)/learned/$(1) $(FUZZ)/seeds/$(2) 2> $(FUZZ)/$(1).log || \
		{ grep -A 3 panicked $(FUZZ)/$(1).log; tail -n 3 $(FUZZ)/$(1).log; echo 'make: $(found)'; exit 1; } >&2
	@tail -n 1 $(FUZZ)/$(1).log
endef
found = the fuzzer found a fault. CONTRIBUTING.md says what to do under "The fuzzer found something".

# Published task definitions and the list of what to find are no part of the repository. Tests use them where they are.
beside:
	@[ -d ../shared ] || echo 'make: ../shared is not there: tests read the task definitions in tests/cases/, no published ones'

# $(call need,tool,how to install it)
need = @command -v $(1) >/dev/null || { echo 'make: $(1) is missing. Install it: $(2)' >&2; exit 1; }

need-cargo:
	$(call need,$(CARGO),curl --proto "=https" --tlsv1.2 -sSf https://sh.rustup.rs | sh)

need-cc:
	$(need_c_compiler)

need_c_compiler = $(call need,$(or $(CC),cc),apt-get install gcc$(comma) or xcode-select --install; the TLS library is compiled from C)

need-c++:
	$(call need,$(CXX),apt-get install g++$(comma) or xcode-select --install; libFuzzer is compiled from C++)

need-terraform:
	$(call need,$(TERRAFORM),brew install hashicorp/tap/terraform$(comma) or see https://developer.hashicorp.com/terraform/install; with OpenTofu say TERRAFORM=tofu)

need-chromium:
	$(call need,$(CHROMIUM),apt-get install chromium$(comma) or name another one with CHROMIUM=PATH)

need-python:
	$(call need,$(PYTHON),apt-get install python3 python3-venv$(comma) or brew install python3)

comma := ,
