//! Images of one's own: one with further files of the configuration, and one that needs no init container because it declares the
//! directories that the Agent writes as volumes.
//!
//! An empty volume that is mounted at exactly such a path starts with what the image has there, owners included (bind mounts in
//! the Amazon ECS developer guide, and Datadog's guide to read-only root filesystems, read 2026-11).

use super::writable_path::{CONFIG, LOGS, SUPERVISOR, TOKEN, all_writable_paths};

/// The Dockerfile of such an image: what is built on and the files that go into the configuration, by their paths below
/// `/etc/datadog-agent` there and below the folder of the Dockerfile here.
///
/// `VOLUME` comes last: what a build writes to a path after it was declared a volume is lost (datadog-agent issue 2716 and pull
/// request 7222).
pub fn dockerfile<'p>(base: &str, files: impl IntoIterator<Item = &'p str>) -> String {
    let mut text = config_dockerfile(base, files);
    let volumes: Vec<String> = declared().map(|path| format!("{path:?}")).collect();
    text.push_str(&format!("VOLUME [{}]\n", volumes.join(", ")));
    text
}

/// The Dockerfile of an image with further files of the configuration, which an init container copies with the image's own.
pub fn config_dockerfile<'p>(base: &str, files: impl IntoIterator<Item = &'p str>) -> String {
    let mut text = format!("FROM {base}\n");
    for path in files {
        let target = format!("{CONFIG}/{path}");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte);
        text.push_str(&match path.bytes().all(is_plain) {
            true => format!("COPY {path} {target}\n"),
            // The form for paths with spaces.
            false => format!("COPY [\"{}\", \"{}\"]\n", literal(&no_pattern(path)), literal(&target)),
        });
    }
    text
}

/// A source without what the builder takes for a pattern (Go's filepath.Match; Dockerfile reference, COPY, read 2026-11).
fn no_pattern(path: &str) -> String {
    path.chars()
        .map(|letter| if "[*?".contains(letter) { format!("[{letter}]") } else { letter.to_string() })
        .collect()
}

/// A text of that form's JSON, in which the builder looks for variables and takes quotes away once it is read.
fn literal(path: &str) -> String {
    path.replace('\\', r"\\\\").replace('$', r"\\$").replace('\'', r"\\'").replace('"', r#"\\\""#)
}

/// The paths to declare. Those of the log files and of the supervisor are declared by the Agent's own image, and that of the
/// token is inside another one.
fn declared() -> impl Iterator<Item = &'static str> {
    let paths = all_writable_paths("").into_iter().map(|writable| writable.path);
    paths.filter(|path| ![LOGS, SUPERVISOR, TOKEN].contains(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_the_builder_would_read_otherwise_is_written_so_that_it_does_not() {
        for (path, copied) in [
            ("conf.d/x.d/conf.yaml", "COPY conf.d/x.d/conf.yaml /etc/datadog-agent/conf.d/x.d/conf.yaml"),
            ("a [1]?*", r#"COPY ["a [[]1][?][*]", "/etc/datadog-agent/a [1]?*"]"#),
            ("it's $x", r#"COPY ["it\\'s \\$x", "/etc/datadog-agent/it\\'s \\$x"]"#),
            (r#"a"\b"#, r#"COPY ["a\\\"\\\\b", "/etc/datadog-agent/a\\\"\\\\b"]"#),
        ] {
            assert_eq!(config_dockerfile("agent:7.81.1", [path]), format!("FROM agent:7.81.1\n{copied}\n"));
        }
    }

    #[test]
    fn files_are_copied_before_the_volumes_are_declared() {
        assert_eq!(
            dockerfile("example.com/agent:7.81.1", ["conf.d/redisdb.d/conf.yaml", "checks.d/my check.py"]),
            "FROM example.com/agent:7.81.1\n\
             COPY conf.d/redisdb.d/conf.yaml /etc/datadog-agent/conf.d/redisdb.d/conf.yaml\n\
             COPY [\"checks.d/my check.py\", \"/etc/datadog-agent/checks.d/my check.py\"]\n\
             VOLUME [\"/etc/datadog-agent\", \"/opt/datadog-agent/run\", \"/var/run/datadog\", \"/tmp\"]\n"
        );
    }
}
