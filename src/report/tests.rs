use expect_test::{Expect, expect};
use serde_json::Value;

use super::*;
use crate::document::parse;
use crate::ecs::read;
use crate::rules::judge;
use crate::task::{Around, Seen};

/// A task definition with an error, a warning and a note in two containers, and a name that no format may choke on.
const TASK: &str = r#"{
  "family": "orders",
  "runtimePlatform": { "operatingSystemFamily": "LINUX" },
  "memory": "512",
  "containerDefinitions": [
    { "name": "app", "image": "example.com/app:1.2.3", "readonlyRootFilesystem": true, "memory": 1024 },
    {
      "name": "a<b>&\"\u0007]]>",
      "image": "example.com/b"
    }
  ]
}"#;

/// Judges a text as the subcommand does.
fn checked(artifact: Artifact, text: &str) -> Checked {
    let reading = read(parse(text).unwrap()).unwrap();
    let notes = reading.notes.clone();
    let seen = Seen::of(reading.document, &Around::default());
    let subject = seen.subject(None);
    let judgement = judge(&subject);
    Checked::judged(artifact, Some(text), notes, judgement)
}

/// The findings that these tests are about, so that a new rule elsewhere changes no text here.
fn orders() -> Checked {
    let mut checked = checked(Artifact::File("tasks/orders.json".to_owned()), TASK);
    let outcome = checked.outcome.as_mut().unwrap();
    let wanted = ["container-memory-above-task", "floating-image-tag", "root-filesystem-writable"];
    outcome.entries.retain(|entry| wanted.contains(&entry.finding.rule));
    outcome.undecided = vec!["fargate-size-missing"];
    outcome.verdicts.retain(|control, _| *control == "ECS.5");
    checked
}

fn broken() -> Checked {
    let problem = Unreadable {
        detail: "It was read as JSON: not valid JSON.".to_owned(),
        fix: "Correct it.".to_owned(),
        place: Some(crate::document::Place { line: 3, column: 7 }),
    };
    Checked::unreadable(Artifact::Unfiled("standard input".to_owned()), vec![problem])
}

fn check(format: Format, expected: Expect) {
    expected.assert_eq(&format.write(&[orders(), broken()]));
}

#[test]
fn for_a_person() {
    check(
        Format::Human { color: false, notes: true, quiet: None },
        expect![[r#"
            tasks/orders.json:6:88: error: A container has more memory than the task [container-memory-above-task]
              at containerDefinitions[0].memory (container "app")
              Container "app" has 1024 MiB of memory, and the whole task has 512 MiB. ECS would answer: "The 'memory' setting for container '...' is greater than for the task".
              Write "memory": 512. Or give the task more.

            tasks/orders.json:9:7: note: The image tag moves [floating-image-tag]
              at containerDefinitions[1].image (container "a<b>&\"\u{7}]]>")
              Container "a<b>&"�]]>" has an image without a tag, which means latest.
              Write "image": "example.com/b:1.2.3". This is an example: write the full version that is to run. A digest will do, too.

            tasks/orders.json:7:5: warning: A container has a writable root filesystem [root-filesystem-writable, ECS.5]
              at containerDefinitions[1].readonlyRootFilesystem (container "a<b>&\"\u{7}]]>")
              Container "a<b>&"�]]>" does not set readonlyRootFilesystem, so its root filesystem is writable. Security Hub's control ECS.5 fails for the whole task definition.
              Write "readonlyRootFilesystem": true. Mount a volume at each path that the container writes to.

            tasks/orders.json: note: not decided, because the document alone does not tell: fargate-size-missing
            standard input:3:7: error: The document cannot be read [unreadable-document]
              It was read as JSON: not valid JSON.
              Correct it.

            Controls of Security Hub that fail, with the number of task definitions:
              ECS.5   1 failed, 0 passed
            Every rule has its section, with examples, in https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules
            2 documents checked: 1 error, 1 warning, 1 note; 1 could not be read.
        "#]],
    );
}

#[test]
fn notes_are_counted_for_a_person_and_listed_where_they_are_asked_for() {
    let report = |notes| Format::Human { color: false, notes, quiet: None }.write(&[orders()]);
    let (short, long) = (report(false), report(true));
    assert!(!short.contains("The image tag moves"), "{short}");
    assert!(
        short.ends_with("1 document checked: 1 error, 1 warning, 1 note (--notes lists them).\n"),
        "{short}"
    );
    assert!(long.contains("note: The image tag moves [floating-image-tag]"), "{long}");
    assert!(long.ends_with("1 document checked: 1 error, 1 warning, 1 note.\n"), "{long}");
}

#[test]
fn a_person_reads_once_what_is_the_same_in_several_containers() {
    let container = |name: &str, image: &str| {
        format!(r#"{{ "name": "{name}", "image": "example.com/{image}", "memory": 128 }}"#)
    };
    let text = format!(
        r#"{{"runtimePlatform": {{"operatingSystemFamily": "LINUX"}}, "containerDefinitions": [{},
          {},
          {}]}}"#,
        container("app", "app:1.2.3"),
        container("worker", "app:latest"),
        container("proxy", "proxy")
    );
    let mut checked = checked(Artifact::File("orders.json".to_owned()), &text);
    let outcome = checked.outcome.as_mut().unwrap();
    let wanted = ["floating-image-tag", "root-filesystem-writable"];
    outcome.entries.retain(|entry| wanted.contains(&entry.finding.rule));
    outcome.undecided.clear();
    expect![[r#"
        orders.json:1:82: warning: A container has a writable root filesystem [root-filesystem-writable, ECS.5]
          at containerDefinitions[0].readonlyRootFilesystem (container "app")
          Container "app" does not set readonlyRootFilesystem, so its root filesystem is writable. Security Hub's control ECS.5 fails for the whole task definition.
          Write "readonlyRootFilesystem": true. Mount a volume at each path that the container writes to.
          The same holds at
            orders.json:2:11: containerDefinitions[1].readonlyRootFilesystem (container "worker")
            orders.json:3:11: containerDefinitions[2].readonlyRootFilesystem (container "proxy")

        orders.json:2:31: note: The image tag moves [floating-image-tag]
          at containerDefinitions[1].image (container "worker")
          Container "worker" has an image with the tag "latest", which moves.
          Write "image": "example.com/app:1.2.3". This is an example: write the full version that is to run. A digest will do, too.

        orders.json:3:30: note: The image tag moves [floating-image-tag]
          at containerDefinitions[2].image (container "proxy")
          Container "proxy" has an image without a tag, which means latest.
          Write "image": "example.com/proxy:1.2.3". This is an example: write the full version that is to run. A digest will do, too.

        Controls of Security Hub that fail, with the number of task definitions:
          ECS.5   1 failed, 0 passed
          ECS.9   1 failed, 0 passed
          ECS.15  1 failed, 0 passed
          ECS.20  1 failed, 0 passed
        Every rule has its section, with examples, in https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules
        1 document checked: 0 errors, 3 warnings, 2 notes.
    "#]]
    .assert_eq(&Format::Human { color: false, notes: true, quiet: None }.write(&[checked]));
}

#[test]
fn as_junit() {
    let text = Format::Junit.write(&[orders(), broken()]);
    let cases = format!("tests=\"{}\"", super::checked::names_of_rules().count());
    assert!(
        text.contains(&cases),
        "as many test cases as rules, because each of these found one thing at most\n{text}"
    );
    let text = text.replace(&cases, "tests=\"EVERY RULE\"");
    // The passing rules are many, and each is one line.
    let kept: Vec<&str> =
        text.lines().filter(|line| !line.ends_with("\"/>") || line.contains("<skipped")).collect();
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="task definitions">
          <testsuite name="tasks/orders.json" tests="EVERY RULE" failures="1" errors="0" skipped="2">
            <testcase classname="tasks/orders.json" name="container-memory-above-task (app)">
              <failure message="A container has more memory than the task" type="container-memory-above-task">containerDefinitions[0].memory (line 6, column 88)
        Container &quot;app&quot; has 1024 MiB of memory, and the whole task has 512 MiB. ECS would answer: &quot;The 'memory' setting for container '...' is greater than for the task&quot;.
        Write &quot;memory&quot;: 512. Or give the task more.
        https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules-size#container-memory-above-task</failure>
            </testcase>
            <testcase classname="tasks/orders.json" name="fargate-size-missing (undecided)">
              <skipped message="undecided: the document alone does not tell"/>
            </testcase>
            <testcase classname="tasks/orders.json" name="floating-image-tag (a&lt;b&gt;&amp;&quot;�]]&gt;)">
              <system-out>containerDefinitions[1].image (line 9, column 7)
        Container &quot;a&lt;b&gt;&amp;&quot;�]]&gt;&quot; has an image without a tag, which means latest.
        Write &quot;image&quot;: &quot;example.com/b:1.2.3&quot;. This is an example: write the full version that is to run. A digest will do, too.
        https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules-security#floating-image-tag</system-out>
            </testcase>
            <testcase classname="tasks/orders.json" name="root-filesystem-writable (a&lt;b&gt;&amp;&quot;�]]&gt;)">
              <skipped message="warning: A container has a writable root filesystem"/>
              <system-out>containerDefinitions[1].readonlyRootFilesystem (line 7, column 5)
        Container &quot;a&lt;b&gt;&amp;&quot;�]]&gt;&quot; does not set readonlyRootFilesystem, so its root filesystem is writable. Security Hub's control ECS.5 fails for the whole task definition.
        Write &quot;readonlyRootFilesystem&quot;: true. Mount a volume at each path that the container writes to.
        https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules-read-only-root#root-filesystem-writable</system-out>
            </testcase>
          </testsuite>
          <testsuite name="standard input" tests="1" failures="0" errors="1" skipped="0">
            <testcase classname="standard input" name="unreadable-document">
              <error message="The document cannot be read" type="unreadable-document">It was read as JSON: not valid JSON.
        Correct it.</error>
            </testcase>
          </testsuite>
        </testsuites>"#]].assert_eq(&kept.join("\n"));
    assert!(
        text.contains("<testcase classname=\"tasks/orders.json\" name=\"no-essential-container\"/>"),
        "{text}"
    );
}

#[test]
fn as_json() {
    let report: Value = serde_json::from_str(&Format::Json.write(&[orders(), broken()])).unwrap();
    expect![[r#"
        {
          "documents": [
            {
              "findings": [
                {
                  "column": 88,
                  "container": "app",
                  "control": null,
                  "detail": "Container \"app\" has 1024 MiB of memory, and the whole task has 512 MiB. ECS would answer: \"The 'memory' setting for container '...' is greater than for the task\".",
                  "fix": "Write \"memory\": 512. Or give the task more.",
                  "left": null,
                  "line": 6,
                  "page": "https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules-size#container-memory-above-task",
                  "path": "containerDefinitions[0].memory",
                  "rule": "container-memory-above-task",
                  "severity": "error",
                  "summary": "A container has more memory than the task"
                },
                {
                  "column": 7,
                  "container": "a<b>&\"\u0007]]>",
                  "control": null,
                  "detail": "Container \"a<b>&\"\u0007]]>\" has an image without a tag, which means latest.",
                  "fix": "Write \"image\": \"example.com/b:1.2.3\". This is an example: write the full version that is to run. A digest will do, too.",
                  "left": null,
                  "line": 9,
                  "page": "https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules-security#floating-image-tag",
                  "path": "containerDefinitions[1].image",
                  "rule": "floating-image-tag",
                  "severity": "note",
                  "summary": "The image tag moves"
                },
                {
                  "column": 5,
                  "container": "a<b>&\"\u0007]]>",
                  "control": "ECS.5",
                  "detail": "Container \"a<b>&\"\u0007]]>\" does not set readonlyRootFilesystem, so its root filesystem is writable. Security Hub's control ECS.5 fails for the whole task definition.",
                  "fix": "Write \"readonlyRootFilesystem\": true. Mount a volume at each path that the container writes to.",
                  "left": null,
                  "line": 7,
                  "page": "https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules-read-only-root#root-filesystem-writable",
                  "path": "containerDefinitions[1].readonlyRootFilesystem",
                  "rule": "root-filesystem-writable",
                  "severity": "warning",
                  "summary": "A container has a writable root filesystem"
                }
              ],
              "name": "tasks/orders.json",
              "notes": [],
              "undecided": [
                "fargate-size-missing"
              ],
              "verdicts": {
                "ECS.5": {
                  "containers": [
                    "a<b>&\"\u0007]]>"
                  ],
                  "verdict": "FAILED"
                }
              }
            },
            {
              "name": "standard input",
              "problems": [
                {
                  "column": 7,
                  "detail": "It was read as JSON: not valid JSON.",
                  "fix": "Correct it.",
                  "line": 3,
                  "rule": "unreadable-document"
                }
              ]
            }
          ],
          "summary": {
            "documents": 2,
            "errors": 1,
            "fixed": 0,
            "ignored": 0,
            "notes": 1,
            "unreadable": 1,
            "waived": 0,
            "warnings": 1
          }
        }"#]].assert_eq(&format!("{report:#}"));
}

#[test]
fn as_sarif() {
    let report: Value = serde_json::from_str(&Format::Sarif.write(&[orders(), broken()])).unwrap();
    expect![[r#"
        [
          {
            "level": "error",
            "locations": [
              {
                "logicalLocations": [
                  {
                    "kind": "object",
                    "name": "app"
                  },
                  {
                    "fullyQualifiedName": "containerDefinitions[0].memory",
                    "kind": "property"
                  }
                ],
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "tasks/orders.json"
                  },
                  "region": {
                    "startColumn": 88,
                    "startLine": 6
                  }
                }
              }
            ],
            "message": {
              "text": "Container \"app\" has 1024 MiB of memory, and the whole task has 512 MiB. ECS would answer: \"The 'memory' setting for container '...' is greater than for the task\". Write \"memory\": 512. Or give the task more."
            },
            "partialFingerprints": {
              "ruleContainerPath/v1": "ddc1e925cdbc062f461ea01be00d6ff3e78173d1bf357149f3934d2a91e9a014"
            },
            "ruleId": "container-memory-above-task",
            "ruleIndex": 1
          },
          {
            "level": "note",
            "locations": [
              {
                "logicalLocations": [
                  {
                    "kind": "object",
                    "name": "a<b>&\"\u0007]]>"
                  },
                  {
                    "fullyQualifiedName": "containerDefinitions[1].image",
                    "kind": "property"
                  }
                ],
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "tasks/orders.json"
                  },
                  "region": {
                    "startColumn": 7,
                    "startLine": 9
                  }
                }
              }
            ],
            "message": {
              "text": "Container \"a<b>&\"\u0007]]>\" has an image without a tag, which means latest. Write \"image\": \"example.com/b:1.2.3\". This is an example: write the full version that is to run. A digest will do, too."
            },
            "partialFingerprints": {
              "ruleContainerPath/v1": "ba7c980407d91db8b6cba80fe81c9bfafe555632b94b8ec68554c5def0b4becc"
            },
            "ruleId": "floating-image-tag",
            "ruleIndex": 2
          },
          {
            "level": "warning",
            "locations": [
              {
                "logicalLocations": [
                  {
                    "kind": "object",
                    "name": "a<b>&\"\u0007]]>"
                  },
                  {
                    "fullyQualifiedName": "containerDefinitions[1].readonlyRootFilesystem",
                    "kind": "property"
                  }
                ],
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "tasks/orders.json"
                  },
                  "region": {
                    "startColumn": 5,
                    "startLine": 7
                  }
                }
              }
            ],
            "message": {
              "text": "Container \"a<b>&\"\u0007]]>\" does not set readonlyRootFilesystem, so its root filesystem is writable. Security Hub's control ECS.5 fails for the whole task definition. Write \"readonlyRootFilesystem\": true. Mount a volume at each path that the container writes to."
            },
            "partialFingerprints": {
              "ruleContainerPath/v1": "93a218dd71a61e39e46ed014a9638f2b27807c56a7143038f76e271107a51081"
            },
            "ruleId": "root-filesystem-writable",
            "ruleIndex": 3
          },
          {
            "level": "error",
            "locations": [
              {
                "message": {
                  "text": "standard input"
                }
              }
            ],
            "message": {
              "text": "It was read as JSON: not valid JSON. Correct it."
            },
            "ruleId": "unreadable-document",
            "ruleIndex": 4
          }
        ]"#]].assert_eq(&format!("{:#}", report["runs"][0]["results"]));
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for result in report["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(ids[index], result["ruleId"].as_str().unwrap());
    }
    let control = rules.iter().find(|rule| rule["id"] == "root-filesystem-writable").unwrap();
    assert_eq!(control["properties"]["securityHubControl"], "ECS.5");
    assert_eq!(control["helpUri"].as_str().unwrap().rsplit('#').next(), Some("root-filesystem-writable"));
    assert_eq!(report["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let notified = &report["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notified["associatedRule"]["id"], "fargate-size-missing");
}

#[test]
fn a_waived_finding_is_shown_as_waived_and_counts_as_nothing() {
    let mut orders = orders();
    for entry in &mut orders.outcome.as_mut().unwrap().entries {
        entry.finding.severity = crate::rules::Severity::Warning;
        entry.finding.waiver = Some(crate::rules::Waived {
            owner: "checkout".to_owned(),
            reason: "vendor image".to_owned(),
            until: time::macros::date!(2027 - 03 - 31),
        });
    }
    let human = Format::Human { color: false, notes: true, quiet: None }.write(&[orders.clone()]);
    assert!(human.contains(": waived: The image tag moves"), "{human}");
    assert!(human.ends_with("\n1 document checked: 0 errors, 0 warnings, 3 waived.\n"), "{human}");

    let sarif: Value = serde_json::from_str(&Format::Sarif.write(&[orders.clone()])).unwrap();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let [suppression] = result["suppressions"].as_array().unwrap().as_slice() else {
            panic!("one: {result}")
        };
        assert_eq!(suppression["justification"], "vendor image (waived by checkout until 2027-03-31)");
    }
    let junit = Format::Junit.write(&[orders.clone()]);
    assert!(
        junit.contains("<skipped message=\"waived: The image tag moves\"/>") && !junit.contains("<failure"),
        "{junit}"
    );
    let json: Value = serde_json::from_str(&Format::Json.write(&[orders])).unwrap();
    assert_eq!(json["documents"][0]["findings"][0]["severity"], "waived");
    let summary = serde_json::json!({"documents": 1, "errors": 0, "fixed": 0, "ignored": 0, "notes": 0, "unreadable": 0, "waived": 3, "warnings": 0});
    assert_eq!(json["summary"], summary);
}

#[test]
fn a_fingerprint_survives_a_container_that_comes_before() {
    let fingerprints = |text: &str| -> Vec<String> {
        let report: Value =
            serde_json::from_str(&Format::Sarif.write(&[checked(Artifact::File("x".to_owned()), text)]))
                .unwrap();
        let results = report["runs"][0]["results"].as_array().unwrap().clone();
        let own =
            results.iter().filter(|result| result["message"]["text"].as_str().unwrap().contains("\"app\""));
        own.map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let app = r#"{"name": "app", "image": "example.com/app"}"#;
    let before = fingerprints(&format!("{{\"family\": \"x\", \"containerDefinitions\": [{app}]}}"));
    let after = fingerprints(&format!(
        "{{\"family\": \"x\", \"containerDefinitions\": [{{\"name\": \"new\", \"image\": \"b:1\"}},\n {app}]}}"
    ));
    assert!(before.len() >= 2, "{before:?}");
    assert_eq!(before, after);
}

#[test]
fn nothing_to_report_is_a_whole_report_too() {
    for format in [Format::Sarif, Format::Json] {
        let report: Value = serde_json::from_str(&format.write(&[])).unwrap();
        assert!(report.is_object());
    }
    assert_eq!(
        Format::Human { color: true, notes: true, quiet: None }.write(&[]),
        "0 documents checked: 0 errors, 0 warnings.\n"
    );
    assert!(Format::Junit.write(&[]).ends_with("<testsuites name=\"task definitions\">\n</testsuites>\n"));
}

#[test]
fn colors_are_for_terminals_and_no_name_can_make_its_own() {
    let plain = Format::Human { color: false, notes: true, quiet: None }.write(&[orders()]);
    assert!(!plain.contains('\u{1b}') && !plain.contains('\u{7}'), "{plain}");
    let colored = Format::Human { color: true, notes: true, quiet: None }.write(&[orders()]);
    assert!(
        colored.contains("\u{1b}[31merror\u{1b}[0m") && colored.contains("\u{1b}[33mwarning\u{1b}[0m"),
        "{colored}"
    );
}
