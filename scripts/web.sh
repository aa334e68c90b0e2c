#!/usr/bin/env bash
# Front ends into web/dist, which the http crate embeds. Does nothing when they are up to date; --install stops before
# the build.
source "$(dirname "$0")/lib.sh"

stamp=web/node_modules/.macaw-built
installed=web/node_modules/.package-lock.json

if [ ! -e "$installed" ] || [ web/package-lock.json -nt "$installed" ]; then
  say "front ends: npm ci"
  (cd web && npm ci --no-audit --no-fund >&2)
fi
[ "${1:-}" != --install ] || exit 0

# Folders count too: a deleted file only changes its folder.
stale() {
  [ -e "$stamp" ] && [ -e web/dist/widget.js ] && [ -e web/dist/index.html ] || return 0
  [ -n "$(find web -mindepth 1 \( -name node_modules -o -path web/dist \) -prune -o -newer "$stamp" -print | head -n 1)" ]
}

if stale; then
  say "front ends: npm run build"
  started=$(mktemp)
  (cd web && npm run build >&2)
  # The age of the start, so that an edit made during the build counts as newer.
  touch -r "$started" "$stamp"
  rm -f "$started"
  # Cargo sees changed files in web/dist, but not new ones; this makes it embed them.
  touch crates/http/src/ui.rs
else
  say "front ends: up to date"
fi
