//! Rendered tasks, really started on roots that are really read-only: what the pattern promises, and what each part of it is there for.

mod compose;
mod consequences;
mod ecs;
mod mutilations;
mod platforms;
mod starts;

#[path = "../../support/sandbox/mod.rs"]
mod sandbox;

use std::collections::BTreeSet;

use ddrofs::rofs::settings::DEFAULT_IMAGE;
use sandbox::{Image, Means, Sandbox, Seen, Task};

/// The reference of the application's image.
const APPLICATION: &str = "example.com/shop/orders:1.4.2";

/// The reference of an image that has the Agent's directories as volumes, and the configuration of a check.
const WITH_VOLUMES: &str = "example.com/shop/agent:7.81.1";

/// The configuration of a check, below the Agent's.
const CHECK: (&str, &str) = ("conf.d/http_check.d/conf.yaml", "instances:\n  - url: http://localhost\n");

/// Lists the Agent's own log files.
const LOG_FILES: &str = "for file in /var/log/datadog/*.log; do echo \"seen: there is $file\"; done";

/// Runs a task of an Agent, and of an application where there is one, and asks for what shows only later.
fn run(task: &Task, means: &Means) -> Seen {
    let (agent, application) = (Image::agent(), Image::application());
    let dockerfile = ddrofs::rofs::dockerfile(DEFAULT_IMAGE, [CHECK.0]);
    let with_volumes = Image::agent().built(&dockerfile, &[CHECK]);
    let mut sandbox = Sandbox::default();
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
            sandbox.ask(&container.name, &["sh", "-c", LOG_FILES]);
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
