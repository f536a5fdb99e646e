#!/bin/sh
# Runs compose on this project, v2 where it is installed, else docker-compose 1.29. `up` returns when replicas serve.
set -eu
cd "$(dirname "$0")/../.."

if docker compose version >/dev/null 2>&1; then
  compose='docker compose'
elif command -v docker-compose >/dev/null; then
  compose=docker-compose
else
  echo "Compose is not installed: install it (on Debian and Ubuntu: sudo apt-get install docker-compose), or use \`npm run lab up\`." >&2
  exit 2
fi

port=${EVENLY_PORT:-5000}
wanted=${EVENLY_REPLICAS:-3}
serves="process.exitCode = 1;
fetch('http://127.0.0.1:$port/rep').then((reply) => reply.json()).then(({ message }) => {
  if (message.N < $wanted) return;
  console.log('http://127.0.0.1:$port forwards to ' + message.replicas.join(', ') + '; \`make down\` ends it.');
  process.exitCode = 0;
}).catch(() => {})"

case $1 in
  up)
    COMPOSE_IGNORE_ORPHANS=1 $compose --project-name evenly up --detach
    for attempt in $(seq 150); do
      node -e "$serves" && exit
      sleep 0.2
    done
    echo "Not all of $wanted replicas serve after 30 seconds: look at \`make logs\`." >&2
    exit 1
    ;;
  down) $compose --project-name evenly down --remove-orphans --volumes ;;
  *) $compose --project-name evenly "$@" ;;
esac
