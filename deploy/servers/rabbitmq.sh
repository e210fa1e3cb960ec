#!/bin/bash
# A private RabbitMQ with the users, permissions and policies of deploy/rabbitmq: everything under DIR, loopback only.
#
#   rabbitmq.sh start DIR [PORT]   starts it, also again after a stop or a crash; prints its URLs when it answers. Running already is fine
#   rabbitmq.sh stop DIR           stops in order, then its epmd
#   rabbitmq.sh kill DIR           kill -9 of the broker: what fault tests need
#   rabbitmq.sh url DIR            prints the URLs: amqp://platform:PASSWORD@127.0.0.1:PORT/platform http://operator:PASSWORD@127.0.0.1:PORT+1/
#   rabbitmq.sh ctl DIR ARGS…      rabbitmqctl against it
#
# Takes five ports: AMQP, then management, Prometheus, Erlang distribution, epmd.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 start DIR [PORT] | stop DIR | kill DIR | url DIR | ctl DIR ARGS" >&2; exit 2; }
HERE=$(cd "$(dirname "$0")" 2> /dev/null && pwd) || HERE=
D=$(realpath -m "$2")
# shellcheck source-path=SCRIPTDIR source=common.sh
declare -F continue_as > /dev/null || . "$HERE/common.sh"
BIN=/usr/lib/rabbitmq/bin   # not /usr/sbin: those wrappers insist on root, on the rabbitmq user and on /var

print_url() {
  local p; p=$(< "$D/ports")
  echo "amqp://platform:$(< "$D/password")@127.0.0.1:$p/platform http://operator:$(< "$D/operator-password")@127.0.0.1:$((p + 1))/"
}

# What the broker and rabbitmqctl read: nothing of the machine's own broker.
write_environment() {
  cat > ./env <<C
SERVER_DIR=$D
HOME=$D
ERL_EPMD_PORT=$((P + 4))
ERL_EPMD_ADDRESS=127.0.0.1
RABBITMQ_NODENAME=rabbit$P@localhost
RABBITMQ_DIST_PORT=$((P + 3))
RABBITMQ_CONF_ENV_FILE=$D/none
RABBITMQ_CONFIG_FILE=$D/rabbitmq.conf
RABBITMQ_ADVANCED_CONFIG_FILE=$D/none.config
RABBITMQ_ENABLED_PLUGINS_FILE=$D/enabled_plugins
RABBITMQ_MNESIA_BASE=$D/mnesia
RABBITMQ_LOG_BASE=$D/log
RABBITMQ_PID_FILE=$D/rabbitmq.pid
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
RABBITMQ_CTL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
C
  echo '[rabbitmq_management,rabbitmq_prometheus].' > enabled_plugins
  cat common.conf - > rabbitmq.conf <<C
definitions.import_backend = local_filesystem
definitions.local.path = $D/definitions.json
listeners.tcp.1 = 127.0.0.1:$P
management.tcp.ip = 127.0.0.1
management.tcp.port = $((P + 1))
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $((P + 2))
C
}

load_environment() {
  set -a
  # shellcheck source=/dev/null
  . "$D/env"
  set +a
}

# Takes over what lies in the checkout while it can still be read, with the passwords that belong to DIR.
prepare() {
  install -d -m 700 "$D"
  secret password > /dev/null; secret operator-password > /dev/null
  cp "$HERE/../rabbitmq/rabbitmq.conf" "$D/common.conf"
  BROKER_PASSWORD=$(< "$D/password") BROKER_OPERATOR_PASSWORD=$(< "$D/operator-password") bash "$HERE/../rabbitmq/render.sh" "$HERE/../rabbitmq/definitions.json" > "$D/definitions.json"
  [ "$(id -u)" != 0 ] || chown rabbitmq: "$D" "$D"/{password,operator-password,common.conf,definitions.json}
}

# A quorum queue whose broker was killed within a second of its declaration comes back as a follower that nobody ever makes leader (seen with 3.10: the
# register of such queues reaches the disk every half second), and everything about it waits for ever. So those without a leader are told to elect one.
wake_queues() {
  load_environment
  "$BIN/rabbitmqctl" -q eval '[ra:trigger_election(amqqueue:get_pid(Q)) || Q <- rabbit_amqqueue:list(), amqqueue:get_type(Q) =:= rabbit_quorum_queue,
    ra_leaderboard:lookup_leader(element(1, amqqueue:get_pid(Q))) =:= undefined], ok.' > log/wake.log 2>&1 || die "RabbitMQ's queues could not be woken: $(tail -n 5 log/wake.log)"
}

start() {
  [[ $D =~ ^[A-Za-z0-9_./+@-]+$ ]] || die "$D: RabbitMQ's own scripts break on blanks and quotes in a folder's name"
  [ -x "$BIN/rabbitmq-server" ] || die "RabbitMQ is missing: apt-get install rabbitmq-server"
  [ -n "${CONTINUED:-}" ] || prepare
  continue_as rabbitmq "$@"
  mkdir -p "$D"/{mnesia,log}; cd "$D"
  choose_ports 5 "${3:-}"
  if ours broker.pid && listens "$P"; then print_url; exit; fi
  must_be_free "$P" $((P + 1)) $((P + 2)) $((P + 3))
  local killed=''; [ ! -s broker.pid ] || killed=1   # `stop` removes it
  ours epmd.pid || must_be_free $((P + 4))
  write_environment
  load_environment
  # an epmd of our own, started before the node does so by itself: thus its pid is known; it outlives a killed broker
  ours epmd.pid || { setsid epmd < /dev/null > log/epmd.log 2>&1 & echo $! > epmd.pid; }
  local tick
  for ((tick = 0; tick < 100; tick++)); do ! listens "$ERL_EPMD_PORT" || break; sleep 0.05; done
  # This variable makes RabbitMQ's script become the Erlang machine instead of its parent: one process, one pid. The pid file is ours: the broker
  # removes its own when it begins to stop, seconds before it is gone.
  RUNNING_UNDER_SYSTEMD=true setsid "$BIN/rabbitmq-server" < /dev/null > log/stdout.log 2>&1 & echo $! > broker.pid
  for ((tick = 0; tick < 1200; tick++)); do   # the AMQP listener is opened last, after the plugins and the definitions
    if listens "$P" && listens $((P + 1)); then [ -z "$killed" ] || wake_queues; print_url; exit; fi
    ours broker.pid || { sleep 0.3; ours broker.pid || break; }
    sleep 0.05
  done
  die "RabbitMQ did not start; the end of its log ($D/log): $(tail -n 20 log/stdout.log)"
}

case $1 in
  start) start "$@" ;;
  stop) end "$D/broker.pid" 30; end "$D/epmd.pid" 5 ;;
  kill) ! ours "$D/broker.pid" || kill -KILL "$(pid_in "$D/broker.pid")" ;;
  url) print_url ;;
  ctl)
    continue_as rabbitmq "$@"
    load_environment
    exec "$BIN/rabbitmqctl" "${@:3}" ;;
  *) usage ;;
esac
