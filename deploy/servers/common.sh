# shellcheck shell=bash
# What the three server scripts share. Sourced, never run.
#
# A server lives wholly under one folder, DIR: data, configuration, log, secrets, pid files, and `ports`, its first port. Its processes carry
# SERVER_DIR=DIR in their environment, and only a process that does is ever stopped: a pid file may be older than the machine's last start.

umask 077

die() { echo "$*" >&2; exit 1; }

# Continues as the package's own user when root calls: neither PostgreSQL nor RabbitMQ runs as root, and Ceph need not. The text of both scripts is
# handed over (-c), because that user may not be able to read a checkout under a closed folder. The first argument is the user, the rest this script's own.
continue_as() {
  local user=$1; shift
  [ "$(id -u)" = 0 ] || return 0
  id "$user" > /dev/null 2>&1 || die "user $user is missing: the server's package is not installed"
  [ -d "$D" ] || install -d -m 700 -o "$user" -g "$user" "$D"
  local as=(setpriv "--reuid=$user" "--regid=$user" --init-groups env -u XDG_CONFIG_HOME "HOME=$D" CONTINUED=1)
  "${as[@]}" test -x "$D" || die "user $user cannot get into $D: a folder above it is closed"
  cd / && exec "${as[@]}" bash -c "$(< "$HERE/common.sh")"$'\n'"$(< "$HERE/${0##*/}")" "$HERE/${0##*/}" "$@"
}

# Is the process of this pid file alive and of this DIR? Its environment is read, not kill -0: a pid may be another's by now, or a zombie.
ours() { grep -qzxF "SERVER_DIR=$D" "/proc/$(pid_in "$1")/environ" 2> /dev/null; }
pid_in() { head -n 1 "$1" 2> /dev/null || true; }

# Does something listen on this port of loopback?
listens() { (: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# The first of COUNT ports of our own: what was asked for, else what DIR had before, else free ones below the range that the kernel gives out.
# Sets P.
choose_ports() {
  local count=$1 wanted=${2:-} offset try free
  if [ -n "$wanted" ]; then P=$wanted
  elif [ -s "$D/ports" ]; then P=$(< "$D/ports")
  else
    for try in $(seq 200); do
      P=$((20000 + (RANDOM * 32768 + RANDOM + try) % 12000)); free=1
      for ((offset = 0; offset < count; offset++)); do ! listens $((P + offset)) || { free=; break; }; done
      [ -z "$free" ] || break
    done
    [ -n "$free" ] || die "no $count free ports in a row on loopback"
  fi
  echo "$P" > "$D/ports"
}

# Stops on what holds a port that we need.
must_be_free() { local port; for port in "$@"; do ! listens "$port" || die "port $port is taken by another program"; done; }

# A secret for URLs and configuration files, kept in DIR/NAME: 32 letters and digits, 190 bits.
secret() { [ -s "$D/$1" ] || head -c 256 /dev/urandom | base64 -w0 | tr -dc 'A-Za-z0-9' | head -c 32 > "$D/$1"; cat "$D/$1"; }

# Ends the process of a pid file: TERM, then KILL after SECONDS. Nothing running is fine. Some servers remove their pid file before they are gone,
# so the number is read once.
end() {
  local file=$1 seconds=$2 tick pid
  pid=$(pid_in "$file")
  if ours "$file"; then
    kill -TERM "$pid" 2> /dev/null || true
    for ((tick = 0; tick < seconds * 20; tick++)); do ! gone "$pid" || break; sleep 0.05; done
    if ! gone "$pid"; then echo "$(basename "$file" .pid) did not stop in $seconds s: killed" >&2; kill -KILL "$pid" 2> /dev/null || true; fi
  fi
  rm -f "$file"
}

# A zombie counts as gone: under a lazy process 1 it may stay for seconds.
gone() { ! grep -qs '^State:.[^ZX]' "/proc/$1/status"; }

usage() { echo "usage: $0 start DIR [PORT] | stop DIR | kill DIR | url DIR" >&2; exit 2; }
