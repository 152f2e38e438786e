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

/// What hardening makes of `/data/uploads` in a container of these parts: its mount points, what it kept, and what stood in
/// the way.
fn uploads(parts: serde_json::Value, tmpfs_size: Option<i64>) -> (Vec<String>, Vec<String>, Vec<String>) {
    let mut app = serde_json::json!({ "name": "app" });
    app.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    let document = node(serde_json::json!({
        "containerDefinitions": [app, { "name": "other", "mountPoints": [
            { "sourceVolume": "files", "containerPath": "/data" }] }],
        "volumes": [{ "name": "files", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } }]
    }));
    let hardening = writable(&[("app", &["/data/uploads"])], tmpfs_size);
    let hardened = harden(document, &hardening);
    if hardened.collisions.is_empty() {
        assert_eq!(harden(hardened.document.clone(), &hardening).document, hardened.document);
    }
    let app = &containers(&hardened)[0];
    let tmpfs = app.get("linuxParameters").get("tmpfs");
    let mounted = names(app.get("mountPoints"), "sourceVolume").into_iter();
    let mounted = mounted.chain(names(tmpfs, "containerPath")).map(str::to_owned).collect();
    (mounted, kept(&hardened), sentences(&hardened.collisions))
}

#[test]
fn nothing_is_laid_over_what_is_mounted_above_a_path() {
    let at = |path: &str| serde_json::json!([{ "sourceVolume": "files", "containerPath": path }]);
    let tmpfs = |path: &str| serde_json::json!({ "tmpfs": [{ "containerPath": path, "size": 8 }] });
    let from = serde_json::json!([{ "sourceContainer": "other" }]);
    for size in [None, Some(64)] {
        for (parts, mounted, at) in [
            (serde_json::json!({ "mountPoints": at("/data") }), vec!["files"], "/data"),
            (serde_json::json!({ "mountPoints": at("/") }), vec!["files"], "/"),
            (serde_json::json!({ "mountPoints": at("/data/uploads/") }), vec!["files"], "/data/uploads"),
            (serde_json::json!({ "volumesFrom": from }), vec![], "/data"),
            (serde_json::json!({ "linuxParameters": tmpfs("/data") }), vec!["/data"], "/data"),
        ] {
            let (found, kept, collisions) = uploads(parts.clone(), size);
            assert_eq!(found, mounted, "{parts}");
            assert_eq!(kept, [format!("app: keeps its own mount at {at}")], "{parts}");
            assert_eq!(collisions, [""; 0], "{parts}");
        }
    }
    for beside in ["/dat", "/data/up", "/data/uploads/deeper"] {
        let (found, kept, _) = uploads(serde_json::json!({ "mountPoints": at(beside) }), None);
        assert_eq!(
            (found, kept),
            (vec!["files".to_owned(), "app-data-uploads".to_owned()], vec![]),
            "{beside}"
        );
    }
}

#[test]
fn what_is_read_only_above_a_path_stands_in_the_way() {
    let mount = serde_json::json!([{ "sourceVolume": "files", "containerPath": "/data", "readOnly": true }]);
    let from = serde_json::json!([{ "sourceContainer": "other", "readOnly": true }]);
    let tmpfs =
        serde_json::json!({ "tmpfs": [{ "containerPath": "/data", "size": 8, "mountOptions": ["ro"] }] });
    for (parts, key) in [
        (serde_json::json!({ "mountPoints": mount }), "mountPoints"),
        (serde_json::json!({ "volumesFrom": from }), "volumesFrom"),
        (serde_json::json!({ "linuxParameters": tmpfs }), "linuxParameters"),
    ] {
        let (_, _, collisions) = uploads(parts, None);
        assert_eq!(
            collisions,
            [format!(
                "Container app (containerDefinitions[0].{key}) is to write to /data/uploads, and what is mounted at \
                 /data is read-only. Remove readOnly from what is mounted at /data, or remove /data/uploads from the \
                 writable paths."
            )]
        );
    }
}

#[test]
fn paths_that_are_asked_for_together_are_mounted_whatever_their_order() {
    for paths in [["/data", "/data/uploads"], ["/data/uploads", "/data"]] {
        let hardening = writable(&[("app", &paths)], None);
        let hardened = harden_twice(task(serde_json::json!([{ "name": "app" }])), &hardening);
        let mut mounted = names(container(&hardened, "app").get("mountPoints"), "sourceVolume");
        mounted.sort_unstable();
        assert_eq!(mounted, ["app-data", "app-data-uploads"], "{paths:?}");
    }
}
