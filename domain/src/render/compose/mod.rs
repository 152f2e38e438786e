//! Docker Compose: services, volumes and secrets of the Compose specification.
//!
//! Knows how Compose spells things; decides nothing. Every text is written so that Compose reads it as it is: a dollar sign
//! is doubled, but in references to the machine's environment.

mod problems;
mod service;

use std::collections::BTreeMap;

use super::{Renderer, Unwritable};
use crate::document::{Node, Object, object};
use crate::rofs::SettingProblem;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::workload::{Volume, VolumeKind, Wiring, Workload};

pub(crate) use service::named_volume as volume;

/// What the platform is called in sentences.
const NAME: &str = "Compose";

/// The variable of the machine that names the file with the API key, where a secret is used that nobody declares.
///
/// A file is the only source: Compose refuses a secret that comes from the environment, and one that is written out, in a
/// service with `read_only` (docker/compose pull request 12531, read 2026-11).
pub const KEY_FILE: &str = "DD_API_KEY_FILE";

/// The renderer. Its document has the services, volumes and secrets of the sidecars.
#[derive(Debug, Clone, Copy)]
pub struct Compose;

impl Renderer for Compose {
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable> {
        let kinds = kinds(workload)?;
        let services: Node = workload
            .containers
            .iter()
            .map(|container| (container.name.clone(), service::service(container, &kinds)))
            .collect();
        let volumes = workload.volumes.iter().filter(|volume| volume.kind == VolumeKind::Named);
        let mut document = Object::from_iter([
            ("services".to_owned(), services),
            ("volumes".to_owned(), volumes.map(|volume| (volume.name.clone(), empty())).collect()),
        ]);
        let files = workload.containers.iter().flat_map(|container| &container.secret_files);
        let secrets = object(files.filter_map(|name| Some((known(name)?, secret()))));
        if !secrets.is_empty() {
            document.insert("secrets".to_owned(), Node::Object(secrets));
        }
        Ok(Node::Object(document))
    }

    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        problems::problems(settings)
    }
}

/// What each volume is, where Compose has words for all of them.
fn kinds(workload: &Workload) -> Result<BTreeMap<&str, VolumeKind>, Unwritable> {
    let kind = |volume: &'_ Volume| match volume.kind {
        kind @ (VolumeKind::Empty | VolumeKind::Configuration) => {
            Err(Unwritable::Volume { platform: NAME, name: volume.name.clone(), kind })
        }
        kind => Ok(kind),
    };
    let mut kinds = BTreeMap::new();
    for volume in &workload.volumes {
        kinds.insert(volume.name.as_str(), kind(volume)?);
    }
    Ok(kinds)
}

/// What a service of the application needs, in Compose's words. All four keys are always there, so that an expression can rely
/// on them.
pub fn wiring(wiring: &Wiring) -> Node {
    Node::from([
        ("environment", service::texts(&wiring.environment)),
        ("labels", service::texts(&wiring.docker_labels)),
        ("volumes", wiring.mounts.iter().map(service::named_volume).collect::<Vec<_>>().into()),
        ("depends_on", service::depends_on(&wiring.dependencies)),
    ])
}

/// A secret that is a file of the machine.
fn secret() -> Node {
    Node::from([(
        "file",
        service::of_the_environment(KEY_FILE, "the path of the file with the Datadog API key").into(),
    )])
}

fn empty() -> Node {
    Node::Object(Object::new())
}

fn known(text: &Text) -> Option<String> {
    match text {
        Text::Known(text) => Some(text.clone()),
        Text::Unknown => None,
    }
}
