#!/usr/bin/env bash
# Prints the folder of an unpacked Flink distribution, and gets it first when it is not there.
#
#   flink-distribution.sh VERSION
#
# Distributions are kept in $FLINK_DISTS, or else in the user's cache. They come from Flink's two
# Python packages, which hold the whole of one between them: scripts in the first, jars in the other.
set -euo pipefail

version=$1
folder=${FLINK_DISTS:-${XDG_CACHE_HOME:-$HOME/.cache}/rustls-jvm/flink}
home=$folder/$version/pyflink

mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9

if [[ ! -f $home/lib/flink-dist-$version.jar ]]; then
  unpacked=$(mktemp -d "$folder/.unpacked.XXXXXX")
  trap 'rm -rf "$unpacked"' EXIT
  # The scripts are the same on every platform and for every Python: any wheel will do.
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: \
    --platform manylinux2014_x86_64 --implementation cp --python-version 3.11 --abi cp311 \
    --dest "$unpacked/wheels" "apache-flink==$version" >&2
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$unpacked/wheels" "apache-flink-libraries==$version" >&2
  for wheel in "$unpacked"/wheels/*.whl; do
    python3 -m zipfile -e "$wheel" "$unpacked/all"
  done
  mkdir -p "$folder/$version"
  rm -rf "$home"
  mv "$unpacked/all/pyflink" "$home"
fi
# Python's zipfile forgets who may run what.
if [[ ! -x $home/bin/flink ]]; then
  chmod +x "$home"/bin/*
fi
echo "$home"
