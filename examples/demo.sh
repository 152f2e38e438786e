#!/usr/bin/env bash
# Applies examples/fargate with the real Terraform, or the OpenTofu that TERRAFORM names, against a local ECS endpoint and
# shows what happens. `make demo` builds what it needs. Needs no AWS account. Ends with a non-zero status when any step is
# not as expected. An argument is the folder of the built programs.
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
built=$(cd "${1:-$project/target/debug}" && pwd)
stage=$built/demo
engine=$(command -v "${TERRAFORM:-terraform}") || { echo "demo: ${TERRAFORM:-terraform} is not installed" >&2; exit 1; }
case $engine in /*) ;; *) engine=$PWD/$engine ;; esac
for name in $(compgen -e | grep -E '^(AWS_|TF_|DD_)' || true); do unset "$name"; done

# The two engines differ in the registry that a source without a host means.
case "$("$engine" version 2>/dev/null | head -n 1)" in
  OpenTofu*) command=tofu registry=registry.opentofu.org ;;
  *) command=terraform registry=registry.terraform.io ;;
esac
version=$("$built/terraform-provider-ddrofs" --version | awk '{print $2}')
case "$(uname -m)" in x86_64) arch=amd64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
platform="$(uname -s | tr '[:upper:]' '[:lower:]')_$arch"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' off=$'\e[0m' color=(); else
  bold='' green='' red='' off='' color=(-no-color); fi
step() { printf '\n%s── %s %s\n' "$bold" "$1" "$off"; }
good() { printf '%s✔ %s%s\n' "$green" "$1" "$off"; }
fail() { printf '%s✘ %s%s\n' "$red" "$1" "$off" >&2; exit 1; }

# A stage of its own: nothing of the caller's Terraform or AWS settings is used or touched.
rm -rf "$stage"
mirror="$stage/mirror/$registry/ddrofs/ddrofs/$version/$platform"
mkdir -p "$stage/work" "$mirror"
cp "$project"/examples/fargate/*.tf "$stage/work/"
cp "$built/terraform-provider-ddrofs" "$mirror/terraform-provider-ddrofs_v$version"
cat >"$stage/terraformrc" <<RC
disable_checkpoint = true
provider_installation {
  filesystem_mirror { path = "$stage/mirror" }
}
RC
export TF_CLI_CONFIG_FILE="$stage/terraformrc" TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1
export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_EC2_METADATA_DISABLED=true

"$built/examples/local-ecs" >"$stage/url" &
endpoint_pid=$!
trap 'kill "$endpoint_pid" 2>/dev/null || true' EXIT
for _ in $(seq 100); do [ -s "$stage/url" ] && break; sleep 0.05; done
TF_VAR_ecs_endpoint=$(head -n 1 "$stage/url")
export TF_VAR_ecs_endpoint
[ -n "$TF_VAR_ecs_endpoint" ] || fail "the local ECS endpoint did not start"

# What the endpoint says about itself, without the headers.
ask() {
  local address=${TF_VAR_ecs_endpoint#http://}
  exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
  printf 'GET /_control/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" "$address" >&3
  sed $'1,/^\r*$/d' <&3
  exec 3<&-
}

cd "$stage/work"

step "$command init: the provider, from a folder on this machine"
"$engine" init "${color[@]}" | grep -E 'Installed|initialized' || fail "init did not install the provider"

step "$command apply: an application made read-only, with the Agent beside it, registered at a local ECS endpoint"
"$engine" apply "${color[@]}" -auto-approve
arn=$("$engine" output -raw arn)
[[ $arn == arn:aws:ecs:ap-northeast-1:*:task-definition/orders:1 ]] || fail "unexpected ARN: $arn"
good "registered $arn"

step "The task definition as the endpoint got it"
registered=$(ask registered)
printf '%s\n' "$registered"
for container in datadog-init datadog-agent orders; do
  grep -q "\"name\": \"$container\"" <<<"$registered" || fail "there is no container $container"
done
[ "$(grep -c '"readonlyRootFilesystem": true' <<<"$registered")" = 3 ] || fail "a root filesystem is writable"
[ "$("$engine" output -json verdicts | tr -d ' ' | grep -o '"ECS.5":"[A-Z_]*"')" = '"ECS.5":"PASSED"' ] ||
  fail "Security Hub's ECS.5 does not pass"
good "ECS.5 PASSED for the whole task: the application, the Agent and the init container are read-only"

step "$command plan: nothing changes the second time"
"$engine" plan "${color[@]}" -detailed-exitcode || fail "the second plan is not empty"
good "no changes"

step "$command plan that the rules refuse: an Agent too old for a read-only root, a tag that floats, a typo"
set +e
"$engine" plan "${color[@]}" -var agent_image=public.ecr.aws/datadog/agent:7.56.0 \
  -var-file="$project/examples/fargate/refused.tfvars" >"$stage/refused" 2>&1
status=$?
set -e
cat "$stage/refused"
[ "$status" -eq 1 ] || fail "the plan should have been refused, and ended with status $status"
for rule in agent-version-too-old unknown-key; do
  grep -q "$rule" "$stage/refused" || fail "the refusal does not name the rule $rule"
done
good "refused before anything was registered"

step "$command destroy"
"$engine" destroy "${color[@]}" -auto-approve | tail -n 4
[ -z "$("$engine" state list)" ] || fail "the state is not empty"

# What the endpoint saw, in its own words: exactly one registration, and its end.
seen=$(ask requests)
count() { grep -o "\"operation\":\"$1\"" <<<"$seen" | wc -l | tr -d ' '; }
[ "$(count RegisterTaskDefinition)" = 1 ] && [ "$(count DeregisterTaskDefinition)" = 1 ] ||
  fail "the endpoint saw $(count RegisterTaskDefinition) registrations and $(count DeregisterTaskDefinition) deregistrations"
good "one revision registered, one deregistered, nothing left behind"
