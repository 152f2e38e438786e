//! Words that an example has in place of a value: `REPLACE_ME`, `YOUR_ACCOUNT_ID`, `ACCOUNT_ID`.

/// What comes behind `your-` in small letters where it is no name of somebody's own.
const WHAT_IS_YOURS: [&str; 24] = [
    "access",
    "account",
    "api",
    "apikey",
    "app-key",
    "arn",
    "aws",
    "bucket",
    "cluster",
    "datadog",
    "dd",
    "domain",
    "ecr",
    "image",
    "key",
    "password",
    "region",
    "registry",
    "repo",
    "repository",
    "role",
    "secret",
    "subnet",
    "token",
];

/// The number of an account, as examples call it.
const ACCOUNTS: [&str; 8] = [
    "ACCOUNT",
    "ACCOUNTID",
    "ACCOUNT_ID",
    "ACCOUNT_NUMBER",
    "AWS_ACCOUNT",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_NUMBER",
    "MY_ACCOUNT_ID",
];

/// A region, as examples call it.
const REGIONS: [&str; 3] = ["AWS_DEFAULT_REGION", "AWS_REGION", "REGION"];

/// Whether one of the words may begin with that byte.
pub(super) const fn may_begin_with(byte: u8) -> bool {
    byte.is_ascii_uppercase() || matches!(byte, b'r' | b'c' | b'y' | b'f')
}

/// Whether the word that begins there may be one of them, by its first two bytes.
pub(super) fn may_begin(rest: &[u8]) -> bool {
    match rest {
        [first, ..] if first.is_ascii_uppercase() => true,
        [b'r', second, ..] => matches!(second, b'e' | b'E'),
        [b'c', second, ..] => matches!(second, b'h' | b'H'),
        [b'y', second, ..] => matches!(second, b'o' | b'O'),
        [b'f', second, ..] => matches!(second, b'i' | b'I'),
        _ => false,
    }
}

/// The length of the word that stands there in place of a value. `is_strict`: the text is a name, an ARN or an image;
/// `key` is the name of the variable or option that has the text.
pub(super) fn placeholder(text: &str, at: usize, is_strict: bool, key: &str) -> Option<usize> {
    let rest = &text[at..];
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count();
    let word = &rest[..length];
    let is_loud = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    if !is_loud {
        return is_quiet_placeholder(&word.to_ascii_lowercase().replace('_', "-")).then_some(length);
    }
    if !may_be_loud(word) {
        return None;
    }
    let spelled = word.replace('-', "_");
    if is_loud_placeholder(&spelled) {
        return Some(length);
    }
    if word == "YOUR" {
        return several(rest);
    }
    let is_all = word.len() == text.trim().len();
    let is_called = |what: &str| is_all && key.to_ascii_uppercase().contains(what);
    let is_in_address = || text.starts_with("arn:") || text.contains(".dkr.ecr.");
    let is_account = ACCOUNTS.contains(&spelled.as_str()) && (is_called("ACCOUNT") || is_in_address());
    let is_region = REGIONS.contains(&spelled.as_str()) && (is_called("REGION") || is_in_address());
    let is_plain_account = is_strict && is_all && spelled.ends_with("ACCOUNT_ID");
    (is_account || is_region || is_plain_account).then_some(length)
}

/// Whether a word in capitals is worth a closer look. Nearly all are names of variables and settings.
fn may_be_loud(word: &str) -> bool {
    word.starts_with(['A', 'C', 'E', 'F', 'I', 'M', 'P', 'R', 'Y'])
        || ["ME", "HERE", "PLACEHOLDER"].iter().any(|end| word.ends_with(end))
}

fn is_loud_placeholder(word: &str) -> bool {
    const WHOLE: [&str; 6] =
        ["CHANGEME", "CHANGE_ME", "FILL_ME_IN", "PLACEHOLDER", "REPLACEME", "REPLACE_ME"];
    const BEGINS: [&str; 8] = [
        "YOUR_",
        "REPLACE_ME_",
        "REPLACE_WITH_",
        "REPLACE_THIS",
        "CHANGE_ME_",
        "PLACEHOLDER_",
        "INSERT_YOUR_",
        "ENTER_YOUR_",
    ];
    const ENDS: [&str; 4] = ["_REPLACE_ME", "_CHANGE_ME", "_PLACEHOLDER", "_HERE"];
    WHOLE.contains(&word)
        || BEGINS.iter().any(|start| word.starts_with(start))
        || ENDS.iter().any(|end| word.ends_with(end))
}

fn is_quiet_placeholder(word: &str) -> bool {
    const WHOLE: [&str; 5] = ["changeme", "change-me", "fill-me-in", "replaceme", "replace-me"];
    const BEGINS: [&str; 3] = ["replace-me-", "replace-with-", "change-me-"];
    let begins = |what: &str, start: &str| {
        what.strip_prefix(start).is_some_and(|more| more.is_empty() || more.starts_with('-'))
    };
    let is_yours =
        word.strip_prefix("your-").is_some_and(|what| WHAT_IS_YOURS.iter().any(|start| begins(what, start)));
    WHOLE.contains(&word) || BEGINS.iter().any(|start| word.starts_with(start)) || is_yours
}

/// `YOUR BUCKET NAME`: several words in capitals.
fn several(rest: &str) -> Option<usize> {
    let is_of_it = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b' ' | b'_');
    let length = rest.bytes().take_while(is_of_it).count();
    let words = rest[..length].trim_end();
    let is_cut = rest[length..].starts_with(|letter: char| letter.is_alphanumeric());
    (words.len() > "YOUR".len() + 2 && !is_cut).then_some(words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, key: &str) -> Option<&'t str> {
        let starts = (0..text.len()).filter(|at| {
            let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
            text.is_char_boundary(*at)
                && !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
                && may_begin(&text.as_bytes()[*at..])
        });
        starts.into_iter().find_map(|at| Some(&text[at..at + placeholder(text, at, false, key)?]))
    }

    #[test]
    fn words_that_stand_for_a_value_are_told() {
        for (text, key, word) in [
            ("REPLACE_ME", "", "REPLACE_ME"),
            ("prefix/REPLACE-ME", "", "REPLACE-ME"),
            ("REPLACE_WITH_REGION", "", "REPLACE_WITH_REGION"),
            ("CHANGEME", "", "CHANGEME"),
            ("changeme", "", "changeme"),
            ("replace-me", "", "replace-me"),
            ("YOUR_API_KEY", "", "YOUR_API_KEY"),
            ("YOUR-BUCKET", "", "YOUR-BUCKET"),
            ("API_KEY_HERE", "", "API_KEY_HERE"),
            ("INSERT YOUR BUCKET NAME", "", "YOUR BUCKET NAME"),
            ("your-account-id.dkr.ecr.us-east-1.amazonaws.com/x", "", "your-account-id"),
            ("https://your_domain.example/x", "", "your_domain"),
            ("IMAGE_PLACEHOLDER", "", "IMAGE_PLACEHOLDER"),
            ("arn:aws:iam::ACCOUNT_ID:role/x", "", "ACCOUNT_ID"),
            ("arn:aws:sqs:REGION:123456789012:x", "", "REGION"),
            ("AWS_ACCOUNT_ID", "account_id", "AWS_ACCOUNT_ID"),
            ("REGION", "awslogs-region", "REGION"),
        ] {
            assert_eq!(found(text, key), Some(word), "{text}");
        }
    }

    #[test]
    fn words_that_are_a_value_are_not() {
        for (text, key) in [
            ("TODO", ""),
            ("xxx", ""),
            ("own-your-data", ""),
            ("your-app", ""),
            ("yours", ""),
            ("Your order is ready", ""),
            ("YOUR", ""),
            ("replace", ""),
            ("REPLACE", ""),
            ("changes", ""),
            ("ACCOUNT_ID", "TENANT_CLAIM"),
            ("ACCOUNT_ID,REGION", "PASS_THROUGH"),
            ("REGION", "SHARD_BY"),
            ("SYS_ADMIN", ""),
            ("WHERE", ""),
        ] {
            assert_eq!(found(text, key), None, "{text}");
        }
    }
}
