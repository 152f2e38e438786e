#!/usr/bin/env bash
# Applies examples/fargate with the real Terraform against a local ECS endpoint and shows what happens. `make demo`
# builds what it needs. Needs no AWS account. Ends with a non-zero status when any step is not as expected.
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
terraform=${TERRAFORM:-terraform}
release="$project/target/release"
stage="$project/target/demo"
version=$("$release/terraform-provider-ddrofs" --version | awk '{print $2}')
case "$(uname -m)" in x86_64) arch=amd64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
platform="$(uname -s | tr '[:upper:]' '[:lower:]')_$arch"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' off=$'\e[0m' color=(); else
  bold='' green='' red='' off='' color=(-no-color); fi
step() { printf '\n%s── %s %s\n' "$bold" "$1" "$off"; }
good() { printf '%s✔ %s%s\n' "$green" "$1" "$off"; }
fail() { printf '%s✘ %s%s\n' "$red" "$1" "$off" >&2; exit 1; }

# A stage of its own: nothing of the caller's Terraform or AWS settings is used or touched.
rm -rf "$stage"
mkdir -p "$stage/work" "$stage/mirror/registry.terraform.io/ddrofs/ddrofs/$version/$platform"
cp "$project"/examples/fargate/*.tf "$stage/work/"
cp "$release/terraform-provider-ddrofs" \
  "$stage/mirror/registry.terraform.io/ddrofs/ddrofs/$version/$platform/terraform-provider-ddrofs_v$version"
cat >"$stage/terraformrc" <<RC
disable_checkpoint = true
provider_installation {
  filesystem_mirror { path = "$stage/mirror" }
}
RC
for name in $(compgen -e | grep -E '^(AWS_|TF_|DD_)' || true); do unset "$name"; done
export TF_CLI_CONFIG_FILE="$stage/terraformrc" TF_IN_AUTOMATION=1 TF_INPUT=0
export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_EC2_METADATA_DISABLED=true

"$release/examples/local-ecs" >"$stage/url" &
endpoint_pid=$!
trap 'kill "$endpoint_pid" 2>/dev/null || true' EXIT
for _ in $(seq 100); do [ -s "$stage/url" ] && break; sleep 0.05; done
TF_VAR_ecs_endpoint=$(head -n 1 "$stage/url")
export TF_VAR_ecs_endpoint
[ -n "$TF_VAR_ecs_endpoint" ] || fail "the local ECS endpoint did not start"

cd "$stage/work"

step "terraform init: the provider, from a folder on this machine"
"$terraform" init "${color[@]}" | grep -E 'Installed|initialized' || fail "init did not install the provider"

step "terraform apply: the Agent of the article, registered at a local ECS endpoint"
"$terraform" apply "${color[@]}" -auto-approve
arn=$("$terraform" output -raw arn)
[[ $arn == arn:aws:ecs:ap-northeast-1:*:task-definition/datadog-agent-readonly:1 ]] || fail "unexpected ARN: $arn"
good "registered $arn"

step "The registered revision"
echo 'jsondecode(nonsensitive(ddrofs_ecs_task_definition.agent.json))' | "$terraform" console
[ "$("$terraform" output -json verdicts | tr -d ' ' | grep -o '"ECS.5":"[A-Z_]*"')" = '"ECS.5":"PASSED"' ] ||
  fail "Security Hub's ECS.5 does not pass"
good "ECS.5 passes: every root filesystem is read-only, the init container's too"

step "terraform plan: nothing changes the second time"
"$terraform" plan "${color[@]}" -detailed-exitcode || fail "the second plan is not empty"
good "no changes"

step "terraform plan that the rules refuse: an Agent too old for a read-only root, a tag that floats, a typo"
set +e
"$terraform" plan "${color[@]}" -var agent_image=public.ecr.aws/datadog/agent:7.56.0 -var-file="$project/examples/fargate/refused.tfvars" \
  >"$stage/refused" 2>&1
status=$?
set -e
cat "$stage/refused"
[ "$status" -eq 1 ] || fail "the plan should have been refused, and ended with status $status"
for rule in agent-version-too-old unknown-key; do
  grep -q "$rule" "$stage/refused" || fail "the refusal does not name the rule $rule"
done
good "refused before anything was registered"

step "terraform destroy"
"$terraform" destroy "${color[@]}" -auto-approve | tail -n 4
[ -z "$("$terraform" state list)" ] || fail "the state is not empty"

# What the endpoint saw, in its own words: exactly one registration, and its end.
address=${TF_VAR_ecs_endpoint#http://}
exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
printf 'GET /_control/requests HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$address" >&3
seen=$(cat <&3)
count() { grep -o "\"operation\":\"$1\"" <<<"$seen" | wc -l | tr -d ' '; }
[ "$(count RegisterTaskDefinition)" = 1 ] && [ "$(count DeregisterTaskDefinition)" = 1 ] ||
  fail "the endpoint saw $(count RegisterTaskDefinition) registrations and $(count DeregisterTaskDefinition) deregistrations"
good "one revision registered, one deregistered, nothing left behind"
