#!/usr/bin/env bash
# Looks at a page with Chromium, as a person does who has imported a certificate: prints what the page
# says once its scripts have run, and takes a picture of it.
#
#   browser.sh URL AUTHORITY PICTURE [CERTIFICATE PASSWORD]
#
# AUTHORITY is a PEM file with whom to trust, CERTIFICATE a PKCS#12 file with whom to be. Everything
# that the browser keeps goes into a folder that is gone afterwards.
set -euo pipefail

url=$1 authority=$2 picture=$3 certificate=${4:-} password=${5:-}

for program in chromium certutil pk12util; do
  command -v "$program" >/dev/null || {
    echo "$program is missing: install chromium and libnss3-tools" >&2
    exit 1
  }
done

HOME=$(mktemp -d)
export HOME
trap 'rm -rf "$HOME"' EXIT
database=sql:$HOME/.pki/nssdb
mkdir -p "$HOME/.pki/nssdb" "$HOME/etc/policies/managed"
certutil -N -d "$database" --empty-password
certutil -A -d "$database" -n authority -t C,, -i "$authority"
if [[ -n $certificate ]]; then
  pk12util -d "$database" -i "$certificate" -W "$password" >/dev/null
fi
# A person would be asked which certificate to show. The browser takes the answer from a folder of
# the system only: it is put there for this process alone.
cat >"$HOME/etc/policies/managed/certificate.json" <<POLICY
{"AutoSelectCertificateForUrls": ["{\"pattern\": \"${url%/*}\", \"filter\": {}}"]}
POLICY

chromium=(chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
  --disable-background-networking --disable-component-update --disable-sync
  --user-data-dir="$HOME/data" --window-size=1280,720 --virtual-time-budget=10000
  --dump-dom --screenshot="$picture" "$url")
namespaces=(--mount)
((EUID == 0)) || namespaces+=(--map-root-user)
unshare "${namespaces[@]}" sh -c 'mount --bind "$HOME/etc" /etc/chromium && exec "$@"' sh \
  "${chromium[@]}" 2>"$HOME/errors" || {
  cat "$HOME/errors" >&2
  exit 1
}
# The browser says so, and calls it a success.
if grep 'Page load failed' "$HOME/errors" >&2; then
  exit 1
fi
