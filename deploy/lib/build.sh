# shellcheck shell=bash
# Building, once: even an empty `dotnet build` of this many projects takes seconds, so a stamp over the sources' names, sizes and times says whether to.

CONFIGURATION=Release
FRAMEWORK=net10.0
CLI=$ROOT/services/Cli/bin/$CONFIGURATION/$FRAMEWORK/Platform.Cli.dll

# Prints what identifies the sources of these folders.
sources_stamp() {
  (cd "$ROOT" || exit; find global.json .editorconfig BannedSymbols.txt Directory.*.props "$@" \( -name bin -o -name obj -o -name TestResults \) -prune -o -type f -printf '%p %s %T@\n' 2> /dev/null || true) |
    LC_ALL=C sort | sha256sum
}

# build_once WHAT PROJECT SOURCES…: builds PROJECT unless it was built from these sources already. WHAT is said, and names the stamp.
build_once() {
  local what=$1 project=$2 stamp log; shift 2
  local kept; kept=$(stamp_file "$what")
  log=$PLATFORM_HOME/logs/build.log
  stamp=$(sources_stamp "$@")
  [ "$stamp" != "$(cat "$kept" 2> /dev/null)" ] || return 0
  say "Building $what"
  dotnet build "$ROOT/$project" -c $CONFIGURATION -v quiet -nodeReuse:false > "$log" 2>&1 < /dev/null 8>&- 9>&- ||
    { grep -E ' error | error:' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2; die "The build failed; the whole log is $log"; }
  mkdir -p "$(dirname "$kept")"; echo "$stamp" > "$kept"
}

stamp_file() { echo "$ROOT/services/Cli/bin/$CONFIGURATION/$1.stamp"; }   # beside the output, so that removing that removes this

build_cli() { alone build build_once platform services/Cli/Platform.Cli.csproj contracts services; }
build_all() { alone build build_all_alone; }

# The whole holds the command, so `up` and `make` find that built too.
build_all_alone() {
  local stamp; stamp=$(sources_stamp contracts services)
  build_once tests Platform.sln contracts services tests bench Platform.sln
  echo "$stamp" > "$(stamp_file platform)"
}

# Becomes the built command: signals, exit code and terminal are its own.
run_cli() { exec dotnet "$CLI" "$@"; }
