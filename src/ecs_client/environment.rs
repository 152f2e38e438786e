//! What the environment of the process says to this module itself. The SDK reads most variables on its own; here are
//! those that it does not know, and those that it does not take for absent when they are empty.

use std::path::PathBuf;

/// The region that the environment names.
pub fn region_of_environment() -> Option<String> {
    region_variable().map(|(_, region)| region)
}

/// The region that the environment names, behind the variable that names it.
pub(super) fn region_variable() -> Option<(&'static str, String)> {
    ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| Some((name, variable(name)?)))
}

/// A variable's text. One that is set and empty counts as not set: that is how pipelines pass on what they do not have.
#[expect(clippy::disallowed_methods, reason = "this is the provider's configuration")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Whether a variable is set and empty, where the SDK would take the empty text for a value.
#[expect(clippy::disallowed_methods, reason = "this is the provider's configuration")]
pub(super) fn is_empty(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| value.trim().is_empty())
}

/// A path as a person writes it: `$NAME` and `${NAME}` are variables, and `~` at the beginning is the home folder.
/// A variable that is not set stays as it is written, so that whoever reads the file can say so.
pub(super) fn file_path(written: &str) -> PathBuf {
    expand(written, std::env::home_dir(), variable)
}

fn expand(written: &str, home: Option<PathBuf>, variable: impl Fn(&str) -> Option<String>) -> PathBuf {
    let path = with_variables(written, variable);
    let below_home = match path.strip_prefix('~') {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix(std::path::is_separator),
        None => None,
    };
    match (below_home, home) {
        (Some(below), Some(home)) => home.join(below),
        _ => PathBuf::from(path),
    }
}

fn with_variables(written: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::new();
    let mut rest = written;
    while let Some((before, behind)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, after) = match behind.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
            Some((name, after)) => (name, after),
            None => behind.split_at(name_length(behind)),
        };
        match variable(name).filter(|_| !name.is_empty() && name_length(name) == name.len()) {
            Some(value) => {
                expanded.push_str(&value);
                rest = after;
            }
            None => {
                expanded.push('$');
                rest = behind;
            }
        }
    }
    expanded.push_str(rest);
    expanded
}

/// How many bytes at the beginning can be the name of a variable.
fn name_length(text: &str) -> usize {
    text.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(written: &str) -> String {
        let variable = |name: &str| match name {
            "HOME" => Some("/people/jane".to_owned()),
            "AT_2" => Some("$HOME".to_owned()),
            _ => None,
        };
        expand(written, Some(PathBuf::from("/people/jane")), variable).display().to_string()
    }

    #[test]
    fn the_home_folder_and_variables_are_filled_in() {
        for (written, path) in [
            ("~/.aws/other", "/people/jane/.aws/other"),
            ("~", "/people/jane/"),
            ("$HOME/ca.pem", "/people/jane/ca.pem"),
            ("${HOME}work/ca.pem", "/people/janework/ca.pem"),
            ("/mnt/${HOME}", "/mnt//people/jane"),
        ] {
            assert_eq!(expanded(written), path, "{written}");
        }
    }

    #[test]
    fn what_names_nothing_stays_as_it_is_written() {
        for written in [
            "",
            "ca.pem",
            "/etc/~/ca.pem",
            "~jane/ca.pem",
            "$NOBODY/ca.pem",
            "${NOBODY}",
            "${HOME",
            "cost$",
            "$/x",
            "${}",
            "${HO ME}",
        ] {
            assert_eq!(expanded(written), written);
        }
        assert_eq!(expanded("$AT_2/x"), "$HOME/x", "a variable's text is not read again");
        assert_eq!(
            expand("~/x", None, |_| None),
            PathBuf::from("~/x"),
            "without a home folder there is nothing to fill in"
        );
    }
}
