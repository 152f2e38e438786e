//! HCL is read as Nomad reads it, written as it is meant, and changed where it is told.

use expect_test::expect;

use super::*;
use crate::document::{Change, Path, to_json};

const LAYOUT: Layout = Layout { blocks: &[("job", 1), ("env", 0), ("config", 0)], first: &["image"] };

fn read_text(text: &str) -> Hcl {
    read(text, |first| !["var", "local"].contains(&first))
        .unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
}

fn json(text: &str) -> String {
    let mut node = read_text(text).node;
    name_the_unknown(&mut node);
    to_json(&node).unwrap()
}

fn name_the_unknown(node: &mut Node) {
    match node {
        Node::Unknown => *node = "(unknown)".into(),
        Node::Array(items) => items.iter_mut().for_each(name_the_unknown),
        Node::Object(members) => {
            for key in members.keys().cloned().collect::<Vec<_>>() {
                members.get_mut(&key).into_iter().for_each(name_the_unknown);
            }
        }
        _ => {}
    }
}

#[test]
fn data_is_read_and_what_has_to_be_computed_is_not_known() {
    for (text, expected) in [
        ("", "{}"),
        ("a = 1\nb = \"x\"\nc = true\nd = null\ne = -1.5\n", r#"{"a":1,"b":"x","c":true,"d":null,"e":-1.5}"#),
        ("a = [1, \"b\", { c = 2, \"d e\" = 3 }]\n", r#"{"a":[1,"b",{"c":2,"d e":3}]}"#),
        ("job \"web\" {\n  env {\n    A = \"b\"\n  }\n}\n", r#"{"job":[{"web":{"env":[{"A":"b"}]}}]}"#),
        ("env {}\nenv { A = \"b\" }\n", r#"{"env":[{},{"A":"b"}]}"#),
        (
            "a = var.x\nb = \"${local.y}-1\"\nc = upper(\"x\")\n",
            r#"{"a":"(unknown)","b":"(unknown)","c":"(unknown)"}"#,
        ),
        (
            "a = \"${NOMAD_ALLOC_DIR}/x\"\nb = \"${ node.unique.name }\"\nc = attr.kernel.name\n",
            r#"{"a":"${NOMAD_ALLOC_DIR}/x","b":"${node.unique.name}","c":"${attr.kernel.name}"}"#,
        ),
        ("a = \"$${x} %%{y} \\\"\\n\\u00e9\"\n", "{\"a\":\"${x} %{y} \\\"\\né\"}"),
        (
            "a = <<EOT\n  x\n  y\nEOT\nb = <<-EOT\n    x\n      y\n  EOT\n",
            r#"{"a":"  x\n  y\n","b":"x\n  y\n"}"#,
        ),
        (
            "a = (\"x\")\nb = [for x in [1] : x]\nc = true ? 1 : 2\n",
            r#"{"a":"x","b":"(unknown)","c":"(unknown)"}"#,
        ),
        ("env = 1\nenv {}\n", r#"{"env":"(unknown)"}"#),
    ] {
        assert_eq!(json(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_hcl_is_told_with_its_line_and_without_its_text() {
    for (text, line) in
        [("a = \n", 1), ("a {\n  b = \"hush\n}\n", 2), ("hush hush\n", 1), ("a = 1\na = hush(\n", 2)]
    {
        let problem = read(text, |_| true).expect_err("it is none");
        assert_eq!(problem.place.unwrap().line, line, "{text}");
        assert!(!problem.kind.to_string().contains("hush"), "{}", problem.kind);
    }
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(read(&deep, |_| true), Err(HclProblem { kind: HclProblemKind::Syntax(_), .. })));
    let long = format!("a = \"{}\"", "x".repeat(MAX_BYTES));
    assert!(matches!(read(&long, |_| true), Err(HclProblem { kind: HclProblemKind::TooLong(_), .. })));
}

#[test]
fn a_document_is_written_so_that_it_is_read_as_it_is() {
    let document = crate::document::parse(
        r#"{"job": [{"we\"b": {
            "config": [{"image": "a:1", "args": ["-c", "echo ${X} %{y} \\ \t\n done"], "labels": [{"a.b": "c", "d": "${e}"}], "empty": {}}],
            "env": [{"A": "1"}], "n": -5, "f": 1.5, "t": true, "z": null
        }}, {"b": {}}], "env": [{"not an identifier": "x"}]}"#,
    )
    .unwrap();
    let text = write(&document, &LAYOUT).unwrap();
    expect![[r#"
        env = [{ "not an identifier" = "x" }]

        job "we\"b" {
          f = 1.5
          n = -5
          t = true
          z = null

          config {
            image = "a:1"
            args  = ["-c", "echo $${X} %%{y} \\ \t\n done"]
            empty = {}
            labels = [{
              "a.b" = "c"
              d = "$${e}"
            }]
          }

          env {
            A = "1"
          }
        }

        job "b" {}
    "#]]
    .assert_eq(&text);
    assert_eq!(read_text(&text).node, document);
    assert!(write(&Node::from([("a", Node::Unknown)]), &LAYOUT).is_err());
}

fn changed(text: &str, changes: &[Change]) -> Option<String> {
    read_text(text).changed(changes, &LAYOUT)
}

fn at(path: &str) -> Path {
    path.split('.').fold(Path::default(), |path, step| match step.parse() {
        Ok(index) => path.index(index),
        Err(_) => path.key(step),
    })
}

#[test]
fn a_change_leaves_all_else_as_it_was_written() {
    let text = "\
# above
job \"web\" { # beside
  count = var.count

  config {
    image   = \"a:${var.tag}\" // the image
    volumes = [
      \"x:/x\", # first
    ]
  }

  env { A = \"1\" }
}
";
    let set = |path: &str, value: Node| Change::Set(at(path), value);
    let written = changed(
        text,
        &[
            set("job.0.web.config.0.readonly", true.into()),
            set("job.0.web.config.0.volumes.1", "y:/y".into()),
            set("job.0.web.env.0.B", "2".into()),
            set("job.0.web.count", 3_i64.into()),
            set("job.0.web.labels", vec![Node::from([("a.b", "c".into())])].into()),
            set(
                "job.1",
                Node::from([("b", Node::from([("env", vec![Node::from([("C", "3".into())])].into())]))]),
            ),
        ],
    )
    .unwrap();
    expect![[r#"
        # above
        job "web" { # beside
          count = 3
          labels = [{ "a.b" = "c" }]

          config {
            image   = "a:${var.tag}" // the image
            volumes = [
              "x:/x",
              "y:/y", # first
            ]
            readonly = true
          }

          env {
            A = "1"
            B = "2"
          }
        }

        job "b" {
          env {
            C = "3"
          }
        }
    "#]]
    .assert_eq(&written);
    assert_eq!(changed(text, &[]).unwrap(), text);
}

#[test]
fn what_is_taken_out_or_renamed_is_all_that_changes() {
    let text = "job \"web\" {\n  a = 1 # one\n  b = [1, 2]\n  c = { d = 1, e = 2 }\n\n  env {\n    A = \"1\"\n  }\n}\n";
    for (change, expected) in [
        (Change::Remove(at("job.0.web.a")), text.replace("  a = 1 # one\n", "")),
        (Change::Remove(at("job.0.web.b.0")), text.replace("[1, 2]", "[ 2]")),
        (Change::Remove(at("job.0.web.env.0")), text.replace("\n  env {\n    A = \"1\"\n  }\n", "")),
        (Change::Move(at("job.0.web.env.0.A"), at("job.0.web.env.0.B")), text.replace("A =", "B =")),
    ] {
        assert_eq!(
            changed(text, std::slice::from_ref(&change)).as_deref(),
            Some(expected.as_str()),
            "{change:?}"
        );
    }
    for nowhere in [
        Change::Set(at("job.0.other.a"), 1_i64.into()),
        Change::Set(at("job.0.web.a.b"), 1_i64.into()),
        Change::Set(at("job.5.web.x.0.y.1.z"), 1_i64.into()),
        Change::Remove(at("job.1")),
        Change::Remove(at("job.0.web.b.7")),
        Change::Move(at("job.0.web.x"), at("job.0.web.y")),
    ] {
        assert_eq!(changed(text, std::slice::from_ref(&nowhere)), None, "{nowhere:?}");
    }
}

/// Texts of the signs that mean something in HCL, every one of some letters.
#[test]
fn every_text_is_written_so_that_it_is_read_as_it_is() {
    const SIGNS: [char; 6] = ['$', '%', '{', '}', '"', '\\'];
    let mut texts = vec![String::new()];
    let mut from = 0;
    for _ in 0..5 {
        let end = texts.len();
        for at in from..end {
            texts.extend(SIGNS.map(|sign| format!("{}{sign}", texts[at])));
        }
        from = end;
    }
    texts.extend(
        ["a ${b} $${c} %{d}%%{e}", "\u{0}\u{7f}\r\n\t", "é\u{1f600}", "$ {", "${a}${b}${c}"]
            .map(str::to_owned),
    );
    let document = Node::from([("a", texts.iter().map(String::as_str).collect::<Vec<_>>().into())]);
    let written = write(&document, &LAYOUT).unwrap();
    let read = read_text(&written).node;
    for (text, read) in texts.iter().zip(read.get("a").items()) {
        assert_eq!(read.as_str(), Some(text.as_str()), "{text}");
    }
}

#[test]
fn the_mark_and_the_ends_of_lines_stay_as_they_are() {
    let change = [Change::Set(Path::default().key("b"), "x".into())];
    for (text, changed) in [
        ("a = 1\n", "a = 1\nb = \"x\"\n"),
        ("\u{feff}a = 1\n", "\u{feff}a = 1\nb = \"x\"\n"),
        ("a = 1 # c\r\njob \"web\" {\r\n}\r\n", "a = 1 # c\r\nb = \"x\"\r\njob \"web\" {\r\n}\r\n"),
        ("\u{feff}a = <<EOT\r\nx\r\nEOT\r\n", "\u{feff}a = <<EOT\r\nx\r\nEOT\r\nb = \"x\"\r\n"),
    ] {
        let read = read_text(text);
        assert_eq!(read.changed(&[], &LAYOUT).as_deref(), Some(text));
        let written = read.changed(&change, &LAYOUT).unwrap();
        assert_eq!(written, changed);
        assert_eq!(read_text(&written).node.get("a"), read.node.get("a"));
        assert_eq!(read.place(text, &Path::default().key("a")).column, 1);
    }
}
