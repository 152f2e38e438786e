//! A text that is being changed: what of it is kept and what is new.

use std::ops::Range;

use crate::document::in_place::Splice;

/// A text with the changes that were made in it so far.
#[derive(Debug, Clone)]
pub(super) struct Draft<'t> {
    original: &'t str,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// These bytes of the original.
    Kept(Range<usize>),
    New(String),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Piece::Kept(range) => range.len(),
            Piece::New(text) => text.len(),
        }
    }

    fn split(self, at: usize) -> [Piece; 2] {
        match self {
            Piece::Kept(range) => {
                [Piece::Kept(range.start..range.start + at), Piece::Kept(range.start + at..range.end)]
            }
            Piece::New(mut text) => {
                let behind = text.split_off(at);
                [Piece::New(text), Piece::New(behind)]
            }
        }
    }
}

/// What stands in place of some bytes of the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl<'t> Draft<'t> {
    pub(super) fn of(original: &'t str) -> Self {
        Self { original, pieces: vec![Piece::Kept(0..original.len())] }
    }

    /// The text as it is now.
    pub(super) fn text(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Kept(range) => self.original[range.clone()].to_owned(),
            Piece::New(text) => text.clone(),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// Makes a change of the text as it is now, whose places are that many bytes further behind.
    pub(super) fn apply(&mut self, splice: &Splice, offset: usize) {
        let start = self.cut(splice.range.start + offset);
        let end = self.cut(splice.range.end + offset);
        self.pieces.splice(start..end, [Piece::New(splice.text.clone())]);
        self.pieces.retain(|piece| piece.len() > 0);
    }

    /// The position of the piece that begins at a byte of the text as it is now.
    fn cut(&mut self, at: usize) -> usize {
        let mut before = 0;
        for position in 0..self.pieces.len() {
            let length = self.pieces[position].len();
            if before == at {
                return position;
            }
            if before + length > at {
                let piece = std::mem::replace(&mut self.pieces[position], Piece::New(String::new()));
                self.pieces.splice(position..=position, piece.split(at - before));
                return position + 1;
            }
            before += length;
        }
        self.pieces.len()
    }

    /// What was changed, in the order of the original.
    pub(super) fn changes(&self) -> Vec<Replaced> {
        let mut changes: Vec<Replaced> = Vec::new();
        let (mut at, mut new) = (0, String::new());
        let ends = Piece::Kept(self.original.len()..self.original.len());
        for piece in self.pieces.iter().chain([&ends]) {
            match piece {
                Piece::New(text) => new.push_str(text),
                Piece::Kept(range) => {
                    if at < range.start || !new.is_empty() {
                        changes.push(Replaced { range: at..range.start, text: std::mem::take(&mut new) });
                    }
                    at = range.end;
                }
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_changed_text_are_changes_of_the_original() {
        let splice =
            |start: usize, end: usize, text: &str| Splice { range: start..end, text: text.to_owned() };
        let mut draft = Draft::of("0123456789");
        draft.apply(&splice(2, 4, "ab"), 0);
        draft.apply(&splice(1, 1, "cd"), 5);
        draft.apply(&splice(2, 3, ""), 0);
        draft.apply(&splice(9, 11, ""), 0);
        assert_eq!(draft.text(), "01b45cd67");
        let change =
            |start: usize, end: usize, text: &str| Replaced { range: start..end, text: text.to_owned() };
        assert_eq!(draft.changes(), [change(2, 4, "b"), change(6, 6, "cd"), change(8, 10, "")]);
        assert_eq!(Draft::of("x").changes(), []);
    }
}
