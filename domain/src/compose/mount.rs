//! What a service mounts: `volumes` in its short and its long form, and `tmpfs`.

use super::interpolation::{boolean, is_open, known, text};
use crate::document::Node;

/// A mount as it is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mount {
    /// A volume or a directory of the machine, at a path.
    Volume(VolumeMount),
    /// Memory at a path, with options.
    Tmpfs(Node, Node),
}

/// A volume or a directory of the machine, at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct VolumeMount {
    pub(super) source: Source,
    pub(super) target: Node,
    pub(super) read_only: Node,
    /// Whether the engine is told not to fill a new volume from the image.
    pub(super) no_copy: bool,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Named(String),
    /// A directory or a file of the machine, as it is written.
    Host(String),
    /// A volume of this container alone.
    Anonymous,
    /// Not known, or part of something.
    Unknown,
}

/// A volume that a service mounts, with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mounted {
    /// The name by which the tree knows it.
    pub(super) volume: String,
    pub(super) no_copy: bool,
    host: Option<String>,
    is_anonymous: bool,
}

impl Mounted {
    /// What a mount of a service mounts, where that is known.
    pub(super) fn of(service: &str, mount: &VolumeMount) -> Option<Self> {
        let no_copy = mount.no_copy;
        Some(match &mount.source {
            Source::Named(name) => Self { volume: name.clone(), no_copy, host: None, is_anonymous: false },
            Source::Host(path) => {
                Self { volume: path.clone(), no_copy, host: Some(path.clone()), is_anonymous: false }
            }
            Source::Anonymous => {
                let volume = format!("{service}:{}", mount.target.as_str()?);
                Self { volume, no_copy, host: None, is_anonymous: true }
            }
            Source::Unknown => return None,
        })
    }

    /// Whether no name of the file's `volumes` stands for it.
    pub(super) fn is_of_no_name(&self) -> bool {
        self.host.is_some() || self.is_anonymous
    }

    /// The volume in the tree.
    pub(super) fn node(&self) -> Node {
        let kind = match &self.host {
            Some(path) => ("host", Node::from([("sourcePath", path.as_str().into())])),
            None => ("dockerVolumeConfiguration", Node::from([("scope", "task".into())])),
        };
        Node::from([("name", self.volume.as_str().into()), kind])
    }
}

/// A named volume in the tree: it keeps its content from run to run, and while it is new it is filled from the image.
pub(super) fn named_volume(name: &str, volume: &Node) -> Node {
    let is_external = match boolean(volume.get("external")) {
        // The form of older files, with a name inside.
        Node::Unknown if matches!(volume.get("external"), Node::Object(_)) => true.into(),
        external => external,
    };
    let configuration = match is_external {
        Node::Null => Node::from([("scope", "shared".into())]),
        external => Node::from([("external", external), ("scope", "shared".into())]),
    };
    Node::from([("name", name.into()), ("dockerVolumeConfiguration", configuration)])
}

/// An entry of `volumes`; none for what Compose rejects.
pub(super) fn read(entry: &Node) -> Option<Mount> {
    match entry {
        Node::String(_) => read_short(&text(entry)?),
        Node::Object(_) => read_long(entry),
        _ => None,
    }
}

fn read_short(short: &str) -> Option<Mount> {
    let parts = parts(short);
    let (source, target, options) = match parts.as_slice() {
        [target] => (Source::Anonymous, *target, ""),
        [source, target] => (source_of(source), *target, ""),
        [source, target, options] => (source_of(source), *target, *options),
        _ => return None,
    };
    let has = |option: &str| options.split(',').any(|own| own == option);
    let read_only = if is_open(options) { Node::Unknown } else { has("ro").into() };
    Some(Mount::Volume(VolumeMount { source, target: known(target), read_only, no_copy: has("nocopy") }))
}

/// The parts between colons, of which that behind the letter of a drive is none.
pub(super) fn parts(short: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, letter) in short.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let part = &short[start..at];
                let is_drive =
                    part.len() == 1 && part.starts_with(|letter: char| letter.is_ascii_alphabetic());
                if !is_drive {
                    parts.push(part);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    parts.push(&short[start..]);
    parts
}

fn source_of(source: &str) -> Source {
    let is_drive = source.as_bytes().get(1) == Some(&b':');
    if is_open(source) {
        Source::Unknown
    } else if source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") || is_drive {
        Source::Host(source.to_owned())
    } else {
        Source::Named(source.to_owned())
    }
}

fn read_long(entry: &Node) -> Option<Mount> {
    let target = text(entry.get("target")).map_or(Node::Null, |target| known(&target));
    let named = text(entry.get("source"));
    let is_a_part = !entry.get("volume").get("subpath").is_null();
    let source = match (text(entry.get("type")).as_deref(), named) {
        (Some("tmpfs"), _) => return Some(Mount::Tmpfs(target, long_options(entry))),
        (Some("volume"), None) => Source::Anonymous,
        (Some("volume"), Some(name)) if !is_a_part && !is_open(&name) => Source::Named(name.into_owned()),
        (Some("bind"), Some(path)) if !is_open(&path) => Source::Host(path.into_owned()),
        _ => Source::Unknown,
    };
    let read_only = match boolean(entry.get("read_only")) {
        Node::Null => false.into(),
        read_only => read_only,
    };
    let no_copy = entry.get("volume").get("nocopy").as_bool() == Some(true);
    Some(Mount::Volume(VolumeMount { source, target, read_only, no_copy }))
}

/// The options of memory in the long form, which has no way to allow programs in it.
fn long_options(entry: &Node) -> Node {
    let read_only = boolean(entry.get("read_only"));
    match read_only {
        Node::Unknown => Node::Unknown,
        Node::Bool(true) => vec!["ro"].into(),
        _ => Node::Array(Vec::new()),
    }
}

/// An entry of `tmpfs`: a path, and options behind a colon.
pub(super) fn read_tmpfs(entry: &Node) -> Option<Mount> {
    let entry = text(entry)?;
    let (path, options) = entry.split_once(':').unwrap_or((&entry, ""));
    let options = match options {
        "" => Node::Array(Vec::new()),
        open if is_open(open) => Node::Unknown,
        options => options.split(',').map(str::trim).collect::<Vec<_>>().into(),
    };
    Some(Mount::Tmpfs(known(path), options))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    fn shown(mount: Option<Mount>) -> String {
        match mount {
            None => "none".to_owned(),
            Some(Mount::Tmpfs(target, options)) => {
                format!("tmpfs {target:?} {options:?}").replace("String", "")
            }
            Some(Mount::Volume(VolumeMount { source, target, read_only, no_copy })) => {
                format!("{source:?} {target:?} {read_only:?} {no_copy}").replace("String", "")
            }
        }
    }

    #[test]
    fn the_short_form_and_the_long_form_say_the_same() {
        for (short, long, expected) in [
            (
                "data:/srv",
                r#"{"type": "volume", "source": "data", "target": "/srv"}"#,
                r#"Named("data") ("/srv") Bool(false) false"#,
            ),
            (
                "data:/srv:ro,nocopy",
                r#"{"type": "volume", "source": "data", "target": "/srv", "read_only": true, "volume": {"nocopy": true}}"#,
                r#"Named("data") ("/srv") Bool(true) true"#,
            ),
            (
                "./conf:/etc/x:ro",
                r#"{"type": "bind", "source": "./conf", "target": "/etc/x", "read_only": "true"}"#,
                r#"Host("./conf") ("/etc/x") Bool(true) false"#,
            ),
            ("/srv", r#"{"type": "volume", "target": "/srv"}"#, r#"Anonymous ("/srv") Bool(false) false"#),
            (
                "${DATA:-./x}:/srv:$MODE",
                r#"{"type": "bind", "source": "$DATA", "target": "/srv", "read_only": "$RO"}"#,
                r#"Unknown ("/srv") Unknown false"#,
            ),
            (
                r"C:\x:/srv",
                r#"{"type": "bind", "source": "C:\\x", "target": "/srv"}"#,
                r#"Host("C:\\x") ("/srv") Bool(false) false"#,
            ),
            (
                "data:$TO",
                r#"{"type": "volume", "source": "data", "target": "$TO"}"#,
                r#"Named("data") Unknown Bool(false) false"#,
            ),
        ] {
            assert_eq!(shown(read(&short.into())), expected, "{short}");
            assert_eq!(shown(read(&parse(long).unwrap())), expected, "{long}");
        }
    }

    #[test]
    fn memory_has_a_path_and_options() {
        for (entry, expected) in [
            ("/run", r#"tmpfs ("/run") Array([])"#),
            ("/run:exec,size=64m", r#"tmpfs ("/run") Array([("exec"), ("size=64m")])"#),
            ("/run:$OPTIONS", r#"tmpfs ("/run") Unknown"#),
        ] {
            assert_eq!(shown(read_tmpfs(&entry.into())), expected, "{entry}");
        }
        let long = parse(r#"{"type": "tmpfs", "target": "/run", "tmpfs": {"size": 64}}"#).unwrap();
        assert_eq!(shown(read(&long)), r#"tmpfs ("/run") Array([])"#);
        let part = parse(r#"{"type": "volume", "source": "v", "target": "/x", "volume": {"subpath": "y"}}"#)
            .unwrap();
        assert_eq!(shown(read(&part)), r#"Unknown ("/x") Bool(false) false"#);
    }
}
