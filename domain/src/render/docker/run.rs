//! The command line that does what the arguments of `docker_container` say.

use crate::document::Node;
use crate::rofs::shell::quoted;

/// The options of `docker run` for a container, or for what one needs to reach the Agent: each as one text, an option with its value,
/// as a shell reads it. What is not known yet is left out; ask the document first.
pub fn options(container: &Node) -> Vec<String> {
    let mut options = Options(Vec::new());
    options.of_its_life(container);
    options.of_its_environment(container);
    options.of_its_files(container);
    options.of_its_health(container);
    options.of_its_log(container);
    options.0
}

struct Options(Vec<String>);

impl Options {
    fn flag(&mut self, name: &str) {
        self.0.push(format!("--{name}"));
    }

    fn value(&mut self, name: &str, value: &str) {
        self.0.push(format!("--{name} {}", word(value)));
    }

    /// An option that is a text or a number of the container, where it says one.
    fn member(&mut self, name: &str, value: &Node, unit: &str) {
        if let Some(value) = scalar(value) {
            self.value(name, &format!("{value}{unit}"));
        }
    }

    fn of_its_life(&mut self, container: &Node) {
        if container.get("read_only").as_bool() == Some(true) {
            self.flag("read-only");
        }
        self.member("restart", container.get("restart"), "");
        self.member("user", container.get("user"), "");
        self.member("pid", container.get("pid_mode"), "");
        self.member("cpus", container.get("cpus"), "");
        self.member("memory", container.get("memory"), "m");
        self.member("memory-reservation", container.get("memory_reservation"), "m");
        for network in container.get("networks_advanced").items() {
            self.member("network", network.get("name"), "");
        }
        for port in container.get("ports").items() {
            let part = |key: &str| scalar(port.get(key)).unwrap_or_default();
            let [ip, external, internal, protocol] = ["ip", "external", "internal", "protocol"].map(part);
            self.value("publish", &format!("{ip}:{external}:{internal}/{protocol}"));
        }
        self.member("stop-timeout", container.get("stop_timeout"), "");
    }

    /// A variable without a value is one that the command line hands on.
    fn of_its_environment(&mut self, container: &Node) {
        for variable in container.get("env").items() {
            self.member("env", variable, "");
        }
        if let Node::Object(secrets) = container.get("secrets") {
            secrets.keys().for_each(|name| self.value("env", name));
        }
        for label in container.get("labels").items() {
            let part = |key: &str| scalar(label.get(key)).unwrap_or_default();
            self.value("label", &format!("{}={}", part("label"), part("value")));
        }
    }

    /// By `--mount`, because `--volume` makes a directory of the machine where a file is missing.
    fn of_its_files(&mut self, container: &Node) {
        for volume in container.get("volumes").items() {
            let (kind, source) = match scalar(volume.get("host_path")) {
                Some(path) => ("bind", path),
                None => ("volume", scalar(volume.get("volume_name")).unwrap_or_default()),
            };
            let target = scalar(volume.get("container_path")).unwrap_or_default();
            let mut fields = vec![
                format!("type={kind}"),
                field(&format!("source={source}")),
                field(&format!("target={target}")),
            ];
            if volume.get("read_only").as_bool() == Some(true) {
                fields.push("readonly".to_owned());
            }
            self.value("mount", &fields.join(","));
        }
        if let Node::Object(tmpfs) = container.get("tmpfs") {
            for (path, options) in tmpfs {
                self.value("tmpfs", &format!("{path}:{}", options.as_str().unwrap_or_default()));
            }
        }
    }

    fn of_its_health(&mut self, container: &Node) {
        let [check] = container.get("healthcheck").items() else { return };
        let test: Vec<&str> = check.get("test").items().iter().filter_map(Node::as_str).collect();
        match test.as_slice() {
            ["CMD-SHELL", line] => self.value("health-cmd", line),
            // The command line only has lines for a shell.
            ["CMD", words @ ..] => {
                let line: Vec<String> = words.iter().map(|text| word(text)).collect();
                self.value("health-cmd", &line.join(" "));
            }
            _ => return self.flag("no-healthcheck"),
        }
        for (option, key) in [
            ("health-interval", "interval"),
            ("health-timeout", "timeout"),
            ("health-retries", "retries"),
            ("health-start-period", "start_period"),
        ] {
            self.member(option, check.get(key), "");
        }
    }

    fn of_its_log(&mut self, container: &Node) {
        self.member("log-driver", container.get("log_driver"), "");
        if let Node::Object(options) = container.get("log_opts") {
            for (name, value) in options {
                self.value("log-opt", &format!("{name}={}", value.as_str().unwrap_or_default()));
            }
        }
    }
}

/// A text as a word for a shell, with quotes only where it needs any.
pub(super) fn word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=,@+%".contains(&byte);
    let needs_none = !text.is_empty() && text.bytes().all(is_plain);
    if needs_none { text.to_owned() } else { quoted(text) }
}

/// A field between commas, as `--mount` reads them (a line of comma-separated values, docker/cli `opts/mount.go`, read 2026-11).
fn field(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

fn scalar(node: &Node) -> Option<String> {
    match node {
        Node::String(text) => Some(text.clone()),
        Node::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_shell_would_read_otherwise_is_quoted() {
        for (text, written) in [
            ("datadog/agent:7.81.1", "datadog/agent:7.81.1"),
            ("A=1", "A=1"),
            ("", "''"),
            ("~", "'~'"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("*", "'*'"),
            ("é", "'é'"),
        ] {
            assert_eq!(word(text), written);
        }
    }

    #[test]
    fn a_path_with_a_comma_is_one_field_of_a_mount() {
        let volume = Node::from([
            ("host_path", "/a,\"b\" c".into()),
            ("container_path", "/run/secrets/a".into()),
            ("read_only", true.into()),
        ]);
        let container = Node::from([("volumes", vec![volume].into())]);
        assert_eq!(
            options(&container),
            [r#"--mount 'type=bind,"source=/a,""b"" c",target=/run/secrets/a,readonly'"#]
        );
    }
}
