//! Paths into a document.

use std::borrow::Borrow;
use std::fmt;

/// Where in a document something stands, written `containerDefinitions[0].image`. Empty means the whole document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A member of an object.
    Key(String),
    /// An item of an array.
    Index(usize),
}

impl Path {
    /// This path and then the member of that key.
    pub fn key(mut self, key: &str) -> Path {
        self.0.push(Step::Key(key.to_owned()));
        self
    }

    /// This path and then the item at that index.
    pub fn index(mut self, index: usize) -> Path {
        self.0.push(Step::Index(index));
        self
    }

    /// The place around it; the whole document has none but itself.
    #[must_use]
    pub fn parent(&self) -> Path {
        Path(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }
}

/// So that a map of paths is asked for a part of one without a copy of it.
impl Borrow<[Step]> for Path {
    fn borrow(&self) -> &[Step] {
        &self.0
    }
}

/// A path that is being walked: free to extend, and only written out as a [`Path`] where there is something to report.
#[derive(Debug, Clone, Copy)]
pub enum Trail<'a> {
    /// The whole document.
    Root,
    /// A member of an object.
    Key(&'a Trail<'a>, &'a str),
    /// An item of an array.
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    /// The path walked so far.
    pub fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut here = self;
        loop {
            match here {
                Trail::Root => break,
                Trail::Key(before, key) => {
                    steps.push(Step::Key((*key).to_owned()));
                    here = before;
                }
                Trail::Index(before, index) => {
                    steps.push(Step::Index(*index));
                    here = before;
                }
            }
        }
        steps.reverse();
        Path(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => out.write_str(key)?,
                Step::Key(key) => write!(out, ".{key}")?,
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let path = Path::default().key("containerDefinitions").index(0).key("image");
        assert_eq!(path.to_string(), "containerDefinitions[0].image");
        assert_eq!(Path::default().to_string(), "");
    }

    #[test]
    fn a_trail_becomes_the_path_it_walked() {
        let root = Trail::Root;
        let list = Trail::Key(&root, "volumes");
        let item = Trail::Index(&list, 2);
        assert_eq!(Trail::Key(&item, "host").path().to_string(), "volumes[2].host");
        assert_eq!(root.path(), Path::default());
    }
}
