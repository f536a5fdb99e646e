# evenly: every target prints its own help from the comment behind it.
LAB := node --import tsx lab.ts
STAMP := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install sim report list live up down logs a1 a2 a3 a4 images test bench test-docker test-peers check readme pictures clean

help: ## show this help
	@echo "evenly: a load-balancing laboratory"
	@echo
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)$$/  make \1 \t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo
	@echo "Flags go in ARGS: make sim ARGS='--replicas 2..6 --server-hash md5,sha1'"

install: node-is-there $(STAMP) ## install the libraries exactly as locked

.PHONY: node-is-there
node-is-there:
	@sh .ci/need-node

$(STAMP): package-lock.json | node-is-there
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

sim: install ## simulate: what if? (the lab's defaults; ARGS='--help' for the knobs)
	@$(LAB) sim $(ARGS)

report: install ## run the notebooks, draw their charts into reports/
	@$(LAB) report $(ARGS)

list: install ## list the hash functions, placements, policies and distributions
	@$(LAB) list $(ARGS)

live: images ## run A-1 to A-4 on real containers, beside the simulator, into reports/
	@$(LAB) live $(ARGS)

up: images ## bring the stack up in containers: the balancer answers on 127.0.0.1:5000
	@sh live/image/compose.sh up

down: ## take the stack down, and everything that it started
	@sh live/image/compose.sh down

logs: ## follow the logs of the stack that is up
	@sh live/image/compose.sh logs --follow

a1: images ## A-1 on containers: 10,000 requests on three replicas
	@$(LAB) live a1 $(ARGS)

a2: images ## A-2 on containers: N from 2 to 6
	@$(LAB) live a2 $(ARGS)

a3: images ## A-3 on containers: every endpoint; a kill, a pause, a removal
	@$(LAB) live a3 $(ARGS)

a4: images ## A-4 on containers: other hash functions, without a restart
	@$(LAB) live a4 $(ARGS)

images: install ## build the images of replica and balancer
	@sh live/image/build.sh

test: install ## run the tests
	@npm test -- $(VITEST_ARGS)

test-docker: install ## run the tests with real containers (skipped, with the reason, without Docker)
	@npm run test:docker -- $(VITEST_ARGS)

test-peers: install ## ask the real nginx and HAProxy beside the profiles (skipped, with the reason, without them)
	@npm run test:peers -- $(VITEST_ARGS)

bench: install ## measure lookups a second, beside npm packages
	@npm run --silent bench -- $(ARGS)

check: install ## the gate: types, lint, format, tests
	npm run --silent check

readme: install ## rewrite the README's tables from the code's own
	@$(LAB) list --markdown | node .ci/readme.mjs
	@npx prettier --log-level warn --write README.md

pictures: report ## redraw the README's pictures
	cp reports/a1-load-per-replica/ring.png reports/picture-ring.png
	cp reports/a4-hash-functions/virtual-servers.png reports/picture-virtual-servers.png

clean: ## remove what was made: node_modules, reports, coverage
	rm -rf node_modules coverage
	find reports -mindepth 1 ! -name 'picture-*.png' -delete
