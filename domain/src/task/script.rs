//! What the entry point and the command of a container do with files, as far as that can be told for certain.
//!
//! Follows a line for a shell and the exec form. A script of one's own, a variable in a path, a loop or a program that is not
//! known here is not followed: what was read up to there is true, and there may be more.

use super::copying::{Copied, Copying, absolute, by_cp, by_rsync, by_tar};
use crate::rofs::seed::{AGENT_OWNER, STAGING, Seed};
use crate::rofs::shell::{self, Command, Joint, Part, Word};
use crate::rofs::writable_path::CONFIG;

/// What the words of a container do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// The directories that are copied.
    pub(crate) copies: Vec<Copying>,
    /// What is given to another owner or another mode: the owner as it is written,
    /// nothing of a mode or a group alone, and the path.
    pub(crate) handed_over: Vec<(Option<String>, String)>,
    /// Whether that is all that happens to any file.
    pub(crate) is_all: bool,
    /// Whether one command that fails makes the whole fail.
    pub(crate) fails_as_a_whole: bool,
    /// Whether it goes on for as long as the task.
    pub(crate) never_ends: bool,
    /// Why it cannot do what it says.
    pub(crate) flaw: Option<ScriptFlaw>,
}

/// Why words cannot do what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptFlaw {
    /// A whole line is one word, and no program is called so.
    LineAsProgram,
    /// A whole line is the file that a shell is to read.
    LineAsFile,
    /// The line ends after its first word: what follows in the list are its arguments.
    LineInPieces,
    /// What only a shell understands is in a list of words that no shell reads.
    NoShell,
    /// A copy without a source or a target.
    NoOperands,
    /// The line ends where a further command has to follow.
    Unfinished,
}

/// Shells, by the last part of their path.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];
/// Programs that run what follows them and change nothing of it.
const WRAPPERS: [&str; 7] = ["tini", "dumb-init", "env", "nohup", "exec", "command", "sudo"];
/// Words that only a shell understands.
const OPERATORS: [&str; 9] = ["&&", "||", ";", "|", "&", ">", ">>", "<", "2>&1"];
/// Programs that write no file that anybody else gets to see.
const HARMLESS: [&str; 32] = [
    "echo", "printf", "true", "false", ":", "sleep", "ls", "date", "id", "whoami", "pwd", "export", "umask",
    "mkdir", "test", "[", "stat", "du", "df", "wc", "cat", "grep", "head", "tail", "exit", "rmdir", "sync",
    "hostname", "uname", "which", "wait", "unset",
];

impl Script {
    /// Of words that run one after the other, in a working directory.
    pub(crate) fn read(words: &[&str], directory: Option<&str>) -> Self {
        if let Some(seed) = Seed::read(words) {
            return Script::of_the_pattern(&seed);
        }
        let words = unwrapped(words);
        let Some(program) = words.first() else { return Script::default() };
        if program.contains(char::is_whitespace) {
            return Script::flawed(ScriptFlaw::LineAsProgram);
        }
        if SHELLS.contains(&last_part(program)) {
            return of_shell(&words[1..], directory);
        }
        if words.iter().any(|word| OPERATORS.contains(word)) || copies_a_pattern(words) {
            let fails_as_a_whole = !HARMLESS.contains(&last_part(program));
            return Script { fails_as_a_whole, ..Script::flawed(ScriptFlaw::NoShell) };
        }
        let words = words.iter().map(literal).collect();
        let mut reader = Reader::new(directory);
        reader.run(&Command { words, writes: Vec::new() });
        Script { fails_as_a_whole: true, ..reader.script }
    }

    /// The pattern's own, of which everything is known: the files it writes go over the copy.
    fn of_the_pattern(seed: &Seed) -> Self {
        let copy = (!seed.hand_over.is_empty()).then_some(STAGING);
        let handed = copy.into_iter().chain(seed.hand_over.iter().map(String::as_str));
        Script {
            copies: vec![Copying::of_content(CONFIG, STAGING)],
            handed_over: handed.map(|path| (Some(AGENT_OWNER.to_owned()), path.to_owned())).collect(),
            is_all: true,
            fails_as_a_whole: true,
            ..Script::default()
        }
    }

    fn flawed(flaw: ScriptFlaw) -> Self {
        Script { flaw: Some(flaw), is_all: true, fails_as_a_whole: true, ..Script::default() }
    }
}

/// A word of the exec form. ECS puts nothing in place of a variable; who writes one may do so before.
fn literal(word: &&str) -> Word {
    Word { is_open: word.contains(['$', '{']), ..Word::literal(word) }
}

fn copies_a_pattern(words: &[&str]) -> bool {
    last_part(words[0]) == "cp" && words[1..].iter().any(|word| word.ends_with("/*"))
}

/// The words without the programs that only run what follows them.
fn unwrapped<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    let mut rest = words;
    while let [first, others @ ..] = rest {
        let is_wrapper = rest.len() < words.len() && *first == "--" || WRAPPERS.contains(&last_part(first));
        if !is_wrapper {
            break;
        }
        rest = others;
    }
    rest
}

/// What a shell does with its arguments.
fn of_shell(arguments: &[&str], directory: Option<&str>) -> Script {
    let mut ends_at_errors = false;
    let mut at = 0;
    while let Some(argument) = arguments.get(at) {
        at += 1;
        match argument.strip_prefix('-') {
            Some(letters) if !letters.starts_with('-') && !letters.is_empty() => {
                ends_at_errors |= letters.contains('e');
                if letters.contains('c') {
                    // The name of an option follows first: sh -eo pipefail -c, sh -co pipefail.
                    let skipped = usize::from(letters.contains('o'));
                    return of_line(
                        arguments.get(at + skipped..).unwrap_or_default(),
                        ends_at_errors,
                        directory,
                    );
                }
                at += usize::from(letters.ends_with('o'));
            }
            _ if argument.trim().contains(char::is_whitespace) => {
                return Script::flawed(ScriptFlaw::LineAsFile);
            }
            // A script of one's own.
            _ => return Script::default(),
        }
    }
    // A shell without anything to read ends.
    Script { is_all: true, ..Script::default() }
}

/// What a line does. What follows it in the list are its arguments.
fn of_line(words: &[&str], ends_at_errors: bool, directory: Option<&str>) -> Script {
    let [line, arguments @ ..] = words else { return Script::flawed(ScriptFlaw::NoOperands) };
    let is_program = matches!(
        last_part(line.trim()),
        "cp" | "rsync" | "tar" | "chown" | "chmod" | "mkdir" | "sh" | "bash"
    );
    if !arguments.is_empty() && is_program && !line.trim().contains(char::is_whitespace) {
        return Script::flawed(ScriptFlaw::LineInPieces);
    }
    let Some(parts) = shell::parts(line) else { return Script::default() };
    if shell::is_unfinished(&parts) {
        return Script::flawed(ScriptFlaw::Unfinished);
    }
    let mut reader = Reader::new(directory);
    reader.ends_at_errors = ends_at_errors;
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Command(command) => reader.run(command),
            Part::Open => reader.outer.push(reader.directory.clone()),
            Part::Close => reader.directory = reader.outer.pop().flatten(),
            Part::Joint(Joint::And) => {}
            Part::Joint(Joint::Next) => {
                reader.is_whole &= reader.ends_at_errors || at + 1 == parts.len() || at == 0
            }
            Part::Joint(Joint::Or | Joint::Pipe | Joint::Beside) => reader.is_whole = false,
        }
    }
    let is_all = reader.script.is_all && reader.packer.is_none();
    Script { is_all, fails_as_a_whole: reader.is_whole, ..reader.script }
}

/// Follows commands one after the other.
struct Reader {
    script: Script,
    directory: Option<String>,
    /// The working directories around the shells that run inside it.
    outer: Vec<Option<String>>,
    ends_at_errors: bool,
    is_whole: bool,
    /// What is packed and not unpacked yet, and its working directory.
    packer: Option<(Command, Option<String>)>,
}

impl Reader {
    fn new(directory: Option<&str>) -> Self {
        Reader {
            script: Script { is_all: true, ..Script::default() },
            directory: directory.map(str::to_owned),
            outer: Vec::new(),
            ends_at_errors: false,
            is_whole: true,
            packer: None,
        }
    }

    fn run(&mut self, command: &Command) {
        let writes_a_file = |file: &Word| file.is_open || !file.text.starts_with("/dev/");
        self.script.is_all &= !command.writes.iter().any(writes_a_file);
        let skipped = command.words.iter().take_while(|word| {
            is_assignment(&word.text) || WRAPPERS.contains(&word.text.as_str()) || word.text == "busybox"
        });
        let command = Command { words: command.words[skipped.count()..].to_vec(), writes: Vec::new() };
        let Some(program) = command.words.first() else { return };
        let arguments = &command.words[1..];
        match last_part(&program.text) {
            _ if program.is_open => self.script.is_all = false,
            "cd" => {
                let to = arguments.first().filter(|to| !to.is_open && to.text != "-");
                self.directory = to.and_then(|to| absolute(&to.text, self.directory.as_deref()));
            }
            "set" => {
                self.ends_at_errors |=
                    arguments.iter().any(|word| word.text.starts_with('-') && word.text.contains('e'))
            }
            "cp" => self.copied(by_cp(&command, self.directory.as_deref())),
            "rsync" => self.copied(by_rsync(&command, self.directory.as_deref())),
            "tar" => match self.packer.take() {
                None => self.packer = Some((command, self.directory.clone())),
                Some((packs, from)) => {
                    self.copied(by_tar(&packs, from.as_deref(), &command, self.directory.as_deref()));
                }
            },
            "chown" => self.handed_over(arguments, true),
            "chgrp" | "chmod" => self.handed_over(arguments, false),
            program if HARMLESS.contains(&program) => {
                let stays = |word: &Word| matches!(word.text.as_str(), "infinity" | "inf" | "-f" | "-F");
                self.script.never_ends |= matches!(program, "sleep" | "tail") && arguments.iter().any(stays);
            }
            _ => self.script.is_all = false,
        }
    }

    fn copied(&mut self, copied: Copied) {
        match copied {
            Copied::Directories(copies) => self.script.copies.extend(copies),
            Copied::NoOperands => self.script.flaw = Some(ScriptFlaw::NoOperands),
            Copied::Unclear => self.script.is_all = false,
        }
    }

    /// No owner where it is not known, or where only a group or a mode changes.
    fn handed_over(&mut self, arguments: &[Word], says_owner: bool) {
        let mut operands = arguments.iter().filter(|word| !word.text.starts_with('-'));
        let owner = operands.next().filter(|owner| says_owner && !owner.is_open);
        let owner = owner.map(|owner| owner.text.as_str()).filter(|owner| !owner.starts_with(':'));
        for path in operands {
            let text = path.text.strip_suffix("/*").unwrap_or(&path.text);
            match absolute(text, self.directory.as_deref()).filter(|_| !path.is_open) {
                Some(path) => self.script.handed_over.push((owner.map(str::to_owned), path)),
                None => self.script.is_all = false,
            }
        }
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

fn last_part(word: &str) -> &str {
    word.bytes().rposition(|byte| byte == b'/').map_or(word, |slash| &word[slash + 1..])
}
