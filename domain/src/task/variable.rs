//! What a container gets for a variable: from its definition, from a secret, from a file.

use super::Container;
use crate::document::{Node, Path};

/// A variable in a container's `environment`.
pub(crate) enum Variable<'a> {
    /// Not set, as far as the task definition goes.
    Absent,
    /// Set to this text.
    Known(&'a str),
    /// Set to a value that is not known yet, or perhaps not set.
    Unknown,
}

/// What a container gets for a variable, from wherever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given<'a> {
    /// Nothing: neither `environment` nor `secrets` names it, and there is no environment file.
    Absent,
    /// This text, which stands at that place of `environment`.
    Text(&'a str, usize),
    /// The value of a secret.
    Secret,
    /// Perhaps a line of an environment file, which nobody sees before the task starts.
    PerhapsByFile,
    /// Something that is not known yet, or perhaps nothing.
    Unknown,
}

impl<'a> Container<'a> {
    /// The variable of that name in `environment`.
    pub(crate) fn variable(&self, name: &str) -> Variable<'a> {
        let variables = self.get("environment");
        let mut absent = if variables.is_unknown() { Variable::Unknown } else { Variable::Absent };
        for variable in variables.items() {
            match variable.get("name") {
                Node::String(own) if own == name => {
                    return match variable.get("value") {
                        Node::Unknown => Variable::Unknown,
                        value => value.as_str().map_or(Variable::Absent, Variable::Known),
                    };
                }
                Node::Unknown => absent = Variable::Unknown,
                _ => {}
            }
        }
        absent
    }

    /// What it gets for the variable of that name. Of a name that is there twice nobody can say which one counts.
    pub(crate) fn given(&self, name: &str) -> Given<'a> {
        let variables = self.get("environment");
        let (Some(places), Some(secrets)) = (named(variables, name), named(self.get("secrets"), name)) else {
            return Given::Unknown;
        };
        if !secrets.is_empty() {
            return Given::Secret;
        }
        match places.as_slice() {
            [] => self.given_by_a_file(),
            [index] => match variables.items()[*index].get("value") {
                Node::String(value) => Given::Text(value, *index),
                Node::Null => self.given_by_a_file(),
                _ => Given::Unknown,
            },
            _ => Given::Unknown,
        }
    }

    fn given_by_a_file(&self) -> Given<'a> {
        match self.get("environmentFiles") {
            Node::Unknown => Given::Unknown,
            files if files.items().is_empty() => Given::Absent,
            _ => Given::PerhapsByFile,
        }
    }

    /// Where the value of a variable stands.
    pub(crate) fn variable_path(&self, index: usize) -> Path {
        self.path().key("environment").index(index).key("value")
    }

    /// Whether what it starts names a variable, as a script does that sets it: `export DD_SITE=...`. `None` if not yet
    /// known.
    pub(crate) fn its_start_names(&self, variable: &str) -> Option<bool> {
        self.words().map(|words| words.iter().any(|word| word.contains(variable)))
    }
}

/// The positions of the items of that name in a list of variables or secrets; none while a name is not known yet.
fn named(list: &Node, name: &str) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for (index, item) in list.items().iter().enumerate() {
        match item.get("name") {
            Node::String(own) if own == name => places.push(index),
            Node::Unknown => return None,
            _ => {}
        }
    }
    (!list.is_unknown()).then_some(places)
}

/// Whether somebody may fill in a part of a variable's text before it is used: `$NAME`, which no rule takes for a
/// placeholder there.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains('$')
}

#[cfg(test)]
mod tests {
    use super::super::DocumentKind;
    use super::super::tests::node;
    use super::*;

    #[test]
    fn a_value_comes_from_the_definition_a_secret_or_a_file() {
        let given = |rest: &str| {
            let definition = node(&format!(r#"{{"name": "a"{rest}}}"#));
            let container =
                Container { index: 0, node: &definition, name: Some("a"), kind: DocumentKind::default() };
            format!("{:?}", container.given("X"))
        };
        let variable = |value: &str| format!(r#", "environment": [{{"name": "X", "value": {value}}}]"#);
        for (rest, answer) in [
            (String::new(), "Absent"),
            (variable("\"1\""), "Text(\"1\", 0)"),
            (variable("\"\""), "Text(\"\", 0)"),
            (variable("null"), "Absent"),
            (variable("7"), "Unknown"),
            (variable("\"<unknown>\""), "Unknown"),
            (r#", "environment": "<unknown>""#.to_owned(), "Unknown"),
            (r#", "environment": [{"name": "<unknown>", "value": "1"}]"#.to_owned(), "Unknown"),
            (
                r#", "environment": [{"name": "X", "value": "1"}, {"name": "X", "value": "2"}]"#.to_owned(),
                "Unknown",
            ),
            (r#", "secrets": [{"name": "X", "valueFrom": "arn"}]"#.to_owned(), "Secret"),
            (r#", "secrets": [{"name": "Y", "valueFrom": "arn"}]"#.to_owned(), "Absent"),
            (r#", "secrets": ["<unknown>"]"#.to_owned(), "Unknown"),
            (r#", "environmentFiles": [{"type": "s3", "value": "arn"}]"#.to_owned(), "PerhapsByFile"),
            (r#", "environmentFiles": "<unknown>""#.to_owned(), "Unknown"),
            (r#", "environmentFiles": []"#.to_owned(), "Absent"),
            (format!(r#"{}, "environmentFiles": "<unknown>""#, variable("\"1\"")), "Text(\"1\", 0)"),
        ] {
            assert_eq!(given(&rest), answer, "{rest}");
        }
    }
}
