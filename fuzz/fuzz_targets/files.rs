//! A file of the Agent's configuration: a byte that says how long its path is, the path, and the content. A second one is
//! the same file by another name, or one above or below it.

#![no_main]

use ddrofs::rofs::settings::Text;
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/properties/mod.rs"]
mod properties;
#[path = "../../tests/support/tasks/mod.rs"]
mod tasks;

fuzz_target!(|data: &[u8]| {
    let Some((length, rest)) = data.split_first() else { return };
    let (path, content) = rest.split_at(usize::from(*length).min(rest.len()));
    let (path, content) = (String::from_utf8_lossy(path), String::from_utf8_lossy(content));
    let others = [format!("./{path}"), format!("{path}/x.yaml"), path.replace('-', "_")];
    let files = [path.into_owned()].into_iter().chain(others).map(|path| (path, Text::from(&*content)));
    properties::files(files.collect());
});
