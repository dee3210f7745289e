#!/usr/bin/env bash
# Prints the folder of an unpacked Flink distribution, and gets it first when it is not there.
#
#   flink-distribution.sh VERSION
#
# Distributions are kept in $FLINK_DISTS, or else in the user's cache. They come from Flink's two
# Python packages, which hold nearly the whole of one between them: scripts in the first, jars in the
# other. The SQL gateway comes from Maven.
set -euo pipefail

version=$1
folder=${FLINK_DISTS:-${XDG_CACHE_HOME:-$HOME/.cache}/rustls-jvm/flink}
home=$folder/$version/pyflink

download() { # pip's options and the package
  python3 -m pip download -q --disable-pip-version-check --no-deps --dest "$unpacked/packages" "$@" >&2
}

mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9

if [[ ! -f $home/lib/flink-dist-$version.jar ]]; then
  unpacked=$(mktemp -d "$folder/.unpacked.XXXXXX")
  trap 'rm -rf "$unpacked"' EXIT
  # The scripts are the same on every platform and for every Python: any wheel will do.
  download --only-binary :all: --platform manylinux2014_x86_64 --implementation cp \
    --python-version 3.11 --abi cp311 "apache-flink==$version"
  download "apache-flink-libraries==$version"
  for wheel in "$unpacked"/packages/*.whl; do
    python3 -m zipfile -e "$wheel" "$unpacked/all"
  done
  # Of some versions there is no wheel of the jars, but an archive that a wheel would be made of.
  for archive in "$unpacked"/packages/*.tar.gz; do
    [[ -e $archive ]] || continue
    tar -xzf "$archive" -C "$unpacked"
    cp -a "$unpacked"/apache[-_]flink[-_]libraries-"$version"/deps/. "$unpacked/all/pyflink/"
  done
  mkdir -p "$folder/$version"
  rm -rf "$home"
  mv "$unpacked/all/pyflink" "$home"
fi
# Not every patch release of it is there; one of the same minor version does.
case $version in
  1.20.5) gateway=1.20.3 ;;
  2.0.2) gateway=2.0.0 ;;
  *) gateway=$version ;;
esac
if [[ ! -f $home/opt/flink-sql-gateway-$gateway.jar ]]; then
  # Maven puts a colour code before the line that we end with, unless nobody listens.
  said=$(mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="org.apache.flink:flink-sql-gateway:$gateway" -DoutputDirectory="$home/opt" 2>&1) || {
    echo "$said" >&2
    exit 1
  }
fi
# Python's zipfile forgets who may run what.
if [[ ! -x $home/bin/flink ]]; then
  chmod +x "$home"/bin/*
fi
echo "$home"
