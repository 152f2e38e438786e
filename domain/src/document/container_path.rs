//! Paths inside a container, as mounts and variables name them.

use std::borrow::Cow;

/// A path without repeated and trailing slashes and without steps to itself.
pub fn normalized(path: &str) -> Cow<'_, str> {
    let is_normal = path.starts_with('/')
        && (path == "/" || path.split('/').skip(1).all(|part| !part.is_empty() && part != "."));
    if is_normal {
        return Cow::Borrowed(path);
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    Cow::Owned(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_without_needless_slashes() {
        for path in ["/var/run/datadog", "/var/run/datadog/", "//var/./run//datadog"] {
            assert_eq!(normalized(path), "/var/run/datadog");
        }
        assert_eq!(normalized("/"), "/");
    }
}
