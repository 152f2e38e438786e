//! What a practitioner says of their own containers: the `application` block, decoded.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::ordered::ordered;
use crate::rofs::settings::Settings;
use crate::value::{AttributePath, Value};

use super::super::diagnostics as say;

/// What is to be done to the user's own containers.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::provider) struct Application {
    /// Whether they are wired to the Agent.
    pub(in crate::provider) wire: bool,
    /// Whether their root filesystems become read-only; none where nothing says so.
    pub(in crate::provider) read_only_root_filesystem: Option<bool>,
    /// The paths each has to write to.
    pub(in crate::provider) writable_paths: BTreeMap<String, Vec<String>>,
    /// MiB of a tmpfs in place of each volume.
    pub(in crate::provider) tmpfs_size: Option<i64>,
}

impl Default for Application {
    /// Wired, and otherwise left alone: turning a root filesystem read-only can break an image.
    fn default() -> Self {
        Self {
            wire: true,
            read_only_root_filesystem: None,
            writable_paths: BTreeMap::new(),
            tmpfs_size: None,
        }
    }
}

/// Reads the block of a configuration, which stands at `at`; no application while a part of it is not known yet, because each part decides what
/// the containers look like.
pub(super) fn application(config: &Value, at: &AttributePath) -> (Option<Application>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let blocks = config.get("application");
    if !blocks.is_wholly_known() {
        return (None, diagnostics);
    }
    let Some(block) = blocks.elements().first() else { return (Some(Application::default()), diagnostics) };
    let tmpfs_size = block.get("tmpfs_size");
    let size = match tmpfs_size.undynamic() {
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    if size.is_none() && !tmpfs_size.is_null() {
        diagnostics.push(say::not_a_whole_number("tmpfs_size", at.clone().attribute("tmpfs_size")));
    }
    if size.is_some() && block.get("writable_paths").undynamic().is_null() {
        diagnostics.push(say::tmpfs_size_of_nothing(at.clone().attribute("tmpfs_size")));
    }
    let default = Application::default();
    let application = Application {
        wire: block.bool("wire").known().unwrap_or(default.wire),
        read_only_root_filesystem: block.bool("read_only_root_filesystem").known(),
        writable_paths: writable_paths(block.get("writable_paths")),
        tmpfs_size: size,
    };
    (Some(application), diagnostics)
}

/// Settings of this task that reach the application's containers by wiring only, where that is switched off. What is set for
/// all tasks is not meant for one that is not wired.
pub(super) fn unwired(
    settings: &Settings,
    application: Option<&Application>,
    at: &AttributePath,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    if application.is_none_or(|application| application.wire) {
        return diagnostics;
    }
    for (setting, asked) in [
        ("wait_until_healthy", settings.wait_until_healthy),
        ("apm.profiling", settings.apm.profiling == Some(true)),
        ("apm.data_streams", settings.apm.data_streams == Some(true)),
        ("apm.trace_inferred_proxy_services", settings.apm.trace_inferred_proxy_services == Some(true)),
    ] {
        if asked && settings.written.is_here(setting) {
            diagnostics.push(say::setting_of_wiring(setting, say::place_of(setting, at)));
        }
    }
    diagnostics
}

fn writable_paths(map: &Value) -> BTreeMap<String, Vec<String>> {
    let Value::Map(lists) = map.undynamic() else { return BTreeMap::new() };
    let paths = |list: &Value| list.elements().iter().filter_map(Value::as_str).map(str::to_owned).collect();
    ordered(lists.iter().map(|(container, list)| (container.clone(), paths(list))))
}
