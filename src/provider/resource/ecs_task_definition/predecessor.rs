//! `aws_ecs_task_definition` of hashicorp/aws, argument by argument: what its users are told.
//!
//! What holds here is read from the tables that the resource itself works with. What holds there is a table of its own,
//! so that the two can disagree, and then a reason has to be written.

use crate::document::{Node, Object};
use crate::ecs::canonical;
use crate::ecs::input::lenient;
use crate::ecs::shapes::{self, Member, Structure};
use crate::framework::{Predecessor, SharedArgument};
use crate::value::Value;

use super::arguments::{ARGUMENTS, Argument, Kind};

const REQUIRED: &str = "required";
const NOT_SET: &str = "not set";
const COMPUTED: &str = "computed";

/// What hashicorp/aws has in place of an argument that is not written: the default of its schema, or what it reads
/// from ECS's answer.
///
/// Source: `internal/service/ecs/task_definition.go` of version 6 (2026-11), schema and hash of volumes. The block
/// `trusted_execution_configuration` was not in it yet; it is what such a block is there.
static THERE: &[(&str, &str)] = &[
    ("family", REQUIRED),
    ("container_definitions", REQUIRED),
    ("cpu", NOT_SET),
    ("memory", NOT_SET),
    ("enable_fault_injection", "`false`"),
    ("execution_role_arn", NOT_SET),
    ("task_role_arn", NOT_SET),
    ("ipc_mode", NOT_SET),
    ("network_mode", "`bridge`, on Windows not set"),
    ("pid_mode", NOT_SET),
    ("requires_compatibilities", NOT_SET),
    ("ephemeral_storage", NOT_SET),
    ("ephemeral_storage.size_in_gib", REQUIRED),
    ("placement_constraints", NOT_SET),
    ("placement_constraints.type", REQUIRED),
    ("placement_constraints.expression", NOT_SET),
    ("proxy_configuration", NOT_SET),
    ("proxy_configuration.container_name", REQUIRED),
    ("proxy_configuration.properties", NOT_SET),
    ("proxy_configuration.type", "`APPMESH`"),
    ("runtime_platform", NOT_SET),
    ("runtime_platform.cpu_architecture", NOT_SET),
    ("runtime_platform.operating_system_family", NOT_SET),
    ("trusted_execution_configuration", "not set, in versions that have it"),
    ("trusted_execution_configuration.isolation_mode", REQUIRED),
    ("trusted_execution_configuration.attestation_policy", NOT_SET),
    ("volume", NOT_SET),
    ("volume.name", REQUIRED),
    ("volume.host_path", NOT_SET),
    ("volume.configure_at_launch", "`false`"),
    ("volume.docker_volume_configuration", NOT_SET),
    ("volume.docker_volume_configuration.autoprovision", "`false`"),
    ("volume.docker_volume_configuration.driver", "`local`"),
    ("volume.docker_volume_configuration.driver_opts", NOT_SET),
    ("volume.docker_volume_configuration.labels", NOT_SET),
    ("volume.docker_volume_configuration.scope", "`task`"),
    ("volume.efs_volume_configuration", NOT_SET),
    ("volume.efs_volume_configuration.file_system_id", REQUIRED),
    ("volume.efs_volume_configuration.root_directory", "`/`"),
    ("volume.efs_volume_configuration.transit_encryption", NOT_SET),
    ("volume.efs_volume_configuration.transit_encryption_port", "`0`"),
    ("volume.efs_volume_configuration.authorization_config", NOT_SET),
    ("volume.efs_volume_configuration.authorization_config.access_point_id", NOT_SET),
    ("volume.efs_volume_configuration.authorization_config.iam", NOT_SET),
    ("volume.fsx_windows_file_server_volume_configuration", NOT_SET),
    ("volume.fsx_windows_file_server_volume_configuration.file_system_id", REQUIRED),
    ("volume.fsx_windows_file_server_volume_configuration.root_directory", REQUIRED),
    ("volume.fsx_windows_file_server_volume_configuration.authorization_config", REQUIRED),
    (
        "volume.fsx_windows_file_server_volume_configuration.authorization_config.credentials_parameter",
        REQUIRED,
    ),
    ("volume.fsx_windows_file_server_volume_configuration.authorization_config.domain", REQUIRED),
    ("volume.s3files_volume_configuration", NOT_SET),
    ("volume.s3files_volume_configuration.file_system_arn", REQUIRED),
    ("volume.s3files_volume_configuration.root_directory", "`/`"),
    ("volume.s3files_volume_configuration.transit_encryption_port", "`0`"),
    ("volume.s3files_volume_configuration.access_point_arn", NOT_SET),
    ("region", "the provider's"),
    ("tags", NOT_SET),
    ("track_latest", "`false`"),
    ("skip_destroy", "`false`"),
    ("id", COMPUTED),
    ("arn", COMPUTED),
    ("arn_without_revision", COMPUTED),
    ("revision", COMPUTED),
    ("tags_all", COMPUTED),
];

/// What both have beside the task definition's own arguments: name, what it is when nobody writes it, and what an empty
/// value means.
static BESIDE: &[(&str, &str, &str)] = &[
    ("container_definitions", REQUIRED, ""),
    ("region", "the provider's", ""),
    ("tags", NOT_SET, "`{}`: no tags; a tag that is null is left out"),
    ("track_latest", "`false`", "`false`: the default"),
    ("skip_destroy", "`false`", "`false`: the default"),
    ("id", COMPUTED, ""),
    ("arn", COMPUTED, ""),
    ("arn_without_revision", COMPUTED, ""),
    ("revision", COMPUTED, ""),
    ("tags_all", COMPUTED, ""),
];

/// Where an argument that is not written is something else here, and why nothing comes of it.
static DIFFERENCES: &[(&str, &str)] = &[
    ("trusted_execution_configuration", "to ECS that is `SHARED`"),
    ("volume.efs_volume_configuration.transit_encryption", "the same to ECS"),
    ("volume.efs_volume_configuration.authorization_config.iam", "the same to ECS"),
];

/// What only this provider has.
static OWN: &[&str] = &[
    "agent",
    "application",
    "policy",
    "timeouts",
    "deregister_on_destroy",
    "adopt",
    "keep_revisions",
    "delete_revisions",
    "kept_revisions",
    "on_foreign_revision",
    "ignore_container_changes",
    "keep_json",
    "json",
    "sha256",
    "findings",
    "verdicts",
    "change_summary",
];

pub(super) fn predecessor() -> Predecessor {
    let mut shared = Vec::new();
    collect(ARGUMENTS, shapes::task_definition(), "", &mut shared);
    shared
        .extend(BESIDE.iter().map(|(name, here, empty)| row((*name).to_owned(), here, (*empty).to_owned())));
    Predecessor {
        provider: "hashicorp/aws",
        type_name: "aws_ecs_task_definition",
        guide: guide(),
        shared,
        own: OWN,
    }
}

fn collect(
    arguments: &'static [Argument],
    structure: &'static Structure,
    prefix: &str,
    rows: &mut Vec<SharedArgument>,
) {
    for argument in arguments {
        let path = format!("{prefix}{}", argument.name);
        let member = structure.member(argument.key);
        let empty = member.map_or_else(String::new, |member| empty(argument, structure, member));
        rows.push(row(path.clone(), &here(argument), empty));
        let inner = member.and_then(|member| member.kind.structure());
        if let (Kind::Block(nested) | Kind::Blocks(nested), Some(inner)) = (&argument.kind, inner) {
            collect(nested, inner, &format!("{path}."), rows);
        }
    }
}

fn row(path: String, here: &str, empty: String) -> SharedArgument {
    let of = |table: &'static [(&str, &'static str)]| {
        table.iter().find(|(other, _)| *other == path).map(|(_, text)| *text)
    };
    let (there, difference) = (of(THERE).unwrap_or_default().to_owned(), of(DIFFERENCES));
    SharedArgument { path, there, here: here.to_owned(), difference, empty }
}

fn here(argument: &Argument) -> String {
    if argument.required {
        return REQUIRED.to_owned();
    }
    let on_linux = argument.preset(Some(false)).map_or(NOT_SET.to_owned(), |preset| written(&preset));
    let on_windows = argument.preset(Some(true)).map_or(NOT_SET.to_owned(), |preset| written(&preset));
    if on_linux == on_windows { on_linux } else { format!("{on_linux}, on Windows {on_windows}") }
}

fn written(value: &Value) -> String {
    match value {
        Value::Bool(flag) => format!("`{flag}`"),
        Value::String(text) => format!("`{text}`"),
        Value::Number(number) => number.as_i64().map_or_else(String::new, |number| format!("`{number}`")),
        _ => String::new(),
    }
}

/// What the emptiest value of an argument means.
fn empty(argument: &Argument, structure: &'static Structure, member: &'static Member) -> String {
    let (spelled, value, node) = match argument.kind {
        Kind::Text | Kind::Inside(_) => ("\"\"", Some(Value::from("")), Node::from("")),
        Kind::Whole => ("0", Some(Value::from(0)), Node::from(0)),
        Kind::Flag => ("false", Some(Value::from(false)), Node::from(false)),
        Kind::Texts => ("[]", None, Node::Array(Vec::new())),
        Kind::TextMap | Kind::NamedValues => ("{}", None, Node::Object(Object::new())),
        Kind::Block(_) | Kind::Blocks(_) => return String::new(),
    };
    let is_unset = match (&argument.kind, member.kind.structure()) {
        (Kind::Inside(key), Some(inner)) => {
            inner.member(key).is_some_and(|member| lenient::is_unset(inner, member, &node))
        }
        _ => lenient::is_unset(structure, member, &node),
    };
    let is_preset = value.is_some() && argument.preset(Some(false)) == value;
    match argument.kind {
        _ if is_preset => format!("`{spelled}`: the default"),
        _ if is_unset => format!("`{spelled}`: not set"),
        Kind::Texts | Kind::TextMap | Kind::NamedValues => format!("`{spelled}`: the same as not set"),
        _ => format!("`{spelled}` is a value"),
    }
}

fn guide() -> String {
    let sparse: Vec<String> = lenient::SPARSE.iter().map(|list| format!("`{list}`")).collect();
    let (last, others) = sparse.split_last().map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
    let mut defaults = String::new();
    collect_defaults(shapes::container_definition(), "", &mut defaults);
    GUIDE
        .trim()
        .replace("<lists>", &format!("{} and {last}", others.join(", ")))
        .replace("<defaults>", defaults.trim_end())
}

/// A row for each key of a container whose default may be written or left out.
fn collect_defaults(structure: &'static Structure, prefix: &str, rows: &mut String) {
    for (member, value) in canonical::defaults(structure.name) {
        rows.push_str(&format!("| `{prefix}{member}` | `{value}` |\n"));
    }
    for member in structure.members {
        if let Some(inner) = member.kind.structure() {
            collect_defaults(inner, &format!("{prefix}{}.", member.key), rows);
        }
    }
}

const GUIDE: &str = r#"
`ddrofs_ecs_task_definition` has the arguments of `aws_ecs_task_definition`, under the same names and with the same
defaults. Change the type, and the task definition that is running goes on under its new owner: nothing is registered,
and the plan shows the move alone.

## Change over with a `moved` block

Given this resource, which has been applied:

```terraform
resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/orders-execution"

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([
    {
      name         = "app"
      image        = "example.com/orders:1.4.2"
      essential    = true
      user         = "1000"
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}
```

Change its type, change `aws_ecs_task_definition.orders` to `ddrofs_ecs_task_definition.orders` wherever something refers to it, and
tell Terraform (1.8 or later) or OpenTofu (1.10 or later) where the resource went:

```terraform
resource "ddrofs_ecs_task_definition" "orders" {
  # The arguments as they were.
}

moved {
  from = aws_ecs_task_definition.orders
  to   = ddrofs_ecs_task_definition.orders
}
```

Name both providers and run `terraform init`: this one, and `hashicorp/aws` as long as the state has something of it. Region and credentials
of `provider "aws"` have to be in `provider "ddrofs"` too.

```terraform
terraform {
  required_providers {
    aws    = { source = "hashicorp/aws" }
    ddrofs = { source = "ddrofs/ddrofs" }
  }
}
```

The provider's program writes both blocks for every such resource of a configuration, comments and expressions as they are, and says
which references are left to change. Delete the old resources from `main.tf` once it has written the new ones:

```shell
terraform-provider-ddrofs migrate main.tf > ddrofs.tf
```

The plan shows the move and changes nothing. It also shows what the rules find in what is running, such as "A container has a
writable root filesystem". Apply it before you add the blocks `agent` and `application`: the next plan then shows what they change and
nothing else.

## Or import

If you cannot use `moved`, first make the state forget the old resource, or the next apply deregisters its revision:

```shell
terraform state rm aws_ecs_task_definition.orders
```

With OpenTofu, the command is `tofu`. Then import the revision into the new resource, with the command `import` or with a block:

```terraform
import {
  to = ddrofs_ecs_task_definition.orders
  id = "orders:17"
}
```

The id is one of these:

- the ARN of a revision: `arn:aws:ecs:ap-northeast-1:123456789012:task-definition/orders:17`;
- the ARN and its region, as hashicorp/aws writes it: `arn:aws:ecs:…:task-definition/orders:17@ap-northeast-1`;
- family and revision: `orders:17`;
- the family: `orders`, for its newest active revision.

For resources that cannot be edited, such as those of a module, the program writes all of it from the state: the resources with
what is registered, `import` blocks, and `removed` blocks in place of `state rm`.

```shell
terraform show -json | terraform-provider-ddrofs migrate - > ddrofs.tf
```

## What is different

- **A change is an update in place.** `aws_ecs_task_definition` is replaced: the old revision is deregistered and a new one
  registered. Here a new revision is registered and the old ones stay active, so that a service can go back to one. Only
  `family` and `region` replace the resource. `skip_destroy` and `deregister_on_destroy` are about the destruction of the
  resource alone.
- **Equal meaning is not a change.** Another order of keys or variables, `1 vCPU` for `1024`, a default written out: none of
  these registers a revision.
- **Tags change in place**, without a new revision.
- **`default_tags` of `provider "aws"` do not reach this provider.** Give `provider "ddrofs"` its own:

  ```terraform
  provider "ddrofs" {
    default_tags {
      tags = { Team = "orders" }
    }
  }
  ```

  The same goes for region, profile, `assume_role` and `endpoints`: they have the same names in both, and are written
  in both.
- **Findings.** The task definition is checked [against rules](rules.md) while planning. What ECS would reject, what
  keeps the Agent from starting and what loses data is an error; other findings are warnings. A `policy` says otherwise where
  you want it so. What is registered already can always be refreshed: an error stops the next registration.
- **Unknown keys** in `container_definitions` are dropped by hashicorp/aws without a word. Here they are a warning, and an error
  where the key is nearly one that is known. Such a key is sent only where `policy { allow_keys = [...] }` names it.
- **`container_definitions`** is JSON text as before, or the same list written in HCL. In HCL, a value that is known only after
  apply leaves the rest of the plan readable.

## What counts as not set

As in hashicorp/aws, because modules rely on it:

- `""` and 0 in the arguments that the table below says so of, and `""` in place of any key of `container_definitions`
  that has a fixed set of values, such as `protocol`. A container's `cpu = 0` is not set.
- Keys whose value is null, wherever they are.
- Empty elements (`{}`, null) of these lists of a container: <lists>.
- A variable of `environment` that has a name and no value.
- A tag and a property of `proxy_configuration` whose value is null.

Keys of `container_definitions` are read without regard to case: `healthcheck` is `healthCheck`. What has a default in the
table is never null, so an expression may use it whether or not it is written.

## Defaults in `container_definitions`

Writing one of these, or leaving it out, is not a change:

| Key | Value |
|---|---|
<defaults>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_is_the_same_in_both_or_the_difference_has_its_reason() {
        let unlike: Vec<_> = predecessor()
            .shared
            .into_iter()
            .filter(|row| row.there.is_empty() || (row.there == row.here) != row.difference.is_none())
            .collect();
        assert!(unlike.is_empty(), "write the row in THERE, or the reason in DIFFERENCES: {unlike:#?}");
    }

    #[test]
    fn every_row_of_a_table_is_used_once() {
        let shared = predecessor().shared;
        let named = |name: &str| shared.iter().filter(|row| row.path == name).count();
        let tables = THERE.iter().chain(DIFFERENCES).map(|(name, _)| *name);
        let stray: Vec<_> = tables.filter(|name| named(name) != 1).collect();
        assert!(stray.is_empty() && shared.len() == THERE.len(), "{stray:?}");
    }
}
