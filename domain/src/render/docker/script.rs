//! The script that starts the containers with Docker's command line, and that may be run again at any time.
//!
//! What is as it should be stays. A container whose definition, image or secrets are others is replaced: the new image is there and
//! the configuration copied before the old Agent stops, so that a failure leaves it running.

use super::run::{options, word};
use crate::document::Node;
use crate::rofs::shell::quoted;

/// The label by which a container that the script started is known, with the definition that it was started with.
pub const DEFINITION_LABEL: &str = "ddrofs.definition";

/// The script for a document whose digest is `definition`; none while a part is not known yet.
pub fn commands(document: &Node, definition: &str) -> Option<String> {
    if !document.is_wholly_known() {
        return None;
    }
    let mut script = Script { text: HEAD.to_owned(), definition, secrets: Vec::new() };
    let containers = document.get("containers").items();
    for container in containers {
        script.secrets(container);
    }
    for (kind, list) in [("volume", "volumes"), ("network", "networks")] {
        for name in document.get(list).items().iter().filter_map(|one| one.get("name").as_str()) {
            let name = word(name);
            script.line(&format!(
                "docker {kind} inspect {name} >/dev/null 2>&1 || docker {kind} create {name} >/dev/null"
            ));
        }
    }
    let (ending, lasting): (Vec<_>, Vec<_>) = containers.iter().partition(|container| is_ending(container));
    for container in lasting {
        script.container(container, &ending);
    }
    Some(script.text)
}

/// What every script begins with. `found` prints what a container was started with, and nothing where there is none.
const HEAD: &str = r#"#!/bin/sh
# Starts the Datadog Agent on a root filesystem that is read-only. Run it again at any time: what is as it should be stays, and what
# has changed is replaced.
# shellcheck disable=SC1003,SC2016 # What stands between single quotes is for the container or for Docker, not for this shell.
set -eu

fail() {
	printf '%s\n' "datadog: $1" >&2
	exit 1
}

# The definition and the image that a container was started with; nothing where there is no such container.
found() {
	docker container inspect --format '{{index .Config.Labels "ddrofs.definition"}} {{.Image}}' "$1" 2>/dev/null || :
}

# Whether a container was given this variable with this value.
holds() {
	case "
$(docker container inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$1")
" in
	*"
$2
"*) return 0 ;;
	esac
	return 1
}

docker version >/dev/null || fail 'Docker does not answer.'
"#;

struct Script<'d> {
    text: String,
    definition: &'d str,
    /// The variables of each container that come from the machine, with the name that holds the value here.
    secrets: Vec<(String, String)>,
}

/// Whether it runs to its end before others start.
fn is_ending(container: &Node) -> bool {
    container.get("attach").as_bool() == Some(true)
}

fn name(container: &Node) -> &str {
    container.get("name").as_str().unwrap_or_default()
}

impl Script<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Reads the machine's variables first of all, each into a name of its own: one that is missing ends the script before anything is
    /// done, and no name that a container gets can hide another one's source.
    fn secrets(&mut self, container: &Node) {
        let Node::Object(secrets) = container.get("secrets") else { return };
        if secrets.is_empty() {
            return;
        }
        self.line("\n# Secrets are the machine's and never part of this text.");
        for (name, variable) in secrets {
            let variable = variable.as_str().unwrap_or_default();
            let held = format!("secret_{}", self.secrets.len() + 1);
            self.line(&format!("{held}=${{{variable}:?set it to the value of {name}}}"));
            self.secrets.push((name.clone(), held));
        }
        self.line("");
    }

    /// A container that stays, and before it those that prepare for it.
    fn container(&mut self, container: &Node, before: &[&Node]) {
        let (name, image) = (word(name(container)), container.get("image").as_str().unwrap_or_default());
        let mut images: Vec<&str> = before.iter().filter_map(|one| one.get("image").as_str()).collect();
        images.push(image);
        images.dedup();
        self.line("");
        for image in images.iter().map(|image| word(image)) {
            self.line(&format!("docker image inspect {image} >/dev/null 2>&1 || docker pull {image}"));
        }
        self.line(&format!("image=$(docker image inspect --format '{{{{.Id}}}}' {})", word(image)));
        self.line(&format!("wanted=\"{} $image\"", self.definition));
        self.line(&format!("found=$(found {name})"));
        let foreign = format!(
            "There is a container {} that this script did not start. Remove it, or give the Agent another container_name.",
            self::name(container)
        );
        self.line(&format!("case $found in ' '*) fail {} ;; esac", quoted(&foreign)));
        for (variable, held) in self.secrets.clone() {
            self.line(&format!(
                "if [ \"$found\" = \"$wanted\" ] && ! holds {name} \"{variable}=${held}\"; then found=outdated; fi"
            ));
        }
        self.line("if [ \"$found\" = \"$wanted\" ]; then");
        self.line(&format!(
            "\t[ \"$(docker container inspect --format '{{{{.State.Running}}}}' {name})\" = true ] || docker start {name} >/dev/null"
        ));
        self.line("else");
        for one in before {
            let failed = format!("Container {} failed. The Agent was left as it is.", self::name(one));
            let run = self.run(one, "--rm", "");
            self.line(&format!("\t{run} || fail {}", quoted(&failed)));
        }
        self.line("\tif [ -n \"$found\" ]; then");
        self.line(&format!("\t\tdocker stop {name} >/dev/null"));
        self.line(&format!("\t\tdocker rm {name} >/dev/null"));
        self.line("\tfi");
        let label = format!("--label {DEFINITION_LABEL}={}", self.definition);
        let run = self.run(container, "--detach", &label);
        self.line(&format!("\t{run} >/dev/null"));
        self.line("fi");
        self.wait_until_healthy(container);
    }

    /// The whole command, an option a line.
    fn run(&self, container: &Node, first: &str, last: &str) -> String {
        let has_secrets = !container.get("secrets").is_null();
        let secrets = self.secrets.iter().filter(|_| has_secrets);
        let handed: String = secrets.map(|(name, held)| format!("{name}=\"${held}\" ")).collect();
        let mut lines =
            vec![format!("{handed}docker run {first}"), format!("--name {}", word(name(container)))];
        lines.extend(options(container));
        lines.extend((!last.is_empty()).then(|| last.to_owned()));
        let words = container.get("command").items().iter().filter_map(Node::as_str).map(word);
        let image = word(container.get("image").as_str().unwrap_or_default());
        lines.push([image].into_iter().chain(words).collect::<Vec<_>>().join(" "));
        lines.join(" \\\n\t\t")
    }

    fn wait_until_healthy(&mut self, container: &Node) {
        let (true, Node::Number(seconds)) =
            (container.get("wait").as_bool() == Some(true), container.get("wait_timeout"))
        else {
            return;
        };
        let name = word(name(container));
        let late = format!("Container {} is not healthy after {seconds} seconds.", self::name(container));
        self.line("tries=0");
        self.line(&format!(
            "until [ \"$(docker container inspect --format '{{{{.State.Health.Status}}}}' {name})\" = healthy ]; do"
        ));
        self.line("\ttries=$((tries + 1))");
        self.line(&format!("\t[ \"$tries\" -le {seconds} ] || fail {}", quoted(&late)));
        self.line("\tsleep 1");
        self.line("done");
    }
}
