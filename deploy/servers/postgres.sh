#!/bin/bash
# A private PostgreSQL: everything under DIR, loopback and a unix socket only, data pages with checksums.
#
#   postgres.sh start DIR [PORT]   starts it, also again after a stop or a crash; prints its URL when it answers. Running already is fine
#   postgres.sh stop DIR           ends sessions and stops in order
#   postgres.sh kill DIR           kill -9 of the server and its children: what fault tests need
#   postgres.sh url DIR            prints the URL: postgresql://platform:PASSWORD@127.0.0.1:PORT/platform
#
# psql without a password, for the owner of DIR or root:  psql -h DIR -p PORT -U platform
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 start DIR [PORT] | stop DIR | kill DIR | url DIR" >&2; exit 2; }
HERE=$(cd "$(dirname "$0")" 2> /dev/null && pwd) || HERE=
D=$(realpath -m "$2")
# shellcheck source-path=SCRIPTDIR source=common.sh
declare -F continue_as > /dev/null || . "$HERE/common.sh"
export SERVER_DIR=$D LC_ALL=C.UTF-8

print_url() { echo "postgresql://platform:$(< "$D/password")@127.0.0.1:$(< "$D/ports")/platform"; }

# A cluster starts only with the version that made it.
bin() { if [ -s "$D/data/PG_VERSION" ]; then echo "/usr/lib/postgresql/$(< "$D/data/PG_VERSION")/bin"; else find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1; fi; }

alive() { ours "$D/data/postmaster.pid"; }

start() {
  continue_as postgres "$@"
  mkdir -p "$D"; cd "$D"
  choose_ports 1 "${3:-}"
  local bin made='' try socket=$D
  bin=$(bin); [ -x "$bin/pg_ctl" ] || die "PostgreSQL is missing: apt-get install postgresql-15"
  if alive && "$bin/pg_isready" -q -h 127.0.0.1 -p "$P"; then print_url; exit; fi
  must_be_free "$P"
  if [ ! -s data/ready ]; then   # written last: an initdb that was cut off is done again
    rm -rf data; secret password > /dev/null
    # trust on the socket only: the folder's mode 700 guards it
    "$bin/initdb" -D data -U platform --pwfile=password --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8 --data-checksums > initdb.log 2>&1 ||
      die "initdb failed: $(tail -n 5 initdb.log)"
    made=1
  fi
  # fsync, synchronous_commit and full_page_writes stay on, their defaults: an acknowledged commit outlives a crash
  cat > data/platform.conf <<C
listen_addresses = '127.0.0.1'
max_connections = 200
idle_in_transaction_session_timeout = 60s
log_min_duration_statement = 2s
C
  grep -q platform.conf data/postgresql.conf || echo "include_if_exists = 'platform.conf'" >> data/postgresql.conf
  [ ${#D} -le 85 ] || socket=   # a socket's path has 107 bytes at most: none then, loopback serves
  for try in $(seq 20); do   # more than once: after a kill -9 the old children hold the shared memory for a moment longer
    if "$bin/pg_ctl" -D data -l server.log -w -t 60 -s -o "-p $P -k '$socket'" start < /dev/null > start.log 2>&1; then try=0; break; fi
    sleep 0.5
  done
  [ "$try" = 0 ] || die "PostgreSQL did not start: $(cat start.log) $(tail -n 20 server.log)"
  if [ -n "$made" ]; then PGPASSWORD=$(< password) "$bin/createdb" -h 127.0.0.1 -p "$P" -U platform platform; echo 1 > data/ready; fi
  print_url
}

stop() {
  [ -d "$D/data" ] || exit 0
  continue_as postgres "$@"
  ! alive || "$(bin)/pg_ctl" -D "$D/data" -m fast -w -t 60 -s stop
}

kill_all() {
  alive || exit 0
  local server children
  server=$(pid_in "$D/data/postmaster.pid")
  mapfile -t children < <(pgrep -P "$server")
  kill -KILL "$server" "${children[@]}" 2> /dev/null || true
}

case $1 in
  start) start "$@" ;;
  stop) stop "$@" ;;
  kill) kill_all ;;
  url) print_url ;;
  *) usage ;;
esac
