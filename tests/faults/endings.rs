//! Waiting until what was struck is over, and mending what no provider can mend.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::local_ecs::LocalEcs;
use crate::kills::providers_in;

/// How long to wait for what must happen: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits until this holds; whether it did.
pub(crate) fn wait_until(mut holds: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

/// Waits for the end of the core and of its providers. What does not end is killed, and is an error.
pub(crate) fn wait_for_end(core: &mut Child, folder: &Path) -> Result<(), String> {
    let core_ended = wait_until(|| core.try_wait().is_ok_and(|ended| ended.is_some()));
    if !core_ended {
        core.kill().map_err(|error| error.to_string())?;
        core.wait().map_err(|error| error.to_string())?;
    }
    let providers_ended = wait_until(|| providers_in(folder).is_empty());
    match (core_ended, providers_ended) {
        (true, true) => Ok(()),
        (false, _) => Err("terraform did not end".to_owned()),
        (true, false) => Err("a provider outlived terraform".to_owned()),
    }
}

/// Waits until every registration that reached the endpoint is through. A person comes back later than that.
pub(crate) fn settle(server: &LocalEcs) -> bool {
    wait_until(|| {
        let requests = server.requests();
        requests.iter().all(|request| request.carried_out || request.status.is_some())
    })
}

/// Puts a state that the core could not write to its end back to the one before, as its owner would have to.
pub(crate) fn restore_state(folder: &Path) -> Result<(), std::io::Error> {
    let (state, backup) = (folder.join("terraform.tfstate"), folder.join("terraform.tfstate.backup"));
    let is_whole = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        serde_json::from_str::<Value>(&text).is_ok_and(|state| state["version"].is_u64())
    };
    if is_whole(&state) {
        return Ok(());
    }
    if is_whole(&backup) { std::fs::copy(&backup, &state).map(|_| ()) } else { std::fs::remove_file(&state) }
}
