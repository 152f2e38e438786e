//! Templates of a task, as far as they are read: the variables that one sets, and the variables of Nomad that it names.
//!
//! A template is Go's. Its file of variables has a line for each, and a line may stand inside actions. What only running it tells
//! is not known.

use super::job::Part;
use crate::document::Node;

/// What a template with `env` sets.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Variables {
    /// Those that are fetched: a name, and the path that it is fetched from.
    pub(super) secrets: Vec<(String, String)>,
    /// Those with a value, which may not be known, line by line. The last line with a name counts.
    pub(super) plain: Vec<(String, Node)>,
    /// Whether there may be others.
    pub(super) may_be_others: bool,
}

/// Functions that fetch a secret from where it is kept (consul-template's, which Nomad runs; docs/templating-language.md of
/// hashicorp/consul-template, and `nomadVar` of Nomad's page on templates).
const FETCH: [&str; 5] = ["nomadVar", "nomadVarExists", "secret", "secrets", "pkiCert"];

/// The variables that a template sets; none where it is a mere file.
pub(super) fn variables(template: &Part<'_>) -> Option<Variables> {
    let nobody_knows = || Some(Variables { may_be_others: true, ..Variables::default() });
    match super::filled::flag(template.get("env")) {
        Node::Bool(true) => {}
        Node::Unknown => return nobody_knows(),
        _ => return None,
    }
    let signs = (template.get("left_delimiter"), template.get("right_delimiter"));
    match (template.get("data"), signs) {
        (Node::String(data), (Node::Null | Node::String(_), Node::Null | Node::String(_))) => {
            let sign = |node: &'_ Node, usual: &str| match node.as_str() {
                None | Some("") => usual.to_owned(),
                Some(sign) => sign.to_owned(),
            };
            Some(lines(data, &sign(signs.0, "{{"), &sign(signs.1, "}}")))
        }
        _ => nobody_knows(),
    }
}

/// What is around a line.
#[derive(Clone, Copy)]
struct Around {
    /// Whether it is made of what is fetched.
    is_fetched: bool,
    /// Whether what is inside of it stands there for certain: a secret is waited for.
    is_certain: bool,
}

fn lines(data: &str, left: &str, right: &str) -> Variables {
    let mut read = Reader {
        left,
        right,
        around: Vec::new(),
        fetched: 0,
        uncertain: 0,
        path: None,
        variables: Variables::default(),
    };
    for line in data.lines() {
        read.line(line.trim());
    }
    read.variables
}

struct Reader<'t> {
    left: &'t str,
    right: &'t str,
    around: Vec<Around>,
    /// How many of what is around are fetched, and how many may be left out.
    fetched: usize,
    uncertain: usize,
    /// The path that was fetched from last.
    path: Option<String>,
    variables: Variables,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        // Actions before the name.
        while let Some((action, behind)) = self.action_at_the_start(rest) {
            if self.takes_part(action) == Effect::Prints {
                self.variables.may_be_others = true;
            }
            rest = behind.trim_start();
        }
        if rest.is_empty() || rest.starts_with('#') {
            return;
        }
        let rest = rest.strip_prefix("export ").unwrap_or(rest).trim_start();
        let Some((name, value)) = rest.split_once('=') else {
            self.variables.may_be_others = true;
            return;
        };
        let name = name.trim();
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
        if !is_name {
            self.variables.may_be_others = true;
        } else if value.contains(self.left) {
            self.computed(name, value);
        } else {
            let value = value.trim();
            let quoted = ["\"", "'"]
                .into_iter()
                .find_map(|quote| value.strip_prefix(quote).and_then(|inside| inside.strip_suffix(quote)));
            // What is in quotes may have signs of its own.
            let value = match quoted {
                Some(inside) if inside.contains('\\') => Node::Unknown,
                Some(inside) => inside.into(),
                None => value.into(),
            };
            // What stands in a branch may not stand there at all.
            let value = if self.uncertain > 0 { Node::Unknown } else { value };
            self.variables.plain.push((name.to_owned(), value));
        }
    }

    /// A variable whose value is made by actions.
    fn computed(&mut self, name: &str, value: &str) {
        let mut is_fetched = self.fetched > 0;
        let mut rest = value;
        while let Some(at) = rest.find(self.left) {
            let Some((action, behind)) = self.action_at_the_start(&rest[at..]) else { break };
            is_fetched |= is_a_fetch(action);
            rest = behind;
            self.takes_part(action);
        }
        match is_fetched {
            true => {
                let path = self.path.clone().unwrap_or_else(|| "template".to_owned());
                self.variables.secrets.push((name.to_owned(), path));
            }
            false => self.variables.plain.push((name.to_owned(), Node::Unknown)),
        }
    }

    /// The action that a text begins with, and what is behind it.
    fn action_at_the_start<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let inside = text.strip_prefix(self.left)?;
        let (action, behind) = inside.split_once(self.right)?;
        Some((action.trim_matches('-').trim(), behind))
    }

    fn opens(&mut self, around: Around) {
        self.fetched += usize::from(around.is_fetched);
        self.uncertain += usize::from(!around.is_certain);
        self.around.push(around);
    }

    fn closes(&mut self) -> Option<Around> {
        let around = self.around.pop()?;
        self.fetched -= usize::from(around.is_fetched);
        self.uncertain -= usize::from(!around.is_certain);
        Some(around)
    }

    /// Notes what an action opens and closes.
    fn takes_part(&mut self, action: &str) -> Effect {
        let word = action.split_whitespace().next().unwrap_or_default();
        if let Some(path) = fetched_from(action) {
            self.path = Some(path.to_owned());
        }
        match word {
            "with" => {
                let is_fetched = is_a_fetch(action);
                self.opens(Around { is_fetched, is_certain: is_fetched });
                Effect::Opens
            }
            "range" | "if" | "define" | "block" => {
                // How often what is inside it stands there, nobody knows.
                self.variables.may_be_others = true;
                self.opens(Around { is_fetched: is_a_fetch(action), is_certain: false });
                Effect::Opens
            }
            "end" => {
                self.closes();
                Effect::Opens
            }
            "else" => {
                self.variables.may_be_others = true;
                if let Some(around) = self.closes() {
                    self.opens(Around { is_certain: false, ..around });
                }
                Effect::Opens
            }
            word if word.starts_with("/*") || action.contains(":=") => Effect::Opens,
            _ => Effect::Prints,
        }
    }
}

/// What an action does to the text.
#[derive(PartialEq)]
enum Effect {
    Opens,
    Prints,
}

fn is_a_fetch(action: &str) -> bool {
    let mut words = action.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| FETCH.contains(&word))
}

/// The path of the secret that an action fetches, where it is written out.
fn fetched_from(action: &str) -> Option<&str> {
    let at = FETCH.iter().find_map(|function| {
        let behind = action.split_once(function)?.1;
        behind.starts_with(char::is_whitespace).then_some(behind)
    })?;
    literal(at)
}

/// The text in quotes that another one begins with.
fn literal(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|first| ['"', '`'].contains(first))?;
    text[1..].split_once(quote).map(|(inside, _)| inside)
}

/// The paths of Nomad's variables that a template reads, where they are written out.
pub(super) fn paths_of_variables(data: &str) -> Vec<&str> {
    const FUNCTION: &str = "nomadVar";
    let mut paths = Vec::new();
    for (at, _) in data.match_indices(FUNCTION) {
        let behind = &data[at + FUNCTION.len()..];
        if behind.starts_with(char::is_whitespace) {
            paths.extend(literal(behind));
        }
    }
    paths
}

/// The same data with another path.
pub(super) fn with_another_path(data: &str, path: &str, other: &str) -> String {
    let mut out = data.to_owned();
    for quote in ['"', '`'] {
        out = out
            .replace(&format!("nomadVar {quote}{path}{quote}"), &format!("nomadVar {quote}{other}{quote}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: &str) -> (String, bool) {
        let Variables { secrets, plain, may_be_others } = lines(data, "{{", "}}");
        let secrets = secrets.into_iter().map(|(name, path)| format!("{name} from {path}"));
        let plain = plain.into_iter().map(|(name, value)| match value.as_str() {
            Some(value) => format!("{name}={value}"),
            None => format!("{name}=?"),
        });
        (secrets.chain(plain).collect::<Vec<_>>().join(", "), may_be_others)
    }

    #[test]
    fn the_lines_of_a_file_of_variables_are_read() {
        let nomad = "{{ with nomadVar \"nomad/jobs/shop\" }}";
        for (data, variables, may_be_others) in [
            ("", "", false),
            ("# comment\n\nA=1\nexport B = \"two words\"\nC='x'\n", "A=1, B=two words, C=x", false),
            (
                &format!("DD_API_KEY={nomad}{{{{ .api_key.Value | toJSON }}}}{{{{ end }}}}\n"),
                "DD_API_KEY from nomad/jobs/shop",
                false,
            ),
            (
                &format!(
                    "{nomad}\nDD_API_KEY={{{{ .api_key }}}}\nDD_SITE=datadoghq.eu\n{{{{ end }}}}\nA={{{{ env \"X\" }}}}"
                ),
                "DD_API_KEY from nomad/jobs/shop, DD_SITE=datadoghq.eu, A=?",
                false,
            ),
            (
                "{{- with secret `secret/data/dd` -}}\nDD_API_KEY={{ .Data.data.key }}\n{{- end }}",
                "DD_API_KEY from secret/data/dd",
                false,
            ),
            ("{{ range nomadVarList }}\n{{ .Path }}=1\n{{ end }}", "", true),
            ("{{ if true }}\nA=1\n{{ else }}\nA=2\n{{ end }}\nB=3", "A=?, A=?, B=3", true),
            ("A=1\n{{ with service \"db\" }}\nA=2\n{{ end }}", "A=1, A=?", false),
            (&format!("{nomad}\nA=1\n{{{{ end }}}}"), "A=1", false),
            ("A=1\nA=2", "A=1, A=2", false),
            (&format!("{nomad}\nA=1\n{{{{ else }}}}\nA=2\n{{{{ end }}}}"), "A=1, A=?", true),
            ("{{ if nomadVarExists \"x\" }}\nA=1\n{{ end }}", "A=?", true),
            ("{{ key \"all\" }}", "", true),
            ("{{ $x := 1 }}\nA={{ $x }}", "A=?", false),
            ("no variable", "", true),
            ("A=\"\\n\"", "A=?", false),
            ("A={{ broken", "A=?", false),
        ] {
            assert_eq!(read(data), (variables.to_owned(), may_be_others), "{data}");
        }
    }

    #[test]
    fn the_paths_of_variables_are_those_that_are_written_out() {
        let data = "{{ with nomadVar \"a/b\" }}{{ end }}{{ nomadVar `c` }}{{ nomadVarExists \"d\" }}{{ nomadVar (printf \"e\") }}";
        assert_eq!(paths_of_variables(data), ["a/b", "c"]);
        assert_eq!(
            with_another_path("x {{ with nomadVar \"a\" }} \"a\"", "a", "nomad/jobs/s"),
            "x {{ with nomadVar \"nomad/jobs/s\" }} \"a\""
        );
    }
}
