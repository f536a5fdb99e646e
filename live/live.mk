# Targets of the live half; the Makefile includes it.
.PHONY: images up down logs

images: install ## build the images (a base from this machine's Node where no registry can be reached)
	@sh live/image/build.sh

up: images ## bring up the balancer and three replicas in containers, on http://127.0.0.1:5000
	@sh live/image/compose.sh up

down: ## take the stack away again
	@sh live/image/compose.sh down

logs: ## follow the logs of the balancer
	@sh live/image/compose.sh logs --follow
