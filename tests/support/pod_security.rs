//! The profile "restricted" of Kubernetes' Pod Security Standards, read by ourselves (kubernetes.io, Pod Security Standards, and the
//! checks of k8s.io/pod-security-admission, read 2026-11): which field of which container an admission with that profile refuses.

use serde_json::Value;

/// What the profile forbids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// The name of the check, as the admission writes it.
    pub(crate) check: &'static str,
    /// The object, and the container or volume where it is one's: `DaemonSet/datadog-agent datadog-init`.
    pub(crate) of: String,
    /// The field and what it says, or that it says nothing.
    pub(crate) field: String,
}

/// Capabilities that the profile "baseline" lets a container add; "restricted" leaves the first of them.
const MAY_BE_ADDED: &str = "NET_BIND_SERVICE";

/// The kinds of volumes that "restricted" knows.
const VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Types of SELinux that a container may have.
const SELINUX_TYPES: [&str; 5] =
    ["", "container_engine_t", "container_init_t", "container_kvm_t", "container_t"];

/// Kernel settings that a pod may set.
const SYSCTLS: [&str; 10] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
];

/// Everything that the profile refuses of these objects, in their order. Objects that make no pods have nothing to refuse.
pub(crate) fn violations(objects: &[Value]) -> Vec<Violation> {
    objects.iter().filter_map(Pod::of).flat_map(|pod| pod.violations()).collect()
}

struct Pod<'o> {
    name: String,
    metadata: &'o Value,
    spec: &'o Value,
}

impl<'o> Pod<'o> {
    fn of(object: &'o Value) -> Option<Self> {
        let template = match object["kind"].as_str()? {
            "Pod" => object,
            "CronJob" => &object["spec"]["jobTemplate"]["spec"]["template"],
            "DaemonSet" | "Deployment" | "Job" | "ReplicaSet" | "StatefulSet" => &object["spec"]["template"],
            _ => return None,
        };
        let name = format!("{}/{}", shown(&object["kind"]), shown(&object["metadata"]["name"]));
        Some(Pod { name, metadata: &template["metadata"], spec: &template["spec"] })
    }

    fn violations(&self) -> Vec<Violation> {
        let mut found = self.of_the_pod();
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            for container in self.spec[list].as_array().into_iter().flatten() {
                found.extend(self.of_a_container(container));
            }
        }
        found
    }

    fn violation(&self, check: &'static str, field: String) -> Violation {
        Violation { check, of: self.name.clone(), field }
    }

    fn of_the_pod(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            if self.spec[field] == true {
                found.push(self.violation("hostNamespaces", format!("{field} is true")));
            }
        }
        for volume in self.spec["volumes"].as_array().into_iter().flatten() {
            let kinds = volume.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            for kind in kinds.filter(|key| *key != "name" && !VOLUMES.contains(key)) {
                let check = if kind == "hostPath" { "hostPathVolumes" } else { "restrictedVolumes" };
                let path = volume[kind].get("path").map(|path| format!(" {}", shown(path)));
                let field =
                    format!("volume {} is {kind}{}", shown(&volume["name"]), path.unwrap_or_default());
                found.push(self.violation(check, field));
            }
        }
        let sysctls = self.spec["securityContext"]["sysctls"].as_array();
        for name in sysctls.into_iter().flatten().map(|sysctl| shown(&sysctl["name"])) {
            if !SYSCTLS.contains(&name.as_str()) {
                found.push(self.violation("sysctls", format!("sysctl {name}")));
            }
        }
        let annotations = self.metadata["annotations"].as_object().into_iter().flatten();
        for (key, value) in annotations.filter(|(key, _)| key.starts_with("container.apparmor.security.beta"))
        {
            let profile = shown(value);
            if !(profile == "runtime/default" || profile.starts_with("localhost/")) {
                found.push(self.violation("appArmorProfile", format!("annotation {key} is {profile}")));
            }
        }
        let context = &self.spec["securityContext"];
        found.extend(in_any_context(context).into_iter().map(|(check, field)| self.violation(check, field)));
        found
    }

    fn of_a_container(&self, container: &Value) -> Vec<Violation> {
        let (own, pods) = (&container["securityContext"], &self.spec["securityContext"]);
        let mut found = in_any_context(own);
        let mut add = |check, field: String| found.push((check, field));
        if own["privileged"] == true {
            add("privileged", "privileged is true".to_owned());
        }
        if own["allowPrivilegeEscalation"] != false {
            add(
                "allowPrivilegeEscalation",
                said("allowPrivilegeEscalation", &own["allowPrivilegeEscalation"]),
            );
        }
        let capabilities = &own["capabilities"];
        if !capabilities["drop"].as_array().is_some_and(|drop| drop.contains(&"ALL".into())) {
            add("capabilities", said("capabilities.drop", &capabilities["drop"]));
        }
        let added = capabilities["add"].as_array().into_iter().flatten().map(shown);
        for name in added.filter(|name| name != MAY_BE_ADDED) {
            add("capabilities", format!("capabilities.add has {name}"));
        }
        let effective = |key: &str| own.get(key).or(pods.get(key)).cloned().unwrap_or_default();
        if effective("runAsNonRoot") != true {
            add("runAsNonRoot", said("runAsNonRoot", &effective("runAsNonRoot")));
        }
        if own["runAsUser"] == 0 {
            add("runAsUser", "runAsUser is 0".to_owned());
        }
        if !["RuntimeDefault", "Localhost"].contains(&shown(&effective("seccompProfile")["type"]).as_str()) {
            add("seccompProfile", said("seccompProfile.type", &effective("seccompProfile")["type"]));
        }
        if !["Default", "null"].contains(&shown(&own["procMount"]).as_str()) {
            add("procMount", said("procMount", &own["procMount"]));
        }
        for port in container["ports"].as_array().into_iter().flatten() {
            if port["hostPort"].as_i64().is_some_and(|port| port != 0) {
                add("hostPorts", format!("hostPort is {}", port["hostPort"]));
            }
        }
        for place in ["livenessProbe", "readinessProbe", "startupProbe"] {
            for way in ["httpGet", "tcpSocket"] {
                if let Some(host) = container[place][way].get("host") {
                    add("hostProbes", format!("{place}.{way}.host is {}", shown(host)));
                }
            }
        }
        let of = format!("{} {}", self.name, shown(&container["name"]));
        found.into_iter().map(|(check, field)| Violation { check, of: of.clone(), field }).collect()
    }
}

/// What a pod's and a container's security context both may say, and must not.
fn in_any_context(context: &Value) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if context["windowsOptions"]["hostProcess"] == true {
        found.push(("windowsHostProcess", "windowsOptions.hostProcess is true".to_owned()));
    }
    let selinux = &context["seLinuxOptions"];
    if !SELINUX_TYPES.contains(&selinux["type"].as_str().unwrap_or_default()) {
        found.push(("seLinuxOptions", said("seLinuxOptions.type", &selinux["type"])));
    }
    for key in ["user", "role"] {
        if !["", "null"].contains(&shown(&selinux[key]).as_str()) {
            found.push(("seLinuxOptions", said(&format!("seLinuxOptions.{key}"), &selinux[key])));
        }
    }
    if context["seccompProfile"]["type"] == "Unconfined" {
        found.push(("seccompProfile", "seccompProfile.type is Unconfined".to_owned()));
    }
    if context["appArmorProfile"]["type"] == "Unconfined" {
        found.push(("appArmorProfile", "appArmorProfile.type is Unconfined".to_owned()));
    }
    found
}

/// A field and what it says.
fn said(field: &str, value: &Value) -> String {
    if value.is_null() { format!("{field} is not set") } else { format!("{field} is {}", shown(value)) }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A pod that the profile has nothing against.
    fn sound() -> Value {
        json!({
            "kind": "Pod",
            "metadata": {"name": "web"},
            "spec": {
                "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [{
                    "name": "app",
                    "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
                }],
                "volumes": [{"name": "work", "emptyDir": {}}],
            },
        })
    }

    fn checks(pod: &Value) -> Vec<&'static str> {
        violations(std::slice::from_ref(pod)).iter().map(|violation| violation.check).collect()
    }

    #[test]
    fn each_check_of_the_profile_finds_what_it_is_for_and_nothing_else() {
        assert_eq!(checks(&sound()), [""; 0]);
        let of_pod = "/spec/securityContext";
        let of_container = "/spec/containers/0/securityContext";
        for (place, key, value, found) in [
            ("/spec", "hostNetwork", json!(true), &["hostNamespaces"][..]),
            ("/spec", "hostPID", json!(true), &["hostNamespaces"]),
            ("/spec", "hostIPC", json!(true), &["hostNamespaces"]),
            ("/spec", "hostPID", json!(false), &[]),
            ("/spec/volumes/0", "hostPath", json!({"path": "/proc"}), &["hostPathVolumes"]),
            ("/spec/volumes/0", "nfs", json!({"server": "a", "path": "/"}), &["restrictedVolumes"]),
            ("/spec/volumes/0", "configMap", json!({"name": "a"}), &[]),
            (of_pod, "sysctls", json!([{"name": "kernel.msgmax", "value": "1"}]), &["sysctls"]),
            (of_pod, "sysctls", json!([{"name": "net.ipv4.tcp_syncookies", "value": "1"}]), &[]),
            (of_pod, "runAsNonRoot", json!(false), &["runAsNonRoot"]),
            (of_pod, "seccompProfile", json!(null), &["seccompProfile"]),
            (of_pod, "seccompProfile", json!({"type": "Localhost"}), &[]),
            (of_pod, "seLinuxOptions", json!({"type": "spc_t"}), &["seLinuxOptions"]),
            (
                of_pod,
                "seLinuxOptions",
                json!({"user": "u", "role": "r"}),
                &["seLinuxOptions", "seLinuxOptions"],
            ),
            (of_pod, "windowsOptions", json!({"hostProcess": true}), &["windowsHostProcess"]),
            (of_pod, "appArmorProfile", json!({"type": "Unconfined"}), &["appArmorProfile"]),
            (
                "/metadata",
                "annotations",
                json!({"container.apparmor.security.beta.kubernetes.io/app": "unconfined", "other": "unconfined"}),
                &["appArmorProfile"],
            ),
            (of_container, "privileged", json!(true), &["privileged"]),
            (of_container, "allowPrivilegeEscalation", json!(null), &["allowPrivilegeEscalation"]),
            (of_container, "capabilities", json!({"drop": ["CHOWN"]}), &["capabilities"]),
            (of_container, "capabilities", json!({"drop": ["ALL"], "add": ["CHOWN"]}), &["capabilities"]),
            (of_container, "capabilities", json!({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}), &[]),
            (of_container, "runAsNonRoot", json!(false), &["runAsNonRoot"]),
            (of_container, "runAsUser", json!(0), &["runAsUser"]),
            (of_container, "runAsUser", json!(100), &[]),
            (
                of_container,
                "seccompProfile",
                json!({"type": "Unconfined"}),
                &["seccompProfile", "seccompProfile"],
            ),
            (of_container, "procMount", json!("Unmasked"), &["procMount"]),
            ("/spec/containers/0", "ports", json!([{"containerPort": 1, "hostPort": 1}]), &["hostPorts"]),
            ("/spec/containers/0", "livenessProbe", json!({"httpGet": {"host": "a"}}), &["hostProbes"]),
        ] {
            let mut pod = sound();
            pod.pointer_mut(place).unwrap()[key] = value;
            assert_eq!(checks(&pod), found, "{place} {key}");
        }
    }

    #[test]
    fn every_container_of_whatever_makes_pods_is_read() {
        let naked = json!({"name": "app"});
        let spec = json!({"initContainers": [naked], "containers": [naked], "ephemeralContainers": [naked]});
        let one = checks(&json!({"kind": "Pod", "metadata": {"name": "web"}, "spec": spec.clone()}));
        assert_eq!(one.len(), 12);
        for kind in ["DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"] {
            let object =
                json!({"kind": kind, "metadata": {"name": "web"}, "spec": {"template": {"spec": spec}}});
            assert_eq!(checks(&object), one, "{kind}");
        }
        let template = json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}});
        let mut job = json!({"kind": "CronJob", "metadata": {"name": "web"}});
        job["spec"] = template["spec"].clone();
        assert_eq!(checks(&job), one);
        assert_eq!(checks(&json!({"kind": "ConfigMap", "metadata": {"name": "web"}})), [""; 0]);
    }
}
