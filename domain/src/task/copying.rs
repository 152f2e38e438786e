//! What one command copies, and where to: `cp`, `rsync`, and two `tar` with a pipe between them.

use super::normalized;
use crate::rofs::shell::{Command, Word};

/// A directory that is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copying {
    /// What is copied, an absolute path.
    pub(crate) from: String,
    /// Whether what is in the directory is copied, and not the directory itself.
    pub(crate) is_content: bool,
    /// Where to, an absolute path.
    to: String,
    /// Whether a directory goes into `to` for certain: something else says that `to` is one.
    into: bool,
    /// Whether directories come along.
    pub(crate) is_recursive: bool,
    /// Whether who owns the files stays as it is.
    pub(crate) keeps_owners: bool,
    /// Whether files that are there already stay as they are.
    pub(crate) keeps_existing: bool,
}

impl Copying {
    /// The content of a directory with its owners, copied into another one.
    pub(super) fn of_content(from: &str, to: &str) -> Self {
        Self {
            from: from.to_owned(),
            is_content: true,
            to: to.to_owned(),
            into: true,
            is_recursive: true,
            keeps_owners: true,
            keeps_existing: false,
        }
    }

    /// Where the content of the directory gets to, in a container that has these directories for certain.
    pub(crate) fn lands_at(&self, is_directory: impl Fn(&str) -> bool) -> String {
        if self.is_content || !(self.into || is_directory(&self.to)) {
            return self.to.clone();
        }
        let name = self.from.rsplit('/').next().unwrap_or_default();
        normalized(&format!("{}/{name}", self.to)).into_owned()
    }
}

/// What a command of this program copies. None where that is not told for certain, or nothing is copied but single files.
pub(super) enum Copied {
    /// These directories.
    Directories(Vec<Copying>),
    /// It ends with an error: there is nothing to copy, or nowhere to copy it to.
    NoOperands,
    /// Something else, or nobody can say.
    Unclear,
}

/// What `cp` copies, from a working directory.
pub(super) fn by_cp(command: &Command, directory: Option<&str>) -> Copied {
    let Some(options) = Options::of_cp(&command.words[1..]) else { return Copied::Unclear };
    let mut operands = options.operands;
    let to = match &options.target {
        Some(target) => Some(target.clone()),
        None if operands.len() < 2 => return Copied::NoOperands,
        None => operands.pop(),
    };
    if operands.is_empty() {
        return Copied::NoOperands;
    }
    let Some((to, says_directory)) = to.and_then(|to| destination(&to, directory)) else {
        return Copied::Unclear;
    };
    let mut copies = Vec::new();
    for operand in &operands {
        let Some((from, is_content)) = source(operand, directory) else { return Copied::Unclear };
        copies.push(Copying {
            from,
            is_content: is_content || options.onto,
            to: to.clone(),
            into: says_directory || operands.len() > 1,
            is_recursive: options.recursive,
            keeps_owners: options.keeps_owners,
            keeps_existing: options.keeps_existing,
        });
    }
    Copied::Directories(copies)
}

/// What `rsync` copies: the content where the source ends with a slash.
pub(super) fn by_rsync(command: &Command, directory: Option<&str>) -> Copied {
    let (mut operands, mut recursive, mut keeps_owners) = (Vec::new(), false, false);
    let mut keeps_existing = false;
    for word in &command.words[1..] {
        match word.text.strip_prefix('-') {
            Some(long) if long.starts_with('-') => {
                recursive |= matches!(long, "-archive" | "-recursive");
                keeps_owners |= long == "-archive";
                keeps_existing |= long == "-ignore-existing";
            }
            Some(letters) if letters.bytes().all(|letter| b"avrRltpogDzhHAXPuqi".contains(&letter)) => {
                recursive |= letters.contains(['a', 'r']);
                keeps_owners |= letters.contains(['a', 'o']);
            }
            Some(_) => return Copied::Unclear,
            None => operands.push(word),
        }
    }
    let [from, to] = operands.as_slice() else { return Copied::Unclear };
    let ends_with_slash = from.text.ends_with('/');
    let (Some((from, is_content)), Some((to, _))) = (source(from, directory), destination(to, directory))
    else {
        return Copied::Unclear;
    };
    let is_content = is_content || ends_with_slash;
    Copied::Directories(vec![Copying {
        from,
        is_content,
        to,
        into: true,
        is_recursive: recursive,
        keeps_owners,
        keeps_existing,
    }])
}

/// What `tar` puts into a pipe, and what another one takes out of it.
pub(super) fn by_tar(packs: &Command, from: Option<&str>, unpacks: &Command, to: Option<&str>) -> Copied {
    let (Some(packs), Some(unpacks)) = (Archive::read(packs, from), Archive::read(unpacks, to)) else {
        return Copied::Unclear;
    };
    let is_pipe = packs.letters.contains('c') && unpacks.letters.contains('x') && unpacks.members.is_empty();
    let [member] = packs.members.as_slice() else { return Copied::Unclear };
    if !is_pipe {
        return Copied::Unclear;
    }
    let is_content = matches!(member.as_str(), "." | "./" | "*");
    if !is_content && (member.starts_with('/') || member.contains(['*', '?', '['])) {
        return Copied::Unclear;
    }
    let from = if is_content {
        packs.directory
    } else {
        normalized(&format!("{}/{member}", packs.directory)).into()
    };
    let to = unpacks.directory;
    Copied::Directories(vec![Copying {
        from,
        is_content,
        to,
        into: true,
        is_recursive: true,
        keeps_owners: true,
        keeps_existing: false,
    }])
}

/// The options of `cp`.
#[derive(Default)]
struct Options {
    operands: Vec<Word>,
    target: Option<Word>,
    recursive: bool,
    keeps_owners: bool,
    /// Whether the target is never a directory to copy into.
    onto: bool,
    keeps_existing: bool,
}

impl Options {
    /// None for an option that is not known here.
    fn of_cp(words: &[Word]) -> Option<Self> {
        let mut options = Options::default();
        let mut words = words.iter();
        let mut are_over = false;
        while let Some(word) = words.next() {
            match word.text.as_str() {
                "--" if !are_over => are_over = true,
                text if are_over || text == "-" || !text.starts_with('-') => {
                    options.operands.push(word.clone())
                }
                _ if word.is_open => return None,
                "--target-directory" => options.target = Some(words.next()?.clone()),
                long if long.starts_with("--") => options.long(&long[2..])?,
                short => match options.letters(&short[1..])? {
                    Some("") => options.target = Some(words.next()?.clone()),
                    Some(target) => options.target = Some(Word::literal(target)),
                    None => {}
                },
            }
        }
        Some(options)
    }

    fn long(&mut self, option: &str) -> Option<()> {
        match option.split_once('=').unwrap_or((option, "")) {
            ("recursive", _) => self.recursive = true,
            ("archive", _) => (self.recursive, self.keeps_owners) = (true, true),
            ("preserve", which) => {
                self.keeps_owners |= which.is_empty() || which.contains("ownership") || which.contains("all");
            }
            ("target-directory", target) => self.target = Some(Word::literal(target)),
            ("no-target-directory", _) => self.onto = true,
            ("no-preserve", which) => {
                self.keeps_owners &= !which.contains("ownership") && !which.contains("all")
            }
            ("no-clobber", _) => self.keeps_existing = true,
            ("force" | "verbose" | "update" | "dereference" | "no-dereference", _) => {}
            ("remove-destination" | "one-file-system" | "reflink" | "sparse", _) => {}
            _ => return None,
        }
        Some(())
    }

    /// The target directory that follows `t`, if it is among the letters: what is left of them, perhaps nothing.
    fn letters<'w>(&mut self, letters: &'w str) -> Option<Option<&'w str>> {
        for (at, letter) in letters.char_indices() {
            match letter {
                'r' | 'R' => self.recursive = true,
                'a' => (self.recursive, self.keeps_owners) = (true, true),
                'p' => self.keeps_owners = true,
                'T' => self.onto = true,
                't' => return Some(Some(&letters[at + 1..])),
                'n' => self.keeps_existing = true,
                'P' | 'd' | 'f' | 'u' | 'v' | 'x' | 'L' | 'H' | 'i' => {}
                _ => return None,
            }
        }
        Some(None)
    }
}

/// One side of a pipe between two `tar`.
struct Archive {
    letters: String,
    directory: String,
    members: Vec<String>,
}

impl Archive {
    /// None for an option that is not known here, and for a file in place of the pipe.
    fn read(command: &Command, directory: Option<&str>) -> Option<Self> {
        let mut archive = Archive {
            letters: String::new(),
            directory: directory.unwrap_or_default().to_owned(),
            members: Vec::new(),
        };
        let mut words = command.words[1..].iter().map(|word| (!word.is_open).then_some(word.text.as_str()));
        let mut is_first = true;
        while let Some(word) = words.next() {
            let word = word?;
            let letters = match word.strip_prefix('-') {
                Some("") => None,
                Some(letters) => Some(letters),
                None => Some(word).filter(|_| is_first),
            };
            is_first = false;
            match letters {
                Some("C" | "-directory") => archive.enter(words.next()??, directory)?,
                Some(long) if long.starts_with("-directory=") => archive.enter(&long[11..], directory)?,
                Some(letters) if letters.bytes().all(|letter| b"cxvfpzhBoS".contains(&letter)) => {
                    archive.letters.push_str(letters);
                    if letters.contains('f') && words.next()?? != "-" {
                        return None;
                    }
                }
                Some(_) => return None,
                None => archive.members.push(word.to_owned()),
            }
        }
        archive.directory.starts_with('/').then_some(archive)
    }

    fn enter(&mut self, path: &str, directory: Option<&str>) -> Option<()> {
        self.directory = absolute(path, directory)?;
        Some(())
    }
}

/// The directory that a word names, and whether its content is meant. None for what nobody can tell.
fn source(word: &Word, directory: Option<&str>) -> Option<(String, bool)> {
    if word.is_open {
        return None;
    }
    let (path, is_content) = match word.text.trim_end_matches('/') {
        "." => (".", true),
        "*" if word.is_pattern => (".", true),
        path => match path.strip_suffix("/*").filter(|_| word.is_pattern) {
            Some(path) => (path, true),
            None => match path.strip_suffix("/.") {
                Some(path) => (path, true),
                None => (path, false),
            },
        },
    };
    if word.is_pattern && path.contains(['*', '?', '[']) {
        return None;
    }
    Some((absolute(if path.is_empty() { "/" } else { path }, directory)?, is_content))
}

/// The directory that a word names as a target, and whether it says that it is one.
fn destination(word: &Word, directory: Option<&str>) -> Option<(String, bool)> {
    if word.is_open || word.is_pattern {
        return None;
    }
    Some((absolute(&word.text, directory)?, word.text.ends_with('/') || word.text.ends_with("/.")))
}

/// A path from the root; none for one of a directory that is not known, and for one that leads upwards.
pub(super) fn absolute(path: &str, directory: Option<&str>) -> Option<String> {
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    match path.starts_with('/') {
        true => Some(normalized(path).into_owned()),
        false => Some(normalized(&format!("{}/{path}", directory?)).into_owned()),
    }
}
