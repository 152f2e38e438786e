//! Secrets that are told by what they look like, whatever the name of what has them: passwords in addresses, tokens, keys.

/// What kind of secret a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretText {
    /// `postgres://user:password@host`
    UrlPassword,
    /// `password=...`, in a connection string or in a command.
    Password,
    /// A JSON Web Token.
    WebToken,
    /// The identifier of an access key of AWS's.
    AccessKey,
    /// A private key in PEM.
    PrivateKey,
    /// A token that begins as those of a well-known service do.
    ServiceToken,
}

impl SecretText {
    /// What it is, for a sentence.
    pub(crate) fn called(self) -> &'static str {
        match self {
            SecretText::UrlPassword => "a URL with a password",
            SecretText::Password => "a password or a token",
            SecretText::WebToken => "a JSON Web Token",
            SecretText::AccessKey => "an AWS access key",
            SecretText::PrivateKey => "a private key",
            SecretText::ServiceToken => "a token of a well-known service",
        }
    }
}

/// How tokens of well-known services begin, and how many characters follow at least (their documentation, 2026-11).
const TOKENS: [(&str, usize); 18] = [
    ("AIza", 35),
    ("SG.", 40),
    ("dckr_pat_", 20),
    ("dop_v1_", 40),
    ("gho_", 36),
    ("ghp_", 36),
    ("ghs_", 36),
    ("ghu_", 36),
    ("github_pat_", 22),
    ("glpat-", 20),
    ("hvs.", 20),
    ("npm_", 36),
    ("rk_live_", 16),
    ("sk-ant-", 20),
    ("sk_live_", 16),
    ("xoxa-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
];

/// Nothing shorter is a token or a key.
const SHORTEST_TOKEN: usize = 20;

/// The secret in a text, if there is one.
pub(crate) fn secret_in(text: &str) -> Option<SecretText> {
    // Most texts are done with by a look at their bytes.
    let has = |byte| text.as_bytes().contains(&byte);
    if text.len() > SHORTEST_TOKEN
        && has(b' ')
        && text.contains("-----BEGIN ")
        && text.contains("PRIVATE KEY-----")
    {
        return Some(SecretText::PrivateKey);
    }
    if has(b'@') && text.match_indices("://").any(|(at, _)| has_password(&text[at + 3..])) {
        return Some(SecretText::UrlPassword);
    }
    if has(b'=') && text.match_indices('=').any(|(at, _)| is_assigned(text, at)) {
        return Some(SecretText::Password);
    }
    if text.len() < SHORTEST_TOKEN {
        return None;
    }
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let words = text.as_bytes().split(|byte| !is_of_token(byte));
    words.filter(|word| word.len() >= SHORTEST_TOKEN).find_map(token)
}

/// The position of the word of a command line that has a secret, and which. A word may be a whole shell line.
pub(crate) fn secret_in_command<'t>(
    words: impl Iterator<Item = (usize, &'t str)>,
) -> Option<(usize, SecretText)> {
    let mut asks_for_one = false;
    for (index, word) in words {
        if let Some(secret) = secret_in(word) {
            return Some((index, secret));
        }
        for part in word.split_whitespace() {
            if asks_for_one && !part.starts_with('-') && is_value(part) {
                return Some((index, SecretText::Password));
            }
            asks_for_one = part.strip_prefix("--").is_some_and(is_secrets_option);
        }
    }
    None
}

/// Whether an option, without its hyphens, is followed by a secret: `password`, `requirepass`, `auth-token`.
fn is_secrets_option(option: &str) -> bool {
    let option = option.to_ascii_lowercase();
    let ends = ["password", "passwd", "requirepass", "-pass", "token", "secret", "api-key", "apikey"];
    let is_one = option == "pass" || ends.iter().any(|end| option.ends_with(end));
    is_one && !option.starts_with("no-")
}

/// Whether what follows `://` begins with `user:password@`.
fn has_password(rest: &str) -> bool {
    let ends = |letter: char| letter.is_whitespace() || "/?#\"'".contains(letter);
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    user.is_some_and(|(_, password)| is_value(password))
}

/// Whether a secret is assigned at this `=`: to `password` and its like, whatever stands before it.
fn is_assigned(text: &str, at: usize) -> bool {
    const NAMES: [&str; 12] = [
        "password",
        "passwd",
        "pwd",
        "secret",
        "token",
        "apikey",
        "api_key",
        "api-key",
        "accountkey",
        "accesskey",
        "access_key",
        "access-key",
    ];
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = text.as_bytes()[..at].iter().rev().take_while(|byte| is_of_name(byte)).count();
    let name = &text.as_bytes()[at - length..at];
    let is_named = NAMES.iter().any(|end| {
        name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    });
    if !is_named {
        return false;
    }
    let rest = text[at + 1..].trim_start_matches(['"', '\'']);
    let ends = |letter: char| letter.is_whitespace() || ";&\"',".contains(letter);
    let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // A count or a switch of a program may be called so, too.
    let is_long_enough = value.len() >= 4 || name.to_ascii_lowercase().ends_with(b"password");
    is_long_enough && is_value(value)
}

/// Whether this may be the secret itself: not nothing, no reference to a variable or a file, no switch, nothing masked.
fn is_value(text: &str) -> bool {
    let is_reference = text.starts_with(['$', '%', '{', '<', '/', '=', '`', '\\']);
    let is_elsewhere =
        ["file:", "arn:", "vault:", "ENC[", "env:"].iter().any(|start| text.starts_with(start));
    let is_switch = ["true", "false", "null", "none"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_masked = text.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'));
    !is_reference && !is_elsewhere && !is_switch && !is_masked
}

/// The secret that a word is.
fn token(word: &[u8]) -> Option<SecretText> {
    let is_key = |id: &[u8]| {
        id.len() == SHORTEST_TOKEN && id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    if (word.starts_with(b"AKIA") || word.starts_with(b"ASIA")) && is_key(word) {
        return Some(SecretText::AccessKey);
    }
    let is_web_token = || {
        let parts: Vec<&[u8]> = word.split(|byte| *byte == b'.').collect();
        matches!(parts.as_slice(), [head, claims, signature]
            if head.starts_with(b"eyJ") && claims.starts_with(b"eyJ") && head.len() > 8 && signature.len() > 8)
    };
    if word.starts_with(b"eyJ") && is_web_token() {
        return Some(SecretText::WebToken);
    }
    let is_of_service = |(start, more): &(&str, usize)| {
        // Nearly every word is told from a token by its first byte.
        start.as_bytes().first() == word.first()
            && word.strip_prefix(start.as_bytes()).is_some_and(|rest| rest.len() >= *more)
    };
    TOKENS.iter().any(is_of_service).then_some(SecretText::ServiceToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_looks() {
        let token = format!("ghp_{}", "a1".repeat(18));
        for (text, secret) in [
            ("postgres://shop:hunter2@db.example.com:5432/shop?sslmode=require", SecretText::UrlPassword),
            ("jdbc:mysql://root:p@ss@db/shop", SecretText::UrlPassword),
            ("redis://:hunter2@cache:6379", SecretText::UrlPassword),
            ("amqps://guest:guest@mq", SecretText::UrlPassword),
            ("a=b http://u:p@h", SecretText::UrlPassword),
            ("jdbc:postgresql://db/shop?user=a&password=hunter2", SecretText::Password),
            ("Server=db;User Id=sa;Password=hunter2;", SecretText::Password),
            ("DefaultEndpointsProtocol=https;AccountKey=abc==", SecretText::Password),
            ("DB_PASSWORD=hunter2 ./run", SecretText::Password),
            ("--password='hunter2'", SecretText::Password),
            (
                "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
                SecretText::WebToken,
            ),
            ("AKIAIOSFODNN7EXAMPLE", SecretText::AccessKey),
            ("key ASIAIOSFODNN7EXAMPLE here", SecretText::AccessKey),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", SecretText::PrivateKey),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", SecretText::PrivateKey),
            (&token, SecretText::ServiceToken),
        ] {
            assert_eq!(secret_in(text), Some(secret), "{text}");
        }
    }

    #[test]
    fn near_neighbours_are_none() {
        for text in [
            "",
            "postgres://db.example.com:5432/shop",
            "postgres://shop@db.example.com/shop",
            "postgres://shop:@db/shop",
            "postgres://shop:${DB_PASSWORD}@db/shop",
            "postgres://shop:$DB_PASSWORD@db/shop",
            "postgres://shop:****@db/shop",
            "https://example.com/a:b@c",
            "http://localhost:8126",
            "user@example.com",
            "me:you@example.com",
            "password=",
            "password=${DB_PASSWORD}",
            "--password=$DB_PASSWORD",
            "--password-file=/run/secrets/db",
            "password=/run/secrets/db",
            "Password={0};",
            "https://example.com/token=1",
            "show_password=false",
            "passwordEncoder=bcrypt",
            "eyJhbGciOiJIUzI1NiJ9",
            "AKIA",
            "AKIAIOSFODNN7EXAMPLEX",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:password-AbCdEf",
            "-----BEGIN CERTIFICATE-----\nMIIE",
            "ghp_short",
            "0123456789abcdef0123456789abcdef",
            "registry.example.com/team/app:1.2.3",
        ] {
            assert_eq!(secret_in(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_has_one_in_a_word_or_behind_an_option() {
        let found =
            |words: &[&str]| secret_in_command(words.iter().copied().enumerate()).map(|(index, _)| index);
        for (words, index) in [
            (&["serve", "--password=hunter2"][..], Some(1)),
            (&["serve", "--password", "hunter2"], Some(2)),
            (&["redis-server", "--requirepass", "hunter2"], Some(2)),
            (&["sh", "-c", "serve --token hunter2 --port 80"], Some(2)),
            (&["sh", "-c", "PASSWORD=hunter2 serve"], Some(2)),
            (&["psql", "postgres://u:p@h/db"], Some(1)),
            (&["serve", "--password", "--verbose"], None),
            (&["serve", "--password", "$PASSWORD"], None),
            (&["serve", "--password-file", "/run/secrets/db"], None),
            (&["serve", "--no-password", "x"], None),
            (&["serve", "--two-step", "x"], None),
            (&["sh", "-c", "export PASSWORD=$(cat /run/secrets/db)"], None),
            (&[], None),
        ] {
            assert_eq!(found(words), index, "{words:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a-z:/@=é ;\"'$.-]{0,30}") {
            secret_in(&text);
            secret_in_command([(0, text.as_str())].into_iter());
        }
    }
}
