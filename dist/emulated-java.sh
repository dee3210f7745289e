#!/usr/bin/env bash
# Prints the home of a Java for aarch64 that runs on this machine, whose programs qemu emulates.
#
#   emulated-java.sh FOLDER
#
# The folder takes what is made. Debian has what it needs in qemu-user-static and libc6-arm64-cross;
# AARCH64_SYSROOT names another folder with the C library for aarch64.
set -euo pipefail

home=$1/java-aarch64
sysroot=${AARCH64_SYSROOT:-/usr/aarch64-linux-gnu}
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || {
  echo "qemu-aarch64 is missing: install qemu-user-static" >&2
  exit 1
}
[[ -e $sysroot/lib/ld-linux-aarch64.so.1 ]] || {
  echo "$sysroot has no C library for aarch64: install libc6-arm64-cross" >&2
  exit 1
}

if [[ ! -e $home/bin/java.aarch64 ]]; then
  runtime=$(PLATFORM=manylinux_2_17_aarch64 "$(dirname "$0")/../java/it/java-runtime.sh" 21)
  rm -rf "$home"
  mkdir -p "$home"
  cp -a "$runtime/." "$home"
  mv "$home/bin/java" "$home/bin/java.aarch64"
  # Java's own helper for starting programs would have to be emulated, too: it does without.
  printf '#!/bin/sh\nexec %q -L %q %q -Djdk.lang.Process.launchMechanism=FORK "$@"\n' \
    "$qemu" "$sysroot" "$home/bin/java.aarch64" >"$home/bin/java"
  chmod +x "$home/bin/java"
  # Finding large primes is nothing to be tested here.
  ln -sf "$(command -v keytool)" "$home/bin/keytool"
fi
echo "$home"
