//! Pieces of a text that a template or an example left for somebody to fill in, and the texts in which the same signs are
//! ordinary: shell lines, regular expressions, markup, log patterns.

use super::words;

/// Bytes that a piece has at most: beyond it the signs around it belong to something else.
const LONGEST: usize = 120;

/// How a piece is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `${stage}`
    Dollar,
    /// `$STAGE`
    Shell,
    /// `$$$STAGE$$$`
    Dollars,
    /// `{{ stage }}`
    Braces,
    /// `#{Stage}`
    Hash,
    /// `%STAGE%`
    Percent,
    /// `__STAGE__`
    Underscores,
    /// `<STAGE>`
    Angle,
    /// `REPLACE_ME`, `YOUR_ACCOUNT_ID`
    Word,
}

impl Form {
    /// What it looks like, for a text that does not repeat the piece.
    pub(crate) fn looks(self) -> &'static str {
        match self {
            Form::Dollar => "a placeholder of the form ${...}",
            Form::Shell => "a placeholder of the form $NAME",
            Form::Dollars => "a placeholder of the form $$$...$$$",
            Form::Braces => "a placeholder of the form {{...}}",
            Form::Hash => "a placeholder of the form #{...}",
            Form::Percent => "a placeholder of the form %...%",
            Form::Underscores => "a placeholder of the form __...__",
            Form::Angle => "a placeholder of the form <...>",
            Form::Word => "a word such as REPLACE_ME or YOUR_ACCOUNT_ID",
        }
    }
}

/// What kind of text it is: which signs mean something else in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// A name, a number, an ARN, an image: no sign of a template is ever part of one.
    Strict,
    /// Any other text that ECS reads or hands to Docker.
    Plain,
    /// An option that Fluent Bit or Fluentd reads, which replace `${...}` and `$...` themselves.
    Router,
    /// The value of a variable: the program may replace `$NAME` itself, and what it can look up.
    Variable,
    /// A file in a variable: only what no file format has counts.
    File,
    /// A label, which the program that reads it may take for a template.
    Label,
    /// A word of a command line.
    Program,
    /// A regular expression, a layout of log lines, a template of the program's own.
    Pattern,
    /// The name of a variable: any word may be one.
    Name,
}

/// A text and where it stands.
pub(super) struct Written<'w> {
    /// What it is.
    pub(super) kind: Text,
    /// The variable's name, the option's or the label's key; empty for anything else.
    pub(super) key: &'w str,
    /// Whether the program can look up a variable of that name itself.
    pub(super) is_looked_up: &'w dyn Fn(&str) -> bool,
}

/// Whether there is a sign in a text without which it has no piece to fill in. Nearly every text is done with here.
pub(super) fn may_have_one(text: &str) -> bool {
    signs(text).next().is_some()
}

/// Whether there is a sign of a template in a name, in which no word is one.
pub(super) fn may_have_one_in_a_name(name: &str) -> bool {
    name.bytes().any(|byte| ROLES[usize::from(byte)] & SIGN_IN_NAME != 0)
}

/// Where a piece may begin: at a sign of a template, or at a word.
fn signs(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut before = 0;
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        let role = ROLES[usize::from(*byte)];
        let counts = if before & WORD == 0 { SIGN | DOUBLED | START } else { SIGN | DOUBLED };
        before = role;
        let begins = match role & counts {
            0 => false,
            START => words::may_begin(&bytes[at..]),
            DOUBLED => bytes.get(at + 1) == Some(byte),
            _ => true,
        };
        begins.then_some(at)
    })
}

/// What a byte can be in a text: a sign of a template, or one where it stands twice; part of a word, or the first byte of
/// one that may be there to be replaced; a sign of a template in a name.
const SIGN: u8 = 1;
const DOUBLED: u8 = 2;
const WORD: u8 = 4;
const START: u8 = 8;
const SIGN_IN_NAME: u8 = 16;

/// A table of flags, because every text of a document is looked through.
static ROLES: [u8; 256] = {
    const fn flag(is_set: bool, flag: u8) -> u8 {
        if is_set { flag } else { 0 }
    }
    let mut roles = [0; 256];
    let mut byte = u8::MIN;
    loop {
        roles[byte as usize] = flag(matches!(byte, b'$' | b'#' | b'%' | b'<'), SIGN)
            | flag(matches!(byte, b'{' | b'_'), DOUBLED)
            | flag(is_of_word(byte), WORD)
            | flag(words::may_begin_with(byte), START)
            | flag(matches!(byte, b'$' | b'{' | b'#' | b'%' | b'<'), SIGN_IN_NAME);
        if byte == u8::MAX {
            break roles;
        }
        byte += 1;
    }
};

/// The first piece that is left to be filled in.
pub(super) fn first<'t>(text: &'t str, written: &Written<'_>) -> Option<(Form, &'t str)> {
    let mut passed = 0;
    for at in signs(text) {
        if at < passed {
            continue;
        }
        if let Some(length) = ordinary(&text[at..]) {
            passed = at + length;
            continue;
        }
        let found = piece(text, at, written);
        if let Some((form, piece)) = found.filter(|(form, piece)| counts(*form, piece, text, written)) {
            return Some((form, piece));
        }
    }
    None
}

/// The length of what looks like a piece and is none in any text: what ECS, Datadog's Agent or a shell replaces.
fn ordinary(rest: &str) -> Option<usize> {
    if !rest.starts_with(['$', '%']) {
        return None;
    }
    let enclosed = |open: &str, close: &str| {
        let inside = within(rest.strip_prefix(open)?);
        Some(open.len() + inside.find(close)? + close.len())
    };
    enclosed("$(", ")").or_else(|| enclosed("%%", "%%"))
}

/// What can be a piece, cut at a boundary of a character.
fn within(rest: &str) -> &str {
    let mut end = rest.len().min(LONGEST);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    &rest[..end]
}

fn piece<'t>(text: &'t str, at: usize, written: &Written<'_>) -> Option<(Form, &'t str)> {
    let rest = &text[at..];
    let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
    let found = |form, length| Some((form, &rest[..length]));
    match rest.as_bytes()[0] {
        b'$' => {
            let length = enclosed(rest, "$$$", "$$$").filter(|inside| inside.bytes().all(is_of_word));
            if let Some(inside) = length {
                return found(Form::Dollars, inside.len() + 6);
            }
            match enclosed(rest, "${", "}") {
                Some(inside) => is_expression(inside).then(|| found(Form::Dollar, inside.len() + 3))?,
                None => found(Form::Shell, shell(rest, before, written.kind)?),
            }
        }
        b'{' => {
            let inside = enclosed(rest, "{{", "}}").filter(|inside| is_template(inside))?;
            found(Form::Braces, inside.len() + 4)
        }
        b'#' => {
            let inside = enclosed(rest, "#{", "}").filter(|inside| is_expression(inside))?;
            found(Form::Hash, inside.len() + 3)
        }
        b'%' => found(Form::Percent, percent(rest, text)?),
        b'_' => found(Form::Underscores, underscores(rest, before)?),
        b'<' => found(Form::Angle, angle(text, at)?),
        byte if words::may_begin_with(byte) && !before.is_some_and(is_of_word) => {
            found(Form::Word, words::placeholder(text, at, written.kind == Text::Strict, written.key)?)
        }
        _ => None,
    }
}

/// Whether a piece of that form counts in that text.
fn counts(form: Form, piece: &str, text: &str, written: &Written<'_>) -> bool {
    let is_all = piece.len() == text.trim().len();
    match written.kind {
        Text::Strict => true,
        Text::Plain => !(form == Form::Braces && written.key == "tag" && is_docker_field(piece)),
        Text::Router => !matches!(form, Form::Dollar | Form::Shell | Form::Hash),
        Text::Variable => match form {
            Form::Shell => false,
            Form::Dollar => !is_resolved_later(inside(piece, 2, 1), written),
            Form::Hash => inside(piece, 2, 1).bytes().all(|byte| is_of_word(byte) || b".: ".contains(&byte)),
            Form::Braces => !piece.contains('$'),
            _ => true,
        },
        Text::File => match form {
            Form::Word => true,
            Form::Angle => is_shouted(inside(piece, 1, 1)),
            _ => false,
        },
        Text::Label => match form {
            Form::Shell => false,
            Form::Dollar | Form::Dollars | Form::Word => true,
            _ => is_all,
        },
        Text::Program => is_all && matches!(form, Form::Braces | Form::Angle | Form::Word | Form::Dollars),
        Text::Pattern => form == Form::Word,
        Text::Name => !matches!(form, Form::Word | Form::Shell | Form::Underscores),
    }
}

/// A piece without its signs.
fn inside(piece: &str, before: usize, behind: usize) -> &str {
    piece[before..piece.len() - behind].trim()
}

/// Whether a program replaces it when it starts: what it can look up, or what brings its own default or its source along.
fn is_resolved_later(name: &str, written: &Written<'_>) -> bool {
    let has_a_default_or_a_source = name.contains(':') && !name.contains("::");
    let is_of_java = ["java.", "os.", "user."].iter().any(|start| name.starts_with(start));
    has_a_default_or_a_source || is_of_java || is_injected(name) || (written.is_looked_up)(name)
}

/// Variables that every container has: from ECS, from Docker or from the system.
fn is_injected(name: &str) -> bool {
    const SYSTEM: [&str; 8] = ["HOME", "HOSTNAME", "PATH", "PWD", "SHELL", "TMPDIR", "USER", "JAVA_HOME"];
    let of_ecs = ["ECS_CONTAINER_METADATA_URI", "AWS_CONTAINER_CREDENTIALS", "AWS_EXECUTION_ENV"];
    SYSTEM.contains(&name)
        || matches!(name, "AWS_REGION" | "AWS_DEFAULT_REGION")
        || of_ecs.iter().any(|start| name.starts_with(start))
}

/// Docker's own fields for the `tag` of a log (Docker's page on log tags, 2026-11).
fn is_docker_field(piece: &str) -> bool {
    const FIELDS: [&str; 7] = ["ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "DaemonName"];
    inside(piece, 2, 2).strip_prefix('.').is_some_and(|field| FIELDS.contains(&field))
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Words in capitals, or several words: no tag of a markup and no type.
fn is_shouted(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_lowercase()) || text.contains(['_', '-', ' '])
}

/// What stands between two signs.
fn enclosed<'t>(rest: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let inside = within(rest.strip_prefix(open)?);
    inside.get(..inside.find(close)?)
}

/// A name, a path to a value or a call, as templates have it between their signs.
fn is_expression(inside: &str) -> bool {
    let begins =
        inside.trim_start().starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    begins && !inside.contains(['{', '\n', '\r'])
}

/// What a template has between double braces, which JSON inside a text has as well.
fn is_template(inside: &str) -> bool {
    let trimmed = inside.trim_start_matches('-').trim();
    let begins = trimmed.starts_with(|c: char| c.is_ascii_alphabetic() || "._$(".contains(c));
    begins && !inside.contains(['{', '\n', '\r'])
}

/// `$NAME`, unless it belongs to a hash or is escaped.
fn shell(rest: &str, before: Option<u8>, kind: Text) -> Option<usize> {
    let name = rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let bytes = &rest.as_bytes()[1..=name];
    let begins = bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_');
    let is_loud = name > 1 && !bytes.iter().any(u8::is_ascii_lowercase);
    let is_of_a_hash = rest.as_bytes().get(name + 1) == Some(&b'$') || matches!(before, Some(b'$' | b'\\'));
    (begins && !is_of_a_hash && (kind == Text::Strict || is_loud)).then_some(name + 1)
}

/// `%NAME%`: no time (`%H%M`), no layout of log lines (`%msg%n`), no encoded bytes (`%C3%A9`), no variable of Windows.
fn percent(rest: &str, text: &str) -> Option<usize> {
    const OF_WINDOWS: [&str; 12] = [
        "PATH",
        "TEMP",
        "TMP",
        "APPDATA",
        "COMSPEC",
        "HOMEPATH",
        "USERNAME",
        "PROGRAMDATA",
        "PROGRAMFILES",
        "SYSTEMROOT",
        "USERPROFILE",
        "WINDIR",
    ];
    let name = enclosed(rest, "%", "%")?;
    let length = name.len() + 2;
    let is_name = name.len() > 2
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.bytes().all(|byte| is_of_word(byte) || byte == b'.');
    let is_hex = |text: &str| text.len() > 1 && text.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    let is_encoded = is_hex(name) && is_hex(&rest[length..]);
    let is_loud = !name.bytes().any(|byte| byte.is_ascii_lowercase()) || length == text.trim().len();
    let is_piece = is_name && is_loud && !is_encoded && !OF_WINDOWS.contains(&name);
    (is_piece && !rest[length..].starts_with('%')).then_some(length)
}

/// `__NAME__`: not `__main__` and its like, and not the middle of `Logging__Level__Default`.
fn underscores(rest: &str, before: Option<u8>) -> Option<usize> {
    const OF_LANGUAGES: [&str; 9] =
        ["DEV", "DIR", "FILE", "LINE", "CLASS", "METHOD", "FUNCTION", "NAMESPACE", "PROD"];
    let name = enclosed(rest, "__", "__")?;
    let length = name.len() + 4;
    let is_name = name.len() > 1
        && name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.bytes().all(is_of_word)
        && !OF_LANGUAGES.contains(&name);
    let is_alone = !before.is_some_and(is_of_word) && !rest[length..].bytes().next().is_some_and(is_of_word);
    (is_name && is_alone).then_some(length)
}

/// `<NAME>`: no markup, no group of a regular expression, no type parameter.
fn angle(text: &str, at: usize) -> Option<usize> {
    const ALONE_IN_MARKUP: [&str; 4] = ["br", "hr", "p", "none"];
    let inside = enclosed(&text[at..], "<", ">")?;
    let is_words = inside.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && inside.bytes().all(|byte| is_of_word(byte) || byte == b' ');
    let before = &text[..at];
    let is_a_group = before.ends_with('?') || before.ends_with("?P");
    let is_a_type = before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !is_shouted(inside);
    let is_markup = || text.contains("</") || text.contains("/>") || ALONE_IN_MARKUP.contains(&inside);
    (is_words && !is_a_group && !is_a_type && !is_markup()).then_some(inside.len() + 2)
}
