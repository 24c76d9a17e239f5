# Two commands do everything on a fresh machine with Python 3.11 or newer: `make report` and `make test`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(shell cksum < requirements.lock | cut -d' ' -f1)
QUARTER ?= 2021Q4
ACTIVITY ?= data/demo-street

.PHONY: setup report reports test checks unit fuzz slow bench demo locale lock lab clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@# Compiling every module of every package would take half of the time; those in use are compiled when first imported.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.ready-*
	@touch $@

report: $(READY)
	$(BIN)/lsb report $(ACTIVITY) --quarter $(QUARTER)

reports: $(READY)
	for activity in demo-street demo-town demo-sandtable; do $(BIN)/lsb report data/$$activity --quarter 2021Q4 || exit 1; done

test: checks unit

checks: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lsb_nb

unit: $(READY)
	$(BIN)/python tests/browser/find_browser.py
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder -q

fuzz: $(READY)
	LSB_FUZZ_EXAMPLES=2000 $(BIN)/pytest -n 2 -q --override-ini timeout=7200 \
	  tests/records/test_fuzz.py tests/records/test_fuzz_cells.py tests/records/test_fuzz_bytes.py tests/records/forms/test_mixed.py

slow: $(READY)
	$(BIN)/pytest -q -m slow --override-ini timeout=3600

bench: $(READY)
	$(BIN)/python benchmarks/run.py

demo: $(READY)
	$(BIN)/python data/make_demo.py

locale: $(READY)
	$(BIN)/python lsb_nb/locale/catalogue.py

lab: $(READY)
	$(BIN)/lsb lab

lock:
	uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal --python-version 3.11 --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
