//! The image that needs no init container: it declares the directories that the Agent writes as volumes.
//!
//! An empty volume that is mounted at exactly such a path starts with what the image has there, owners included (bind mounts in
//! the Amazon ECS developer guide, and Datadog's guide to read-only root filesystems, read 2026-11).

use super::writable_path::{CONFIG, LOGS, all_writable_paths};

/// The Dockerfile of such an image: what is built on and the files that go into the configuration, by their paths below
/// `/etc/datadog-agent` there and below the folder of the Dockerfile here.
///
/// `VOLUME` comes last: what a build writes to a path after it was declared a volume is lost (datadog-agent issue 2716 and pull
/// request 7222).
pub fn dockerfile<'p>(base: &str, files: impl IntoIterator<Item = &'p str>) -> String {
    let mut text = format!("FROM {base}\n");
    for path in files {
        let target = format!("{CONFIG}/{path}");
        // The form for paths with spaces.
        match path.contains(char::is_whitespace) {
            true => text.push_str(&format!("COPY [{path:?}, {target:?}]\n")),
            false => text.push_str(&format!("COPY {path} {target}\n")),
        }
    }
    let volumes: Vec<String> = declared().map(|path| format!("{path:?}")).collect();
    text.push_str(&format!("VOLUME [{}]\n", volumes.join(", ")));
    text
}

/// The paths to declare. That of the log files is declared by the Agent's own image.
fn declared() -> impl Iterator<Item = &'static str> {
    all_writable_paths("").into_iter().map(|writable| writable.path).filter(|path| *path != LOGS)
}

#[cfg(test)]
mod tests {
    use super::*;

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
