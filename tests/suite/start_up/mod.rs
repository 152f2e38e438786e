//! Rendered tasks, really started on roots that are really read-only: what the pattern promises, and what each part of it is there for.

mod compose;
mod consequences;
mod ecs;
mod kubernetes;
mod mutilations;
mod platforms;
mod starts;

#[path = "../../support/sandbox/mod.rs"]
mod sandbox;

use std::collections::BTreeSet;

use ddrofs::rofs::settings::{DEFAULT_IMAGE, Settings};
use sandbox::{Image, Means, Sandbox, Seen, Task};

/// The reference of the application's image.
const APPLICATION: &str = "example.com/shop/orders:1.4.2";

/// The reference of an image that has the Agent's directories as volumes, and the configuration of a check.
const WITH_VOLUMES: &str = "example.com/shop/agent:7.81.1";

/// The configuration of a check, below the Agent's.
const CHECK: (&str, &str) = ("conf.d/http_check.d/conf.yaml", "instances:\n  - url: http://localhost\n");

/// The reference of the image before an upgrade.
const OLDER: &str = "example.com/shop/agent:7.80.0";

/// Lists the Agent's own log files, and what is remembered of some files that were copied.
const LOOK: &str = "for file in /var/log/datadog/*.log; do echo \"seen: there is $file\"; done
    for name in retired telemetry http_check; do
        ! grep -qs \"^conf.d/$name.d/\" /etc/datadog-agent/.datadog-init || echo \"seen: the copy lists $name\"
    done";

/// Settings by what is special about them.
struct Variant {
    name: &'static str,
    settings: Settings,
    /// Whether every part is taken away, and not only those without which something else follows than in the first variant.
    is_taken_apart: bool,
    /// Whether an older image has filled the volume of the configuration, where volumes are kept.
    is_upgrade: bool,
}

impl Variant {
    fn of(name: &'static str, settings: Settings) -> Variant {
        Variant { name, settings, is_taken_apart: false, is_upgrade: false }
    }
}

/// Runs a task of an Agent, and of an application where there is one, and asks for what shows only later.
fn run(task: &Task, means: &Means) -> Seen {
    let (agent, older, application) = (Image::agent(), Image::older_agent(), Image::application());
    let dockerfile = ddrofs::rofs::dockerfile(DEFAULT_IMAGE, [CHECK.0]);
    let with_volumes = Image::agent().built(&dockerfile, &[CHECK]);
    let mut sandbox = Sandbox { images: vec![(OLDER, &older)], ..Sandbox::default() };
    for container in &task.containers {
        let is_of = |wanted: &[&str]| wanted.contains(&container.name.as_str());
        let image = match container.image.as_str() {
            APPLICATION => &application,
            WITH_VOLUMES => &with_volumes,
            _ => &agent,
        };
        sandbox.images.push((&container.image, image));
        if is_of(&["datadog-agent"]) {
            sandbox.ask(&container.name, &["agent", "flare"]);
            sandbox.ask(&container.name, &["sh", "-c", LOOK]);
        } else if is_of(&["app"]) {
            sandbox.ask(&container.name, &["perl", "/application.pl", "send"]);
        }
    }
    sandbox.run(task, means)
}

/// What is missing of some facts.
fn missing(facts: &BTreeSet<String>, wanted: &[&str]) -> Vec<String> {
    wanted.iter().filter(|fact| !facts.contains(**fact)).map(|fact| (*fact).to_owned()).collect()
}
