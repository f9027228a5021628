# Two commands on a fresh machine: `make report` and `make test`. Windows: see README.md.
# Bytecode is wanted: without it every import compiles pandas and friends again.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST_ARGS ?=

.PHONY: report test test-thorough test-all lab ingest env lint format bench evaluate peers vulnerabilities calibrate demo-data dictionary faults lock clean

report: $(READY)  ## read data/raw, write reports/
	@$(BIN)/ae ingest; code=$$?; \
	if [ $$code -ne 0 ] && [ $$code -ne 3 ]; then exit $$code; fi; \
	$(BIN)/ae report || exit $$?; \
	if [ $$code -eq 3 ]; then echo "Some input files were refused: see the list above, or run: $(BIN)/ae ingest" >&2; fi

test: $(READY)  ## the default tests
	$(BIN)/python -m pytest -n 2 -m "not slow and not thorough" $(PYTEST_ARGS)

test-thorough: $(READY)  ## those that read logs and build months anew for each case; .ci/run takes them in
	$(BIN)/python -m pytest -n 2 -m "thorough and not slow" $(PYTEST_ARGS)

test-all: $(READY)  ## slow tests too
	$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

lab: $(READY)  ## JupyterLab on the notebooks
	$(BIN)/ae lab

ingest: $(READY)
	$(BIN)/ae ingest

lint: $(READY)  ## format, lint, types, import contracts, notebooks without outputs
	$(BIN)/ruff format --check src tests benchmarks calibration
	$(BIN)/ruff check src tests benchmarks calibration
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify notebooks/*.ipynb

format: $(READY)
	$(BIN)/ruff format src tests benchmarks calibration
	$(BIN)/ruff check --fix src tests benchmarks calibration

bench: $(READY)  ## ratios against a bare floor, then registries; BENCH_ARGS="--large 0" leaves out ten million lines
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.scale $(BENCH_ARGS)

evaluate: $(READY)  ## how well texts are read, on annotated sentences; beside keywords and, after `make peers`, ConText
	$(BIN)/python -m benchmarks.evaluate

peers: $(READY)  ## an environment of its own for the peers that `make evaluate` compares with; never in the lock
	$(PYTHON) -m venv .peers
	VIRTUAL_ENV=.peers $(BIN)/uv pip install -q --override benchmarks/peers_override.txt -r benchmarks/peers.txt

vulnerabilities:  ## known weaknesses of what the lock files install; asks the network, so it is run by hand: docs/reliability.md
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install -q --disable-pip-version-check 'pip-audit==2.10.1'
	.audit/bin/pip-audit --require-hashes --disable-pip -r requirements.lock -r requirements-uv.lock

calibrate: $(READY)  ## coverage of the intervals and run lengths of the monitors; figures in docs/methods.md
	$(BIN)/python -m calibration

faults: $(READY)  ## every fault and attack in full; figures in docs/reliability.md
	AE_ALL_FAULTS=1 $(BIN)/python -m pytest tests/faults tests/unit/counting/test_disclosure_attack.py tests/unit/counting/test_committee_attack.py \
		tests/properties/test_deliveries_crashes.py tests/pipeline/test_planted_identifiers.py tests/pipeline/test_what_stays_behind.py -n 2 --dist worksteal -rP $(PYTEST_ARGS)

demo-data: $(READY)  ## the simulated group that ships in data/raw, made again
	rm -rf data/raw/sim-* build/demo
	$(BIN)/ae demo --out build/demo --sessions 4000 --seed 1
	cp -R build/demo/raw/sim-* data/raw/

dictionary: $(READY)  ## docs/data_dictionary.md from the schemas
	$(BIN)/python -m analysis.schemas.dictionary > docs/data_dictionary.md

env: $(READY)

$(READY): requirements.lock requirements-uv.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; set PYTHON=python3.11')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-uv.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync -q --require-hashes --only-binary :all: --compile-bytecode requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --no-deps --no-build-isolation --editable .
	@touch $@

# `rfc3987-syntax` is left out: it builds a grammar at import, 2.5 s in every process that imports nbformat, and is optional.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header -q
lock: $(READY)  ## make the lock files again
	$(BIN)/$(LOCK) pyproject.toml --group dev --no-emit-package rfc3987-syntax -o requirements.lock
	echo 'uv==0.13.9' | $(BIN)/$(LOCK) - -o requirements-uv.lock

clean:
	rm -rf $(VENV) .peers .audit data/processed/[0-9a-f]* data/processed/CURRENT reports
