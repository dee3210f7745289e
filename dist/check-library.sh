#!/usr/bin/env bash
# Fails unless a library is one that the jar may carry.
#
#   check-library.sh GLIBC MACHINE FILE
#
# GLIBC is the newest version that it may need, such as 2.17; MACHINE is as readelf names it.
set -euo pipefail

glibc=$1 machine=$2 file=$3

fail() {
  echo "$file $1" >&2
  exit 1
}

readelf -h "$file" | grep -q "Machine:.*$machine" || fail "is not for $machine"

needed=$(readelf -V --wide "$file" | grep -o 'GLIBC_[0-9.]*' | sort -uV)
[[ -n $needed ]] || fail "names no version of glibc: it cannot be told what it needs"
newest=${needed##*GLIBC_}
[[ $(printf '%s\n' "$newest" "$glibc" | sort -V | tail -n 1) == "$glibc" ]] ||
  fail "needs glibc $newest; it must run with $glibc"

# Nothing that a host might not have: no C++ library, no compiler's own.
allowed='^(libc|libm|libdl|libpthread|librt|libgcc_s|ld-linux-x86-64|ld-linux-aarch64)\.so\.[0-9]+$'
others=$(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -Ev "$allowed" || true)
[[ -z $others ]] || fail "needs $others"

echo "$(basename "$(dirname "$file")"): $machine, glibc $newest, $(stat -c %s "$file") bytes"
