#!/bin/sh
# Builds the images: evenly/replica, and evenly/balancer for compose. Prints nothing but what goes wrong, in one sentence.
set -eu
cd "$(dirname "$0")/../.."

fail() {
  echo "$1" >&2
  exit 2
}

command -v docker >/dev/null || fail "Docker is not installed: install it (on Debian and Ubuntu: sudo apt-get install docker.io)."
if ! why=$(docker version 2>&1 >/dev/null); then
  case $why in
    *"permission denied"*) fail "No permission to use Docker: join the group docker (sudo usermod -aG docker \$USER, then log in again), or use sudo." ;;
    *) fail "Docker does not answer: start it (sudo systemctl start docker), or do without it by --driver process." ;;
  esac
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Runs a step quietly; what it printed is shown when it fails, a full disk as a sentence.
step() {
  "$@" >>"$log" 2>&1 && return
  grep -qi 'no space left' "$log" && fail "The disk that Docker uses is full: free some space (docker system df shows what uses it)."
  cat "$log" >&2
  fail "The images could not be built: '$1 $2' failed, see above."
}

BASE_IMAGE=$(sh live/image/base.sh)
step docker build --build-arg "BASE_IMAGE=$BASE_IMAGE" --tag evenly/replica replica
[ "${1:-}" = replica ] && exit

step npx esbuild live/supervisor/main.ts live/gateway/main.ts --bundle --platform=node --target=node20 --format=esm \
  --out-extension:.js=.mjs --entry-names=[dir] --outdir=live/image/app --log-level=error '--external:*.node' \
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;"
step cp live/gateway/rehearsal-cast.mjs live/image/app
step docker build --build-arg "BASE_IMAGE=$BASE_IMAGE" --tag evenly/balancer live/image
