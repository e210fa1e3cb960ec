# shellcheck shell=bash
# What all parts of the command share. Sourced by ./platform, which has set ROOT.

say() { echo "$*" >&2; }
die() { say "$*"; exit 1; }

# Can a user who is not root get from / to this folder?
passable() {
  local folder=$1
  while [ "$folder" != / ]; do
    [ ! -e "$folder" ] || [ -n "$(find "$folder" -maxdepth 0 -perm -o=x)" ] || return 1
    folder=$(dirname "$folder")
  done
}

# The data folder. As root, servers and Chromium run as users of their own, so what they must reach lies where they can.
if [ -z "${PLATFORM_HOME:-}" ]; then
  if [ "$(id -u)" = 0 ] && ! passable "$ROOT"; then PLATFORM_HOME=/var/lib/platform; else PLATFORM_HOME=$ROOT/.platform; fi
fi
PLATFORM_HOME=$(realpath -m "$PLATFORM_HOME")
UP=$PLATFORM_HOME/up   # what `up` keeps
export PLATFORM_HOME PLATFORM_ROOT=$ROOT UP

make_home() { (umask 022; mkdir -p "$PLATFORM_HOME" "$PLATFORM_HOME/logs"); }

# Runs a function alone in this data folder: a second caller waits for the first. Descriptor 8 is the build's lock, 9 that of up, down and test, which build
# too; what is started and lives on gets neither (8>&- 9>&-), or it would hold the lock.
alone() {
  local name=$1; shift
  make_home
  if [ "$name" = build ]; then
    exec 8> "$PLATFORM_HOME/build.lock"; flock -n 8 || { say "Waiting for another build"; flock 8; }
    "$@"; exec 8>&-
  else
    exec 9> "$PLATFORM_HOME/$name.lock"; flock -n 9 || { say "Waiting for another $name"; flock 9; }
    "$@"; exec 9>&-
  fi
}

# What `up` told its services, while it runs: for them and for operators' tools, which then speak to its database and broker.
load_up_environment() {
  [ -r "$UP/environment" ] || return 0
  set -a
  # shellcheck source=/dev/null
  . "$UP/environment"
  set +a
}
