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
        let named = variables.items().iter().find(|variable| variable.get("name").as_str() == Some(name));
        match named.map(|variable| variable.get("value")) {
            Some(Node::Unknown) => Variable::Unknown,
            Some(value) => value.as_str().map_or(Variable::Absent, Variable::Known),
            None if variables.is_unknown() => Variable::Unknown,
            None if variables.items().iter().any(|item| item.get("name").is_unknown()) => Variable::Unknown,
            None => Variable::Absent,
        }
    }

    /// What it gets for the variable of that name. Of a name that is there twice nobody can say which one counts.
    pub(crate) fn given(&self, name: &str) -> Given<'a> {
        let (variables, secrets) = (self.get("environment"), self.get("secrets"));
        let is_open =
            |list: &Node| list.is_unknown() || list.items().iter().any(|item| item.get("name").is_unknown());
        if is_open(variables) || is_open(secrets) {
            return Given::Unknown;
        }
        let named = |(_, item): &(usize, &'a Node)| item.get("name").as_str() == Some(name);
        if secrets.items().iter().enumerate().any(|item| named(&item)) {
            return Given::Secret;
        }
        let mut found = variables.items().iter().enumerate().filter(named);
        let (first, second) = (found.next(), found.next());
        match first.map(|(index, variable)| (index, variable.get("value"))) {
            _ if second.is_some() => Given::Unknown,
            Some((index, Node::String(value))) => Given::Text(value, index),
            None | Some((_, Node::Null)) => self.given_by_a_file(),
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

/// Whether somebody may fill in a part of a variable's text before it is used: `$NAME`, which no rule takes for a
/// placeholder there.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains('$')
}

#[cfg(test)]
mod tests {
    use super::super::tests::node;
    use super::*;

    #[test]
    fn a_value_comes_from_the_definition_a_secret_or_a_file() {
        let given = |rest: &str| {
            let definition = node(&format!(r#"{{"name": "a"{rest}}}"#));
            let container = Container { index: 0, node: &definition, name: Some("a") };
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
