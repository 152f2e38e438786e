#!/bin/sh
# Installs a program for Terraform and OpenTofu of this user: install.sh PROGRAM [FOLDER]
#
# FOLDER is where both look before they ask a registry, and what is there of a provider is all that they know of it. They
# have a registry each, whose name is part of the path.
set -eu

program=$1
case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  MINGW* | MSYS*) os=windows ;;
  *) echo "install.sh: Terraform has no name for $(uname -s) here: add it" >&2; exit 1 ;;
esac
case $(uname -m) in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) echo "install.sh: Terraform has no name for $(uname -m) here: add it" >&2; exit 1 ;;
esac
ending=
folder=${2:-$HOME/.terraform.d/plugins}
if [ "$os" = windows ]; then
  ending=.exe
  folder=${2:-$APPDATA/terraform.d/plugins}
fi

version=$("$program" --version | cut -d ' ' -f 2)
for registry in registry.terraform.io registry.opentofu.org; do
  place=$folder/$registry/ddrofs/ddrofs/$version/${os}_$arch
  mkdir -p "$place"
  # A program that runs cannot be written to, but another one can take its name.
  cp "$program" "$place/.new"
  mv -f "$place/.new" "$place/terraform-provider-ddrofs_v$version$ending"
  echo "$place"
done
cat <<END

Write this into a configuration, then run \`terraform init\` or \`tofu init\`:

  terraform {
    required_providers {
      ddrofs = { source = "ddrofs/ddrofs", version = "$version" }
    }
  }

A folder that has locked another build of $version refuses this one: remove the block of ddrofs from .terraform.lock.hcl there.
To take the provider away again: rm -r $folder/registry.*/ddrofs
END
