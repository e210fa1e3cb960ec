# shellcheck shell=bash
# What must be on the machine, and how it gets there. A command needs groups of tools; a tool that is there, however it came, is never installed again.

# group | what proves it is there (a command, a file or a pattern of files, lib:NAME, or userns) | Debian package
REQUIREMENTS="
sdk     lib:libicuuc                                              libicu
sdk     lib:libssl.so.3                                           libssl3
sdk     lib:libstdc++                                             libstdc++6
sdk     /etc/ssl/certs/ca-certificates.crt                        ca-certificates
sdk     flock                                                     util-linux
media   ffmpeg                                                    ffmpeg
media   bwrap                                                     bubblewrap
media   setpriv                                                   util-linux
media   /usr/lib/chromium/chromium-headless-shell                 chromium-headless-shell
media   userns                                                    chromium-sandbox
media   /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf       fonts-noto-core
media   /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc    fonts-noto-cjk
media   /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf         fonts-noto-color-emoji
media   /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf           fonts-dejavu-core
media   /usr/share/fonts/opentype/inter/Inter-Regular.otf         fonts-inter
media   /usr/share/fonts/opentype/ebgaramond/EBGaramond12-Bold.otf fonts-ebgaramond
media   /usr/share/fonts/opentype/bebas-neue/BebasNeue-Bold.otf   fonts-bebas-neue
media   /usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf fonts-liberation2
media   fc-match                                                  fontconfig
speech  npm                                                       npm
speech  cmake                                                     cmake
speech  make                                                      make
speech  g++                                                       g++
test    espeak-ng                                                 espeak-ng
servers curl                                                      curl
servers pgrep                                                     procps
servers /usr/lib/rabbitmq/bin/rabbitmq-server                     rabbitmq-server
servers /usr/lib/postgresql/*/bin/initdb                          postgresql
servers radosgw                                                   radosgw
servers ceph-mon                                                  ceph-mon
servers ceph-osd                                                  ceph-osd
"

present() {
  case $1 in
    userns) [ -u /usr/lib/chromium/chrome-sandbox ] || makes_namespaces ;;
    lib:*) ldconfig -p | grep -cF "${1#lib:}" > /dev/null ;;
    /*) compgen -G "$1" > /dev/null ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

# Chromium's sandbox wants user namespaces; where the kernel refuses them to ordinary users, its helper that runs as root serves.
makes_namespaces() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user true 2> /dev/null; else unshare --user true 2> /dev/null; fi
}

# Prints the packages of the groups given that are missing, one a line.
missing() {
  local group probe package wanted=" $* "
  while read -r group probe package; do
    if [ -n "$group" ] && [[ $wanted == *" $group "* ]] && ! present "$probe"; then echo "$package"; fi
  done <<< "$REQUIREMENTS" | sort -u
}

# Sees to it that everything of these groups is there, else ends with what to do.
need() {
  local packages
  PATH=$PATH:/usr/sbin:/sbin   # ldconfig, useradd: an ordinary user's path lacks them
  mapfile -t packages < <(missing "$@")
  [ ${#packages[@]} = 0 ] || install_packages "${packages[@]}"
  local group
  for group in "$@"; do case $group in
    sdk) need_sdk ;;
    media) need_browser_user ;;
  esac; done
}

need_sdk() {
  if ! command -v dotnet > /dev/null && [ -x "${HOME:-/root}/.dotnet/dotnet" ]; then export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH; fi
  command -v dotnet > /dev/null || die "The .NET 10 SDK is missing. How to install it: https://learn.microsoft.com/dotnet/core/install/linux"
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  local version
  version=$(cd "$ROOT" && dotnet --version 2>&1) || die "This needs the .NET SDK that global.json names, and dotnet says: $version"
}

# As root, Chromium runs as this user: its sandbox refuses root.
need_browser_user() {
  [ "$(id -u)" != 0 ] || id platform-browser > /dev/null 2>&1 ||
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group platform-browser
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Packages whose names differ between releases.
resolve() {
  case $1 in
    libicu) apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1 ;;
    libssl3) apt-cache search --names-only '^libssl3(t64)?$' | cut -d' ' -f1 | sort | tail -n 1 ;;
    *) echo "$1" ;;
  esac
}

install_packages() {
  local by_hand="Install these (names of Debian 12): $*"
  command -v apt-get > /dev/null || die "Missing, and this is no Debian or Ubuntu. $by_hand"
  [ "$(id -u)" = 0 ] || command -v sudo > /dev/null || die "Missing, and neither root nor sudo is there. As root: apt-get install --no-install-recommends $*"
  say "Missing: $*"
  # Old lists name packages that are gone, and browsers with known holes.
  as_root apt-get update -qq > /dev/null 2>&1 || say "The list of packages could not be refreshed; going on with the old one."
  local names=() name facts
  for name in "$@"; do names+=("$(resolve "$name")"); done
  facts=$(apt-get install --no-install-recommends --assume-no "${names[@]}" 2>&1) || true
  ! grep '^E: ' <<< "$facts" >&2 || die "Not to be had from this system's package sources. $by_hand"
  grep -E '^(Need to get|After this operation)' <<< "$facts" >&2 || true
  if [ -z "$YES" ] && [ -t 0 ] && [ -t 2 ]; then
    local answer; read -r -p "Install them now? [Y/n] " answer >&2
    [[ $answer =~ ^([yYjJ].*)?$ ]] || die "Nothing installed. By hand: apt-get install --no-install-recommends ${names[*]}"
  fi
  make_home
  local log=$PLATFORM_HOME/logs/packages.log
  say "Installing (log: $log)"
  as_root bash -c "$QUIET_INSTALL" quiet-install "${names[@]}" > "$log" 2>&1 < /dev/null || { grep -E '^(E|dpkg): ' "$log" >&2 || tail -n 15 "$log" >&2; die "The packages could not be installed."; }
}

# Debian starts RabbitMQ and PostgreSQL as they are installed, makes a PostgreSQL cluster, and enables all for the next start of the machine. Ours are
# private processes, so for the length of the installation a policy refuses starts, and PostgreSQL's package is told to make no cluster.
# shellcheck disable=SC2016
QUIET_INSTALL='
set -eu
policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.conf made=
back() { for file in $made; do rm -f "$file"; [ ! -e "$file.ucf-dist" ] || mv "$file.ucf-dist" "$file"; done; }
trap back EXIT
if [ ! -e $policy ]; then printf "#!/bin/sh\nexit 101\n" > $policy; chmod 755 $policy; made="$made $policy"; fi
if [ ! -e $cluster ]; then mkdir -p ${cluster%/*}; echo "create_main_cluster = false" > $cluster; made="$made $cluster"; fi
export DEBIAN_FRONTEND=noninteractive
before=$(ls /etc/systemd/system/multi-user.target.wants 2> /dev/null || true)
apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold "$@"
if [ -d /run/systemd/system ]; then
  for unit in rabbitmq-server.service postgresql.service; do
    case "$before" in *$unit*) ;; *) systemctl disable $unit || true ;; esac
  done
fi
'
