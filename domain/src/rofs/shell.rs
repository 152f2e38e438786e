//! A line for a shell, taken apart into its commands.
//!
//! Reads what people write into the command of a container: lists, pipes, subshells, quotes, redirections. A loop, a
//! function, a heredoc or the output of another command is not followed: then the answer is none.

use std::iter::Peekable;
use std::str::Chars;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A simple command.
    Command(Command),
    /// What follows runs in a shell of its own, up to the [`Part::Close`] that belongs to it.
    Open,
    /// The end of what runs in a shell of its own.
    Close,
    /// What stands between two commands.
    Joint(Joint),
}

/// What stands between two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// `&&`: the next one runs if this one succeeds.
    And,
    /// `||`: the next one runs if this one fails.
    Or,
    /// `|`: the output of this one is the input of the next.
    Pipe,
    /// `;` or the end of a line: the next one runs, however this one ends.
    Next,
    /// `&`: the next one runs beside it.
    Beside,
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Command {
    /// Program and arguments.
    pub words: Vec<Word>,
    /// Files that its output is written to.
    pub writes: Vec<Word>,
}

/// A text as one word that a shell takes literally.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A word with its quotes taken off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Whether the shell looks for files that it matches.
    pub is_pattern: bool,
    /// Whether the shell puts something in its place that is not in the line: a variable, a home directory.
    pub is_open: bool,
}

impl Word {
    /// A word that no shell has seen.
    pub fn literal(text: &str) -> Self {
        Word { text: text.to_owned(), is_pattern: false, is_open: false }
    }
}

/// The parts of a line in their order; none for a line that does more than commands one after the other.
pub fn parts(line: &str) -> Option<Vec<Part>> {
    let mut reader = Reader { rest: line.chars().peekable(), parts: Vec::new(), command: Command::default() };
    reader.read()?;
    let depth = reader.parts.iter().try_fold(0_usize, |depth, part| match part {
        Part::Open => Some(depth + 1),
        Part::Close => depth.checked_sub(1),
        Part::Command(_) | Part::Joint(_) => Some(depth),
    });
    (depth == Some(0)).then_some(reader.parts)
}

/// Whether the line ends where a command has to follow, behind `&&`, `||` or `|`: a shell runs nothing of it.
pub fn is_unfinished(parts: &[Part]) -> bool {
    let last = parts.iter().rfind(|part| !matches!(part, Part::Joint(Joint::Next)));
    matches!(last, Some(Part::Joint(Joint::And | Joint::Or | Joint::Pipe)))
}

/// Words that control what runs and say nothing of how often.
const CONTROL: [&str; 8] = ["if", "then", "else", "elif", "fi", "{", "}", "!"];
/// Words that begin what is not followed here.
const NOT_FOLLOWED: [&str; 7] = ["while", "until", "for", "case", "select", "function", "[["];

struct Reader<'l> {
    rest: Peekable<Chars<'l>>,
    parts: Vec<Part>,
    command: Command,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        while let Some(&letter) = self.rest.peek() {
            match letter {
                ' ' | '\t' | '\r' => drop(self.rest.next()),
                '#' => while self.rest.next_if(|letter| *letter != '\n').is_some() {},
                '\n' | ';' | '&' | '|' => self.joint()?,
                '(' => {
                    // Behind a word it begins a function.
                    if !self.command.words.is_empty() {
                        return None;
                    }
                    self.rest.next();
                    self.parts.push(Part::Open);
                }
                ')' => {
                    self.rest.next();
                    self.end_command()?;
                    self.parts.push(Part::Close);
                }
                '>' | '<' => self.redirection()?,
                _ => self.next_word()?,
            }
        }
        self.end_command()
    }

    fn joint(&mut self) -> Option<()> {
        let first = self.rest.next()?;
        let is_double = first != '\n' && self.rest.next_if_eq(&first).is_some();
        let joint = match (first, is_double) {
            ('&', false) if matches!(self.rest.peek(), Some('>')) => return self.redirection(),
            ('&', true) => Joint::And,
            ('&', false) => Joint::Beside,
            ('|', true) => Joint::Or,
            ('|', false) => {
                self.rest.next_if_eq(&'&');
                Joint::Pipe
            }
            // It ends a case.
            (';', true) => return None,
            _ => Joint::Next,
        };
        self.end_command()?;
        self.parts.push(Part::Joint(joint));
        Some(())
    }

    /// Where output goes; input is of no interest.
    fn redirection(&mut self) -> Option<()> {
        let direction = self.rest.next()?;
        if direction == '<' && matches!(self.rest.peek(), Some('<' | '(')) {
            return None;
        }
        let _ = self.rest.next_if(|letter| matches!(letter, '>' | '|'));
        if self.rest.next_if_eq(&'&').is_some() {
            while self.rest.next_if(|letter| letter.is_ascii_digit() || *letter == '-').is_some() {}
            return Some(());
        }
        while self.rest.next_if(|letter| matches!(letter, ' ' | '\t')).is_some() {}
        let file = self.word()?;
        if file.text.is_empty() {
            return None;
        }
        if direction == '>' {
            self.command.writes.push(file);
        }
        Some(())
    }

    fn next_word(&mut self) -> Option<()> {
        let word = self.word()?;
        let is_descriptor = !word.text.is_empty() && word.text.bytes().all(|byte| byte.is_ascii_digit());
        if is_descriptor && matches!(self.rest.peek(), Some('>' | '<')) {
            return self.redirection();
        }
        let is_first = self.command.words.is_empty();
        if is_first && NOT_FOLLOWED.contains(&word.text.as_str()) {
            return None;
        }
        let is_control = is_first && CONTROL.contains(&word.text.as_str());
        if !is_control && word != Word::default() {
            self.command.words.push(word);
        }
        Some(())
    }

    fn word(&mut self) -> Option<Word> {
        let mut word = Word::default();
        while let Some(&letter) = self.rest.peek() {
            match letter {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                '\'' => {
                    self.rest.next();
                    self.single_quoted(&mut word)?;
                }
                '"' => {
                    self.rest.next();
                    self.double_quoted(&mut word)?;
                }
                '\\' => {
                    self.rest.next();
                    // A line that goes on.
                    if let Some(escaped) = self.rest.next().filter(|letter| *letter != '\n') {
                        word.text.push(escaped);
                    }
                }
                _ => {
                    self.rest.next();
                    self.unquoted(letter, &mut word)?;
                }
            }
        }
        // A program of that name is a test.
        word.is_pattern &= word.text != "[";
        Some(word)
    }

    fn unquoted(&mut self, letter: char, word: &mut Word) -> Option<()> {
        match letter {
            '`' => return None,
            '$' => self.variable(word)?,
            '~' if word.text.is_empty() => word.is_open = true,
            '{' if self.rest.peek().is_some_and(|next| !next.is_whitespace()) => word.is_open = true,
            '*' | '?' | '[' => word.is_pattern = true,
            _ => {}
        }
        word.text.push(letter);
        Some(())
    }

    fn variable(&mut self, word: &mut Word) -> Option<()> {
        match self.rest.peek() {
            Some('(') => return None,
            Some(next) if !next.is_whitespace() && !matches!(next, ';' | '&' | '|' | ')') => {
                word.is_open = true
            }
            _ => {}
        }
        Some(())
    }

    fn single_quoted(&mut self, word: &mut Word) -> Option<()> {
        loop {
            match self.rest.next()? {
                '\'' => return Some(()),
                letter => word.text.push(letter),
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) -> Option<()> {
        loop {
            match self.rest.next()? {
                '"' => return Some(()),
                '`' => return None,
                '$' => {
                    self.variable(word)?;
                    word.text.push('$');
                }
                '\\' => match self.rest.next()? {
                    '\n' => {}
                    escaped @ ('"' | '\\' | '$' | '`') => word.text.push(escaped),
                    other => word.text.extend(['\\', other]),
                },
                letter => word.text.push(letter),
            }
        }
    }

    fn end_command(&mut self) -> Option<()> {
        let command = std::mem::take(&mut self.command);
        if command != Command::default() {
            self.parts.push(Part::Command(command));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts as text: words in brackets, a pattern with `*` and an open word with `$` before it.
    fn told(line: &str) -> Option<String> {
        let word = |word: &Word| {
            let marks = [(word.is_pattern, "*"), (word.is_open, "$")];
            let marks: String =
                marks.iter().filter_map(|(is_there, mark)| is_there.then_some(*mark)).collect();
            format!("[{marks}{}]", word.text)
        };
        let part = |part: Part| match part {
            Part::Command(command) => {
                let words: String = command.words.iter().map(word).collect();
                let writes: String = command.writes.iter().map(word).collect();
                if writes.is_empty() { words } else { format!("{words}>{writes}") }
            }
            Part::Open => "(".to_owned(),
            Part::Close => ")".to_owned(),
            Part::Joint(joint) => format!(" {joint:?} ").to_lowercase(),
        };
        parts(line).map(|parts| parts.into_iter().map(part).collect())
    }

    #[test]
    fn a_line_is_taken_apart_as_a_shell_does() {
        for (line, parts) in [
            ("cp -r /a/. /b/", "[cp][-r][/a/.][/b/]"),
            ("a && b || c; d\ne & f", "[a] and [b] or [c] next [d] next [e] beside [f]"),
            ("tar -c . | tar -x", "[tar][-c][.] pipe [tar][-x]"),
            (
                "(cd /a && tar c .) | (cd /b; tar x)",
                "([cd][/a] and [tar][c][.]) pipe ([cd][/b] next [tar][x])",
            ),
            ("cp '/a b/*' \"/c d/*\" /e/* /f/\\*", "[cp][/a b/*][/c d/*][*/e/*][/f/*]"),
            ("cp $A \"${B}\" '$C' \\$D ~/e {f,g} 1$", "[cp][$$A][$${B}][$C][$D][$~/e][${f,g}][1$]"),
            ("a 2>&1 >/dev/null 2> /err &>/all < /in", "[a]>[/dev/null][/err][/all]"),
            ("# all of it\ncp a b # to b", " next [cp][a][b]"),
            ("cp a \\\n  b", "[cp][a][b]"),
            ("if [ -d /a ]; then cp a b; fi", "[[][-d][/a][]] next [cp][a][b] next "),
            ("{ a; b; }", "[a] next [b] next "),
            ("echo 'it'\"'\"'s' a\"b\"c", "[echo][it's][abc]"),
            ("", ""),
        ] {
            assert_eq!(told(line).as_deref(), Some(parts), "{line}");
        }
    }

    #[test]
    fn what_is_not_followed_has_no_parts() {
        for line in [
            "for f in a b; do cp $f /c; done",
            "while true; do cp a b; done",
            "fail() { exit 1; }",
            "cp \"$(ls)\" b",
            "cp `ls` b",
            "cat <<X\na\nX",
            "case a in b) c;; esac",
            "echo 'a",
            "echo \"a",
            "(a",
            "a)",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }

    #[test]
    fn a_line_may_end_too_early() {
        let is_unfinished = |line| parts(line).map(|parts| is_unfinished(&parts));
        for line in ["cp a b &&", "a ||\n", "a | # to b", "(a; b) && "] {
            assert_eq!(is_unfinished(line), Some(true), "{line}");
        }
        for line in ["", "a", "a;", "a &", "a &&\nb", "if a; then b; fi && c", "a || { b; }", "(a && b)"] {
            assert_eq!(is_unfinished(line), Some(false), "{line}");
        }
    }
}
