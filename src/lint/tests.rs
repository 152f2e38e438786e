use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const SOUND: &str =
    r#"[{"name": "app", "image": "example.com/app:1.2.3", "memory": 128, "essential": true}]"#;
const WITH_AN_ERROR: &str =
    r#"[{"name": "app", "image": "example.com/app:1.2.3"}, {"name": "app", "image": "b:1.0"}]"#;

struct Files(TempDir);

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Status, stdout and stderr of `lint` with these options and files.
    fn lint(&self, options: &[&str], files: &[&str]) -> (Status, String, String) {
        let mut arguments: Vec<OsString> = options.iter().map(OsString::from).collect();
        arguments.extend(files.iter().map(|name| self.path(name).into_os_string()));
        run_with(&arguments, "")
    }
}

fn run_with(arguments: &[OsString], input: &str) -> (Status, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let streams =
        Streams { input: &mut input.as_bytes(), output: &mut output, errors: &mut errors, terminal: false };
    let status = run(arguments, streams);
    (status, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

#[test]
fn the_status_tells_errors_from_warnings_and_from_what_cannot_be_read() {
    let files =
        Files::new(&[("sound", SOUND.as_bytes()), ("wrong", WITH_AN_ERROR.as_bytes()), ("broken", b"{")]);
    for (names, expected) in [
        (&["sound"][..], Status::Clean),
        (&["sound", "wrong"], Status::Findings),
        (&["wrong", "sound"], Status::Findings),
        (&["broken", "sound"], Status::Trouble),
        (&["broken", "wrong"], Status::Trouble),
        (&["gone"], Status::Trouble),
    ] {
        for format in ["human", "sarif", "junit", "json"] {
            let (status, output, errors) = files.lint(&["--format", format], names);
            assert_eq!(status, expected, "{names:?} as {format}:\n{output}");
            assert_eq!(errors, "");
        }
    }
}

#[test]
fn notes_are_one_line_unless_they_are_asked_for_and_change_no_status() {
    let linted = |options: &[&str]| {
        let arguments: Vec<OsString> = options.iter().chain(&["-"]).map(OsString::from).collect();
        let (status, output, _) = run_with(&arguments, SOUND);
        (status, output)
    };
    let (status, short) = linted(&[]);
    let (same, long) = linted(&["--notes"]);
    assert_eq!((status, same), (Status::Clean, Status::Clean));
    assert!(
        short.contains("notes (--notes lists them)") && !short.contains("[log-configuration-missing"),
        "{short}"
    );
    assert!(long.contains("note: ") && long.contains("[log-configuration-missing, ECS.9]"), "{long}");
    let (_, sarif) = linted(&["--format", "sarif"]);
    let report: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    let of_the_rule = results.iter().find(|result| result["ruleId"] == "log-configuration-missing").unwrap();
    assert_eq!(of_the_rule["level"], "note");
    let (_, junit) = linted(&["--format", "junit"]);
    let case = junit.split("name=\"log-configuration-missing (app)\">\n      ").nth(1).unwrap();
    assert!(case.starts_with("<system-out>") && junit.contains("failures=\"0\""), "{junit}");
}

#[test]
fn a_value_of_another_type_is_told_once() {
    let (_, output, _) =
        run_with(&["-".into()], r#"[{"name": "a", "image": "shop:1.4.2", "memory": "512"}]"#);
    assert_eq!(output.matches("written as text was read as the number").count(), 1, "{output}");
    assert!(
        output.contains("standard input:1:39: warning") && output.contains("Write \"memory\": 512."),
        "{output}"
    );
}

#[test]
fn a_document_that_cannot_be_read_stops_no_other() {
    let files = Files::new(&[
        ("empty", b""),
        ("latin-1", b"[\"\xe4\"]"),
        ("large", &vec![b' '; 10 << 20]),
        ("deep", "[".repeat(1 << 19).as_bytes()),
        ("cut-off", b"{\"containerDefinitions\": [}"),
        ("twice", b"[{\"name\": \"a\",\n \"name\": \"b\"}]"),
        ("service", br#"{"taskDefinition": "orders:7"}"#),
        ("wrong", WITH_AN_ERROR.as_bytes()),
    ]);
    std::fs::create_dir(files.path("folder")).unwrap();
    let names =
        ["empty", "latin-1", "large", "deep", "cut-off", "twice", "service", "folder", "gone", "wrong"];
    let (status, output, _) = files.lint(&[], &names);
    assert_eq!(status, Status::Trouble);
    for told in [
        "the text is empty",
        "not UTF-8",
        "longer than 4194304 bytes",
        "[0].name: the key \"name\" is written more than once",
        "names one instead of holding it",
        "It cannot be read",
        "duplicate-container-name",
        "nested more than 64 levels deep",
        "9 documents checked: ",
        "; 8 could not be read.",
    ] {
        assert!(output.contains(told), "{told} is missing in:\n{output}");
    }
    assert!(output.contains(&format!("{}:1:3: error", files.path("twice").display())), "{output}");
}

#[test]
fn standard_input_is_read_where_it_is_asked_for() {
    let (status, output, _) = run_with(&["-".into()], WITH_AN_ERROR);
    assert_eq!(status, Status::Findings);
    assert!(output.starts_with("standard input:1:"), "{output}");
}

#[test]
fn a_command_that_is_not_understood_is_told_and_help_is_given_where_it_is_asked_for() {
    for arguments in [&[][..], &["--format"], &["--format", "xml", "a"], &["--fux", "a"]] {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let (status, output, errors) = run_with(&arguments, "");
        assert_eq!((status, output.as_str()), (Status::Trouble, ""));
        assert!(errors.starts_with("error: ") && errors.contains("--help"), "{errors}");
    }
    let (status, output, errors) = run_with(&["--help".into()], "");
    assert_eq!((status, errors.as_str()), (Status::Clean, ""));
    assert!(
        output.contains("Usage: terraform-provider-ddrofs lint") && output.contains("Exit status"),
        "{output}"
    );
}

#[test]
fn no_report_repeats_the_value_of_a_variable_or_a_secret() {
    const CONFIDENTIAL: &str = "nobody-may-see-this";
    let text = format!(
        r#"[{{"name": "a", "image": "b", "environment": [{{"name": "DD_API_KEY", "value": "{CONFIDENTIAL}"}},
            {{"name": "DD_API_KEY", "value": 7, "x": "{CONFIDENTIAL}"}}], "secrets": "{CONFIDENTIAL}",
            "logConfiguration": {{"logDriver": "awsfirelens", "options": {{"apikey": "{CONFIDENTIAL}"}}}}}}]"#
    );
    let files = Files::new(&[("task", text.as_bytes())]);
    for format in ["human", "sarif", "junit", "json"] {
        let (_, output, _) = files.lint(&["--format", format], &["task"]);
        assert!(output.contains("secrets") && !output.contains(CONFIDENTIAL), "{format}: {output}");
    }
}

#[test]
fn a_reader_that_goes_away_early_is_no_trouble_and_a_full_disk_is() {
    struct Fails(ErrorKind);
    impl Write for Fails {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for (kind, expected) in
        [(ErrorKind::BrokenPipe, Status::Clean), (ErrorKind::StorageFull, Status::Trouble)]
    {
        let mut errors = Vec::new();
        let streams = Streams {
            input: &mut SOUND.as_bytes(),
            output: &mut Fails(kind),
            errors: &mut errors,
            terminal: false,
        };
        assert_eq!(run(&["-".into()], streams), expected);
        assert_eq!(errors.is_empty(), expected == Status::Clean);
    }
}

/// A container with so many keys that ECS does not know.
fn with_unknown_keys(count: usize) -> String {
    let keys: String = (0..count).map(|number| format!(r#", "nobody-knows-{number}": 1"#)).collect();
    format!(r#"[{{"name": "app", "image": "example.com/app:1.2.3", "memory": 128{keys}}}]"#)
}

#[test]
fn a_person_is_shown_a_hundred_findings_of_a_rule_and_a_program_all() {
    let text = with_unknown_keys(250);
    let (_, human, _) = run_with(&["-".into()], &text);
    assert_eq!(human.matches("  at containerDefinitions[0].nobody-knows-").count(), 100, "{human}");
    assert!(human.contains("standard input: note: 150 more of unknown-key are not shown"), "{human}");
    let (_, human, _) = run_with(&["-".into()], &with_unknown_keys(100));
    assert!(!human.contains("not shown"), "{human}");
    let (_, json, _) = run_with(&["--format".into(), "json".into(), "-".into()], &text);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = report["documents"][0]["findings"].as_array().unwrap();
    assert_eq!(findings.iter().filter(|one| one["rule"] == "unknown-key").count(), 250);
    let last = findings.iter().rfind(|one| one["rule"] == "unknown-key").unwrap();
    let column = text.find("\"nobody-knows-99\"").unwrap() + 1;
    assert_eq!(
        (&last["path"], &last["column"]),
        (&"containerDefinitions[0].nobody-knows-99".into(), &column.into())
    );
}

#[test]
fn a_name_that_turns_the_direction_of_text_is_not_obeyed() {
    let text = "[{\"name\": \"a\u{202e}b\u{9b}2J\", \"image\": \"nginx\", \"memory\": 128}]";
    let (_, human, _) = run_with(&["-".into()], text);
    assert!(human.contains("a\u{fffd}b\u{fffd}2J") || human.contains("a\\u{202e}b"), "{human}");
    assert!(!human.contains('\u{202e}') && !human.contains('\u{9b}'), "{human}");
}
