//! Every example is what a user copies first: validated, planned, applied and destroyed as it stands, against moto.
//!
//! The endpoint and the credentials come from the environment, so that no example has to be changed for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Backend, REGION, REQUIRED_PROVIDER, Workspace};

/// Folders with a configuration below `examples/`, with the files of each.
fn examples() -> BTreeMap<String, Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = BTreeMap::new();
    collect(&root, &root, &mut found);
    assert!(found.len() >= 4, "some examples are gone: {:?}", found.keys());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<PathBuf>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            let name = folder.strip_prefix(root).expect("it is below").to_string_lossy().replace('/', "-");
            found.entry(name).or_default().push(path);
        }
    }
}

#[test]
fn every_example_is_applied_as_it_stands_and_planned_again_without_a_change() {
    let place = Backend::moto();
    for (name, files) in examples() {
        let mut workspace = Workspace::new(&format!("example-{name}"));
        workspace.set("AWS_ENDPOINT_URL", &place.url());
        workspace.set("AWS_REGION", REGION);
        let mut names_its_source = false;
        for file in &files {
            let text = fs::read_to_string(file).unwrap();
            names_its_source |= text.contains("required_providers");
            workspace.write(&file.file_name().unwrap().to_string_lossy(), &text);
        }
        if !names_its_source {
            workspace.write("versions.tf", REQUIRED_PROVIDER);
        }
        workspace.validate().success();
        workspace.apply().success().does_not_say("Warning: ");
        workspace.plan().no_changes();
        workspace.destroy().success();
    }
}
