//! Text of somebody else's on its way to a terminal.
//!
//! The names in a document are its author's. A control character could steer the terminal, or end a line and make the next
//! one look like ours; a mark of direction could show a name in another order than it has.

/// The text with U+FFFD for every such character, but for what parts lines and columns: `\n` and `\t`.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Whether a terminal would obey this character instead of showing it: C0 and C1 controls, the separators of lines and
/// paragraphs, and Unicode's marks of direction (Unicode 17, Bidi_Control).
fn is_unsafe(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    is_direction || (c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_and_no_direction_is_left_and_everything_else_is() {
        let kept = "a\tb\nc äß→ 名前 \u{1f600}";
        assert_eq!(printable(kept), kept);
        for c in
            ['\0', '\u{7}', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{61c}', '\u{200e}', '\u{200f}']
                .into_iter()
                .chain('\u{2028}'..='\u{202e}')
                .chain('\u{2066}'..='\u{2069}')
        {
            assert_eq!(printable(&format!("a{c}b")), "a\u{fffd}b", "{:?}", c);
        }
    }
}
