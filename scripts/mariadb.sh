#!/usr/bin/env bash
# mariadb.sh COMMAND…: runs the command with a MariaDB of its own, on a free loopback port in a scratch folder, named in
# MACAW_TEST_MYSQL. Installs Debian's packages when they are missing; stops the server and removes the folder at the end.
source "$(dirname "$0")/lib.sh"
[ "$#" -gt 0 ] || stop "usage: bash scripts/mariadb.sh COMMAND…"

# Debian keeps the server where only root's PATH looks.
PATH=$PATH:/usr/sbin:/usr/local/sbin
need mariadbd mariadb-server "Install MariaDB (macOS: brew install mariadb; Fedora: dnf install mariadb-server)."
need mariadb-install-db mariadb-server "Install MariaDB's mariadb-install-db."

scratch=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The server refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
  as=(--user=mysql)
  chmod 711 "$scratch"
fi

mariadb-install-db --no-defaults --datadir="$scratch/data" --auth-root-authentication-method=normal --skip-test-db \
  "${as[@]}" >"$scratch/install.log" 2>&1 || { cat "$scratch/install.log" >&2; stop "MariaDB's system tables could not be made"; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port can be taken between the look and the start: then another is tried.
start() {
  local port=$1 waited=0
  mariadbd --no-defaults --datadir="$scratch/data" --bind-address=127.0.0.1 --port="$port" \
    --socket="$scratch/data/socket" --pid-file="$scratch/data/pid" "${as[@]}" >"$scratch/server.log" 2>&1 &
  server=$!
  until answers "$port"; do
    kill -0 "$server" 2>/dev/null || { server=; return 1; }
    waited=$((waited + 1))
    [ "$waited" -le 300 ] || { cat "$scratch/server.log" >&2; stop "MariaDB did not answer within 60 s"; }
    sleep 0.2
  done
}

for try in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 12000))
  if ! answers "$port" && start "$port"; then break; fi
  [ "$try" -lt 5 ] || { cat "$scratch/server.log" >&2; stop "MariaDB did not start"; }
done

say "MariaDB on 127.0.0.1:$port"
code=0
MACAW_TEST_MYSQL="mysql://root@127.0.0.1:$port" "$@" || code=$?
exit "$code"
