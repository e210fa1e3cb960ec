# shellcheck shell=bash
# Running every test on private servers, and adding up. A test project is an executable; its last line gives its totals, and one that does not print
# them has crashed, which counts as a failure.

WITH_SERVERS=(Integration EndToEnd)   # these run last, in this order
LIMIT=${PLATFORM_TEST_TIMEOUT:-1200}         # seconds for one project

PASSED=0 FAILED=0 SKIPPED=0 REASONS=''

# Does one of these projects read where the private servers are?
want_servers() { local name; for name in "$@"; do ! grep -rqs PLATFORM_TEST_ --include='*.cs' "$ROOT/tests/Platform.$name.Tests" || return 0; done; return 1; }

# Prints the projects to run, those without servers first.
projects() {
  local filter=$1 name last=" ${WITH_SERVERS[*]} " all=()
  for name in "$ROOT"/tests/Platform.*.Tests; do
    name=${name##*/Platform.}; name=${name%.Tests}
    [[ $last == *" $name "* ]] || all+=("$name")
  done
  [ "$filter" = unit ] || all+=("${WITH_SERVERS[@]}")
  for name in "${all[@]}"; do case $filter in
    '' | unit | soak) echo "$name" ;;
    *) [[ ${name,,} != *"${filter,,}"* ]] || echo "$name" ;;
  esac; done
}

run_project() {
  local name=$1 log=$RESULTS/$1.log code=0 totals; shift
  local program=$ROOT/tests/Platform.$name.Tests/bin/$CONFIGURATION/$FRAMEWORK/Platform.$name.Tests
  timeout --kill-after=10 "$LIMIT" "$program" -noLogo -noColor "$@" > "$log" 2>&1 < /dev/null 8>&- 9>&- || code=$?
  if ! totals=$(grep -E '^ +Platform\..* Total: [0-9]+' "$log" | tail -n 1) || [ -z "$totals" ]; then
    FAILED=$((FAILED + 1))
    echo "Platform.$name.Tests: CRASHED with exit code $code$([ $code != 124 ] || echo ", after $LIMIT s"); the end of its output:"
    tail -n 40 "$log"; return
  fi
  local total failed skipped
  total=$(total_of Total "$totals") failed=$(($(total_of Failed "$totals") + $(total_of Errors "$totals"))) skipped=$(total_of Skipped "$totals")
  [ $code = 0 ] || [ "$failed" != 0 ] || failed=1   # it says that all is well, and its exit code that it is not
  PASSED=$((PASSED + total - failed - skipped)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
  REASONS+=$(grep -A 1 -F '[SKIP]' "$log" | grep -v '^--' || true)
  [ "$total" = 0 ] || echo "Platform.$name.Tests: $((total - failed - skipped)) passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped") ($(total_of Time "$totals") s)"
  [ "$failed" = 0 ] || grep -vE '^  (Discover|Starting|Finished)' "$log"
}

total_of() { local number; number=$(grep -oE "$1: [0-9.]+" <<< "$2" | head -n 1 | cut -d' ' -f2); echo "${number:-0}"; }

start_servers() {
  local servers=$PLATFORM_HOME/test/servers name
  stop_servers   # what a run that was killed left behind
  (umask 022; mkdir -p "$servers")
  for name in rabbitmq postgres ceph; do "$ROOT/deploy/servers/$name.sh" start "$servers/$name" > "$RESULTS/$name.url" 8>&- 9>&- & done
  wait
  local mq management s3 pg
  read -r mq management < "$RESULTS/rabbitmq.url" || die "The private RabbitMQ did not start."
  read -ra s3 < "$RESULTS/ceph.url" || die "The private S3 server did not start."
  read -r pg < "$RESULTS/postgres.url" || die "The private PostgreSQL did not start."
  pg=${pg#*://platform:}
  export PLATFORM_TEST_RABBITMQ=$mq PLATFORM_TEST_RABBITMQ_MANAGEMENT=$management
  export PLATFORM_TEST_S3="${s3[0]}|${s3[1]}|${s3[2]}"
  PLATFORM_TEST_POSTGRES="Host=127.0.0.1;Port=$(< "$servers/postgres/ports");Database=platform;Username=platform;Password=${pg%%@*}"
  export PLATFORM_TEST_POSTGRES
}

# Their data goes with them, so there is nothing to wait for: each run begins with empty ones.
stop_servers() {
  local name servers=$PLATFORM_HOME/test/servers
  [ -d "$servers" ] || return 0
  for name in rabbitmq postgres ceph; do
    "$ROOT/deploy/servers/$name.sh" kill "$servers/$name" || true
    "$ROOT/deploy/servers/$name.sh" stop "$servers/$name" || true
  done
  rm -rf "$servers"
}

run_test() {
  local filter=${1:-} name names=() traits=(-trait- Category=Soak)
  mapfile -t names < <(projects "$filter")
  [ ${#names[@]} != 0 ] || die "No test project's name holds $filter. There are: $(projects '' | tr '\n' ' ')"
  case $filter in
    unit) traits+=(-trait- Category=Integration) ;;
    soak) traits=(-trait Category=Soak) ;;
  esac
  if [ "$filter" = unit ]; then need sdk; else need sdk media servers; fi
  make_home; RESULTS=$PLATFORM_HOME/test/results
  alone test run_test_alone "$filter"
  [ -z "$REASONS" ] || { echo; echo "Skipped:"; echo "$REASONS"; }
  [ $((PASSED + FAILED + SKIPPED)) != 0 ] || { echo "No test was found."; FAILED=1; }
  echo "$PASSED passed, $FAILED failed$([ $SKIPPED = 0 ] || echo ", $SKIPPED skipped")"
  [ $FAILED = 0 ]
}

run_test_alone() {
  build_all
  rm -rf "$RESULTS"; mkdir -p "$RESULTS"
  if [ "$1" != unit ] && want_servers "${names[@]}"; then
    trap stop_servers EXIT   # also on Ctrl-C and on TERM, which bash turns into an exit
    trap 'exit 130' INT TERM
    start_servers
  fi
  for name in "${names[@]}"; do run_project "$name" "${traits[@]}"; done
}

run_bench() {
  local filter=${1:-} project found=''
  need sdk media
  for project in "$ROOT"/bench/*/*.csproj; do
    [[ ${project,,} == *"${filter,,}"* ]] || continue
    found=1
    dotnet run --project "$project" -c "$CONFIGURATION" -- "${@:2}"
  done
  [ -n "$found" ] || die "There is no bench${filter:+ whose name holds $filter}."
}
