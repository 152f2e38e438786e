//! `image-path-not-writable`

use super::prelude::*;
use crate::rofs::known_images::{KnownImage, Write};
use crate::task::{Mount, Mounts, normalized, volume_name};

/// A well-known image that cannot write where it writes when it runs.
pub(super) static RULE: Rule = Rule {
    name: "image-path-not-writable",
    topic: Topic::ReadOnlyRoot,
    summary: "A well-known image cannot write to a path it needs",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "A container with a read-only root filesystem has a writable mount at each path that its image writes \
             to. The rule knows the paths of these images: nginx (/var/cache/nginx, /var/run), nginx-unprivileged \
             (/tmp), httpd (/usr/local/apache2/logs), aws-appmesh-envoy (/tmp), fluentd (/fluentd/log, /tmp), \
             cloudwatch-agent (/opt/aws/amazon-cloudwatch-agent/etc), consul (/consul/config), vault \
             (/vault/config), postgres (/var/run/postgresql), mysql (/var/run/mysqld, /tmp), mariadb \
             (/run/mysqld, /tmp), mongo (/tmp), elasticsearch (/usr/share/elasticsearch/data, \
             /usr/share/elasticsearch/logs, /tmp), tomcat (/usr/local/tomcat/logs, /usr/local/tomcat/temp, \
             /usr/local/tomcat/work), php with Apache (/var/run, /tmp), wordpress (/var/run, /tmp), \
             eclipse-temurin (/tmp), jetty (/tmp/jetty, /run/jetty), open-liberty (/opt/ol/wlp/output, /logs), \
             websphere-liberty (/opt/ibm/wlp/output, /logs), traefik (/plugins-storage), grafana \
             (/var/lib/grafana, /tmp) and keycloak (/opt/keycloak/data/tmp). The registry and the path of an image decide whether it is one of them. A mirror \
             that keeps the whole path below a prefix counts too; your own image that is called nginx does \
             not. Some paths are written only when a variable or an option asks for it; they need a mount only then. \
             A container with its own entry point or program is not checked, and one with its own configuration only \
             for what is written whatever that says. Neither are \
             paths that the image declares as VOLUME, because those are writable anyway.",
    matters: "An image that is not prepared for a read-only root filesystem stops at its first start, or loses data without \
              an error. ECS accepts the task definition.",
    evidence: Evidence {
        source: "Dockerfiles, start scripts, documentation and issues of each image.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [{ "name": "web-cache" }],
  "containerDefinitions": [
    {
      "name": "web",
      "image": "public.ecr.aws/nginx/nginx:1.29.3",
      "mountPoints": [{ "sourceVolume": "web-cache", "containerPath": "/var/cache/nginx" }]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [{ "name": "web-cache" }, { "name": "web-run" }],
  "containerDefinitions": [
    {
      "name": "web",
      "image": "public.ecr.aws/nginx/nginx:1.29.3",
      "mountPoints": [
        { "sourceVolume": "web-cache", "containerPath": "/var/cache/nginx" },
        { "sourceVolume": "web-run", "containerPath": "/var/run" }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].command"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        if container.read_only_root() == Some(false) {
            continue;
        }
        if container.get("image").is_unknown() {
            found.undecided();
            continue;
        }
        let Some(known) = container.known_image() else { continue };
        let mounts = task.mounts(container);
        // ECS writes the configuration of a FireLens router.
        let is_configured = !container.get("firelensConfiguration").is_null()
            || mounts.known.iter().any(|mount| known.may_be_configured_by(mount));
        let writes: Vec<&Write> =
            known.writes.iter().filter(|write| write.always || !is_configured).collect();
        if writes.is_empty() {
            continue;
        }
        let what_runs = ["entryPoint", "command", "firelensConfiguration"];
        if container.read_only_root().is_none()
            || what_runs.iter().any(|key| !container.get(key).is_wholly_known())
        {
            found.undecided();
            continue;
        }
        let missing = missing(container, &writes, mounts, found);
        if !missing.is_empty() {
            report(task, container, known, &missing, found);
        }
    }
}

fn missing(
    container: &Container<'_>,
    writes: &[&'static Write],
    mounts: &Mounts<'_>,
    found: &mut Found,
) -> Vec<&'static Write> {
    let mut missing = Vec::new();
    for &write in writes {
        match (write.applies_to(container), is_covered(write, mounts)) {
            (Some(false), _) | (_, Some(true)) => {}
            (Some(true), Some(false)) => missing.push(write),
            _ => found.undecided(),
        }
    }
    missing
}

/// Whether a container can write there; none while not known. Who mounts something writable below the path has
/// thought of it.
fn is_covered(write: &Write, mounts: &Mounts<'_>) -> Option<bool> {
    let mut covered = Some(false);
    for path in [write.path].iter().chain(write.or) {
        let is_below =
            |mount: &&Mount<'_>| mount.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let below = mounts.known.iter().filter(is_below).map(|mount| mount.read_only.map(|only| !only));
        for is_writable in below.chain([mounts.writable(path)]) {
            match is_writable {
                Some(true) => return Some(true),
                Some(false) => {}
                None => covered = None,
            }
        }
    }
    covered
}

/// The volumes and mount points that make these paths of a container writable. A mount that is there already and is only
/// read is not doubled.
pub(super) fn mounted(task: &TaskDefinition<'_>, container: &Container<'_>, paths: &[&str]) -> Vec<Edit> {
    // A name that is too long to be read is left out of the names of the volumes.
    let called = container.name.filter(|name| name.len() <= 64).unwrap_or("image");
    let volumes = task.document.get("volumes").items();
    let is_there = |name: &String| volumes.iter().any(|volume| volume.get("name").as_str() == Some(name));
    let own = |path: &str| {
        let is_at = |mounted: &Node| mounted.as_str().is_some_and(|mounted| normalized(mounted) == path);
        container.mount_points().known().find(|mount| is_at(mount.path))
    };
    let (there, missing): (Vec<&str>, Vec<&str>) = paths.iter().partition(|path| own(path).is_some());
    let writable = there.iter().filter_map(|path| own(path)).map(|mount| {
        let place = container.path().key("mountPoints").index(mount.index);
        Edit::at(place.key("readOnly"), false).of(container)
    });
    let names: Vec<String> = missing.iter().map(|path| volume_name(called, path)).collect();
    let new_volumes = names.iter().filter(|name| !is_there(name));
    let new_volumes = new_volumes.map(|name| Node::from([("name", name.as_str().into())]));
    let mount_points = names.iter().zip(missing).map(|(name, path)| {
        Node::from([("sourceVolume", name.as_str().into()), ("containerPath", path.into())])
    });
    Edit::add_each_to_task(task.document, "volumes", new_volumes)
        .chain(Edit::add_each(container, "mountPoints", mount_points))
        .chain(writable)
        .collect()
}

fn report(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    known: &KnownImage,
    missing: &[&Write],
    found: &mut Found,
) {
    let paths: Vec<String> = missing.iter().map(|write| sentence_part(write)).collect();
    let mut sources: Vec<&str> =
        missing.iter().map(|write| write.evidence.source.trim_end_matches('.')).collect();
    sources.dedup();
    let says = format!(
        "runs the image of {} on a read-only root filesystem and cannot write to {}. Seen in: {}.",
        known.called,
        paths.join(", "),
        sources.join("; ")
    );
    let missing: Vec<&str> = missing.iter().map(|write| write.path).collect();
    let fix = Fix::write(mounted(task, container, &missing));
    let fix = match task.is_of_ecs() {
        true => fix.and(
            "On Fargate such a volume belongs to root at first, with mode 0755. If the program runs as another user, let a \
             container that ends before this one starts change the owner.",
        ),
        false => fix,
    };
    found.in_container(container, container.path().key("mountPoints"), says, fix);
}

/// A path, what it is for and what happens without it.
fn sentence_part(write: &Write) -> String {
    let doubt = match write.evidence.status {
        Status::Verified => "",
        Status::Believed => ", it seems",
    };
    format!("{} ({}; without it {}{doubt})", write.path, write.what, write.without)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Finding;
    use super::super::tests::{document, findings_of};
    use super::super::{Subject, judge};
    use super::*;
    use crate::rofs::known_images::KNOWN_IMAGES;

    fn findings(image: &str, more: &str) -> Vec<Finding> {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "web", "image": "{image}", "readonlyRootFilesystem": true{more}}}]}}"#
        );
        findings_of("image-path-not-writable", &document)
    }

    #[test]
    fn the_page_names_every_image_of_the_table_with_its_paths() {
        for known in KNOWN_IMAGES {
            let paths: Vec<&str> = known.writes.iter().map(|write| write.path).collect();
            let row = format!("{} ({})", known.called, paths.join(", "));
            assert!(RULE.checks.contains(&row), "{row}");
        }
    }

    #[test]
    fn one_finding_lists_all_paths_and_the_lines_to_write() {
        let findings = findings("nginx:1.29.3", "");
        assert_eq!(findings.len(), 1);
        for part in
            ["/var/cache/nginx (buffers", "/var/run (nginx.pid; without it the container stops at start)"]
        {
            assert!(findings[0].detail().contains(part), "{}", findings[0].detail());
        }
        for part in [
            r#"{ "name": "web-var-cache-nginx" } to volumes"#,
            r#"{ "name": "web-var-run" } to volumes"#,
            r#"{ "containerPath": "/var/run", "sourceVolume": "web-var-run" } to mountPoints"#,
        ] {
            assert!(findings[0].fix_text().contains(part), "{}", findings[0].fix_text());
        }
    }

    #[test]
    fn a_mount_that_is_only_read_is_made_writable_and_a_volume_that_is_there_is_taken() {
        let document = document(
            r#"{"volumes": [{"name": "c"}, {"name": "web-var-run"}], "containerDefinitions": [{"name": "web",
                "image": "nginx:1.29.3", "readonlyRootFilesystem": true, "mountPoints": [
                    {"sourceVolume": "c", "containerPath": "/var/cache/nginx/", "readOnly": true}]}]}"#,
        );
        let findings = judge(&Subject::of(&document)).findings;
        let fix = &findings.iter().find(|finding| finding.rule == RULE.name).expect("it is found").fix;
        let mut mended = document.clone();
        fix.apply(&mut mended);
        let container = &mended.get("containerDefinitions").items()[0];
        assert_eq!(
            crate::document::to_json(container.get("mountPoints")).unwrap(),
            r#"[{"containerPath":"/var/cache/nginx/","readOnly":false,"sourceVolume":"c"},{"containerPath":"/var/run","sourceVolume":"web-var-run"}]"#
        );
        assert_eq!(mended.get("volumes"), document.get("volumes"));
    }

    #[test]
    fn a_mount_below_of_which_nobody_knows_whether_it_can_be_written_is_undecided() {
        let judged = |read_only: &str| {
            let document = document(&format!(
                r#"{{"containerDefinitions": [{{"name": "web", "image": "nginx:1.29.3", "readonlyRootFilesystem": true, "mountPoints": [
                    {{"sourceVolume": "c", "containerPath": "/var/cache/nginx"}},
                    {{"sourceVolume": "r", "containerPath": "/var/run/own", "readOnly": {read_only}}}]}}]}}"#
            ));
            let judgement = judge(&Subject::of(&document));
            let found = judgement.findings.iter().any(|finding| finding.rule == RULE.name);
            (found, judgement.undecided.contains(&RULE.name))
        };
        assert_eq!(judged("true"), (true, false));
        assert_eq!(judged("false"), (false, false));
        assert_eq!(judged("\"<unknown>\""), (false, true));
    }

    #[test]
    fn what_runs_decides() {
        for (more, count) in [
            ("", 1),
            (r#", "command": ["nginx", "-g", "daemon off;"]"#, 1),
            (r#", "command": ["/usr/sbin/nginx-debug"]"#, 1),
            (r#", "command": ["sh", "-c", "echo done"]"#, 0),
            (r#", "entryPoint": ["/start.sh"]"#, 0),
            (r#", "entryPoint": [], "command": []"#, 1),
            (
                r#", "mountPoints": [{"sourceVolume": "c", "containerPath": "/etc/nginx", "readOnly": true}]"#,
                0,
            ),
            (r#", "volumesFrom": ["<unknown>"]"#, 0),
        ] {
            assert_eq!(findings("nginx:1.29.3", more).len(), count, "{more}");
        }
    }

    #[test]
    fn options_and_variables_that_move_a_path_count() {
        const KEYCLOAK: &str = "quay.io/keycloak/keycloak:26.6.1";
        const GRAFANA: &str = "grafana/grafana:12.1.0";
        let variable = |name: &str, value: &str| {
            format!(r#", "environment": [{{"name": "{name}", "value": "{value}"}}]"#)
        };
        let data = r#", "mountPoints": [{"sourceVolume": "v", "containerPath": "/var/lib/grafana"}]"#;
        for (image, more, count) in [
            (KEYCLOAK, r#", "command": ["start", "--optimized"]"#.to_owned(), 1),
            (KEYCLOAK, r#", "command": ["start-dev"]"#.to_owned(), 0),
            (
                KEYCLOAK,
                r#", "command": ["start", "--spi-resource-encoding-gzip-enabled=false"]"#.to_owned(),
                0,
            ),
            (
                KEYCLOAK,
                r#", "mountPoints": [{"sourceVolume": "v", "containerPath": "/opt/keycloak/data"}]"#
                    .to_owned(),
                0,
            ),
            ("httpd:2.4.65", String::new(), 1),
            (
                "httpd:2.4.65",
                r#", "command": ["httpd-foreground", "-c", "PidFile /dev/shm/httpd.pid"]"#.to_owned(),
                0,
            ),
            (GRAFANA, data.to_owned(), 1),
            (GRAFANA, data.to_owned() + &variable("TMPDIR", "/var/lib/grafana"), 0),
            (GRAFANA, variable("TMPDIR", "/var/lib/grafana"), 1),
        ] {
            assert_eq!(findings(image, &more).len(), count, "{image} {more}");
        }
    }

    #[test]
    fn mounts_at_above_and_below_a_path_and_its_other_name_count() {
        let mounts = |paths: &[&str], read_only: bool| {
            let mounts: Vec<_> = paths
                .iter()
                .map(|path| {
                    format!(r#"{{"sourceVolume": "v", "containerPath": "{path}", "readOnly": {read_only}}}"#)
                })
                .collect();
            format!(r#", "mountPoints": [{}]"#, mounts.join(", "))
        };
        for (paths, read_only, count) in [
            (["/var/cache/nginx", "/run"].as_slice(), false, 0),
            (&["/var"], false, 0),
            (&["/var/cache/nginx/client_temp", "/var/run/"], false, 0),
            (&["/var/cache/nginx", "/run"], true, 1),
            (&["/tmp"], false, 1),
        ] {
            assert_eq!(findings("nginx", &mounts(paths, read_only)).len(), count, "{paths:?}");
        }
        let tmpfs =
            r#", "linuxParameters": {"tmpfs": [{"containerPath": "/usr/local/apache2/logs", "size": 8}]}"#;
        assert_eq!(findings("httpd:2.4.65", tmpfs), []);
    }

    #[test]
    fn what_is_written_whatever_the_configuration_says_is_found_with_any() {
        const ROUTER: &str = r#", "firelensConfiguration": {"type": "fluentd"}"#;
        const OWN: &str = r#", "mountPoints": [{"sourceVolume": "c", "containerPath": "/fluentd/etc"}]"#;
        for (more, paths) in [
            ("", "/fluentd/log"),
            (ROUTER, "/tmp"),
            (OWN, "/tmp"),
            (r#", "command": ["fluentd", "-c", "/x"]"#, "/fluentd/log"),
        ] {
            let findings = findings("fluent/fluentd:v1.19-1", more);
            assert_eq!(findings.len(), 1, "{more}");
            let detail = findings[0].detail();
            assert!(detail.contains("/tmp (the directory of locks") && detail.contains(paths), "{detail}");
            assert_eq!(detail.contains("/fluentd/log"), paths == "/fluentd/log", "{detail}");
        }
        for more in [
            r#", "firelensConfiguration": {"type": "fluentd"}, "mountPoints": [{"sourceVolume": "t", "containerPath": "/tmp"}]"#,
            r#", "firelensConfiguration": {"type": "fluentd"}, "environment": [{"name": "TMPDIR", "value": "/fluentd/log"}]"#,
            r#", "firelensConfiguration": {"type": "fluentd"}, "linuxParameters": {"tmpfs": [{"containerPath": "/tmp", "size": 16}]}"#,
            r#", "entryPoint": ["/start.sh"]"#,
        ] {
            assert_eq!(findings("fluent/fluentd:v1.19-1", more), [], "{more}");
        }
        let router = r#", "firelensConfiguration": {"type": "fluentbit"}"#;
        assert_eq!(findings("amazon/aws-for-fluent-bit:2.34.0", router), []);
    }

    #[test]
    fn variables_and_options_move_a_path_or_ask_for_it() {
        let variable = |name: &str| format!(r#", "environment": [{{"name": "{name}", "value": "x"}}]"#);
        assert_eq!(findings("hashicorp/vault:1.20", ""), []);
        assert_eq!(findings("hashicorp/vault:1.20", &variable("VAULT_LOCAL_CONFIG")).len(), 1);
        assert!(findings("grafana/grafana:12.2", "")[0].detail().contains("/var/lib/grafana"));
        assert!(
            !findings("grafana/grafana:12.2", &variable("GF_PATHS_DATA"))[0]
                .detail()
                .contains("/var/lib/grafana")
        );
        let command = r#", "command": ["mongod", "--nounixsocket"]"#;
        assert_eq!(findings("mongo:8.0", command), []);
        assert_eq!(findings("mongo:8.0", "").len(), 1);
        let secret = r#", "secrets": [{"name": "CONSUL_LOCAL_CONFIG", "valueFrom": "arn:x"}]"#;
        assert_eq!(findings("hashicorp/consul:1.21", secret).len(), 1);
        assert_eq!(findings("hashicorp/consul:1.21", r#", "secrets": "<unknown>""#), []);
        let plugin = r#", "command": ["--experimental.plugins.limiter.version=v1"]"#;
        assert_eq!(findings("traefik:v3.6", plugin).len(), 1);
        assert_eq!(findings("traefik:v3.6", ""), []);
    }
}
