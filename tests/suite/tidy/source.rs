//! Rust source without what the repository rules must not look at: comments, literals and test code.

/// The code alone. Comments and the content of literals become spaces, line breaks stay, so that line numbers hold.
pub(super) fn code(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(rest).filter(|_| !ends_in_identifier(&out)) {
            length
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' && is_char_literal(rest) {
            quoted(rest, '\'')
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        out.extend(rest[..skipped].chars().map(|skipped| if skipped == '\n' { '\n' } else { ' ' }));
        rest = &rest[skipped..];
    }
    out
}

/// The code without items under `#[cfg(test)]`.
pub(super) fn code_without_tests(source: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let code = code(source);
    let mut out = String::new();
    let mut rest = code.as_str();
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        rest = &rest[at + MARK.len()..];
        rest = &rest[item_length(rest)..];
    }
    out + rest
}

/// Names of the modules in other files that are declared under `#[cfg(test)]`.
pub(super) fn test_modules(source: &str) -> impl Iterator<Item = String> {
    let code = code(source);
    let declarations: Vec<_> =
        code.split("#[cfg(test)]").skip(1).map(|rest| rest[..item_length(rest)].to_owned()).collect();
    declarations.into_iter().filter_map(|item| {
        let name = item.trim_end().strip_suffix(';')?.rsplit_once("mod ")?.1.trim().to_owned();
        Some(name)
    })
}

/// Length of the item at the beginning: up to its closing brace, or its semicolon where it has no body.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, char) in code.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(char, '}' | ';') {
            return at + 1;
        }
    }
    code.len()
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let body = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let content = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = content.find(&end)? + end.len();
    Some(text.len() - content.len() + length)
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A lifetime begins with the same quote, but no quote follows its first character.
fn is_char_literal(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

fn ends_in_identifier(text: &str) -> bool {
    text.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_')
}

#[test]
fn code_is_without_comments_and_literals() {
    let source = "let a = \"crate::x\\\" // no\"; // crate::y\nlet b: &'a str = r#\"crate\"::z\"#; /* crate::w\n*/ c('\\'', 'd')";
    let code = code(source);
    assert!(!code.contains("crate"), "{code}");
    assert_eq!(code.lines().count(), source.lines().count());
    assert!(code.contains("let b: &'a str ="), "{code}");
    assert!(code.contains("c(") && !code.contains("'d'"), "{code}");
}

#[test]
fn test_code_is_left_out() {
    let source =
        "use a;\n#[cfg(test)]\nuse b;\nfn f() {}\n#[cfg(test)]\nmod tests { fn g() { h::i() } }\nfn j() {}";
    let code = code_without_tests(source);
    assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), "use a; fn f() {} fn j() {}");
}
