//! Who is signalled with what, in the middle of an apply.

use std::path::Path;
use std::process::{Child, Command};

/// A way to end an apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kill {
    pub(crate) name: &'static str,
    signal: &'static str,
    times: u32,
    victim: Victim,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Provider,
    Terraform,
    /// Everything that a terminal, `timeout` or a CI job signals.
    Group,
}

const fn kill(name: &'static str, signal: &'static str, times: u32, victim: Victim) -> Kill {
    Kill { name, signal, times, victim }
}

impl Kill {
    pub(crate) const ALL: [Self; 10] = [
        kill("provider SIGKILL", "KILL", 1, Victim::Provider),
        kill("terraform SIGKILL", "KILL", 1, Victim::Terraform),
        kill("group SIGINT", "INT", 1, Victim::Group),
        kill("group SIGINT twice", "INT", 2, Victim::Group),
        kill("group SIGTERM", "TERM", 1, Victim::Group),
        kill("group SIGHUP", "HUP", 1, Victim::Group),
        kill("provider SIGTERM", "TERM", 1, Victim::Provider),
        kill("terraform SIGTERM", "TERM", 1, Victim::Terraform),
        kill("provider SIGINT", "INT", 1, Victim::Provider),
        kill("provider SIGHUP", "HUP", 1, Victim::Provider),
    ];

    pub(crate) const SIX: [Self; 6] =
        [Self::ALL[0], Self::ALL[1], Self::ALL[2], Self::ALL[3], Self::ALL[4], Self::ALL[5]];

    /// Signals the victim of this core, which leads a process group of its own and works in this folder. Before a second
    /// time the first one has to be heard: of two equal signals that wait the system delivers one.
    pub(crate) fn strike(self, core: &Child, folder: &Path, wait_until_heard: impl Fn()) {
        for time in 0..self.times {
            if time > 0 {
                wait_until_heard();
            }
            match self.victim {
                Victim::Terraform => send(self.signal, &core.id().to_string()),
                Victim::Group => send(self.signal, &format!("-{}", core.id())),
                Victim::Provider => {
                    for provider in providers_in(folder) {
                        send(self.signal, &provider);
                    }
                }
            }
        }
    }
}

fn send(signal: &str, process: &str) {
    let sent = Command::new("kill").args([&format!("-{signal}"), "--", process]).output();
    // A process that ended by itself a moment ago is as good as killed.
    sent.expect("every system has kill");
}

/// Ids of the provider processes that work in this folder.
pub(crate) fn providers_in(folder: &Path) -> Vec<String> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(Result::ok)
        .filter(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|place| place == folder))
        .filter(|process| {
            let program = std::fs::read_link(process.path().join("exe"));
            program.is_ok_and(|program| program.to_string_lossy().contains("terraform-provider-ddrofs"))
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}
