//! YAML text to and from a document.
//!
//! Reads what Go's YAML library makes of a text, because the programs that these texts are for are written in Go, and is as
//! strict as [`json`](super::json): what is silently read differently from what its author meant is worse than an error. Problems
//! name keys, anchors and tags, never values, which may be secrets. What the keys mean is not known here.

mod layout;
mod read;
mod scalar;
mod several;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use super::json::{MAX_BYTES, MAX_DEPTH, MAX_VALUES};
use super::node::Node;
use super::path::Path;
use super::places::{Place, Places};

pub(super) use layout::layout;
pub use read::read;
pub use several::{Document, read_all};
pub use write::{write, write_all};

/// Bytes that what aliases stand for may take, at most.
const MAX_COPIED: usize = 1 << 20;

/// Remarks that are kept, at most; a text with more of them is refused.
pub const MAX_REMARKS: usize = 1_000;

/// A YAML text that was read.
pub struct Yaml<'t> {
    /// What it says: aliases and merge keys resolved.
    pub node: Node,
    /// Where it says so. What an alias or a merge key brought in stands at its anchor.
    pub places: Places<'t>,
    /// What the tree cannot hold.
    pub remarks: Vec<Remark>,
}

/// Something that a text says of a value and that the tree cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Of which value; of a key, the mapping that it stands in.
    pub path: Path,
    /// What it says.
    pub kind: RemarkKind,
}

/// What a text can say beside its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemarkKind {
    /// A tag as it is written, such as `!reset`. Those of YAML's core schema, such as `!!str`, are not told, because they are
    /// in the value. The value of any other is a text, a list or a mapping.
    Tag(String),
    /// A date without quotes. It is a text here; a YAML reader of Go's makes a point in time of it.
    Date,
    /// A word such as `yes` or `off` without quotes. It is a text here; a reader of YAML 1.1 makes true or false of it.
    Switch(bool),
}

/// Something wrong with a YAML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlProblem {
    /// Where in the document; for wrong syntax the whole of it.
    pub path: Path,
    /// Where in the text; none where the whole is at fault.
    pub place: Option<Place>,
    /// What is wrong.
    pub kind: YamlProblemKind,
}

/// What can be wrong with a YAML text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum YamlProblemKind {
    /// There is nothing in it.
    #[error("the text is empty, so there is no YAML in it")]
    Empty,
    /// It is longer than [`MAX_BYTES`].
    #[error("the text is {0} bytes long; at most {MAX_BYTES} are read")]
    TooLong(usize),
    /// It has more than [`MAX_VALUES`] keys and values.
    #[error("more than {MAX_VALUES} keys and values; no more of them are read")]
    TooManyValues,
    /// It is nested deeper than [`MAX_DEPTH`].
    #[error("nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// What its aliases stand for is too large.
    #[error(
        "what aliases stand for would take more than {MAX_COPIED} bytes here if it were written out; no more of it is read"
    )]
    TooMuchCopied,
    /// It has more than [`MAX_REMARKS`] tags and dates.
    #[error("more than {MAX_REMARKS} tags and dates; no more of them are read")]
    TooManyRemarks,
    /// It is not YAML.
    #[error("not valid YAML: {0}")]
    Syntax(String),
    /// A tab where only spaces can stand.
    #[error("a tab stands here, and YAML is indented with spaces only: write spaces in its place")]
    Tab,
    /// There is more than one document in it.
    #[error("a second document begins here; give one document, without a line of `---` in the middle")]
    SeveralDocuments,
    /// A key stands in one mapping more than once.
    #[error(
        "the key {key:?} is written more than once in one mapping, first at line {}, column {}; only one can be meant",
        .first.line, .first.column
    )]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it is written first.
        first: Place,
    },
    /// A key that is no text.
    #[error(
        "the key {0:?} is read as a number, a boolean or null here, and keys are texts: write it in quotes"
    )]
    KeyOfOtherType(String),
    /// A key that is a list or a mapping, as a placeholder of a template looks like one.
    #[error(
        "a key is a list or a mapping here, and keys are texts; if this is a placeholder of a template, fill the template in first"
    )]
    KeyOfParts,
    /// An alias of an anchor that does not stand before it.
    #[error("the alias `*{0}` has no anchor `&{0}` before it")]
    NoAnchor(String),
    /// An alias that stands inside its own anchor.
    #[error("the alias `*{0}` stands inside its own anchor, so that it has no end")]
    AliasInItself(String),
    /// A merge key with something else than mappings.
    #[error("the merge key `<<` needs a mapping, an alias of one, or a list of these")]
    Merge,
    /// A tag of the core schema whose value is of another type.
    #[error("the value is not what its tag `{0}` says")]
    TagOfOtherType(String),
    /// A number that would change when it is read.
    #[error("this number is too large to be held exactly; if it is meant as a text, write it in quotes")]
    InexactNumber,
    /// Infinity, or what is no number.
    #[error("infinite, or not a number; if it is meant as a text, write it in quotes")]
    NotFinite,
}

impl fmt::Display for YamlProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.0.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        self.kind.fmt(out)?;
        match self.place {
            Some(Place { line, column }) => write!(out, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}
