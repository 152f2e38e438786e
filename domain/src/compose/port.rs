//! The ports of a service: `ports` in its short and its long form.

use super::interpolation::{is_open, text};
use crate::document::Node;

/// An entry of `ports` as a port mapping; unknown where a variable is in it, and for what Compose rejects.
pub(super) fn read(entry: &Node) -> Node {
    let read = match entry {
        Node::Object(_) => read_long(entry),
        entry => text(entry).and_then(|short| read_short(&short)),
    };
    read.unwrap_or(Node::Unknown)
}

/// `[[ip:]host:]container[/protocol]`, with ranges.
fn read_short(short: &str) -> Option<Node> {
    if is_open(short) {
        return None;
    }
    let (ports, protocol) = short.split_once('/').unwrap_or((short, "tcp"));
    // An address of IPv6 has colons of its own.
    let (before, container) = ports.rsplit_once(':').unwrap_or(("", ports));
    let host = before.rsplit_once(':').map_or(before, |(_, host)| host);
    mapping(container, host, protocol)
}

fn read_long(entry: &Node) -> Option<Node> {
    let part = |key: &str, otherwise: &'static str| text(entry.get(key)).unwrap_or(otherwise.into());
    let (target, published, protocol) = (part("target", ""), part("published", ""), part("protocol", "tcp"));
    let is_known = ![&target, &published, &protocol].into_iter().any(|part| is_open(part));
    is_known.then(|| mapping(&target, &published, &protocol))?
}

fn mapping(container: &str, host: &str, protocol: &str) -> Option<Node> {
    let mut members = vec![("protocol".to_owned(), Node::from(protocol))];
    match container.split_once('-') {
        None => members.push(("containerPort".to_owned(), number(container)?.into())),
        Some((first, last)) => {
            number(first).and(number(last))?;
            members.push(("containerPortRange".to_owned(), container.into()));
        }
    }
    // Of a range for one port the engine chooses.
    if !host.is_empty() && !host.contains('-') {
        members.push(("hostPort".to_owned(), number(host)?.into()));
    }
    Some(members.into_iter().collect())
}

fn number(text: &str) -> Option<i64> {
    text.parse::<u16>().ok().map(i64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{parse, to_json};

    #[test]
    fn a_port_is_read_from_either_form() {
        for (entry, expected) in [
            (r#""8126""#, r#"{"containerPort":8126,"protocol":"tcp"}"#),
            ("8126", r#"{"containerPort":8126,"protocol":"tcp"}"#),
            (r#""8125:8125/udp""#, r#"{"containerPort":8125,"hostPort":8125,"protocol":"udp"}"#),
            (r#""127.0.0.1:80:8080""#, r#"{"containerPort":8080,"hostPort":80,"protocol":"tcp"}"#),
            (r#""[::1]:80:8080""#, r#"{"containerPort":8080,"hostPort":80,"protocol":"tcp"}"#),
            (r#""3000-3005""#, r#"{"containerPortRange":"3000-3005","protocol":"tcp"}"#),
            (
                r#"{"target": 80, "published": "8080", "protocol": "tcp"}"#,
                r#"{"containerPort":80,"hostPort":8080,"protocol":"tcp"}"#,
            ),
        ] {
            assert_eq!(to_json(&read(&parse(entry).unwrap())).unwrap(), expected, "{entry}");
        }
        for open in [r#""$PORT:80""#, r#""http""#, r#"{"target": "$PORT"}"#, "null", "99999"] {
            assert_eq!(read(&parse(open).unwrap()), Node::Unknown, "{open}");
        }
    }
}
