use proptest::prelude::*;

use super::normalizations::NORMALIZATIONS;
use super::*;
use crate::document::parse;
use crate::ecs::read;
use crate::ecs::sample::made;

fn form(text: &str) -> Node {
    canonical(&parse(text).expect("JSON"))
}

fn container(members: &str) -> Node {
    form(&format!(r#"{{"containerDefinitions":[{{"name":"a",{members}}}]}}"#))
}

/// Every pair means the same: alone, and registered and given back.
fn equal(one: &str, other: &str) {
    assert_eq!(form(one), form(other), "{one} and {other}");
    let hash = |text| sha256(&parse(text).expect("JSON")).expect("known");
    assert_eq!(hash(one), hash(other));
}

fn different(one: &str, other: &str) {
    assert_ne!(form(one), form(other), "{one} and {other}");
}

#[test]
fn what_says_no_more_than_absence_is_left_out_of_a_container() {
    for members in [
        r#""cpu":0"#,
        r#""essential":true"#,
        r#""essential":null"#,
        r#""versionConsistency":"enabled""#,
        r#""readonlyRootFilesystem":false"#,
        r#""privileged":false"#,
        r#""interactive":false"#,
        r#""pseudoTerminal":false"#,
        r#""disableNetworking":false"#,
        r#""user":"""#,
        r#""hostname":"","workingDirectory":"""#,
        r#""environment":[]"#,
        r#""environment":[{"name":"A","value":null},{"name":"B"},null]"#,
        r#""portMappings":[],"mountPoints":[],"volumesFrom":[],"systemControls":[],"command":[],"entryPoint":[]"#,
        r#""links":[],"dnsServers":[],"dnsSearchDomains":[],"extraHosts":[],"dockerSecurityOptions":[]"#,
        r#""ulimits":[],"dependsOn":[],"secrets":[],"environmentFiles":[],"resourceRequirements":[]"#,
        r#""credentialSpecs":[]"#,
        r#""dockerLabels":{}"#,
        r#""dockerLabels":{"a":null}"#,
        r#""linuxParameters":{}"#,
        r#""linuxParameters":{"capabilities":{"add":[],"drop":[]},"devices":[],"tmpfs":[],"initProcessEnabled":false}"#,
        r#""restartPolicy":{"enabled":false}"#,
        r#""restartPolicy":{"enabled":"false","ignoredExitCodes":[1]}"#,
        r#""logConfiguration":null"#,
    ] {
        assert_eq!(container(members), form(r#"{"containerDefinitions":[{"name":"a"}]}"#), "{members}");
    }
}

#[test]
fn what_says_more_than_absence_stays_in_a_container() {
    for members in [
        r#""cpu":1"#,
        r#""essential":false"#,
        r#""versionConsistency":"disabled""#,
        r#""readonlyRootFilesystem":true"#,
        r#""environment":[{"name":"A","value":""}]"#,
        r#""healthCheck":{"command":[]}"#,
        r#""links":[null]"#,
        r#""unknownKey":false"#,
        r#""unknownKey":null"#,
        r#""unknownList":[]"#,
        r#""linuxParameters":{"swappiness":0}"#,
        r#""repositoryCredentials":{}"#,
        r#""restartPolicy":{"enabled":true}"#,
    ] {
        assert_ne!(container(members), form(r#"{"containerDefinitions":[{"name":"a"}]}"#), "{members}");
    }
}

#[test]
fn health_check_defaults_are_left_out() {
    assert_eq!(
        container(
            r#""healthCheck":{"command":["CMD","x"],"interval":30,"timeout":5,"retries":3,"startPeriod":0}"#
        ),
        container(r#""healthCheck":{"command":["CMD","x"]}"#)
    );
    assert_ne!(
        container(r#""healthCheck":{"command":["CMD","x"],"interval":31}"#),
        container(r#""healthCheck":{"command":["CMD","x"]}"#)
    );
}

#[test]
fn defaults_inside_a_container_are_left_out() {
    for (with, without) in [
        (
            r#""restartPolicy":{"enabled":true,"restartAttemptPeriod":300,"ignoredExitCodes":[]}"#,
            r#""restartPolicy":{"enabled":true}"#,
        ),
        (
            r#""mountPoints":[{"containerPath":"/a","readOnly":false}]"#,
            r#""mountPoints":[{"containerPath":"/a"}]"#,
        ),
        (
            r#""volumesFrom":[{"sourceContainer":"b","readOnly":false}]"#,
            r#""volumesFrom":[{"sourceContainer":"b"}]"#,
        ),
        (
            r#""logConfiguration":{"logDriver":"awslogs","options":{},"secretOptions":[]}"#,
            r#""logConfiguration":{"logDriver":"awslogs"}"#,
        ),
        (
            r#""firelensConfiguration":{"type":"fluentbit","options":{}}"#,
            r#""firelensConfiguration":{"type":"fluentbit"}"#,
        ),
        (
            r#""linuxParameters":{"capabilities":{"drop":["ALL"],"add":[]}}"#,
            r#""linuxParameters":{"capabilities":{"drop":["ALL"]}}"#,
        ),
        (
            r#""linuxParameters":{"devices":[{"hostPath":"/d","permissions":["write","mknod","read"]}]}"#,
            r#""linuxParameters":{"devices":[{"hostPath":"/d"}]}"#,
        ),
        (
            r#""portMappings":[{"containerPort":80,"hostPort":0,"protocol":"tcp","name":""}]"#,
            r#""portMappings":[{"containerPort":80}]"#,
        ),
        (
            r#""memory":"512","memoryReservation":"0.25 GB","cpu":"1 vCPU""#,
            r#""memory":512,"memoryReservation":256,"cpu":1024"#,
        ),
    ] {
        assert_eq!(container(with), container(without), "{with}");
    }
}

#[test]
fn the_host_port_follows_the_network_mode() {
    let ports = |mode: &str, port: &str| {
        format!(r#"{{"networkMode":{mode},"containerDefinitions":[{{"portMappings":[{port}]}}]}}"#)
    };
    for mode in [r#""awsvpc""#, r#""host""#] {
        equal(&ports(mode, r#"{"containerPort":80,"hostPort":80}"#), &ports(mode, r#"{"containerPort":80}"#));
        different(
            &ports(mode, r#"{"containerPort":80,"hostPort":81}"#),
            &ports(mode, r#"{"containerPort":80}"#),
        );
    }
    // With bridge it fixes the port that would be any.
    different(
        &ports("null", r#"{"containerPort":80,"hostPort":80}"#),
        &ports("null", r#"{"containerPort":80}"#),
    );
}

#[test]
fn the_order_of_what_has_none_is_ignored() {
    equal(
        r#"{"requiresCompatibilities":["FARGATE","EC2"],"tags":[{"key":"b","value":"1"},{"key":"a","value":"2"}],
            "placementConstraints":[{"type":"memberOf","expression":"b"},{"type":"memberOf","expression":"a"}],
            "volumes":[{"name":"w"},{"name":"v"}],
            "containerDefinitions":[{"name":"b"},{"name":"a",
              "environment":[{"name":"B","value":"1"},{"name":"A","value":"2"}],
              "secrets":[{"name":"D","valueFrom":"x"},{"name":"C","valueFrom":"y"}],
              "mountPoints":[{"sourceVolume":"w","containerPath":"/w"},{"sourceVolume":"v","containerPath":"/v"}],
              "portMappings":[{"containerPort":81},{"containerPort":80,"protocol":"udp"},{"containerPort":80}],
              "dependsOn":[{"containerName":"z","condition":"START"},{"containerName":"b","condition":"START"}],
              "ulimits":[{"name":"nproc","softLimit":1,"hardLimit":1},{"name":"nofile","softLimit":1,"hardLimit":1}],
              "volumesFrom":[{"sourceContainer":"z"},{"sourceContainer":"b"}],
              "systemControls":[{"namespace":"z","value":"1"},{"namespace":"b","value":"1"}],
              "resourceRequirements":[{"type":"NeuronDevice","value":"1"},{"type":"GPU","value":"1"}],
              "extraHosts":[{"hostname":"z","ipAddress":"1.1.1.1"},{"hostname":"b","ipAddress":"1.1.1.1"}],
              "linuxParameters":{"capabilities":{"add":["SYS_PTRACE","NET_ADMIN"]}},
              "logConfiguration":{"logDriver":"splunk","secretOptions":[{"name":"b","valueFrom":"x"},{"name":"a","valueFrom":"x"}]}}]}"#,
        r#"{"requiresCompatibilities":["EC2","FARGATE"],"tags":[{"key":"a","value":"2"},{"key":"b","value":"1"}],
            "placementConstraints":[{"type":"memberOf","expression":"a"},{"type":"memberOf","expression":"b"}],
            "volumes":[{"name":"v","host":{}},{"name":"w","host":{"sourcePath":null}}],
            "containerDefinitions":[{"name":"a",
              "environment":[{"name":"A","value":"2"},{"name":"B","value":"1"}],
              "secrets":[{"name":"C","valueFrom":"y"},{"name":"D","valueFrom":"x"}],
              "mountPoints":[{"sourceVolume":"v","containerPath":"/v"},{"sourceVolume":"w","containerPath":"/w"}],
              "portMappings":[{"containerPort":80},{"containerPort":80,"protocol":"udp"},{"containerPort":81}],
              "dependsOn":[{"containerName":"b","condition":"START"},{"containerName":"z","condition":"START"}],
              "ulimits":[{"name":"nofile","softLimit":1,"hardLimit":1},{"name":"nproc","softLimit":1,"hardLimit":1}],
              "volumesFrom":[{"sourceContainer":"b"},{"sourceContainer":"z"}],
              "systemControls":[{"namespace":"b","value":"1"},{"namespace":"z","value":"1"}],
              "resourceRequirements":[{"type":"GPU","value":"1"},{"type":"NeuronDevice","value":"1"}],
              "extraHosts":[{"hostname":"b","ipAddress":"1.1.1.1"},{"hostname":"z","ipAddress":"1.1.1.1"}],
              "linuxParameters":{"capabilities":{"add":["NET_ADMIN","SYS_PTRACE"]}},
              "logConfiguration":{"logDriver":"splunk","secretOptions":[{"name":"a","valueFrom":"x"},{"name":"b","valueFrom":"x"}]}},
            {"name":"b"}]}"#,
    );
}

#[test]
fn the_order_of_what_has_one_counts() {
    for list in ["command", "entryPoint", "links", "dnsServers", "dnsSearchDomains", "dockerSecurityOptions"]
    {
        assert_ne!(
            container(&format!(r#""{list}":["a","b"]"#)),
            container(&format!(r#""{list}":["b","a"]"#)),
            "{list}"
        );
    }
    // Of two variables of one name the last wins, of two environment files the later one.
    assert_ne!(
        container(r#""environment":[{"name":"A","value":"1"},{"name":"A","value":"2"}]"#),
        container(r#""environment":[{"name":"A","value":"2"},{"name":"A","value":"1"}]"#)
    );
    assert_ne!(
        container(r#""environmentFiles":[{"type":"s3","value":"1"},{"type":"s3","value":"2"}]"#),
        container(r#""environmentFiles":[{"type":"s3","value":"2"},{"type":"s3","value":"1"}]"#)
    );
}

#[test]
fn task_level_defaults_and_units_are_ignored() {
    equal(r#"{"cpu":"1 vCPU","memory":"3GB"}"#, r#"{"cpu":1024,"memory":"3072"}"#);
    equal(r#"{"networkMode":"bridge","tags":[],"volumes":[],"placementConstraints":[]}"#, "{}");
    equal(
        r#"{"enableFaultInjection":false,"executionRoleArn":"","taskRoleArn":null,"runtimePlatform":{}}"#,
        "{}",
    );
    equal(r#"{"revision":4,"status":"ACTIVE","registeredAt":1.5,"requiresAttributes":[{"name":"x"}]}"#, "{}");
    equal(r#"{"networkMode":"bridge","runtimePlatform":{"operatingSystemFamily":""}}"#, "{}");
    different(
        r#"{"networkMode":"bridge","runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE"}}"#,
        r#"{"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE"}}"#,
    );
    different(r#"{"networkMode":"awsvpc"}"#, "{}");
    different(r#"{"requiresCompatibilities":["EC2"]}"#, "{}");
    different(r#"{"runtimePlatform":{"operatingSystemFamily":"LINUX"}}"#, "{}");
}

#[test]
fn volume_defaults_are_ignored() {
    equal(
        r#"{"volumes":[{"name":"v","host":{},"configuredAtLaunch":false}]}"#,
        r#"{"volumes":[{"name":"v"}]}"#,
    );
    equal(
        r#"{"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs","rootDirectory":"/",
            "transitEncryption":"DISABLED","authorizationConfig":{"iam":"DISABLED"}}}]}"#,
        r#"{"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs"}}]}"#,
    );
    different(
        r#"{"volumes":[{"name":"v","dockerVolumeConfiguration":{}}]}"#,
        r#"{"volumes":[{"name":"v"}]}"#,
    );
    different(r#"{"volumes":[{"name":"v","host":{"sourcePath":"/v"}}]}"#, r#"{"volumes":[{"name":"v"}]}"#);
}

/// What ECS or hashicorp/aws fills in where nothing was written, one by one and all at once.
#[test]
fn a_default_that_is_written_out_is_no_difference() {
    for (written, left_out) in [
        (
            r#"{"proxyConfiguration":{"containerName":"p","type":"APPMESH"}}"#,
            r#"{"proxyConfiguration":{"containerName":"p"}}"#,
        ),
        (
            r#"{"proxyConfiguration":{"containerName":"p","properties":[{"name":"EgressIgnoredIPs"}]}}"#,
            r#"{"proxyConfiguration":{"containerName":"p"}}"#,
        ),
        (
            r#"{"volumes":[{"name":"v","dockerVolumeConfiguration":{"scope":"task","driver":"local",
                "autoprovision":false,"driverOpts":{},"labels":{}}}]}"#,
            r#"{"volumes":[{"name":"v","dockerVolumeConfiguration":{}}]}"#,
        ),
        (
            r#"{"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs","transitEncryptionPort":0}}]}"#,
            r#"{"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs"}}]}"#,
        ),
        (
            r#"{"volumes":[{"name":"v","s3filesVolumeConfiguration":{"fileSystemArn":"a","rootDirectory":"/",
                "transitEncryptionPort":0,"accessPointArn":""}}]}"#,
            r#"{"volumes":[{"name":"v","s3filesVolumeConfiguration":{"fileSystemArn":"a"}}]}"#,
        ),
        (r#"{"trustedExecutionConfiguration":{"isolationMode":"SHARED"}}"#, "{}"),
    ] {
        equal(written, left_out);
    }
    for (one, other) in [
        (
            r#"{"volumes":[{"name":"v","dockerVolumeConfiguration":{"scope":"shared"}}]}"#,
            r#"{"volumes":[{"name":"v","dockerVolumeConfiguration":{}}]}"#,
        ),
        (
            r#"{"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs","transitEncryptionPort":2999}}]}"#,
            r#"{"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs"}}]}"#,
        ),
        (r#"{"trustedExecutionConfiguration":{"isolationMode":"ISOLATED_SANDBOX"}}"#, "{}"),
    ] {
        different(one, other);
    }
}

/// Writes every default of the table where a structure leaves the member out.
fn write_defaults_out(structure: &'static Structure, node: &mut Node) {
    let Node::Object(members) = node else { return };
    for default in NORMALIZATIONS.iter().filter(|n| n.structure == structure.name).flat_map(|n| n.defaults) {
        if members.get(default.member).is_none_or(Node::is_null) {
            let value = match default.value {
                Literal::Boolean(flag) => Node::from(flag),
                Literal::Number(number) => Node::from(number),
                Literal::Text(text) => Node::from(text),
            };
            members.insert(default.member.to_owned(), value);
        }
    }
    for (key, value) in members {
        let Some(member) = structure.member(key) else { continue };
        match (&member.kind, value) {
            (Kind::Structure(inner), value) => write_defaults_out(inner, value),
            (Kind::List(Kind::Structure(inner)), Node::Array(items)) => {
                items.iter_mut().for_each(|item| write_defaults_out(inner, item));
            }
            _ => {}
        }
    }
}

#[test]
fn a_registration_given_back_equals_what_was_sent() {
    equal(
        r#"{"family":"f","networkMode":"awsvpc","cpu":".25 vCPU","memory":"512","requiresCompatibilities":["FARGATE"],
            "volumes":[{"name":"tmp"}],"containerDefinitions":[{"name":"app","image":"nginx","portMappings":[{"containerPort":80}],
            "linuxParameters":{"capabilities":{"drop":["ALL"]}},"healthCheck":{"command":["CMD","true"]}}]}"#,
        r#"{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/f:1","revision":1,"status":"ACTIVE",
            "family":"f","networkMode":"awsvpc","cpu":"256","memory":"512","requiresCompatibilities":["FARGATE"],
            "compatibilities":["EC2","FARGATE"],"placementConstraints":[],"volumes":[{"name":"tmp","host":{}}],
            "containerDefinitions":[{"name":"app","image":"nginx","cpu":0,"essential":true,"environment":[],"mountPoints":[],
            "volumesFrom":[],"systemControls":[],"portMappings":[{"containerPort":80,"hostPort":80,"protocol":"tcp"}],
            "linuxParameters":{"capabilities":{"add":[],"drop":["ALL"]}},
            "healthCheck":{"command":["CMD","true"],"interval":30,"timeout":5,"retries":3}}],
            "registeredAt":1763760000.5,"registeredBy":"arn:aws:iam::123456789012:user/x"}"#,
    );
}

#[test]
fn what_is_known_around_an_unknown_is_brought_into_the_form() {
    let document = Node::from([
        ("cpu", Node::Unknown),
        ("tags", Node::Unknown),
        (
            "containerDefinitions",
            Node::Array(vec![
                Node::Unknown,
                Node::from([("name", "b".into()), ("essential", true.into()), ("image", Node::Unknown)]),
                Node::from([("name", "a".into()), ("environment", vec![Node::Unknown].into())]),
            ]),
        ),
    ]);
    let expected = Node::from([
        ("cpu", Node::Unknown),
        ("tags", Node::Unknown),
        (
            "containerDefinitions",
            Node::Array(vec![
                Node::from([("name", "a".into()), ("environment", vec![Node::Unknown].into())]),
                Node::from([("name", "b".into()), ("image", Node::Unknown)]),
                Node::Unknown,
            ]),
        ),
    ]);
    assert_eq!(canonical(&document), expected);
    assert_eq!(sha256(&document), None);
    assert_eq!(canonical(&Node::Unknown), Node::Unknown);
}

#[test]
fn the_hash_is_that_of_the_canonical_json() {
    // printf '{"family":"f"}' | sha256sum
    let document = parse(r#"{"family":"f","volumes":[]}"#).expect("JSON");
    assert_eq!(sha256(&document).as_deref(), Some(HASH_OF_FAMILY_F));
}

const HASH_OF_FAMILY_F: &str = "a904942917159293404ba113e4fefd2bfd06bd9a5f767f2f8e89943ef5035079";

#[test]
fn every_row_names_a_member_of_its_structure_and_has_a_reason() {
    for normalization in NORMALIZATIONS {
        let structure = shapes::structures().iter().find(|s| s.name == normalization.structure);
        let structure = structure.unwrap_or_else(|| panic!("no structure {}", normalization.structure));
        for default in normalization.defaults {
            let member =
                structure.member(default.member).unwrap_or_else(|| panic!("no member {}", default.member));
            let fits = match default.value {
                Literal::Boolean(_) => matches!(member.kind, Kind::Boolean),
                Literal::Number(_) => matches!(member.kind, Kind::Integer),
                Literal::Text(text) => member.values.is_empty() || member.values.contains(&text),
            };
            assert!(fits && !default.reason.is_empty(), "{}.{}", structure.name, default.member);
        }
        for list in normalization.lists {
            let member = structure.member(list.member).unwrap_or_else(|| panic!("no member {}", list.member));
            assert!(matches!(member.kind, Kind::List(_)));
            for key in list.by {
                assert!(
                    member.kind.structure().expect("structures").member(key).is_some(),
                    "{}.{key}",
                    list.member
                );
            }
        }
        assert!(normalization.steps.iter().all(|step| !step.reason.is_empty()));
    }
}

proptest! {
    #[test]
    fn the_canonical_form_of_a_canonical_form_is_itself(seed: u64, unknowns: bool) {
        let (_, document) = made(seed, unknowns);
        let once = canonical(&document);
        prop_assert_eq!(canonical(&once), once);
    }

    #[test]
    fn shuffling_what_has_no_order_keeps_the_hash(seed: u64) {
        let (mut maker, document) = made(seed, false);
        let mut shuffled = document.clone();
        maker.shuffle(shapes::task_definition(), &mut shuffled);
        prop_assert_eq!(canonical(&shuffled), canonical(&document));
        prop_assert!(sha256(&document).is_some());
        prop_assert_eq!(sha256(&shuffled), sha256(&document));
    }

    #[test]
    fn any_change_of_a_value_changes_the_hash(seed: u64) {
        let (mut maker, document) = made(seed, false);
        let before = canonical(&document);
        let mut after = before.clone();
        prop_assume!(maker.change(&mut after));
        prop_assert_ne!(sha256(&after), sha256(&before));
    }

    #[test]
    fn defaults_written_out_keep_the_canonical_form(seed: u64, unknowns: bool) {
        let (_, document) = made(seed, unknowns);
        let mut written = document.clone();
        write_defaults_out(shapes::task_definition(), &mut written);
        prop_assert_eq!(canonical(&written), canonical(&document));
    }

    #[test]
    fn reading_keeps_the_canonical_form(seed: u64, unknowns: bool) {
        let (_, mut document) = made(seed, unknowns);
        if let Node::Object(members) = &mut document
            && members.get("containerDefinitions").is_none_or(Node::is_null)
        {
            members.insert("containerDefinitions".to_owned(), Node::Array(Vec::new()));
        }
        let read = read(document.clone()).expect("a task definition").document;
        prop_assert_eq!(canonical(&read), canonical(&document));
    }
}
