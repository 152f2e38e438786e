//! How one command ended: exit code, output without the override's warning, and where its log is.

use std::fmt;
use std::path::PathBuf;

/// The result of one run of a core.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(super) command: String,
    pub(super) code: Option<i32>,
    /// stdout, without the warning about overrides.
    pub(crate) stdout: String,
    /// stdout and stderr, without the warning about overrides.
    pub(crate) output: String,
    pub(super) log: PathBuf,
}

impl Outcome {
    /// The command succeeded.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        self.ends_with(0, "succeed")
    }

    /// The command failed with diagnostics.
    #[track_caller]
    pub(crate) fn failure(self) -> Self {
        self.ends_with(1, "fail with diagnostics")
    }

    /// A plan found nothing to do.
    #[track_caller]
    pub(crate) fn no_changes(self) -> Self {
        self.ends_with(0, "find nothing to change")
    }

    /// A plan found something to do.
    #[track_caller]
    pub(crate) fn changes(self) -> Self {
        self.ends_with(2, "plan changes")
    }

    /// Whether the trace log has a line with this text.
    pub(crate) fn logged(&self, text: &str) -> bool {
        std::fs::read_to_string(&self.log).unwrap_or_default().contains(text)
    }

    /// Whether the command succeeded; of a plan with `-detailed-exitcode`, whether it is empty as well.
    pub(crate) fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// The exit status; none where a signal ended it.
    pub(crate) fn status(&self) -> Option<i32> {
        self.code
    }

    /// The first error or, where there is none, the summary of the plan, in one line.
    pub(crate) fn first_error(&self) -> String {
        let is_telling = |line: &&str| line.contains("Error: ") || line.starts_with("Plan: ");
        let line = self.output.lines().find(is_telling).unwrap_or("no error is shown");
        one_line(line)
    }

    #[track_caller]
    fn ends_with(self, code: i32, expectation: &str) -> Self {
        assert!(self.code == Some(code), "expected `{}` to {expectation}\n{self}", self.command);
        self
    }

    /// The output contains this text, however it was wrapped into lines.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(one_line(&self.output).contains(&one_line(text)), "expected to read: {text}\n{self}");
        self
    }

    /// The output does not contain this text.
    #[track_caller]
    pub(crate) fn does_not_say(self, text: &str) -> Self {
        assert!(!one_line(&self.output).contains(&one_line(text)), "expected not to read: {text}\n{self}");
        self
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("none (killed)".to_owned(), |code| code.to_string());
        write!(
            formatter,
            "--- {} (exit code {code}; trace log: {})\n{}\n---",
            self.command,
            self.log.display(),
            self.output
        )
    }
}

/// A text without its line breaks and what Terraform draws beside it.
pub(super) fn one_line(text: &str) -> String {
    let words = |line: &str| line.trim_matches(['│', '╷', '╵', ' ']).to_owned();
    text.lines().map(words).collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Output without the paragraphs of the override's warning, which every command repeats.
pub(super) fn without_override_warning(text: &str) -> String {
    const FIRST: &str = "Warning: Provider development overrides are in effect";
    let mut kept = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        // As an event of `-json` it is one line among others.
        if line.starts_with('{') || !line.contains(FIRST) {
            kept.push(line);
            continue;
        }
        // The warning is three paragraphs (four after `init`) and its last one ends with this word or that.
        for line in lines.by_ref() {
            if line.trim_matches(['│', ' ']).ends_with("releases.") || line.contains("unexpected errors.") {
                break;
            }
        }
    }
    kept.join("\n")
}

#[test]
fn the_override_warning_is_taken_out_and_nothing_else() {
    let text = "before\n\nWarning: Provider development overrides are in effect\n\nThe following are set\n - x in /y\n\
                \nThe behavior may differ and\napplying changes may differ from published\nreleases.\n\nafter";
    assert_eq!(without_override_warning(text), "before\n\n\nafter");
    assert_eq!(one_line("│ one\n│   two\n╵"), "one two");
}
