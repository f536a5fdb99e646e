#!/bin/sh
# Prints the name of a base image with Node: BASE_IMAGE, or node:22-bookworm-slim, or, where no registry can be
# reached, one built from this machine's own Node: its binary and the libraries that it is linked with.
set -eu

base=${BASE_IMAGE:-node:22-bookworm-slim}
if docker image inspect "$base" >/dev/null 2>&1 || docker pull --quiet "$base" >/dev/null 2>&1; then
  echo "$base"
  exit
fi

own=evenly/base:node-$(node -p process.versions.node)
echo "$base cannot be had from a registry: using $own, built from this machine's Node." >&2
if docker image inspect "$own" >/dev/null 2>&1; then
  echo "$own"
  exit
fi

if [ "$(uname -s)" != Linux ] || ! command -v ldd >/dev/null; then
  echo "This machine's Node cannot run in a container: make a registry reachable, or name a local image by BASE_IMAGE." >&2
  exit 2
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

build() {
  mkdir -p "$root/usr/local/bin" "$root/etc" "$root/tmp" "$root/run"
  chmod 1777 "$root/tmp"
  node=$(node -p process.execPath)
  cp -L "$node" "$root/usr/local/bin/node"
  # Lines are "name => /path (address)", and "/path (address)" for the loader; hosts are looked up by glibc's name
  # service, which some versions keep in libraries of their own.
  libraries=$(ldd "$node" | awk '$3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }')
  folder=$(dirname "$(echo "$libraries" | grep '/libc\.so')")
  for library in $libraries "$folder"/libnss_dns.so.2 "$folder"/libnss_files.so.2 "$folder"/libresolv.so.2; do
    [ -e "$library" ] || continue
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  echo 'root:x:0:0:root:/:/sbin/nologin
node:x:1000:1000:node:/:/sbin/nologin' >"$root/etc/passwd"
  echo 'root:x:0:
node:x:1000:' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  tar -C "$root" --owner=0 --group=0 -cf - . |
    docker import --change 'ENV PATH=/usr/local/bin' --change 'CMD ["node"]' - "$own" >/dev/null
}

set +e
why=$(set -e; build 2>&1)
failed=$?
set -e
case $failed$why in
  0*) echo "$own" ;;
  *[Nn]"o space left"*) echo "The disk is full: free some space (docker system df shows what Docker uses)." >&2 && exit 2 ;;
  *) echo "The base image $own could not be built: $why" >&2 && exit 2 ;;
esac
