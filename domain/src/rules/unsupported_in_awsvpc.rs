//! `unsupported-in-awsvpc`

use super::prelude::*;
use crate::task::is_set;

/// A setting of a container that has no place where the task has its own network interface.
pub(super) static RULE: Rule = Rule {
    name: "unsupported-in-awsvpc",
    topic: Topic::Network,
    summary: "The network mode awsvpc does not support a setting",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc, which is the only one on Fargate, no container has links, a hostname, \
             extraHosts, dnsServers, dnsSearchDomains or disableNetworking.",
    matters: "The containers share the network interface of the task, and with it its name, addresses and resolver. ECS \
              rejects the task definition. For dnsSearchDomains, no answer is on record, so that is a warning.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules pf-ecs-fargate-links, \
                 pf-ecs-awsvpc-hostname, pf-ecs-awsvpc-extra-hosts, pf-ecs-fargate-dns-servers and \
                 pf-ecs-fargate-disable-networking. Search domains: Fargate differences in the Amazon ECS developer \
                 guide.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(r#"{ "containerDefinitions": [{ "hostname": "shop" }] }"#),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "bridge",
  "containerDefinitions": [{ "hostname": "shop" }]
}"#,
    ),
    undecided: Undecided::Passing("networkMode"),
    check,
};

/// A setting, what ECS answers to it where that is on record, and what to do instead.
struct Setting {
    key: &'static str,
    answer: Option<&'static str>,
    instead: &'static str,
}

const SETTINGS: [Setting; 6] = [
    Setting {
        key: "disableNetworking",
        answer: Some("Disable Networking is not supported on container when networkMode=awsvpc"),
        instead: "To keep the task off the network, use a security group.",
    },
    Setting {
        key: "dnsSearchDomains",
        answer: None,
        instead: "Search domains come from the DHCP options of the VPC.",
    },
    Setting {
        key: "dnsServers",
        answer: Some("DNS servers are not supported on container when networkMode=awsvpc"),
        instead: "DNS servers come from the DHCP options of the VPC.",
    },
    Setting {
        key: "extraHosts",
        answer: Some("Extra hosts are not supported on container when networkMode=awsvpc"),
        instead: "A private hosted zone of the VPC gives names to addresses.",
    },
    Setting {
        key: "hostname",
        answer: Some("hostname is not supported on container when networkMode=awsvpc"),
        instead: "The host name is that of the network interface.",
    },
    Setting {
        key: "links",
        answer: Some("Links are not supported when networkMode=awsvpc"),
        instead: "The containers of the task reach each other at localhost.",
    },
];

/// Whether it is this rule that reports that setting of a container.
pub(super) fn speaks_of(key: &str, task: &TaskDefinition<'_>) -> bool {
    task.network() == Some(Network::Awsvpc) && SETTINGS.iter().any(|setting| setting.key == key)
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let network = task.network();
    if network.is_some_and(|network| network != Network::Awsvpc) {
        return;
    }
    for container in found.all(task.containers()) {
        for setting in &SETTINGS {
            match is_set(container.get(setting.key)) {
                Some(false) => {}
                Some(true) if network.is_some() => report(container, setting, found),
                _ => found.undecided(),
            }
        }
    }
}

fn report(container: &Container<'_>, setting: &Setting, found: &mut Found) {
    let Setting { key, answer, instead } = setting;
    let finding = found.in_container(
        container,
        container.path().key(key),
        format!(
            "has {key}, which the network mode awsvpc does not support.{}",
            answer.map_or(String::new(), would_answer)
        ),
        Fix::from(Edit::remove(container, key)).and(instead),
    );
    if answer.is_none() {
        finding.severity = Severity::Warning;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn every_setting_is_found_where_it_asks_for_something() {
        let container = |settings: &str| {
            let document = format!(
                r#"{{"networkMode": "awsvpc", "containerDefinitions": [{{"name": "a", {settings}}}]}}"#
            );
            findings_of(RULE.name, &document)
        };
        let set = r#""disableNetworking": true, "dnsSearchDomains": ["x"], "dnsServers": ["x"], "extraHosts": [{}],
            "hostname": "x", "links": ["b"]"#;
        let found = container(set);
        assert_eq!(found.len(), SETTINGS.len());
        let warnings: Vec<_> = found.iter().filter(|finding| finding.severity == Severity::Warning).collect();
        assert!(warnings.len() == 1 && warnings[0].path.to_string().ends_with("dnsSearchDomains"));
        let unset = r#""disableNetworking": false, "dnsSearchDomains": [], "dnsServers": null, "extraHosts": [],
            "hostname": "", "links": []"#;
        assert_eq!(container(unset), []);
    }

    #[test]
    fn fargate_has_no_other_network_mode() {
        let document = r#"{"requiresCompatibilities": ["FARGATE"], "networkMode": "bridge",
            "containerDefinitions": [{"name": "a", "hostname": "x"}]}"#;
        assert_eq!(findings_of(RULE.name, document).len(), 1);
    }
}
