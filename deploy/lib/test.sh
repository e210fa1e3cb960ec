# shellcheck shell=bash
# Running every test on private servers, two projects at a time, and adding up. A test project is an executable; its last line gives its totals, and one that does not print
# them has crashed, which counts as a failure.

LONGEST=(EndToEnd Capture)            # these begin first, so that none of them is left running alone at the end
NOT_UNIT=(EndToEnd Integration)       # every test of these needs servers or whole films
LANES=${PLATFORM_TEST_LANES:-2}       # projects at a time: much of their time they wait, for processes, servers and timers
LIMIT=${PLATFORM_TEST_TIMEOUT:-1200}  # seconds for one project

PASSED=0 FAILED=0 SKIPPED=0 REASONS='' TRAITS=()

# Does one of these projects read where the private servers are?
want_servers() { local name; for name in "$@"; do ! grep -rqs PLATFORM_TEST_ --include='*.cs' "$ROOT/tests/Platform.$name.Tests" || return 0; done; return 1; }

# Prints the projects to run, in their order.
projects() {
  local filter=$1 name all=("${LONGEST[@]}")
  for name in "$ROOT"/tests/Platform.*.Tests; do
    name=${name##*/Platform.}; name=${name%.Tests}
    [[ " ${LONGEST[*]} " == *" $name "* ]] || all+=("$name")
  done
  for name in "${all[@]}"; do case $filter in
    unit) [[ " ${NOT_UNIT[*]} " == *" $name "* ]] || echo "$name" ;;
    '' | soak) echo "$name" ;;
    *) [[ ${name,,} != *"${filter,,}"* ]] || echo "$name" ;;
  esac; done
}

# Runs the projects, LANES at a time, and reports each when it ends.
run_projects() {
  local name waiting=("$@") code pid
  declare -A running=()
  while [ ${#waiting[@]} -gt 0 ] || [ ${#running[@]} -gt 0 ]; do
    if [ ${#waiting[@]} -gt 0 ] && [ ${#running[@]} -lt "$LANES" ]; then
      name=${waiting[0]}; waiting=("${waiting[@]:1}")
      run_project "$name" & running[$!]=$name
    else
      code=0; wait -n -p pid "${!running[@]}" || code=$?
      report "${running[$pid]}" "$code"; unset "running[$pid]"
    fi
  done
}

run_project() {
  local program=$ROOT/tests/Platform.$1.Tests/bin/$CONFIGURATION/$FRAMEWORK/Platform.$1.Tests
  exec timeout --kill-after=10 "$LIMIT" "$program" -noLogo -noColor "${TRAITS[@]}" > "$RESULTS/$1.log" 2>&1 < /dev/null 8>&- 9>&-
}

# report NAME CODE: adds up what an ended project printed, and prints all of it when something failed.
report() {
  local name=$1 code=$2 log=$RESULTS/$1.log totals
  if ! totals=$(grep -E '^ +Platform\..* Total: [0-9]+' "$log" | tail -n 1) || [ -z "$totals" ]; then
    FAILED=$((FAILED + 1))
    echo "Platform.$name.Tests: CRASHED with exit code $code$([ "$code" != 124 ] || echo ", after $LIMIT s"); the end of its output:"
    tail -n 40 "$log"; return
  fi
  local total failed skipped
  total=$(total_of Total "$totals") failed=$(($(total_of Failed "$totals") + $(total_of Errors "$totals"))) skipped=$(total_of Skipped "$totals")
  [ "$code" = 0 ] || [ "$failed" != 0 ] || failed=1   # it says that all is well, and its exit code that it is not
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

end_tests() {
  local pid
  for pid in $(jobs -pr); do kill "$pid" 2> /dev/null || true; done
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
  local filter=${1:-} names=()
  TRAITS=(-trait- Category=Soak)
  mapfile -t names < <(projects "$filter")
  [ ${#names[@]} != 0 ] || die "No test project's name holds $filter. There are: $(projects '' | tr '\n' ' ')"
  case $filter in
    unit) TRAITS+=(-trait- Category=Integration) ;;
    soak) TRAITS=(-trait Category=Soak) ;;
  esac
  if [ "$filter" = unit ]; then need sdk; else need sdk media servers; fi
  case " ${names[*]} " in *" Caption "* | *" EndToEnd "*) [ "$filter" = unit ] || { need test; want_speech; } ;; esac
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
  trap 'end_tests; stop_servers' EXIT   # also on Ctrl-C and on TERM
  trap 'exit 130' INT TERM
  if [ "$1" != unit ] && want_servers "${names[@]}"; then start_servers; fi
  run_projects "${names[@]}"
}

run_bench() {
  local filter=${1:-} project found=''
  need sdk media
  case caption in *"${filter,,}"*) need test; want_speech ;; esac
  for project in "$ROOT"/bench/*/*.csproj; do
    [[ ${project,,} == *"${filter,,}"* ]] || continue
    found=1
    dotnet run --project "$project" -c "$CONFIGURATION" -- "${@:2}"
  done
  [ -n "$found" ] || die "There is no bench${filter:+ whose name holds $filter}."
}
