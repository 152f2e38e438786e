//! Where a secret is: in a variable of Nomad or in Vault, and the template that fetches it.

/// What keeps a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// A variable of Nomad.
    Variable,
    /// HashiCorp Vault.
    Vault,
}

/// A secret: what keeps it, under which path, and which item of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'t> {
    /// What keeps it.
    pub keeper: Keeper,
    /// The path there.
    pub path: &'t str,
    /// The item.
    pub item: &'t str,
}

/// The item where none is named.
const USUAL_ITEM: &str = "api_key";

/// Reads a reference: a path, with `#` and an item behind it where the item is not `api_key`. Below `nomad/` are the
/// variables that Nomad keeps for jobs, of which a task may read those of its own job (Nomad's page on workload identity, read
/// 2026-11), so such a path is a variable's and every other one is Vault's; `nomad:` and `vault:` before it say so themselves. None for what cannot be one.
pub fn reference(text: &str) -> Option<Reference<'_>> {
    let (path, item) = text.split_once('#').unwrap_or((text, USUAL_ITEM));
    let (keeper, path) = match (path.strip_prefix("nomad:"), path.strip_prefix("vault:")) {
        (Some(path), _) => (Keeper::Variable, path),
        (_, Some(path)) => (Keeper::Vault, path),
        _ if path.starts_with("nomad/") => (Keeper::Variable, path),
        _ => (Keeper::Vault, path),
    };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~/.@+=".contains(&byte);
    let is_path =
        !path.is_empty() && path.bytes().all(is_letter) && !path.starts_with('/') && !path.ends_with('/');
    let is_item =
        !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    // A path of Vault has at least the engine and the secret.
    let is_complete = keeper == Keeper::Variable || path.contains('/');
    (is_path && is_item && is_complete).then_some(Reference { keeper, path, item })
}

impl Reference<'_> {
    /// The line of an environment file that a template makes. The second version of Vault's store of keys and values has `data`
    /// behind the engine in its paths, and once more around the items.
    pub(super) fn line(&self, variable: &str) -> String {
        let Self { path, item, .. } = self;
        let (function, items) = match self.keeper {
            Keeper::Variable => ("nomadVar", ""),
            Keeper::Vault if path.split('/').nth(1) == Some("data") => ("secret", ".Data.data"),
            Keeper::Vault => ("secret", ".Data"),
        };
        let is_name = item.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && item.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        // Go's templates take nothing else than a name behind a dot (text/template, tried 2026-11-30).
        let place = match (is_name, items) {
            (true, items) => format!("{items}.{item}"),
            (false, "") => format!("(index . \"{item}\")"),
            (false, items) => format!("index {items} \"{item}\""),
        };
        // Quoted, because an environment file reads some signs otherwise. Nomad's own values are no plain texts.
        let value = if self.keeper == Keeper::Variable { format!("{place}.Value") } else { place };
        format!("{variable}={{{{ with {function} \"{path}\" }}}}{{{{ {value} | toJSON }}}}{{{{ end }}}}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_nomad_is_a_variables_and_any_other_is_vaults() {
        use Keeper::{Variable, Vault};
        for (text, read) in [
            ("nomad/jobs/datadog", Some((Variable, "nomad/jobs/datadog", "api_key"))),
            ("nomad:team/datadog#key", Some((Variable, "team/datadog", "key"))),
            ("secret/data/datadog", Some((Vault, "secret/data/datadog", "api_key"))),
            ("vault:nomad/data/datadog#dd_key", Some((Vault, "nomad/data/datadog", "dd_key"))),
            ("kv/team.a/datadog", Some((Vault, "kv/team.a/datadog", "api_key"))),
            ("secret", None),
            ("", None),
            ("nomad:", None),
            ("/secret/data/x", None),
            ("secret/data/x/", None),
            ("secret/data/x#", None),
            ("secret/data/x#api-key", Some((Vault, "secret/data/x", "api-key"))),
            ("secret/data/x#dd.key", Some((Vault, "secret/data/x", "dd.key"))),
            ("secret/data/x#a/b", None),
            ("secret/data/x#a\"b", None),
            ("secret/\"}}{{ env \"HOME\" }}", None),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:x", None),
        ] {
            let found = reference(text).map(|found| (found.keeper, found.path, found.item));
            assert_eq!(found, read, "{text}");
        }
    }

    #[test]
    fn a_line_fetches_the_item_as_its_keeper_has_it() {
        let line = |text| reference(text).unwrap().line("DD_API_KEY");
        assert_eq!(
            line("nomad/jobs/dd"),
            "DD_API_KEY={{ with nomadVar \"nomad/jobs/dd\" }}{{ .api_key.Value | toJSON }}{{ end }}\n"
        );
        assert_eq!(
            line("secret/data/dd#key"),
            "DD_API_KEY={{ with secret \"secret/data/dd\" }}{{ .Data.data.key | toJSON }}{{ end }}\n"
        );
        assert_eq!(
            line("kv/dd"),
            "DD_API_KEY={{ with secret \"kv/dd\" }}{{ .Data.api_key | toJSON }}{{ end }}\n"
        );
        assert_eq!(
            line("nomad/jobs/dd#api-key"),
            "DD_API_KEY={{ with nomadVar \"nomad/jobs/dd\" }}{{ (index . \"api-key\").Value | toJSON }}{{ end }}\n"
        );
        assert_eq!(
            line("secret/data/dd#api-key"),
            "DD_API_KEY={{ with secret \"secret/data/dd\" }}{{ index .Data.data \"api-key\" | toJSON }}{{ end }}\n"
        );
        assert_eq!(
            line("kv/dd#1"),
            "DD_API_KEY={{ with secret \"kv/dd\" }}{{ index .Data \"1\" | toJSON }}{{ end }}\n"
        );
    }
}
