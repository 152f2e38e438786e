#!/bin/sh
# Signs the sums of a release for the Registries, beside them: sign.sh SUMS
#
# GPG_PRIVATE_KEY is the key as `gpg --armor --export-secret-keys` gives it, GPG_PASSPHRASE its passphrase, where it has one.
# Both come from the environment and go through pipes: no file and no argument holds them. Without a key nothing is signed.
set -eu

sums=$1
rm -f "$sums.sig"
if [ -z "${GPG_PRIVATE_KEY:-}" ]; then
  echo "$sums is unsigned, and no Registry takes it: GPG_PRIVATE_KEY is not set" >&2
  exit 0
fi
command -v gpg >/dev/null || { echo "sign.sh: gpg is missing. Install it: apt-get install gnupg, or brew install gnupg" >&2; exit 1; }

# A keyring of its own, so that nobody's is touched and none of its keys is taken by mistake.
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
# shellcheck disable=SC2329 # The trap calls it.
leave() {
  gpgconf --kill gpg-agent || true
  rm -rf "$GNUPGHOME"
}
trap leave EXIT
trap 'exit 1' INT TERM

printf '%s\n' "$GPG_PRIVATE_KEY" | gpg --batch --quiet --import
printf '%s\n' "${GPG_PASSPHRASE:-}" |
  gpg --batch --quiet --pinentry-mode loopback --passphrase-fd 0 --output "$sums.sig" --detach-sign "$sums"
gpg --batch --quiet --verify "$sums.sig" "$sums" 2>/dev/null
echo "$sums.sig"
