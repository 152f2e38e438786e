//! Refusals about volumes, mounts and the file systems behind them.

use serde_json::Value;

use super::super::echo::{objects, text};
use super::super::wire::Refusal;
use super::{Definition, Verdict, filled, flag};

pub(super) fn check(definition: &Definition<'_>) -> Verdict {
    let declared =
        |name: &str| objects(definition.request, "volumes").any(|volume| text(volume, "name") == Some(name));
    for container in &definition.containers {
        for mount in objects(container, "mountPoints") {
            let volume = text(mount, "sourceVolume").unwrap_or_default();
            if !declared(volume) {
                return Err(Refusal::client(format!("Unknown volume '{volume}'.")));
            }
        }
        for from in objects(container, "volumesFrom") {
            let source = text(from, "sourceContainer").unwrap_or_default();
            if !definition.has_container(source) {
                return Err(Refusal::client(format!(
                    "Invalid 'volumesFrom' setting. Unknown container: '{source}'."
                )));
            }
        }
    }
    for volume in objects(definition.request, "volumes") {
        let name = text(volume, "name").unwrap_or_default();
        let mounted = definition
            .containers
            .iter()
            .flat_map(|container| objects(container, "mountPoints"))
            .any(|mount| text(mount, "sourceVolume") == Some(name));
        if flag(volume, "configuredAtLaunch") && !mounted {
            return Err(Refusal::client(format!(
                "Volumes [{name}] are not referenced by any of the containers."
            )));
        }
        efs(volume.get("efsVolumeConfiguration"))?;
        if definition.fargate {
            let path = volume.get("host").and_then(|host| host.get("sourcePath")).and_then(Value::as_str);
            if path.is_some_and(|path| !path.is_empty()) {
                return Err(Refusal::client("Fargate compatible task definitions do not support sourcePath"));
            }
            if filled(volume, "dockerVolumeConfiguration") {
                return Err(Refusal::client(
                    "Fargate compatible task definitions do not support dockerVolumeConfiguration",
                ));
            }
        }
    }
    Ok(())
}

fn efs(configuration: Option<&Value>) -> Verdict {
    let Some(efs) = configuration.and_then(Value::as_object) else {
        return Ok(());
    };
    let authorization = |key: &str| efs.get("authorizationConfig")?.get(key)?.as_str();
    let access_point = authorization("accessPointId").is_some();
    let encrypted = text(efs, "transitEncryption") == Some("ENABLED");
    if !encrypted && (authorization("iam") == Some("ENABLED") || access_point) {
        return Err(Refusal::client("EFS IAM authorization requires TransitEncryption to be enabled."));
    }
    if !encrypted && efs.contains_key("transitEncryptionPort") {
        return Err(Refusal::client("TransitEncryptionPort requires that TransitEncryption is enabled."));
    }
    if access_point && text(efs, "rootDirectory").is_some_and(|root| root != "/") {
        return Err(Refusal::client(
            "When using an EFS access point, the root directory must either be set to \"/\" or be omitted.",
        ));
    }
    Ok(())
}
