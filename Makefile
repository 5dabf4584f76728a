# The two commands of a newcomer are `make demo` and `make test`; both set everything up first.

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo gui-demo translations compiled test test-random coverage check bench wheelhouse screenshots clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt tools/system_libraries.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	./tools/system_libraries.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[gui,points,dev]"
	@touch $@

demo: setup
	$(BIN)/inspector scan samples/washers/test --workspace demo/workspace --export demo/washers

# A session at the station: the app on the washers, ready to scan them.
gui-demo: setup
	$(BIN)/inspector-gui samples/washers --workspace demo/workspace

# New texts of the app go into the .ts files, which are then translated by hand; the .qm files are what the app reads.
translations: setup
	$(BIN)/pyside6-lupdate $$(find gui -name '*.py' | sort) -source-language en -target-language de -no-obsolete -locations none -ts gui/translations/app_de.ts
	for name in app settings; do $(BIN)/pyside6-lrelease gui/translations/$${name}_de.ts -qm gui/translations/$${name}_de.qm; done

# Once, for tests start many processes, and some environments forbid these to keep what they compile.
compiled: setup
	$(BIN)/python -m compileall -q inspector gui tests

# What pytest makes of the tests is kept, too.
test test-random coverage: export PYTHONDONTWRITEBYTECODE=

test: compiled
	$(BIN)/python -m pytest -n 2 --dist worksteal

# In an order by chance; the command that is echoed tells its seed, SEED=123 repeats one.
test-random: SEED ?= $(shell date +%s)
test-random: compiled
	$(BIN)/python -m pytest -n 2 --dist worksteal -p pytest_randomly --randomly-seed=$(SEED)

# The lines of the engine that tests run, by file; fewer than nine in ten are an error.
coverage: compiled
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov=inspector --cov-report=term:skip-covered --cov-fail-under=90

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# All measured times, at sizes that end within about ten minutes on two cores; benchmarks/README.md has larger ones.
bench: setup
	$(BIN)/python -m benchmarks.bench_scoring --repeats 3
	$(BIN)/python -m benchmarks.bench_grouping
	$(BIN)/python -m benchmarks.bench_growth --counts 100 200 400 800 --references 100 --repeats 1
	$(BIN)/python -m benchmarks.bench_pipeline --counts 50 200

# A folder for a station without a network: wheelhouse/linux; with FOR=windows wheelhouse/windows. See docs/operating.md.
wheelhouse: setup
	$(BIN)/python tools/wheelhouse.py $(FOR)

# The pictures of the documents, from the sample batches, as the app looks now; some two minutes.
screenshots: setup
	$(BIN)/python tools/screenshots.py

clean:
	rm -rf $(VENV) demo build *.egg-info
