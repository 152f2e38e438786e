//! A picture of a workload as Mermaid text: its containers, the volumes that they mount, and who waits for whom.
//!
//! Knows no platform: whoever has a workload can have its picture.

use super::workload::{Condition, Dependency, Mount, Role, Workload};

/// The workload as a flowchart in Mermaid's language, with a line break at its end. The application is one box, where it needs
/// anything of the Agent.
pub fn diagram(workload: &Workload) -> String {
    let mut lines = vec!["flowchart LR".to_owned()];
    for (index, container) in workload.containers.iter().enumerate() {
        let role = match container.role {
            Role::Init => "init container",
            Role::Agent => "Agent",
        };
        lines.push(format!("  c{index}[\"{}<br/>{role}, read-only\"]", label(&container.name)));
    }
    let wiring = &workload.wiring;
    let has_application = !wiring.mounts.is_empty() || !wiring.dependencies.is_empty();
    if has_application {
        lines.push("  app[\"application\"]".to_owned());
    }
    for (index, volume) in workload.volumes.iter().enumerate() {
        lines.push(format!("  v{index}[(\"{}\")]", label(&volume.name)));
    }
    for (index, container) in workload.containers.iter().enumerate() {
        lines.extend(edges(workload, &format!("c{index}"), &container.mounts, &container.dependencies));
    }
    if has_application {
        lines.extend(edges(workload, "app", &wiring.mounts, &wiring.dependencies));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// What a container waits for and mounts.
fn edges(workload: &Workload, node: &str, mounts: &[Mount], dependencies: &[Dependency]) -> Vec<String> {
    let container = |name: &str| workload.containers.iter().position(|container| container.name == name);
    let volume = |name: &str| workload.volumes.iter().position(|volume| volume.name == name);
    let waits = dependencies.iter().filter_map(|dependency| {
        let when = match dependency.condition {
            Condition::Started => "has started",
            Condition::Healthy => "is healthy",
            Condition::Succeeded => "has ended without an error",
        };
        Some(format!("  c{} ==>|\"{when}\"| {node}", container(&dependency.container)?))
    });
    let mounted = mounts.iter().filter_map(|mount| {
        let (line, how) = if mount.read_only { ("-.->", ", to read") } else { ("-->", "") };
        let path = label(&mount.path);
        Some(format!("  {node} {line}|\"{path}{how}\"| v{}", volume(&mount.volume)?))
    });
    waits.chain(mounted).collect()
}

/// A text in quotes of Mermaid: what means something there, or to the browser that shows it, is written by its number.
fn label(text: &str) -> String {
    let mut label = String::new();
    for char in text.chars() {
        match char {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '\\' => label.push_str(&format!("#{};", char as u32)),
            char if char.is_control() => label.push(' '),
            char => label.push(char),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::rofs::assemble;
    use crate::rofs::settings::Settings;

    #[test]
    fn the_picture_has_containers_volumes_mounts_and_order() {
        expect![[r#"
            flowchart LR
              c0["datadog-init<br/>init container, read-only"]
              c1["datadog-agent<br/>Agent, read-only"]
              app["application"]
              v0[("datadog-config")]
              v1[("datadog-run")]
              v2[("datadog-sockets")]
              v3[("datadog-tmp")]
              c0 -->|"/opt/datadog-agent-config"| v0
              c0 ==>|"has ended without an error"| c1
              c1 -->|"/etc/datadog-agent"| v0
              c1 -->|"/opt/datadog-agent/run"| v1
              c1 -->|"/var/run/datadog"| v2
              c1 -->|"/tmp"| v3
              app -.->|"/var/run/datadog, to read"| v2
        "#]]
        .assert_eq(&diagram(&assemble(&Settings::default())));
    }

    #[test]
    fn a_name_cannot_end_its_label_or_write_markup() {
        let mut workload = assemble(&Settings::default());
        workload.containers[1].name = "a\"] --> c0\n#<b>`&;\\".to_owned();
        let text = diagram(&workload);
        let line = text.lines().find(|line| line.starts_with("  c1[")).expect("the Agent's box");
        assert_eq!(line, "  c1[\"a#34;] --#62; c0 #35;#60;b#62;#96;#38;#59;#92;<br/>Agent, read-only\"]");
        assert_eq!(text.lines().count(), diagram(&assemble(&Settings::default())).lines().count());
    }

    #[test]
    fn an_application_without_wiring_is_not_in_the_picture() {
        let mut workload = assemble(&Settings::default());
        workload.wiring = Default::default();
        assert!(!diagram(&workload).contains("app"));
    }
}
