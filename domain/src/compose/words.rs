//! A command that is written as one text.

/// The words of a text, as Compose splits it: by spaces, with quotes and backslashes, and without a shell. `None` where it
/// holds what a shell would read otherwise: Compose drops what stands behind it (github.com/mattn/go-shellwords, read 2026-11).
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(letter),
            (_, '\\') => word.get_or_insert_default().push(match letters.next()? {
                't' => '\t',
                'n' => '\n',
                other => other,
            }),
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ';' | '&' | '|' | '<' | '>' | '(' | ')' | '`') => return None,
            (None, ' ' | '\t' | '\r' | '\n') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_at_spaces_that_nothing_quotes() {
        for (text, words) in [
            ("agent run", Some(vec!["agent", "run"])),
            ("sh -c 'cp -r /a/* /b/ && x'", Some(vec!["sh", "-c", "cp -r /a/* /b/ && x"])),
            (r#"sh -c "echo \"a b\"""#, Some(vec!["sh", "-c", "echo \"a b\""])),
            (r"a\ b  c", Some(vec!["a b", "c"])),
            (r#"a"b"'c'"#, Some(vec!["abc"])),
            ("a ''", Some(vec!["a", ""])),
            ("", Some(vec![])),
            ("cp a b && chown c d", None),
            ("a; b", None),
            ("a > b", None),
            ("a 'b", None),
            ("a \\", None),
        ] {
            let split = split(text);
            assert_eq!(
                split.as_ref().map(|words| words.iter().map(String::as_str).collect()),
                words,
                "{text}"
            );
        }
    }
}
