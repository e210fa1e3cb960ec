# shellcheck shell=bash
# What this machine has and lacks. Changes nothing; each line that is not ok says what to do. Exit code 1 when something needed is missing.

BAD=0
ok() { printf 'ok       %-22s %s\n' "$1" "${2:-}"; }
note() { printf 'note     %-22s %s\n' "$1" "$2"; }
bad() { printf 'MISSING  %-22s %s\n' "$1" "$2"; BAD=1; }

first_line() { "$@" 2>&1 | head -n 1 || true; }

# As who Chromium and the sandbox would run.
as_browser_user() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=platform-browser --regid=platform-browser --clear-groups "$@"; else "$@"; fi; }

doctor() {
  PATH=$PATH:/usr/sbin:/sbin
  # shellcheck disable=SC1091
  ok system "$(. /etc/os-release 2> /dev/null && echo "${PRETTY_NAME:-unknown}"), $(nproc) cores, $(awk '/^MemTotal/ { printf "%.1f GB", $2 / 1048576 }' /proc/meminfo) of memory"
  doctor_sdk; doctor_media; doctor_speech; doctor_sandbox; doctor_servers; doctor_room
  if [ $BAD = 0 ]; then echo "Everything that is needed is here."; else echo "What is missing is installed by the command that needs it, as root or through sudo."; fi
  return $BAD
}

doctor_sdk() {
  local version package
  [ -z "$(missing sdk)" ] || for package in $(missing sdk); do bad "$package" "apt-get install $(resolve "$package")"; done
  if command -v dotnet > /dev/null && version=$(cd "$ROOT" && dotnet --version 2>&1); then ok '.NET SDK' "$version"
  elif [ -n "${version:-}" ]; then bad '.NET SDK' "is there and says: $(head -n 1 <<< "$version")"
  else bad '.NET SDK' 'install .NET SDK 10: https://learn.microsoft.com/dotnet/core/install/linux'; fi
}

doctor_media() {
  local package version name
  for package in $(missing media); do bad "$package" "apt-get install --no-install-recommends $package"; done
  if command -v ffmpeg > /dev/null; then
    version=$(first_line ffmpeg -hide_banner -version)
    ok ffmpeg "$(cut -d' ' -f3 <<< "$version")"
    for name in libx264 aac; do ffmpeg -hide_banner -encoders 2> /dev/null | grep -cw "$name" > /dev/null || bad "ffmpeg's $name" 'this ffmpeg lacks the encoder: install the distribution'"'"'s own'; done
    for name in subtitles loudnorm sidechaincompress xfade; do ffmpeg -hide_banner -filters 2> /dev/null | grep -cw "$name" > /dev/null || bad "ffmpeg's $name" 'this ffmpeg lacks the filter: install the distribution'"'"'s own'; done
  fi
  [ ! -x /usr/lib/chromium/chromium-headless-shell ] || ok chromium "$(dpkg-query -W -f '${Version}' chromium-headless-shell 2> /dev/null || echo present)"
}

doctor_speech() {
  if has_whisper; then ok whisper-cli "$(PATH=$PATH:$PLATFORM_CACHE/tools command -v whisper-cli)"
  else note whisper-cli 'only captions of speech need it: `serve`, `up` and a job with captions build it, once per machine'; fi
}

doctor_sandbox() {
  local said
  if [ "$(id -u)" = 0 ] && ! id platform-browser > /dev/null 2>&1; then
    note platform-browser 'the user that Chromium runs as is made by the first command that needs it'; return
  fi
  command -v bwrap > /dev/null || return 0
  if said=$(as_browser_user bwrap --unshare-all --die-with-parent --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc --dev /dev /usr/bin/true 2>&1); then
    ok sandbox 'ffmpeg runs without network, with only its own files in sight'
  else note sandbox "bubblewrap cannot make one here ($said): ffmpeg runs with limits only. Allow user namespaces: sysctl kernel.unprivileged_userns_clone=1"; fi
  if as_browser_user unshare --user --net true 2> /dev/null; then ok 'network namespace' 'for Chromium'
  else note 'network namespace' "none for ordinary users: Chromium's traffic is kept to our proxy by switches, and WebRTC is taken out of pages"; fi
  [ -x /usr/lib/chromium/chromium-headless-shell ] || return 0
  local folder; folder=$(mktemp -d); chmod 777 "$folder"
  if said=$(cd / && as_browser_user env HOME="$folder" timeout 30 /usr/lib/chromium/chromium-headless-shell --user-data-dir="$folder/profile" --disable-gpu --dump-dom 'data:text/html,<p>it works' 2> "$folder/said") &&
    [[ $said == *'it works'* ]]; then ok 'Chromium with sandbox' 'opens a page'
  else bad 'Chromium with sandbox' "does not open a page: $(grep -m 1 -iE 'sandbox|fatal|error' "$folder/said" || tail -n 1 "$folder/said")"; fi
  rm -rf "$folder"
}

doctor_servers() {
  local package
  for package in $(missing servers); do note "$package" "only \`up\` and \`test\` need it: apt-get install --no-install-recommends $package"; done
  [ ! -e /usr/lib/rabbitmq/bin/rabbitmq-server ] || ok RabbitMQ "$(dpkg-query -W -f '${Version}' rabbitmq-server 2> /dev/null || echo present)"
  ! compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || ok PostgreSQL "$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f ')"
  ! command -v radosgw > /dev/null || ok 'S3 (Ceph)' "$(first_line radosgw --version | cut -d' ' -f3)"
  doctor_consumer_timeout
}

# The broker takes a delivery away that was held for too long, and services believe what Bus:ConsumerTimeout says of it.
doctor_consumer_timeout() {
  local milliseconds said=06:00:00
  [ -s "$UP/rabbitmq/env" ] || return 0
  milliseconds=$("$ROOT/deploy/servers/rabbitmq.sh" ctl "$UP/rabbitmq" -q eval 'application:get_env(rabbit, consumer_timeout, 0).' 2> /dev/null) || return 0   # it does not run
  # shellcheck source=/dev/null
  said=$(. "$UP/environment" 2> /dev/null; echo "${Bus__ConsumerTimeout:-$said}")
  if [ "$milliseconds" = "$(awk -F: '{ print ($1 * 3600 + $2 * 60 + $3) * 1000 }' <<< "$said")" ]; then ok 'consumer timeout' "the broker lets a stage take $said, as its services believe"
  else note 'consumer timeout' "the broker takes deliveries away after $((milliseconds / 1000)) s, and services believe $said: ./platform down, then up"; fi
}

doctor_room() {
  local free files
  ok 'data folder' "$PLATFORM_HOME"
  free=$(df --output=avail -BG "$(existing "$PLATFORM_HOME")" | tail -n 1 | tr -dc 0-9)
  if [ "$free" -ge 10 ]; then ok room "$free GB free"; else note room "$free GB free: films, browsers and servers want 10; ./platform prune frees some"; fi
  free=$(df --output=avail -BG "${TMPDIR:-/tmp}" | tail -n 1 | tr -dc 0-9)
  [ "$free" -ge 4 ] || note "${TMPDIR:-/tmp}" "$free GB free: workspaces of running stages lie here, 4 are wanted"
  files=$(ulimit -n); [ "$files" = unlimited ] || [ "$files" -ge 1024 ] || note 'open files' "limit $files: ulimit -n 4096"
  [ ! -d "$PLATFORM_HOME" ] || ok 'data in use' "$(du -sh "$PLATFORM_HOME" 2> /dev/null | cut -f1)"
}

existing() { local folder=$1; while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done; echo "$folder"; }
