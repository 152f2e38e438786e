//! Reads JSON in one pass and leaves numbers as text, so that they keep every digit. How deep things may go is for the
//! callers to count: each level is a call of theirs.

use std::borrow::Cow;

use super::super::CodecError;

/// A JSON text and how far it is read.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// What comes next, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl<'a> Reader<'a> {
    /// Reads a whole text with `read`, which must leave nothing behind.
    pub(super) fn whole<T>(
        input: &'a [u8],
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let text = std::str::from_utf8(input).map_err(|_| CodecError::new("the text is not valid UTF-8"))?;
        let mut reader = Reader { text, at: 0 };
        let value = read(&mut reader)?;
        match reader.byte() {
            None => Ok(value),
            Some(_) => Err(reader.not_json()),
        }
    }

    pub(super) fn next(&mut self) -> Result<Next, CodecError> {
        match self.byte() {
            Some(b'n') => Ok(Next::Null),
            Some(b't' | b'f') => Ok(Next::Bool),
            Some(b'-' | b'0'..=b'9') => Ok(Next::Number),
            Some(b'"') => Ok(Next::String),
            Some(b'[') => Ok(Next::Array),
            Some(b'{') => Ok(Next::Object),
            _ => Err(self.not_json()),
        }
    }

    pub(super) fn null(&mut self) -> Result<(), CodecError> {
        self.word("null")
    }

    pub(super) fn bool(&mut self) -> Result<bool, CodecError> {
        match self.byte() {
            Some(b't') => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// The number's text: `-`, digits without a leading zero, a fraction, an exponent.
    pub(super) fn number(&mut self) -> Result<&'a str, CodecError> {
        self.byte();
        let begin = self.at;
        self.accept(|byte| byte == b'-');
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.as_bytes()[self.at - whole] == b'0') {
            return Err(self.not_json());
        }
        if self.accept(|byte| byte == b'.') && self.digits() == 0 {
            return Err(self.not_json());
        }
        if self.accept(|byte| matches!(byte, b'e' | b'E')) {
            self.accept(|byte| matches!(byte, b'+' | b'-'));
            if self.digits() == 0 {
                return Err(self.not_json());
            }
        }
        Ok(&self.text[begin..self.at])
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, CodecError> {
        if self.byte() != Some(b'"') {
            return Err(self.not_json());
        }
        let begin = self.at;
        let mut escaped = false;
        loop {
            self.at += 1;
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                }
                Some(0x20..) => {}
                _ => return Err(self.not_json()),
            }
        }
        self.at += 1;
        match escaped {
            false => Ok(Cow::Borrowed(&self.text[begin + 1..self.at - 1])),
            true => {
                serde_json::from_str(&self.text[begin..self.at]).map(Cow::Owned).map_err(|_| self.not_json())
            }
        }
    }

    /// An array, whose elements `each` reads.
    pub(super) fn array(
        &mut self,
        mut each: impl FnMut(&mut Self, usize) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        self.symbol(b'[')?;
        if self.accepts(b']') {
            return Ok(());
        }
        for index in 0.. {
            each(self, index)?;
            if !self.accepts(b',') {
                break;
            }
        }
        self.symbol(b']')
    }

    /// An object, whose members' values `each` reads.
    pub(super) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        self.symbol(b'{')?;
        if self.accepts(b'}') {
            return Ok(());
        }
        loop {
            let name = self.string()?;
            self.symbol(b':')?;
            each(self, name)?;
            if !self.accepts(b',') {
                break;
            }
        }
        self.symbol(b'}')
    }

    /// Leaves a value out and gives its text. Brackets are counted, so depth costs nothing here; what is between them is
    /// only looked at as far as that needs.
    pub(super) fn skip(&mut self) -> Result<&'a str, CodecError> {
        self.byte();
        let begin = self.at;
        let mut open = 0_usize;
        loop {
            match self.byte() {
                Some(b'[' | b'{') => {
                    open += 1;
                    self.at += 1;
                }
                Some(b']' | b'}') if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if open > 0 => {
                    self.at += 1;
                    continue;
                }
                Some(b'"') => drop(self.string()?),
                Some(b'n') => self.null()?,
                Some(b't' | b'f') => drop(self.bool()?),
                Some(b'-' | b'0'..=b'9') => drop(self.number()?),
                _ => return Err(self.not_json()),
            }
            if open == 0 {
                return Ok(&self.text[begin..self.at]);
            }
        }
    }

    /// The next byte that is no white space, still unread.
    fn byte(&mut self) -> Option<u8> {
        while self.accept(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {}
        self.text.as_bytes().get(self.at).copied()
    }

    fn accept(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let is_there = self.text.as_bytes().get(self.at).is_some_and(|byte| wanted(*byte));
        if is_there {
            self.at += 1;
        }
        is_there
    }

    fn accepts(&mut self, symbol: u8) -> bool {
        self.byte();
        self.accept(|byte| byte == symbol)
    }

    fn symbol(&mut self, symbol: u8) -> Result<(), CodecError> {
        match self.accepts(symbol) {
            true => Ok(()),
            false => Err(self.not_json()),
        }
    }

    fn digits(&mut self) -> usize {
        let begin = self.at;
        while self.accept(|byte| byte.is_ascii_digit()) {}
        self.at - begin
    }

    fn word(&mut self, word: &str) -> Result<(), CodecError> {
        self.byte();
        match self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            true => {
                self.at += word.len();
                Ok(())
            }
            false => Err(self.not_json()),
        }
    }

    /// Where the mistake is, without what is there.
    fn not_json(&self) -> CodecError {
        let before = &self.text.as_bytes()[..self.at.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        CodecError::new(format!("not valid JSON at line {line}, column {column}"))
    }
}
