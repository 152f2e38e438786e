//! The Agent in a job of the user's: what is added, what is kept, and what stands in the way.

use std::collections::BTreeMap;

use super::*;
use crate::document::hcl::{self, Hcl};
use crate::document::parse;
use crate::nomad::{LAYOUT, is_left_for_the_client};
use crate::rofs::assemble;
use crate::rofs::platform::Platform;
use crate::rofs::settings::{Apm, Dogstatsd, Secret, Settings};

fn settings() -> Settings {
    Settings {
        platform: Platform::Nomad,
        api_key: Some(Secret::stored("nomad/jobs/shop".into())),
        health_check: None,
        env: Some("prod".into()),
        ..Settings::default()
    }
}

fn with<T>(
    settings: &Settings,
    change: impl FnOnce(&mut Joining<'_>),
    then: impl FnOnce(&Joining<'_>) -> T,
) -> T {
    let workload = assemble(settings);
    let mut joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: BTreeMap::new(),
        tmpfs_size: None,
    };
    change(&mut joining);
    then(&joining)
}

fn read(text: &str) -> Hcl {
    hcl::read(text, is_left_for_the_client).unwrap_or_else(|problem| panic!("{problem:?}: {text}"))
}

fn join_text(text: &str, change: impl FnOnce(&mut Joining<'_>)) -> Joined {
    join_group(text, None, change)
}

fn join_group(text: &str, group: Option<&str>, change: impl FnOnce(&mut Joining<'_>)) -> Joined {
    with(&settings(), change, |joining| join(&read(text).node, joining, group).unwrap())
}

/// The text with the Agent in it, which stays as it is when it is given in again.
fn joined(text: &str, change: impl Fn(&mut Joining<'_>)) -> (String, Vec<String>) {
    joined_group(text, None, change)
}

fn joined_group(text: &str, group: Option<&str>, change: impl Fn(&mut Joining<'_>)) -> (String, Vec<String>) {
    let joined = join_group(text, group, &change);
    assert_eq!(joined.collisions, []);
    let written = read(text).changed(&joined.changes, &LAYOUT).expect("there is a place for each change");
    let again = join_group(&written, group, &change);
    assert_eq!((again.changes, again.collisions), (Vec::new(), Vec::new()), "{written}");
    (written, joined.kept)
}

const WEB: &str = r#"variable "tag" { default = "1.0" }

job "shop" { # the shop
  group "web" {
    count = var.count
    task "app" {
      driver = "docker"
      config {
        image   = "example.com/shop:${var.tag}"
        volumes = ["local/data:/data"] # own
      }
      env {
        A = upper("x")
      }
    }
  }
}
"#;

#[test]
fn the_users_text_stays_with_its_comments_and_expressions() {
    let (written, kept) = joined(WEB, |joining| {
        joining.writable_paths = [("app".to_owned(), vec!["/tmp/".to_owned(), "/data".to_owned()])].into();
    });
    assert_eq!(kept, [""; 0]);
    for line in WEB.lines().filter(|line| !line.contains("volumes =")) {
        assert!(written.lines().any(|written| written == line), "{line} is not in {written}");
    }
    for part in [
        r#"volumes = ["local/data:/data", "../alloc/datadog-sockets:/var/run/datadog:ro", "local/app-tmp:/tmp"] # own"#,
        "readonly_rootfs = true",
        r#"DD_TRACE_AGENT_URL = "unix:///var/run/datadog/apm.socket""#,
        r#"labels = [{ "com.datadoghq.tags.env" = "prod" }]"#,
        "task \"datadog-init\"",
        "task \"datadog-agent\"",
    ] {
        assert!(written.contains(part), "{part} is not in {written}");
    }
}

#[test]
fn what_a_task_says_itself_is_kept_and_told() {
    let text = r#"job "shop" {
  vault {}
  group "web" {
    task "app" {
      driver = "docker"
      config {
        image           = "shop:1"
        readonly_rootfs = false
        labels { a = "b" }
      }
      env = { DD_ENV = "own", DD_TRACE_AGENT_URL = var.url }
    }
    task "migrate" {
      driver = "docker"
      lifecycle { hook = "prestart" }
      config { image = "shop:1" }
    }
    task "report" {
      driver = "docker"
      lifecycle { hook = "poststop" }
      config { image = "shop:1" }
    }
    task "old" { driver = "exec" }
    task "older" {
      driver = var.driver
      lifecycle { hook = "prestart" }
    }
  }
}
"#;
    let (written, kept) = joined(text, |_| {});
    assert_eq!(
        kept,
        [
            "app: keeps its own value of variable DD_ENV",
            "app: keeps its own value of variable DD_TRACE_AGENT_URL",
            "app: keeps its own labels, without com.datadoghq.tags.env",
        ]
    );
    assert!(
        written.contains("readonly_rootfs = false") && written.contains("DD_TRACE_AGENT_URL = var.url"),
        "{written}"
    );
    let migrate = written.split("task \"migrate\"").nth(1).unwrap().split("task ").next().unwrap();
    assert!(!migrate.contains("DD_") && migrate.contains("readonly_rootfs = true"), "{migrate}");
    let report = written.split("task \"report\"").nth(1).unwrap().split("task ").next().unwrap();
    assert!(!report.contains("DD_") && report.contains("readonly_rootfs = true"), "{report}");
    let left = |change: fn(&mut Joining<'_>)| join_text(text, change).left;
    let (old, older) = ("old: its driver is exec", "older: its driver is not known");
    assert_eq!(left(|_| {}), [old, older]);
    // A task that nothing is asked of is none that something is missing of.
    assert_eq!(left(|joining| joining.read_only = false), [old]);
    assert_eq!(
        left(|joining| {
            joining.read_only = false;
            joining.wire = false;
        }),
        [""; 0]
    );
    assert_eq!(
        left(|joining| {
            joining.read_only = false;
            joining.wire = false;
            joining.writable_paths = [("older".to_owned(), vec!["/x".to_owned()])].into();
        }),
        [older]
    );
    assert_eq!(written.matches("DD_DOGSTATSD_URL").count(), 1, "{written}");
}

#[test]
fn a_job_that_ends_has_an_agent_that_ends_with_it() {
    let text = WEB.replace("  group \"web\"", "  type = \"batch\"\n  group \"web\"");
    let (written, _) = joined(&text, |_| {});
    // The Agent alone: the copy still comes first.
    for hook in ["poststart", "prestart"] {
        assert_eq!(written.matches(&format!("hook    = \"{hook}\"")).count(), 1, "{written}");
    }
    let (written, _) = joined(WEB, |_| {});
    assert!(!written.contains("poststart"));
}

#[test]
fn a_group_is_named_where_there_are_several_and_one_after_the_other_gets_an_agent() {
    let second = WEB.replace("job \"shop\" { # the shop", "job \"shop\" {\n  group \"queue\" {}\n");
    let kinds = |joined: Joined| joined.collisions.into_iter().map(|one| one.kind).collect::<Vec<_>>();
    let names = vec!["queue".to_owned(), "web".to_owned()];
    assert_eq!(kinds(join_text(&second, |_| {})), [CollisionKind::SeveralGroups { names: names.clone() }]);
    assert_eq!(
        kinds(join_group(&second, Some("wab"), |_| {})),
        [CollisionKind::NoSuchGroup { name: "wab".to_owned(), names }]
    );
    let (first, _) = joined_group(&second, Some("web"), |_| {});
    let (both, _) = joined_group(&first, Some("queue"), |_| {});
    assert_eq!(both.matches("task \"datadog-agent\"").count(), 2, "{both}");
}

#[test]
fn what_stands_in_the_way_is_told_with_what_to_write() {
    let task = |inside: &str| {
        format!(
            "job \"j\" {{\n  group \"g\" {{\n    task \"app\" {{\n      driver = \"docker\"\n{inside}\n    }}\n  }}\n}}\n"
        )
    };
    let config =
        |inside: &str| task(&format!("      config {{\n        image = \"a:1\"\n{inside}\n      }}"));
    for (text, summary) in [
        ("a = 1\n".to_owned(), "Not a job of Nomad"),
        ("job \"a\" {}\njob \"b\" {}\n".to_owned(), "Several jobs"),
        ("job \"a\" {\n  task \"x\" {}\n}\n".to_owned(), "Group is not clear"),
        ("job \"a\" {\n  group \"g\" {}\n  group \"g\" {}\n}\n".to_owned(), "Group is not clear"),
        (
            "job \"a\" {\n  group \"g\" {\n    dynamic \"task\" {\n      for_each = []\n    }\n  }\n}\n"
                .to_owned(),
            "Expression in the way",
        ),
        (config("        volumes = var.volumes"), "Expression in the way"),
        (
            task("      config {\n        image = \"a:1\"\n      }\n      env = merge({}, {})"),
            "Expression in the way",
        ),
        (config("        volumes = [\"/srv:/var/run/datadog/\"]"), "Sockets cannot be mounted"),
        (
            config(
                "        mount {\n          type = \"tmpfs\"\n          target = \"/var/run/datadog\"\n        }",
            ),
            "Sockets cannot be mounted",
        ),
        (config("").replace("a:1", "public.ecr.aws/datadog/agent:7.81.1"), "Two Agents"),
        (config("").replace("\"app\"", "\"datadog-agent\""), "Name of a task is taken"),
    ] {
        let joined = join_text(&text, |_| {});
        let told: Vec<String> =
            joined.collisions.iter().map(|one| format!("{}: {one}", one.summary())).collect();
        assert_eq!(
            joined.collisions.iter().map(Collision::summary).collect::<Vec<_>>(),
            [summary],
            "{text} {told:?}"
        );
        assert!(told.iter().all(|told| told.ends_with(['.', '"', ')', '}']) && told.len() > 30), "{told:?}");
    }
    let asked = join_text(&config(""), |joining| {
        joining.writable_paths =
            [("ap".to_owned(), vec!["/tmp".to_owned()]), ("app".to_owned(), vec!["tmp".to_owned()])].into();
    });
    let summaries: Vec<_> = asked.collisions.iter().map(Collision::summary).collect();
    assert_eq!(summaries, ["Path cannot be made writable", "No such task"]);
    assert!(asked.collisions.iter().all(Collision::is_in_what_was_asked_for));
    let over_the_network = Settings {
        apm: Apm { socket: false, ..Apm::default() },
        dogstatsd: Dogstatsd { socket: false, ..Dogstatsd::default() },
        ..settings()
    };
    for (network, is_there) in
        [("", false), ("mode = \"host\"", false), ("mode = \"bridge\"", true), ("mode = var.mode", true)]
    {
        let text = config("").replace("    task", &format!("    network {{ {network} }}\n    task"));
        let joined =
            with(&over_the_network, |_| {}, |joining| join(&read(&text).node, joining, None).unwrap());
        assert_eq!(joined.collisions.is_empty(), is_there, "{network}");
    }
}

#[test]
fn a_job_of_the_api_gets_the_same_in_its_own_words() {
    let text = r#"{"Job": {"ID": "shop", "TaskGroups": [{"Name": "web", "Tasks": [
        {"Name": "app", "Driver": "docker", "Config": {"image": "shop:1"}, "Env": {"DD_ENV": "own"}, "Meta": {"kept": "yes"}}
    ]}]}}"#;
    let mut document = parse(text).unwrap();
    let once = with(&settings(), |_| {}, |joining| join(&document, joining, None).unwrap());
    assert_eq!(once.collisions, []);
    assert_eq!(once.kept, ["app: keeps its own value of variable DD_ENV"]);
    once.changes.iter().for_each(|change| change.apply(&mut document));
    let again = with(&settings(), |_| {}, |joining| join(&document, joining, None).unwrap());
    assert_eq!((again.changes, again.collisions), (Vec::new(), Vec::new()));
    let group = &document.get("Job").get("TaskGroups").items()[0];
    let names: Vec<_> =
        group.get("Tasks").items().iter().map(|task| task.get("Name").as_str().unwrap()).collect();
    assert_eq!(names, ["app", "datadog-init", "datadog-agent"]);
    let app = &group.get("Tasks").items()[0];
    assert_eq!(app.get("Meta").get("kept").as_str(), Some("yes"));
    assert_eq!(app.get("Env").get("DD_TRACE_AGENT_URL").as_str(), Some("unix:///var/run/datadog/apm.socket"));
    assert_eq!(app.get("Config").get("readonly_rootfs").as_bool(), Some(true));
}

#[test]
fn what_has_to_be_writable_may_be_memory() {
    let (written, _) = joined(WEB, |joining| {
        joining.writable_paths = [("app".to_owned(), vec!["/tmp".to_owned()])].into();
        joining.tmpfs_size = Some(64);
    });
    assert!(written.contains("size = 67108864") && written.contains("target = \"/tmp\""), "{written}");
}

#[test]
fn a_group_that_the_agent_cannot_be_in_is_told() {
    let with = |inside: &str| WEB.replace("    count = var.count\n", inside);
    let kinds = |text: &str, seconds| {
        let settings = Settings { stop_timeout: seconds, ..settings() };
        let joined = with_settings(&settings, text);
        joined.collisions.into_iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    let group = || "web".to_owned();
    let windows =
        "    constraint {\n      attribute = \"${attr.kernel.name}\"\n      value = \"windows\"\n    }\n";
    assert_eq!(kinds(&with(windows), Some(30)), [CollisionKind::ForWindows { group: group() }]);
    let network = |mode: &str| with(&format!("    network {{\n      mode = \"{mode}\"\n    }}\n"));
    assert_eq!(kinds(&network("none"), Some(30)), [CollisionKind::NoNetwork { group: group() }]);
    assert_eq!(kinds(&network("host"), Some(30)), []);
    let disk = |size: &str| with(&format!("    ephemeral_disk {{\n      size = {size}\n    }}\n"));
    assert_eq!(
        kinds(&disk("100"), Some(30)),
        [CollisionKind::DiskForLogs { group: group(), size: 100, least: 101 }]
    );
    assert_eq!(
        kinds(&disk("\"11\""), Some(30)),
        [CollisionKind::DiskForLogs { group: group(), size: 11, least: 101 }]
    );
    assert_eq!(kinds(&disk("101"), Some(30)), []);
    assert_eq!(kinds(&disk("var.size"), Some(30)), []);
    let late = |seconds, deadline| [CollisionKind::Deadline { group: group(), seconds, deadline }];
    let update = |deadline: &str| format!("    update {{\n      progress_deadline = {deadline}\n    }}\n");
    assert_eq!(kinds(&with(&update("\"20s\"")), Some(30)), late(30, 20));
    assert_eq!(kinds(WEB, Some(601)), late(601, 600));
    for (text, seconds) in [
        (with(&update("\"30s\"")), Some(30)),
        (with(&update("\"20s\"")), None),
        // Without an end.
        (with(&update("\"0\"")), Some(30)),
        (with(&update("\"0s\"")), Some(30)),
        (with(&update("var.deadline")), Some(30)),
        (
            with(&update("\"20s\"")).replace("  group \"web\"", "  type = \"batch\"\n  group \"web\""),
            Some(30),
        ),
        (WEB.to_owned(), Some(600)),
    ] {
        assert_eq!(kinds(&text, seconds), [], "{text}");
    }
    // That of the job is the groups' that say none.
    let of_the_job = WEB.replace("  group \"web\"", &format!("{}  group \"web\"", update("\"10s\"")));
    assert_eq!(kinds(&of_the_job, Some(30)), late(30, 10));
}

fn with_settings(settings: &Settings, text: &str) -> Joined {
    with(settings, |_| {}, |joining| join(&read(text).node, joining, None).unwrap())
}

#[test]
fn what_a_group_in_json_says_of_disk_and_deadline_is_read_too() {
    let job = r#"{"Job": {"ID": "shop", "Update": {"ProgressDeadline": 5000000000}, "TaskGroups": [{"Name": "web",
        "EphemeralDisk": {"SizeMB": 20}, "Tasks": [{"Name": "app", "Driver": "docker", "Config": {"image": "shop:1"}}]}]}}"#;
    let joined = with(&settings(), |_| {}, |joining| join(&parse(job).unwrap(), joining, None).unwrap());
    let said: Vec<String> = joined.collisions.iter().map(|one| format!("{} {one}", one.path)).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("Job.TaskGroups[0].EphemeralDisk ephemeral_disk of group web has 20 MB"),
        "{said:?}"
    );
    assert!(said[1].contains("stop_timeout = 5"), "{said:?}");
}
