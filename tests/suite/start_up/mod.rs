//! Rendered tasks, really started on roots that are really read-only: what the pattern promises, and what each part of it is there for.

mod compose;
mod consequences;
mod docker;
mod ecs;
mod kubernetes;
mod mutilations;
mod nomad;
mod platforms;
mod starts;

#[path = "../../support/sandbox/mod.rs"]
mod sandbox;

use std::collections::BTreeSet;

use ddrofs::render;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{DEFAULT_IMAGE, Settings};
use sandbox::{Image, Means, Sandbox, Seen, Task};
use serde_json::Value;

use crate::scenarios::{self, IMAGE_WITH_VOLUMES, STARTED, map};
use consequences::{Row, Table};
use mutilations::Mutilation;

/// The reference of the application's image.
const APPLICATION: &str = "example.com/shop/orders:1.4.2";

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

/// A platform, as workloads are started and taken apart on it.
struct Runtime {
    platform: Platform,
    /// The listener that a main configuration file of the user names, as the image's own does.
    listener: &'static str,
    /// What can be started there and on no other platform, from the least that has to be said. Those at the front come first.
    front: fn(Settings) -> Vec<Variant>,
    back: fn(Settings) -> Vec<Variant>,
    /// The names of variants of which every part is taken away.
    taken_apart: &'static [&'static str],
    /// The document of an application and of the Agent that it is wired to.
    document: fn(&Settings) -> Value,
    /// Reads a document; the error is why the platform refuses it.
    task: fn(&Variant, &Value) -> Result<Task, String>,
    /// Every part of a document, taken away alone.
    parts: fn(&Value) -> Vec<Mutilation>,
    /// What a start shows there and not on every platform.
    facts: fn(&Settings) -> Vec<&'static str>,
    /// What follows without a part, where it is not what follows on every platform.
    rows: &'static [Row],
}

/// All of them.
const RUNTIMES: [&Runtime; 5] =
    [&ecs::RUNTIME, &compose::RUNTIME, &docker::RUNTIME, &kubernetes::RUNTIME, &nomad::RUNTIME];

impl Runtime {
    /// Every way to start that the settings give.
    fn variants(&self) -> Vec<Variant> {
        let plain = || scenarios::minimal(self.platform);
        let listens = format!("listeners:\n  - name: {}\n", self.listener);
        let files = Settings { config_files: map(&[CHECK, ("datadog.yaml", &listens)]), ..plain() };
        let mut variants = (self.front)(plain());
        variants.extend(STARTED.iter().map(|(name, scenario)| Variant::of(name, scenario(plain()))));
        variants.push(Variant::of("files", files));
        variants.extend((self.back)(plain()));
        // What a platform refuses is not started there.
        variants
            .retain(|variant| render::of(variant.settings.platform).problems(&variant.settings).is_empty());
        for variant in &mut variants {
            variant.is_taken_apart = self.taken_apart.contains(&variant.name);
        }
        variants
    }

    fn table(&self) -> Table {
        Table { own: self.rows }
    }

    /// A fact as this platform shows it: how an application reaches the Agent's ports is its business.
    fn fact(&self, fact: &str) -> String {
        let host = if self.platform.shares_a_loopback() { "127.0.0.1" } else { "datadog-agent" };
        fact.replace("{agent}", host)
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
            IMAGE_WITH_VOLUMES => &with_volumes,
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
fn missing<F: AsRef<str>>(facts: &BTreeSet<String>, wanted: &[F]) -> Vec<String> {
    wanted.iter().map(F::as_ref).filter(|fact| !facts.contains(*fact)).map(str::to_owned).collect()
}
