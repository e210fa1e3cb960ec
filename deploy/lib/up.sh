# shellcheck shell=bash
# The distributed form on this machine: three private servers and every service, each a process of its own. What runs is told by pid files and by a mark in
# the processes' environment, so `up` after a crash starts just what is dead, and `down` ends just what `up` started.

SERVICES=(gateway orchestrator capture render caption merge music transcode storage notification)
SERVERS=(rabbitmq postgres ceph)
D=$UP/services
# shellcheck source-path=SCRIPTDIR source=../servers/common.sh
. "$ROOT/deploy/servers/common.sh"
umask 022   # as for `make`: services close what must be closed

server() { "$ROOT/deploy/servers/$2.sh" "$1" "$UP/$2"; }

# Runs a function or command for each of the words after `--`, all at once; fails if one of them did.
each() {
  local action=() word pids=() pid failed=0
  while [ "$1" != -- ]; do action+=("$1"); shift; done; shift
  for word in "$@"; do "${action[@]}" "$word" 8>&- 9>&- & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return $failed
}

port_of() {
  local index
  if [ "$1" = gateway ]; then cat "$D/gateway-port"; return; fi
  for index in "${!SERVICES[@]}"; do [ "${SERVICES[index]}" != "$1" ] || echo $(($(< "$D/ports") + index)); done
}

choose_service_ports() {
  mkdir -p "$D"
  choose_ports ${#SERVICES[@]}
  [ ! -s "$D/gateway-port" ] || [ -n "${PLATFORM_PORT:-}" ] || return 0
  local port=${PLATFORM_PORT:-8080}
  if [ -z "${PLATFORM_PORT:-}" ]; then while listens "$port"; do port=$((port + 1)); done; fi
  echo "$port" > "$D/gateway-port"
}

# What services are told, in a file that only its owner reads: nothing of it is on a command line.
write_environment() {
  local mq s3 pg management number=0 port mq_port pg_port s3_port
  (umask 077; : >> "$UP/environment")
  read -r mq management <<< "$(server url rabbitmq)"
  read -ra s3 <<< "$(server url ceph)"
  pg=$(server url postgres) pg=${pg#*://platform:} pg=${pg%%@*}
  mq_port=$(< "$UP/rabbitmq/ports") pg_port=$(< "$UP/postgres/ports") s3_port=$(< "$UP/ceph/ports")
  [ -s "$UP/api-key" ] || (umask 077; dotnet "$CLI" keys create > "$UP/api-key")
  {
    line() { printf '%s=%q\n' "$1" "$2"; }
    line ASPNETCORE_ENVIRONMENT Production
    line DOTNET_gcServer 0   # many processes on one machine: memory counts for more than the last bit of throughput
    line ConnectionStrings__Platform "Host=127.0.0.1;Port=$pg_port;Database=platform;Username=platform;Password=$pg"
    line Bus__Uri "$mq"
    line RABBITMQ_MANAGEMENT_URL "${management}platform"   # for ./platform queues
    line Bus__ConsumerTimeout 06:00:00
    line Artifacts__S3__Endpoint "${s3[0]}"
    line Artifacts__S3__Bucket platform
    line Artifacts__S3__AccessKey "${s3[1]}"
    line Artifacts__S3__SecretKey "${s3[2]}"
    line Stages__WorkFolder "$PLATFORM_HOME/work"
    line DataProtection__Folder "$UP/secrets"   # shared by services that keep secrets in the database
    dotnet "$CLI" keys settings
    [ -z "${Caption__NpmRegistry:-}" ] || line Caption__NpmRegistry "$Caption__NpmRegistry"
    if [ -e "$UP/allow-private" ]; then
      line Egress__AllowPrivate true
      for port in "$(< "$D/gateway-port")" $(seq "$mq_port" $((mq_port + 4))) "$pg_port" $(seq "$s3_port" $((s3_port + 11))) $(seq "$(< "$D/ports")" $(($(< "$D/ports") + ${#SERVICES[@]} - 1))); do
        line "Egress__ForbiddenEndpoints__$number" "127.0.0.1:$port"; number=$((number + 1))
      done
    fi
  } > "$UP/environment"
}

assembly_of() { local name=${1^}; echo "$ROOT/services/$name/bin/$CONFIGURATION/$FRAMEWORK/Platform.$name.dll"; }

start_service() {
  local name=$1 log=$PLATFORM_HOME/logs/$1.log port
  ! ours "$D/$name.pid" || return 0
  port=$(port_of "$name"); must_be_free "$port"
  if [ "$(stat -c %s "$log" 2> /dev/null || echo 0)" -gt 20000000 ]; then mv "$log" "$log.1"; fi
  (
    load_up_environment
    export SERVER_DIR=$D ASPNETCORE_URLS=http://127.0.0.1:$port
    cd "$PLATFORM_HOME" || exit
    exec setsid dotnet "$(assembly_of "$name")"
  ) < /dev/null >> "$log" 2>&1 8>&- 9>&- &
  echo $! > "$D/$name.pid"
}

answers() { curl -s -f -m 5 -o /dev/null "http://127.0.0.1:$(port_of "$1")/health/ready"; }

wait_ready() {
  local name=$1 log=$PLATFORM_HOME/logs/$1.log since=$SECONDS
  while [ $((SECONDS - since)) -lt 90 ]; do
    ! answers "$name" || return 0
    ours "$D/$name.pid" || { sleep 0.3; ours "$D/$name.pid" || { say "$name ended; the end of its log ($log):"; tail -n 20 "$log" >&2; return 1; }; }
    sleep 0.25
  done
  say "$name is not ready (log: $log); it says: $(curl -s -m 5 "http://127.0.0.1:$(port_of "$name")/health/ready" | head -c 1000)"
  return 1
}

up() {
  local word allow=''
  for word in "$@"; do case $word in --allow-private) allow=1 ;; *) die "up knows --allow-private and --yes, not $word" ;; esac; done
  need sdk media servers; want_speech
  build_cli
  make_home; (umask 022; mkdir -p "$UP" "$PLATFORM_HOME/work")
  alone up up_alone "$allow"
  summary
}

up_alone() {
  # Holds until `down`; given later, services begin anew with it.
  if [ -n "$1" ] && [ ! -e "$UP/allow-private" ]; then stop_services; touch "$UP/allow-private"; fi
  local failed=0
  each server start -- "${SERVERS[@]}" > /dev/null || die "A server did not start."
  choose_service_ports
  write_environment
  (load_up_environment; dotnet "$CLI" migrate > "$PLATFORM_HOME/logs/migrate.log" 2>&1) || { tail -n 20 "$PLATFORM_HOME/logs/migrate.log" >&2; die "The database could not be migrated."; }
  for word in "${SERVICES[@]}"; do start_service "$word"; done
  each wait_ready -- "${SERVICES[@]}" || failed=1
  [ $failed = 0 ] || die "Not every service is ready. ./platform status tells which, ./platform logs NAME why."
}

summary() {
  local gateway management s3
  gateway=http://127.0.0.1:$(port_of gateway)
  read -r _ management <<< "$(server url rabbitmq)"
  read -ra s3 <<< "$(server url ceph)"
  cat <<S
API         $gateway/v1   (docs: $gateway/docs)
API key     $(< "$UP/api-key")
RabbitMQ    http://${management#*@}   user operator, password $(< "$UP/rabbitmq/operator-password")
S3          ${s3[0]}/platform   access key ${s3[1]}, secret in $UP/ceph/secret-key
PostgreSQL  psql -h $UP/postgres -p $(< "$UP/postgres/ports") -U platform
Logs        $PLATFORM_HOME/logs   (./platform logs NAME)
S
}

stop_service() { end "$D/$1.pid" 30; }
stop_services() { each stop_service -- "${SERVICES[@]}"; }

# Processes that belong to `up`: the servers' and services' by their mark, their children by what they work on.
leftovers() {
  local process
  for process in $(grep -lsz "^SERVER_DIR=$UP/" /proc/[0-9]*/environ; grep -lsF "$PLATFORM_HOME/work/" /proc/[0-9]*/cmdline); do
    process=${process#/proc/}; process=${process%/*}
    gone "$process" || [ "$process" = $$ ] || echo "$process"
  done
}

down() {
  [ -d "$UP" ] || { say "Nothing runs."; return; }
  alone up down_alone
}

down_alone() {
  local left=() end=$((SECONDS + 20))
  stop_services
  each server stop -- "${SERVERS[@]}"
  rm -f "$UP/allow-private" "$UP/environment"
  while mapfile -t left < <(leftovers); [ ${#left[@]} != 0 ] && ((SECONDS < end)); do sleep 0.1; done
  [ ${#left[@]} = 0 ] || { ps -o pid,args -p "$(IFS=,; echo "${left[*]}")" >&2; die "These did not end."; }
  say "Down: no process is left."
}

# row NAME WHERE PROBE…: a line of the table; the process is the one of PID, and PROBE says whether it answers.
row() {
  local name=$1 where=$2 state=dead memory=-; shift 2
  if [ -n "$PID" ]; then
    state=unready; ! "$@" || state=ready
    memory=$(awk '/^VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$PID/status")
  fi
  printf '%-13s %-9s %-8s %-8s %s\n' "$name" "$state" "${PID:--}" "$memory" "$where"
}

status() {
  [ -s "$UP/environment" ] || { say "Nothing runs: ./platform up"; return; }
  local name file port
  printf '%-13s %-9s %-8s %-8s %s\n' NAME STATE PID MEMORY WHERE
  for name in "${SERVERS[@]}"; do
    case $name in rabbitmq) file=broker.pid ;; postgres) file=data/postmaster.pid ;; ceph) file=client.rgw.pid ;; esac
    port=$(cat "$UP/$name/ports" 2> /dev/null || echo 0)
    D=$UP/$name; PID=$(pid_if_ours "$D/$file"); row "$name" "127.0.0.1:$port" listens "$port"
  done
  D=$UP/services
  for name in "${SERVICES[@]}"; do PID=$(pid_if_ours "$D/$name.pid"); row "$name" "http://127.0.0.1:$(port_of "$name")" answers "$name"; done
}

pid_if_ours() { ! ours "$1" || pid_in "$1"; }

logs() {
  local files=("$PLATFORM_HOME"/logs/*.log)
  if [ $# -gt 0 ]; then
    case $1 in
      rabbitmq) files=("$UP"/rabbitmq/log/rabbit*.log) ;;
      postgres) files=("$UP/postgres/server.log") ;;
      ceph) files=("$UP"/ceph/log/*.log) ;;
      *) files=("$PLATFORM_HOME/logs/$1.log") ;;
    esac
    [ -r "${files[0]}" ] || die "No log of $1. There are: ${SERVICES[*]} ${SERVERS[*]}"
  fi
  if [ -t 1 ]; then exec tail -n 50 -F "${files[@]}"; else tail -n 200 "${files[@]}"; fi
}
