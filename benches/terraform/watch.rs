//! Memory and CPU time of the provider's processes while a plan runs, read from `/proc`.
//!
//! Watching costs time of its own, so plans that are watched are not timed.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::Duration;

use super::configurations::Subject;
use super::terraform::Workspace;

/// What one provider process used.
#[derive(Clone, Copy, Default)]
pub(super) struct Usage {
    /// Most memory that was resident at once, in KiB.
    pub(super) peak_kib: u64,
    /// User and system time, in clock ticks.
    pub(super) cpu_ticks: u64,
}

/// Clock ticks a second, which Linux fixes at 100 for programs.
pub(super) const TICKS_PER_SECOND: f64 = 100.0;

const PAUSE: Duration = Duration::from_millis(2);

/// Looks for new processes only now and then: a walk through `/proc` costs more than a glance at a known one.
const PAUSES_BETWEEN_SEARCHES: u32 = 5;

/// Runs a plan and gives the usage of the process that did its work, which is the one that used most CPU time; the
/// others answer schema and validation calls.
pub(super) fn watch_plan(workspace: &Workspace, subject: Subject) -> Result<Usage, Box<dyn Error>> {
    watch(workspace.start_plan(subject)?, &workspace.provider_of(subject))
}

/// The same of a command that was started, and of its providers of that program.
pub(super) fn watch(plan: Child, program: &Path) -> Result<Usage, Box<dyn Error>> {
    let (usage, ended) = watch_any(plan, program)?;
    if ended.success() { Ok(usage) } else { Err(format!("terraform ended with {ended}").into()) }
}

/// The same of a command that may fail, and how it ended.
pub(super) fn watch_any(mut plan: Child, program: &Path) -> Result<(Usage, ExitStatus), Box<dyn Error>> {
    let mut usages: BTreeMap<u32, Usage> = BTreeMap::new();
    for pause in 0.. {
        if plan.try_wait()?.is_some() {
            break;
        }
        if pause % PAUSES_BETWEEN_SEARCHES == 0 {
            for pid in children_running(plan.id(), program) {
                usages.entry(pid).or_default();
            }
        }
        for (pid, usage) in &mut usages {
            if let Some(now) = usage_of(*pid) {
                usage.peak_kib = usage.peak_kib.max(now.peak_kib);
                usage.cpu_ticks = usage.cpu_ticks.max(now.cpu_ticks);
            }
        }
        sleep(PAUSE);
    }
    let ended = plan.wait()?;
    let most = usages.into_values().max_by_key(|usage| usage.cpu_ticks);
    Ok((most.ok_or("no provider process was seen")?, ended))
}

/// Children of that process that run that program.
fn children_running(parent: u32, program: &Path) -> Vec<u32> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
                && stat_field(*pid, 4) == Some(u64::from(parent))
        })
        .collect()
}

/// Whether a process waits for something.
pub(super) fn is_asleep(pid: u32) -> bool {
    stat_text(pid, 3).is_some_and(|state| state == "S")
}

/// What a process has used so far.
pub(super) fn usage_of(pid: u32) -> Option<Usage> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak_kib = peak.trim().trim_end_matches(" kB").parse().ok()?;
    Some(Usage { peak_kib, cpu_ticks: stat_field(pid, 14)? + stat_field(pid, 15)? })
}

/// CPU time of the commands that this process has waited for, and of what those have waited for.
pub(super) fn cpu_of_children() -> Result<Duration, Box<dyn Error>> {
    let pid = std::process::id();
    let ticks = |number| stat_field(pid, number).ok_or("no CPU time in /proc");
    Ok(Duration::from_secs_f64((ticks(16)? + ticks(17)?) as f64 / TICKS_PER_SECOND))
}

fn stat_field(pid: u32, number: usize) -> Option<u64> {
    stat_text(pid, number)?.parse().ok()
}

/// A field of `/proc/<pid>/stat`, counted from 1 as in proc(5). The second one may hold spaces, in parentheses.
fn stat_text(pid: u32, number: usize) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    after_name.split(' ').nth(number.checked_sub(3)?).map(str::to_owned)
}
