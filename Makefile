PYTHON ?= python3
MOTO_VENV := target/moto-venv
MOTO_READY := $(MOTO_VENV)/.installed

.PHONY: acceptance moto

# Stories with real terraform, against the local ECS endpoint and against moto.
acceptance: moto
	cargo test --features acceptance --test acceptance

# moto, the second opinion of the acceptance tests, in a virtual environment below target/.
moto: $(MOTO_READY)

$(MOTO_READY): tests/tools/requirements.txt
	$(PYTHON) -m venv --clear $(MOTO_VENV)
	$(MOTO_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	touch $@
