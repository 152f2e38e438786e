//! `config-volume-stale`

use super::config_volume_not_seeded::seeding;
use super::init_container_copies_nothing::way_out;
use super::prelude::*;
use crate::rofs::writable_path::CONFIG;
use crate::task::{Configuration, Filling, Miss};

/// A configuration that stays what an older image had.
pub(super) static RULE: Rule = Rule {
    name: "config-volume-stale",
    topic: Topic::Agent,
    summary: "The Agent keeps the configuration of an older image",
    severity: Severity::Warning,
    judges: Judges::Engine,
    platform: Platform::Any,
    control: None,
    checks: "A named volume that a Datadog Agent of a Compose file or of Docker alone mounts at /etc/datadog-agent is filled again at each \
             start, by a service of the Agent's image that copies its configuration over what is there. cp -n and rsync --ignore-existing leave out what is \
             there already. A volume of the machine or of another project, and a script of your own, are not judged. \
             Where the image is asked to fill it (seeding = \"image_volumes\") the volume is called after the image's tag or digest, \
             and another image has another one; an image without either gives a note.",
    matters: "The engine fills a named volume from the image only while it is new, and the volume outlives its containers. After an \
              upgrade of the image the Agent runs with the configuration and the checks of the older one, and nothing says so.",
    evidence: Evidence {
        source: "Docker's documentation on volumes, populating a volume using a container; GNU coreutils manual, cp; datadog-agent \
                 start scripts, of which none copies the defaults.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: ComposeExample(
        r#"{ "services": { "datadog-init": { "command": ["sh", "-c", "cp -Rn /etc/datadog-agent/. /config/"] } } }"#,
    ),
    passing: ComposeExample(
        r#"{ "services": { "datadog-init": { "command": ["sh", "-c", "cp -Rf /etc/datadog-agent/. /config/"] } } }"#,
    ),
    undecided: Undecided::Failing("services.datadog-init.command"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(Configuration::Volume(volume)) = found.known(task.configuration(agent)) else { continue };
        let is_of_one_image = task.is_filled_by_its_image(agent) && task.is_called_after_the_image(volume);
        if is_of_one_image || found.known(task.is_kept(volume)) != Some(true) {
            continue;
        }
        let Some(writers) = found.known(task.writers(volume, agent)) else { continue };
        if !task.knows_all_writers(volume, agent) {
            found.undecided();
            continue;
        }
        judge(task, agent, volume, &writers, found);
    }
}

fn judge<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    volume: &str,
    writers: &[Container<'a>],
    found: &mut Found,
) {
    let mut leaves_out = None;
    for writer in writers {
        match found.known(task.filling(writer, volume)) {
            // An Agent that has the volume there as well fills nothing; what is meant to and does not has a rule of its own.
            Some(Filling::Misses {
                miss: Miss::StartsTheAgent | Miss::Nothing | Miss::NeverEnds, ..
            }) => {}
            None | Some(Filling::Unclear | Filling::Misses { .. }) => return,
            Some(Filling::Fills) if found.known(task.overwrites(writer, volume)) != Some(false) => return,
            Some(Filling::Fills) => leaves_out = Some(writer),
        }
    }
    let place = agent.path().key("mountPoints");
    let mount = task.mounts(agent).at(CONFIG).next().map_or(place, |mount| mount.place());
    match leaves_out {
        Some(init) => {
            let says = format!(
                "leaves out every file that volume {} has already. The volume outlives its containers, so after an upgrade of the \
                 image {} keeps the configuration and the checks of the older one.",
                quoted(volume),
                agent.called_inside()
            );
            let fix = way_out(task, agent, init, volume, &Miss::Nothing);
            found.in_container(init, init.path().key("command"), says, fix);
        }
        None => {
            let says = format!(
                "mounts volume {} at {CONFIG}, and nothing fills it again. It is filled from the image only while it is new, so \
                 after an upgrade of the image the Agent keeps the configuration and the checks of the older one.",
                quoted(volume)
            );
            let fix = Fix::write(seeding(task, agent, volume));
            let finding = found.in_container(agent, mount, says, fix);
            // An image without a tag and a digest moves, of which another rule tells.
            if task.is_filled_by_its_image(agent) {
                finding.severity = Severity::Note;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::document::parse;
    use crate::rofs::platform::Platform;
    use crate::rofs::settings::{Seeding, Settings};
    use crate::rules::{DocumentKind, Severity, form_of, judge_document};

    /// What is said of an Agent with this volume and these other members of the file.
    fn said(volume: &str, more: &str) -> Vec<String> {
        let file = format!(
            r#"{{"services": {{"agent": {{"image": "datadog/agent:7.81.1", "read_only": true, "environment": {{"DD_API_KEY": "$K"}},
                "volumes": ["{volume}:/etc/datadog-agent", "state:/opt/datadog-agent/run", "socks:/var/run/datadog"]}}{more},
                "volumes": {{"conf": {{}}, "state": {{}}, "socks": {{}}, "theirs": {{"external": true}}}}}}"#
        );
        let findings = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None).findings;
        let said = findings.iter().map(|finding| {
            format!(
                "{} at {}: {}",
                finding.rule,
                finding.path,
                finding.fix_in(form_of(DocumentKind::Compose))
            )
        });
        said.collect()
    }

    #[test]
    fn a_volume_that_only_the_engine_fills_is_stale_after_an_upgrade() {
        let alone = said("conf", "}");
        let [one] = alone.as_slice() else { panic!("{alone:#?}") };
        assert!(
            one.starts_with("config-volume-stale at services.agent.volumes[0]: Add a service:\n"),
            "{one}"
        );
        // What is on the machine and what is another project's is theirs to fill.
        for other in ["./config", "theirs"] {
            assert_eq!(said(other, "}"), [""; 0], "{other}");
        }
    }

    #[test]
    fn what_the_image_was_asked_to_fill_is_told_where_no_name_tells_one_image_from_the_next() {
        let severity = |image: &str, volume: &str| {
            let settings = Settings {
                platform: Platform::Compose,
                seeding: Seeding::ImageVolumes,
                image: image.into(),
                container_name: "agent".to_owned(),
                ..Settings::default()
            };
            let file = format!(
                r#"{{"services": {{"agent": {{"image": "{image}", "read_only": true, "environment": {{"DD_API_KEY": "$K"}},
                    "volumes": ["{volume}:/etc/datadog-agent", "state:/opt/datadog-agent/run", "socks:/var/run/datadog"]}}}},
                    "volumes": {{"{volume}": {{}}, "state": {{}}, "socks": {{}}}}}}"#
            );
            let findings =
                judge_document(DocumentKind::Compose, &parse(&file).unwrap(), Some(&settings)).findings;
            findings.iter().find(|finding| finding.rule == RULE.name).map(|finding| finding.severity)
        };
        assert_eq!(severity("acme/datadog-agent:7.81.1", "datadog-config-7.81.1"), None);
        assert_eq!(severity("acme/datadog-agent:7.81.1", "datadog-config-7.80.0"), Some(Severity::Note));
        assert_eq!(severity("acme/datadog-agent", "datadog-config"), Some(Severity::Note));
    }

    #[test]
    fn whoever_may_fill_it_again_is_believed() {
        let init = |command: &str| {
            format!(
                r#", "init": {{"image": "datadog/agent:7.81.1", "read_only": true, "command": {command}, "volumes": ["conf:/config"]}}}}"#
            )
        };
        let waits = r#", "depends_on": {"init": {"condition": "service_completed_successfully"}}}"#;
        let with = |command: &str| {
            let file = init(command);
            let text = format!(
                r#"{{"services": {{"agent": {{"image": "datadog/agent:7.81.1", "read_only": true, "environment": {{"DD_API_KEY": "$K"}},
                    "volumes": ["conf:/etc/datadog-agent", "state:/opt/datadog-agent/run", "socks:/var/run/datadog"]{waits}{file},
                    "volumes": {{"conf": {{}}, "state": {{}}, "socks": {{}}}}}}"#
            );
            let findings = judge_document(DocumentKind::Compose, &parse(&text).unwrap(), None).findings;
            findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        assert_eq!(with(r#"["sh", "-c", "cp -rn /etc/datadog-agent/. /config"]"#), ["config-volume-stale"]);
        assert_eq!(
            with(r#"["sh", "-c", "cp --no-clobber -r /etc/datadog-agent/. /config"]"#),
            ["config-volume-stale"]
        );
        assert_eq!(
            with(r#"["sh", "-c", "rsync -a --ignore-existing /etc/datadog-agent/ /config"]"#),
            ["config-volume-stale"]
        );
        for fine in [
            r#"["sh", "-c", "cp -r /etc/datadog-agent/. /config"]"#,
            r#""sh -c 'cp -r /etc/datadog-agent/* /config/'""#,
            r#"["/fill.sh"]"#,
            r#"["sh", "-c", "cp -rn /etc/datadog-agent/. /config && cp -r /etc/datadog-agent/. /config"]"#,
        ] {
            assert_eq!(with(fine), [""; 0], "{fine}");
        }
    }
}
