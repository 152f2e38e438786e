use std::ffi::OsString;

use expect_test::{Expect, expect};

use super::*;

const CONFIGURATION: &str = r#"# Not of the task.

# Orders of the shop.
resource "aws_ecs_task_definition" "orders" { # one
  provider = aws.east # the region
  family   = "orders-${var.env}"
  for_each = toset(["a"])

  container_definitions = jsonencode([
    { name = "app", image = "${aws_ecr_repository.app.repository_url}:1", command = ["${aws_ecs_task_definition.other["x"].family}"] },
  ])
  depends_on = [aws_ecs_task_definition.other]
  // the end
}

resource "aws_ecs_service" "orders" {
  task_definition = aws_ecs_task_definition.orders["a"].arn
  tags = {
    Note = <<-EOT
      runs ${aws_ecs_task_definition.orders["a"].family}
    EOT
    Old = data.aws_ecs_task_definition.orders.arn
  }
}

moved {
  from = aws_ecs_task_definition.old
  to   = aws_ecs_task_definition.orders
}
"#;

/// A task definition as a configuration, or none for the family `odd`.
fn written(document: &Node) -> Option<String> {
    let family = document.get("family").as_str()?;
    (family != "odd").then(|| format!("resource \"x\" \"y\" {{\n  family = \"{family}\"\n}}"))
}

/// What a run with this on its standard input says, status, stdout and stderr.
fn said(text: &str) -> String {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let streams = Streams { input: &mut text.as_bytes(), output: &mut output, errors: &mut errors };
    let status = run(&[OsString::from("-")], &written, streams);
    format!("{}-- {status:?}\n{}", String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&said(text));
}

#[test]
fn a_resource_keeps_its_comments_and_expressions_under_its_new_type() {
    check(
        CONFIGURATION,
        expect![[r##"
        # Orders of the shop.
        resource "ddrofs_ecs_task_definition" "orders" { # one
          provider = ddrofs.east # the region
          family   = "orders-${var.env}"
          for_each = toset(["a"])

          container_definitions = jsonencode([
            { name = "app", image = "${aws_ecr_repository.app.repository_url}:1", command = ["${ddrofs_ecs_task_definition.other["x"].family}"] },
          ])
          depends_on = [ddrofs_ecs_task_definition.other]
          // the end
        }

        moved {
          from = aws_ecs_task_definition.orders
          to   = ddrofs_ecs_task_definition.orders
        }
        -- Written
        standard input: ddrofs_ecs_task_definition.orders is made by the provider `ddrofs.east`: write it with the settings that `aws.east` has
        standard input: write ddrofs_ecs_task_definition in place of aws_ecs_task_definition here: line 17, 20
    "##]],
    );
}

#[test]
fn what_no_provider_can_have_any_more_is_told() {
    check(
        "resource aws_ecs_task_definition plain {\n  provider = aws\n  inference_accelerator {}\n}",
        expect![[r#"
            resource ddrofs_ecs_task_definition plain {
              provider = ddrofs
              inference_accelerator {}
            }

            moved {
              from = aws_ecs_task_definition.plain
              to   = ddrofs_ecs_task_definition.plain
            }
            -- Written
            standard input: ddrofs_ecs_task_definition.plain is made by the provider `ddrofs`: write it with the settings that `aws` has
            standard input: ddrofs_ecs_task_definition.plain has no inference_accelerator, because AWS retired Elastic Inference: remove the block
        "#]],
    );
}

#[test]
fn a_text_without_a_task_definition_and_one_that_is_none_are_told() {
    check(
        "resource \"aws_ecs_service\" \"a\" {}\n",
        expect![[r#"
        -- Nothing
        There is no aws_ecs_task_definition in what was read.
    "#]],
    );
    check(
        "resource \"aws_ecs_task_definition\" \"a\" {\n  family =\n}\n",
        expect![[r#"
        -- Trouble
        standard input: line 2, column 11: not valid HCL: invalid expression; expected `"`, `[`, `{`, `-`, `!`, `(`, `_`, `<`, letter or digit
    "#]],
    );
    check(
        "{ \"version\": 3 }",
        expect![[r#"
        -- Trouble
        standard input: neither a state of format 4 nor what `terraform show -json` prints
    "#]],
    );
    check(
        "{ \"version\": 4, ",
        expect![[r#"
        -- Trouble
        standard input: not valid JSON: EOF while parsing a value at line 1 column 16
    "#]],
    );
}

const VALUES: &str = r#"{ "arn": "arn:aws:ecs:eu-west-1:1:task-definition/orders:7", "family": "orders", "skip_destroy": true,
    "container_definitions": "[{\"name\":\"app\",\"image\":\"a:1\"}]" }"#;

#[test]
fn each_resource_of_a_state_is_imported_under_a_name_of_its_own_and_the_old_one_forgotten() {
    let odd = VALUES.replace("\"orders\"", "\"odd\"");
    let state = format!(
        r#"{{ "version": 4, "resources": [
            {{ "mode": "managed", "type": "aws_ecs_task_definition", "name": "web", "module": "module.a[\"x.y\"]", "instances": [
                {{ "index_key": "one", "attributes": {VALUES} }}, {{ "index_key": 0, "attributes": {VALUES} }} ] }},
            {{ "mode": "managed", "type": "aws_ecs_task_definition", "name": "a_x_y_web_one", "instances": [{{ "attributes": {VALUES} }}] }},
            {{ "mode": "managed", "type": "aws_ecs_task_definition", "name": "odd", "instances": [{{ "attributes": {odd} }}] }},
            {{ "mode": "data", "type": "aws_ecs_task_definition", "name": "read", "instances": [{{ "attributes": {VALUES} }}] }},
            {{ "mode": "managed", "type": "aws_ecs_service", "name": "web", "instances": [{{ "attributes": {{}} }}] }} ] }}"#
    );
    check(
        &state,
        expect![[r#"
        resource "ddrofs_ecs_task_definition" "a_x_y_web_one" {
          family = "orders"

          skip_destroy = true
        }

        import {
          to = ddrofs_ecs_task_definition.a_x_y_web_one
          id = "arn:aws:ecs:eu-west-1:1:task-definition/orders:7"
        }

        resource "ddrofs_ecs_task_definition" "a_x_y_web_0" {
          family = "orders"

          skip_destroy = true
        }

        import {
          to = ddrofs_ecs_task_definition.a_x_y_web_0
          id = "arn:aws:ecs:eu-west-1:1:task-definition/orders:7"
        }

        resource "ddrofs_ecs_task_definition" "a_x_y_web_one_2" {
          family = "orders"

          skip_destroy = true
        }

        import {
          to = ddrofs_ecs_task_definition.a_x_y_web_one_2
          id = "arn:aws:ecs:eu-west-1:1:task-definition/orders:7"
        }

        removed {
          from = aws_ecs_task_definition.a_x_y_web_one

          lifecycle {
            destroy = false
          }
        }

        removed {
          from = module.a.aws_ecs_task_definition.web

          lifecycle {
            destroy = false
          }
        }
        -- Trouble
        standard input: take aws_ecs_task_definition.a_x_y_web_one out of the configuration before the next plan
        standard input: take module.a.aws_ecs_task_definition.web out of the configuration before the next plan
        standard input: aws_ecs_task_definition.odd: it has something that no argument writes
    "#]],
    );
}

#[test]
fn what_show_prints_is_read_as_the_state_itself() {
    let resource = |mode: &str, address: &str, ty: &str| {
        format!(
            r#"{{ "address": "{address}", "mode": "{mode}", "type": "{ty}", "name": "web", "values": {VALUES} }}"#
        )
    };
    let shown = format!(
        r#"{{"format_version":"1.0","values":{{"root_module":{{"resources":[{}, {}, {}]}}}}}}"#,
        resource("managed", "aws_ecs_task_definition.web", "aws_ecs_task_definition"),
        resource("data", "data.aws_ecs_task_definition.web", "aws_ecs_task_definition"),
        resource("managed", "ddrofs_ecs_task_definition.web", "ddrofs_ecs_task_definition"),
    );
    check(
        &shown,
        expect![[r#"
        resource "ddrofs_ecs_task_definition" "web" {
          family = "orders"

          skip_destroy = true
        }

        import {
          to = ddrofs_ecs_task_definition.web
          id = "arn:aws:ecs:eu-west-1:1:task-definition/orders:7"
        }

        removed {
          from = aws_ecs_task_definition.web

          lifecycle {
            destroy = false
          }
        }
        -- Written
        standard input: take aws_ecs_task_definition.web out of the configuration before the next plan
    "#]],
    );
}

#[test]
fn a_folder_is_every_configuration_in_it_and_a_missing_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("b.tf", "resource \"aws_ecs_task_definition\" \"b\" {}\n");
    write(
        "a.tf",
        "resource \"aws_ecs_task_definition\" \"a\" {}\n\noutput \"b\" {\n  value = aws_ecs_task_definition.b.arn\n}\n",
    );
    write("terraform.tfvars", "b = 1\n");
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let missing = folder.path().join("c.tf");
    let arguments = [folder.path().as_os_str().to_owned(), missing.as_os_str().to_owned()];
    let streams = Streams { input: &mut std::io::empty(), output: &mut output, errors: &mut errors };
    assert_eq!(run(&arguments, &written, streams), Status::Trouble);
    let output = String::from_utf8(output).unwrap();
    let (a, b) = (output.find("\"a\""), output.find("\"b\""));
    assert!(a.is_some() && a < b, "{output}");
    let errors = String::from_utf8(errors).unwrap();
    assert!(
        errors.contains(
            "a.tf: write ddrofs_ecs_task_definition in place of aws_ecs_task_definition here: line 4\n"
        ),
        "{errors}"
    );
    assert!(errors.contains("c.tf cannot be read: "), "{errors}");
}
