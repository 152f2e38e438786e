//! Text of a job of Nomad, or of something like one: read, given an Agent, read again and given one again.

#![no_main]

use ddrofs::document::hcl;
use ddrofs::merge::Joining;
use ddrofs::merge::nomad::join;
use ddrofs::nomad::{LAYOUT, is_left_for_the_client};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Secret, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let read = |text: &str| hcl::read(text, is_left_for_the_client).ok();
    let Some(given) = std::str::from_utf8(data).ok().and_then(read) else { return };
    let settings = Settings {
        platform: Platform::Nomad,
        api_key: Some(Secret::stored("nomad/jobs/shop".into())),
        ..Settings::default()
    };
    let workload = assemble(&settings);
    let joining = Joining {
        settings: &settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let joined = join(&given.node, &joining, None).expect("Nomad has words for all of it");
    if !joined.collisions.is_empty() {
        return;
    }
    let Some(text) = given.changed(&joined.changes, &LAYOUT) else { return };
    let again = read(&text).expect("what is written can be read");
    let twice = join(&again.node, &joining, None).expect("Nomad has words for all of it");
    assert_eq!((twice.changes, twice.collisions), (Vec::new(), Vec::new()), "{text}");
});
