//! Secrets that are told by what they look like, whatever the name of what has them: passwords in addresses, tokens, keys.

use crate::rofs::problems::looks_like_key;

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
    if let Some(secret) = key_or_url(text) {
        return Some(secret);
    }
    if text.as_bytes().contains(&b'=') && text.match_indices('=').any(|(at, _)| is_assigned(text, at)) {
        return Some(SecretText::Password);
    }
    token_in(text)
}

/// The secret in a file of the Agent's configuration, or in a check, if there is one. Datadog's own keys are left to
/// [`datadog_key_in_file`].
pub(crate) fn secret_in_file(path: &str, text: &str) -> Option<SecretText> {
    let is_password = |member: &Member<'_>| {
        is_of_a_secret(member.name)
            && !is_datadog_key(member)
            && is_long_enough(member.name, member.value)
            && is_value(member.value)
            // References and forms of YAML.
            && !member.value.starts_with(['*', '&', '|', '>', '!', '[', '('])
    };
    // In a program what is not in quotes is another variable.
    let is_program = path.ends_with(".py");
    let has_password =
        || members(text).any(|member| (member.is_quoted || !is_program) && is_password(&member));
    key_or_url(text).or_else(|| has_password().then_some(SecretText::Password)).or_else(|| token_in(text))
}

/// Whether a file of the Agent's configuration has an API key or an application key of Datadog's in it. A handle for the
/// secret backend (`ENC[...]`) is none.
pub(crate) fn datadog_key_in_file(text: &str) -> bool {
    // Further intakes have lists of keys.
    let is_item = |line: &str| {
        let item = line.trim().strip_prefix("- ").map(|item| item.trim().trim_matches(['"', '\'']));
        item.is_some_and(looks_like_key)
    };
    members(text).any(|member| is_datadog_key(&member))
        || (text.contains("additional_endpoints") && text.lines().any(is_item))
}

fn is_datadog_key(member: &Member<'_>) -> bool {
    let name = member.name.as_bytes();
    name.len() >= 3 && name[name.len() - 3..].eq_ignore_ascii_case(b"key") && looks_like_key(member.value)
}

/// A name with a value: `name: value`, `"name": "value"`, `name = value`.
struct Member<'t> {
    name: &'t str,
    value: &'t str,
    is_quoted: bool,
}

/// The names with values in a file, whatever language it is in.
fn members(text: &str) -> impl Iterator<Item = Member<'_>> {
    text.match_indices([':', '=']).filter_map(|(at, sign)| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let name_end = before.trim_end_matches(['"', '\'']);
        let after = &text[at + 1..];
        // In YAML a space follows; without one it is a part of a URL or an ARN.
        let is_yaml = after.starts_with([' ', '\t']) || name_end.len() < before.len();
        if sign == ":" && !is_yaml {
            return None;
        }
        let length = name_end.bytes().rev().take_while(is_of_name).count();
        let after = after.trim_start_matches([' ', '\t']);
        let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let rest = &after[quote.map_or(0, char::len_utf8)..];
        let ends = |letter: char| match quote {
            Some(quote) => letter == quote || letter == '\n',
            None => letter.is_whitespace() || ";&\"',}".contains(letter),
        };
        let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
        Some(Member { name: &name_end[name_end.len() - length..], value, is_quoted: quote.is_some() })
    })
}

/// A private key, or an address with a password.
fn key_or_url(text: &str) -> Option<SecretText> {
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
    None
}

/// A token of a well-known service.
fn token_in(text: &str) -> Option<SecretText> {
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
    let length = text.as_bytes()[..at].iter().rev().take_while(|byte| is_of_name(byte)).count();
    let name = &text[at - length..at];
    if !is_of_a_secret(name) {
        return false;
    }
    let rest = text[at + 1..].trim_start_matches(['"', '\'']);
    let ends = |letter: char| letter.is_whitespace() || ";&\"',".contains(letter);
    let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
    is_long_enough(name, value) && is_value(value)
}

fn is_of_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether what has this name is a secret.
fn is_of_a_secret(name: &str) -> bool {
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
    let name = name.as_bytes();
    NAMES.iter().any(|end| {
        name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    })
}

/// A count or a switch of a program may be called like a secret, too.
fn is_long_enough(name: &str, value: &str) -> bool {
    value.len() >= 4 || name.to_ascii_lowercase().ends_with("password")
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
    fn a_file_has_one_in_yaml_json_and_python() {
        for (path, text) in [
            ("x.yaml", "instances:\n  - host: db\n    password: hunter2\n"),
            ("x.yaml", "instances:\n  - password:   'hunter2'"),
            ("x.yaml", "# password: hunter2"),
            ("x.yaml", "{\"username\": \"u\", \"password\": \"hunter2\"}"),
            ("x.yaml", "{\"password\":\"hunter2\"}"),
            ("x.yaml", "url: postgres://u:hunter2@db/shop"),
            ("x.yaml", "auth_token: abcdef123456"),
            ("x.yaml", "tls: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIE"),
            ("x.yaml", "aws: AKIAIOSFODNN7EXAMPLE"),
            ("x.conf", "password = hunter2"),
            ("x.py", "connect(host='db', password='hunter2')"),
            ("x.py", "PASSWORD = \"hunter2\""),
        ] {
            assert!(secret_in_file(path, text).is_some(), "{text}");
        }
        for (path, text) in [
            ("x.yaml", ""),
            ("x.yaml", "instances:\n  - password: ENC[db_password]\n"),
            ("x.yaml", "password: \"ENC[db_password]\""),
            ("x.yaml", "password: '%%env_DB_PASSWORD%%'"),
            ("x.yaml", "password: %%env_DB_PASSWORD%%"),
            ("x.yaml", "## @param password - string - optional\n# password: <PASSWORD>"),
            ("x.yaml", "password:\n"),
            ("x.yaml", "password: |\n  text"),
            ("x.yaml", "password: *anchor"),
            ("x.yaml", "arn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:password-AbCdEf"),
            ("x.yaml", "use_token: true\ntoken_path: /run/token"),
            ("x.yaml", "api_key: 0123456789abcdef0123456789abcdef"),
            ("x.py", "connect(host='db', password=password, token=self.token)"),
            ("x.py", "self.password = config['password']"),
            ("x.py", "if password == 'hunter2'"),
            ("x.py", "def check(self, token: str = None):"),
        ] {
            assert_eq!(secret_in_file(path, text), None, "{text}");
        }
    }

    #[test]
    fn a_key_of_datadogs_is_told_by_its_form_and_its_name() {
        const KEY: &str = "0123456789abcdef0123456789abcdef";
        for text in [
            format!("api_key: {KEY}"),
            format!("api_key: \"{KEY}\"  # mine"),
            format!("app_key: {KEY}01234567"),
            format!("{{\"api_key\":\"{KEY}\"}}"),
            format!("init(api_key='{KEY}')"),
            format!("additional_endpoints:\n  \"https://app.datadoghq.eu\":\n    - {KEY}"),
        ] {
            assert!(datadog_key_in_file(&text), "{text}");
        }
        for text in [
            String::new(),
            "api_key: ENC[api_key]".to_owned(),
            "api_key: <YOUR_API_KEY>".to_owned(),
            format!("checksum: {KEY}"),
            format!("ids:\n  - {KEY}"),
            format!("api_key: {KEY}0"),
        ] {
            assert!(!datadog_key_in_file(&text), "{text}");
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
            secret_in_file("x", &text);
            datadog_key_in_file(&text);
        }
    }
}
