//! Writable paths of the application.

use super::*;

fn writable(paths: &[(&str, &[&str])], tmpfs_size: Option<i64>) -> Hardening<'static> {
    let paths = paths
        .iter()
        .map(|(name, paths)| ((*name).to_owned(), paths.iter().map(|path| (*path).to_owned()).collect()));
    Hardening {
        writable_paths: paths.collect::<BTreeMap<_, _>>(),
        tmpfs_size,
        mark: false,
        ..Hardening::default()
    }
}

#[test]
fn each_path_becomes_a_volume_called_after_container_and_path() {
    let hardening = writable(&[("app", &["/tmp", "/var/cache/nginx/", "//tmp"])], None);
    let hardened = harden_twice(task(serde_json::json!([{ "name": "app" }])), &hardening);
    assert_eq!(
        *container(&hardened, "app").get("mountPoints"),
        node(serde_json::json!([
            { "sourceVolume": "app-tmp", "containerPath": "/tmp" },
            { "sourceVolume": "app-var-cache-nginx", "containerPath": "/var/cache/nginx" }
        ]))
    );
    assert_eq!(names(hardened.document.get("volumes"), "name"), ["app-tmp", "app-var-cache-nginx"]);
    assert_eq!(
        sentences(&hardened.changes),
        [
            "app: + readonlyRootFilesystem true",
            "app: + mount /tmp (volume app-tmp)",
            "+ volume app-tmp",
            "app: + mount /var/cache/nginx (volume app-var-cache-nginx)",
            "+ volume app-var-cache-nginx",
        ]
    );
}

#[test]
fn no_volume_gets_the_name_of_another() {
    let hardening = writable(&[("a", &["/b/c", "/b-c"]), ("a-b", &["/c"])], None);
    let document = node(serde_json::json!({
        "containerDefinitions": [{ "name": "a" }, { "name": "a-b" }],
        "volumes": [{ "name": "a-b-c", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } }]
    }));
    let hardened = harden_twice(document, &hardening);
    assert_eq!(names(hardened.document.get("volumes"), "name"), ["a-b-c", "a-b-c-2", "a-b-c-3", "a-b-c-4"]);
    let long = "x".repeat(250);
    let hardened = harden_twice(
        task(serde_json::json!([{ "name": long }])),
        &writable(&[(&long, &["/tmp/one", "/tmp/ones"])], None),
    );
    let volumes = names(hardened.document.get("volumes"), "name");
    assert_eq!(volumes.iter().map(|name| name.len()).collect::<Vec<_>>(), [255, 255]);
    assert_ne!(volumes[0], volumes[1]);
}

#[test]
fn with_a_size_each_path_becomes_a_tmpfs_beside_what_is_there() {
    let hardening = writable(&[("app", &["/tmp", "/run"])], Some(64));
    let own = serde_json::json!({ "name": "app", "linuxParameters": {
        "capabilities": { "drop": ["ALL"] }, "tmpfs": [{ "containerPath": "/tmp", "size": 1 }] } });
    let hardened = harden_twice(task(serde_json::json!([own])), &hardening);
    let parameters = container(&hardened, "app").get("linuxParameters");
    assert_eq!(
        *parameters,
        node(serde_json::json!({ "capabilities": { "drop": ["ALL"] }, "tmpfs": [
            { "containerPath": "/tmp", "size": 1 }, { "containerPath": "/run", "size": 64 }] }))
    );
    assert!(hardened.document.get("volumes").is_null());
    assert_eq!(kept(&hardened), ["app: keeps its own mount at /tmp"]);
    assert!(sentences(&hardened.changes).contains(&"app: + tmpfs /run (64 MiB)".to_owned()));
}

#[test]
fn a_mount_that_is_there_is_kept_and_one_that_is_read_only_collides() {
    let hardening = writable(&[("app", &["/data", "/fixed"])], None);
    let own = serde_json::json!([{ "name": "app", "mountPoints": [
        { "sourceVolume": "d", "containerPath": "/data" },
        { "sourceVolume": "f", "containerPath": "/fixed/", "readOnly": true }] }]);
    let hardened = harden(task(own), &hardening);
    assert_eq!(kept(&hardened), ["app: keeps its own mount at /data"]);
    let texts = sentences(&hardened.collisions);
    assert_eq!(texts.len(), 1);
    assert!(
        texts[0].starts_with("Container app (containerDefinitions[0].mountPoints) is to write to /fixed")
    );
    assert!(!hardened.collisions[0].is_in_what_was_asked_for());
}

#[test]
fn what_was_asked_for_wrongly_is_said() {
    let hardening = writable(&[("web-ap", &["/tmp"]), ("web-app", &["tmp", "/proc/x"])], None);
    let hardened = harden(task(serde_json::json!([{ "name": "web-app" }])), &hardening);
    let texts = sentences(&hardened.collisions);
    assert_eq!(texts.len(), 3, "{texts:#?}");
    assert!(texts[0].contains("container \"web-ap\""), "{}", texts[0]);
    assert!(texts[0].ends_with("Did you mean \"web-app\"?"), "{}", texts[0]);
    assert!(texts[1].contains("\"tmp\" of container web-app is not absolute"), "{}", texts[1]);
    assert!(hardened.collisions.iter().all(Collision::is_in_what_was_asked_for));
    let none =
        harden(task(serde_json::json!([{ "name": "app" }])), &writable(&[("app", &["/tmp"])], Some(0)));
    assert_eq!(none.collisions.len(), 1);
}

#[test]
fn what_is_not_known_yet_leaves_the_place_open() {
    let hardening = writable(&[("app", &["/tmp"])], None);
    for own in [serde_json::json!({ "name": "app", "mountPoints": "?" }), serde_json::json!({ "name": "?" })]
    {
        let hardened = harden(task(serde_json::json!([own])), &hardening);
        assert_eq!(hardened.collisions, []);
        assert!(containers(&hardened)[0].get("mountPoints").is_unknown(), "{own}");
        assert!(hardened.document.get("volumes").is_unknown(), "{own}");
    }
    let hardened = harden(task(serde_json::json!(["?"])), &hardening);
    assert_eq!(hardened.collisions, []);
}

#[test]
fn nothing_is_mounted_beside_mount_points_that_are_no_list() {
    let settings = settings();
    let socket = writable(&[("app", &["/var/run/datadog"])], Some(8));
    let hardening = Hardening { agent: Some(&settings), ..socket };
    let document = task(serde_json::json!([{ "name": "app", "mountPoints": 7 }]));
    let hardened = harden_twice(document, &hardening);
    let app = container(&hardened, "app");
    assert_eq!(*app.get("mountPoints"), node(serde_json::json!(7)));
    assert!(app.get("linuxParameters").is_null());
}

#[test]
fn a_path_of_the_agents_sockets_is_not_the_applications_to_write() {
    let settings = settings();
    let hardening = Hardening { agent: Some(&settings), ..writable(&[("app", &["/var/run/datadog"])], None) };
    let collisions = harden(task(serde_json::json!([{ "name": "app" }])), &hardening).collisions;
    assert_eq!(collisions.len(), 1, "{collisions:?}");
}
