#!/bin/bash
# render.sh FILE - prints the definitions of FILE with the passwords' hashes filled in. The passwords come from the environment:
# BROKER_PASSWORD (user platform, the services) and BROKER_OPERATOR_PASSWORD (user operator, the management page).
# The broker's format: base64(salt + sha256(salt + password)), salt of four bytes. The salt follows from the password here, so that the same
# passwords give the same file and a restart imports nothing; the passwords are random, so a salt has nothing to protect.
set -euo pipefail
hash() {
  local salt hex bytes
  salt=$(printf 'salt:%s' "$1" | sha256sum | head -c 4)
  hex=$(printf '%s%s' "$salt" "$1" | sha256sum | head -c 64)
  # shellcheck disable=SC2001
  bytes=$(sed 's/../\\x&/g' <<< "$hex")
  printf '%s%b' "$salt" "$bytes" | base64 -w0
}
sed -e "s|@SERVICES_PASSWORD_HASH@|$(hash "${BROKER_PASSWORD:?}")|" -e "s|@OPERATOR_PASSWORD_HASH@|$(hash "${BROKER_OPERATOR_PASSWORD:?}")|" "$1"
