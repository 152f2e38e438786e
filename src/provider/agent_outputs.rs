//! What the data sources with an Agent for one platform each have in common.

use crate::diagnostics::{Diagnostic, Severity};
use crate::rofs::settings::Settings;
use crate::rofs::workload::{VolumeKind, Workload};
use crate::rofs::{self, WritablePath};
use crate::rules::Form;
use crate::rules::policy::Policed;
use crate::value::{Type, Value};

use super::document_value::object;
use super::judged_value;

pub(super) fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// What the rules found in a document, with the lines to write in this form.
pub(super) fn findings(form: &dyn Form, policed: &Policed) -> Value {
    let findings = policed.findings.iter();
    let shown = findings.map(|one| judged_value::finding(one, &one.path, one.fix_in(form)));
    Value::List(shown.collect())
}

/// The directories that the Agent writes.
pub(super) fn writable_paths(settings: &Settings, workload: &Workload) -> Value {
    let paths = rofs::writable_paths(settings);
    Value::List(paths.iter().map(|writable| writable_path(workload, writable)).collect())
}

/// The type of `writable_paths`.
pub(super) fn writable_paths_type() -> Type {
    Type::list(Type::object(["path", "volume", "purpose", "without"].map(|name| (name, Type::String))))
}

fn writable_path(workload: &Workload, writable: &WritablePath) -> Value {
    let volume = workload.volumes.iter().find(|volume| volume.name == writable.volume);
    let name = volume
        .filter(|volume| volume.kind != VolumeKind::Tmpfs)
        .map(|volume| Value::from(volume.name.as_str()));
    object([
        ("path", Value::from(writable.path)),
        ("volume", name.unwrap_or_default()),
        ("purpose", Value::from(writable.purpose)),
        ("without", Value::from(writable.without)),
    ])
}
