//! The init container's command, run by the machine's own shell on a made-up configuration directory.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Settings, Text};

use super::{map, minimal};

/// A container's file system, as far as the command sees it.
struct Root {
    folder: tempfile::TempDir,
    command: Vec<String>,
    variables: BTreeMap<String, String>,
}

impl Root {
    fn of(settings: &Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let init = assemble(settings).containers.remove(0);
        let known = |value| match value {
            Text::Known(text) => text,
            Text::Unknown => unreachable!("a container starts with what is known"),
        };
        let variables = init.environment.into_iter().map(|(name, value)| (name, known(value))).collect();
        let command = init.command.expect("the init container has a command");
        let root = Root { folder, command, variables };
        for path in ["etc/conf.d/ecs_fargate.d", "etc/conf.d/cpu.d", "volume", "run", "sockets", "tmp"] {
            fs::create_dir_all(root.path(path)).unwrap();
        }
        for (path, mode) in [
            ("etc/datadog-ecs.yaml", 0o644),
            ("etc/.hidden", 0o600),
            ("etc/conf.d/.nested", 0o644),
            ("etc/conf.d/ecs_fargate.d/conf.yaml.default", 0o640),
            ("etc/conf.d/cpu.d/conf.yaml.default", 0o644),
            ("etc/script-config.yaml", 0o400),
        ] {
            root.write(path, "first", mode);
        }
        std::os::unix::fs::symlink("datadog-ecs.yaml", root.path("etc/link.yaml")).unwrap();
        root
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, content: &str, mode: u32) {
        let path = self.path(path);
        // A file that nobody may write is replaced, as a new image layer does.
        let _absent = fs::remove_file(&path);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn run(&self) -> Output {
        let text = |path: &str| self.path(path).to_str().unwrap().to_owned();
        let words: Vec<_> = self
            .command
            .iter()
            .map(|word| {
                word.replace("/opt/datadog-agent-config", &text("volume"))
                    .replace("/etc/datadog-agent", &text("etc"))
                    .replace("/opt/datadog-agent/run", &text("run"))
                    .replace("/var/run/datadog", &text("sockets"))
                    .replace(" /tmp ", &format!(" {} ", text("tmp")))
            })
            .collect();
        // Whoever runs it may be told to write what nobody else reads.
        let strict = ["-c", "umask 077; exec \"$@\"", "sh"];
        Command::new("sh").args(strict).args(&words).envs(&self.variables).output().unwrap()
    }

    #[track_caller]
    fn succeeds(&self) {
        let output = self.run();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty());
    }

    #[track_caller]
    fn fails_with(&self, parts: &[&str]) {
        let output = self.run();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        for part in parts {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn copies_everything_with_its_mode_dot_files_and_links_too() {
    let root = Root::of(&minimal());
    root.succeeds();
    for path in [
        "datadog-ecs.yaml",
        ".hidden",
        "conf.d/.nested",
        "conf.d/ecs_fargate.d/conf.yaml.default",
        "conf.d/cpu.d/conf.yaml.default",
        "script-config.yaml",
    ] {
        let (original, copy) = (root.path("etc").join(path), root.path("volume").join(path));
        assert_eq!(mode(&copy), mode(&original), "{path}");
        assert_eq!(fs::symlink_metadata(&copy).unwrap().len(), 5, "{path}");
    }
    assert_eq!(fs::read_link(root.path("volume/link.yaml")).unwrap(), Path::new("datadog-ecs.yaml"));
}

#[test]
fn a_second_run_refreshes_an_older_copy_unreadable_files_too() {
    let root = Root::of(&minimal());
    root.succeeds();
    root.write("etc/script-config.yaml", "second!", 0o400);
    root.write("etc/datadog-ecs.yaml", "second!", 0o644);
    root.write("volume/generated.yaml", "by the Agent", 0o644);
    root.succeeds();
    for path in ["volume/script-config.yaml", "volume/datadog-ecs.yaml"] {
        assert_eq!(fs::metadata(root.path(path)).unwrap().len(), 7, "{path}");
    }
    assert!(root.path("volume/generated.yaml").exists());
}

#[test]
fn fails_and_names_everything_that_is_missing() {
    let root = Root::of(&minimal());
    fs::remove_file(root.path("etc/conf.d/ecs_fargate.d/conf.yaml.default")).unwrap();
    root.fails_with(&["datadog-init: ", "conf.d/ecs_fargate.d/conf.yaml.default", "no ecs.fargate metrics"]);
    fs::remove_file(root.path("etc/datadog-ecs.yaml")).unwrap();
    fs::remove_dir_all(root.path("etc/conf.d")).unwrap();
    fs::remove_dir_all(root.path("volume")).unwrap();
    fs::create_dir(root.path("volume")).unwrap();
    root.fails_with(&["conf.d (no integration checks)", "datadog-ecs.yaml (", "conf.yaml.default ("]);
}

#[test]
fn accepts_what_a_custom_image_puts_in_the_place_of_the_stock_files() {
    let root = Root::of(&minimal());
    fs::remove_file(root.path("etc/conf.d/ecs_fargate.d/conf.yaml.default")).unwrap();
    root.write("etc/conf.d/ecs_fargate.d/conf.yaml", "own", 0o644);
    fs::remove_file(root.path("etc/datadog-ecs.yaml")).unwrap();
    root.write("etc/datadog.yaml", "own", 0o644);
    root.succeeds();
}

#[test]
fn fails_when_there_is_nothing_to_copy_or_nowhere_to_put_it() {
    let root = Root::of(&minimal());
    fs::remove_dir_all(root.path("volume")).unwrap();
    root.fails_with(&["no volume is mounted at"]);
    fs::create_dir(root.path("volume")).unwrap();
    fs::remove_dir_all(root.path("etc")).unwrap();
    root.fails_with(&["nothing to copy"]);
    fs::create_dir(root.path("etc")).unwrap();
    root.fails_with(&["nothing to copy"]);
}

#[test]
fn fails_when_the_copy_fails() {
    let root = Root::of(&minimal());
    // A directory where a file has to go cannot be overwritten by anybody.
    fs::create_dir_all(root.path("volume/datadog-ecs.yaml/in-the-way")).unwrap();
    root.fails_with(&["copying ", "failed"]);
}

#[test]
fn hands_the_volumes_over_to_an_agent_that_is_not_root() {
    let root = Root::of(&Settings { user: Some("100".into()), ..minimal() });
    if fs::metadata(root.folder.path()).unwrap().uid() != 0 {
        // Only root may give files away; as anybody else the command has to say that it could not.
        root.fails_with(&["giving the volumes to user 100:0 failed"]);
        return;
    }
    root.succeeds();
    for path in ["volume", "volume/conf.d", "volume/link.yaml", "run", "sockets", "tmp"] {
        let owner = fs::symlink_metadata(root.path(path)).unwrap();
        assert_eq!((owner.uid(), owner.gid()), (100, 0), "{path}");
    }
}

/// Where volumes are kept.
fn on_compose() -> Root {
    let root = Root::of(&Settings { platform: Platform::Compose, ..Settings::default() });
    root.write("etc/datadog-docker.yaml", "first", 0o644);
    root
}

#[test]
fn an_upgrade_over_a_volume_that_was_kept_leaves_nothing_of_the_older_image() {
    let root = on_compose();
    root.write("etc/conf.d/gone 100%.yaml", "of the older image", 0o644);
    root.write("etc/conf.d/.gone", "of the older image", 0o400);
    root.succeeds();
    root.write("volume/auth_token", "by the Agent", 0o600);
    root.write("volume/conf.d/own.yaml", "by hand", 0o644);
    std::os::unix::fs::symlink("datadog-docker.yaml", root.path("volume/datadog.yaml")).unwrap();
    // The newer image has a directory where there was a file, and two files less.
    for path in ["conf.d/gone 100%.yaml", "conf.d/.gone", "script-config.yaml"] {
        fs::remove_file(root.path("etc").join(path)).unwrap();
    }
    fs::create_dir(root.path("etc/script-config.yaml")).unwrap();
    root.write("etc/script-config.yaml/inner", "second", 0o644);
    root.succeeds();
    let is_there = |path: &str| fs::symlink_metadata(root.path("volume").join(path)).is_ok();
    for path in ["conf.d/gone 100%.yaml", "conf.d/.gone", ".datadog-init.new"] {
        assert!(!is_there(path), "{path}");
    }
    for path in
        ["auth_token", "conf.d/own.yaml", "datadog.yaml", "script-config.yaml/inner", ".hidden", "link.yaml"]
    {
        assert!(is_there(path), "{path}");
    }
    // What is the image's again stays.
    root.succeeds();
    assert!(is_there("script-config.yaml/inner"));
}

#[test]
fn a_volume_that_somebody_else_filled_loses_nothing() {
    let root = on_compose();
    root.write("volume/older.yaml", "by another init container", 0o644);
    root.succeeds();
    assert!(root.path("volume/older.yaml").exists());
}

#[test]
fn a_machine_with_docker_needs_what_the_image_links_there() {
    let root = on_compose();
    fs::remove_file(root.path("etc/datadog-docker.yaml")).unwrap();
    root.fails_with(&["datadog-docker.yaml (the Agent has no listener for containers)"]);
}

/// Settings with these files.
fn with_files(files: &[(&str, &str)]) -> Settings {
    Settings { config_files: map(files), ..minimal() }
}

#[test]
fn files_are_written_over_the_copy_byte_for_byte() {
    let odd = "# \u{c1}\u{e9}\u{20ac} $(touch x) `touch x` \"$HOME\" '\\n %s\\\r\n\ttab\n\n\n";
    let files = [
        ("conf.d/redisdb.d/conf.yaml", "init_config:\ninstances:\n  - host: redis\n"),
        ("./checks.d/my_check.py", "class MyCheck:\n    pass"),
        ("datadog.yaml", "log_level: warn\n"),
        ("datadog-ecs.yaml", "-n"),
        (".hidden", "\n"),
        ("conf.d/it's \"$odd\" & \\ (a) b.d/conf.yaml", odd),
        ("a/b/c/d.yaml", "-e \\x"),
        ("install_info", "("),
    ];
    let root = Root::of(&with_files(&files));
    root.succeeds();
    for (path, content) in files {
        let written = root.path("volume").join(path);
        assert_eq!(fs::read_to_string(&written).unwrap(), content, "{path}");
        assert_eq!(mode(&written), 0o644, "{path}");
    }
    for path in ["volume/a", "volume/a/b/c", "volume/checks.d"] {
        assert_eq!(mode(&root.path(path)), 0o755, "{path}");
    }
    assert!(!root.path("etc/datadog.yaml").exists(), "the image stays as it is");
    assert_eq!(fs::read_to_string(root.path("etc/datadog-ecs.yaml")).unwrap(), "first");
    root.succeeds();
}

#[test]
fn a_link_is_replaced_and_not_followed() {
    let root = Root::of(&with_files(&[("link.yaml", "mine")]));
    root.succeeds();
    assert!(root.path("volume/link.yaml").symlink_metadata().unwrap().is_file());
    assert_eq!(fs::read_to_string(root.path("volume/datadog-ecs.yaml")).unwrap(), "first");
}

#[test]
fn a_file_can_take_the_place_of_what_the_image_lacks() {
    let files = [("datadog.yaml", "a: b"), ("conf.d/ecs_fargate.d/conf.yaml", "a: b")];
    let root = Root::of(&with_files(&files));
    fs::remove_file(root.path("etc/conf.d/ecs_fargate.d/conf.yaml.default")).unwrap();
    fs::remove_file(root.path("etc/datadog-ecs.yaml")).unwrap();
    root.succeeds();
}

#[test]
fn fails_and_names_the_file_that_cannot_be_written() {
    let root = Root::of(&with_files(&[("conf.d/cpu.d/conf.yaml.default/x.yaml", "a")]));
    root.fails_with(&["writing conf.d/cpu.d/conf.yaml.default/x.yaml of config_files to the volume failed"]);
    let root = Root::of(&with_files(&[("etc", "a")]));
    fs::create_dir_all(root.path("etc/etc/in-the-way")).unwrap();
    root.fails_with(&["writing etc of config_files to the volume failed"]);
    let mut root = Root::of(&with_files(&[("x.yaml", "a")]));
    root.variables.clear();
    let output = root.run();
    assert!(!output.status.success(), "a content that does not arrive is no empty file");
    assert!(!root.path("volume/x.yaml").exists());
}

#[test]
fn a_file_that_does_not_arrive_whole_is_found() {
    let root = Root::of(&with_files(&[("x.yaml", "first\nsecond\n")]));
    // A disk that is full writes less and says so late.
    let mut root = root;
    root.command[2] = root.command[2].replace("printf '%s' \"$2\"", "printf '%.5s' \"$2\"");
    root.fails_with(&["writing x.yaml of config_files to the volume failed"]);
}

#[test]
fn files_are_handed_over_with_the_copy() {
    let files = map(&[("conf.d/new.d/conf.yaml", "a: b")]);
    let root = Root::of(&Settings { user: Some("100".into()), config_files: files, ..minimal() });
    if fs::metadata(root.folder.path()).unwrap().uid() != 0 {
        // Only root may give files away.
        root.fails_with(&["giving the volumes to user 100:0 failed"]);
        return;
    }
    root.succeeds();
    for path in ["volume/conf.d/new.d", "volume/conf.d/new.d/conf.yaml"] {
        let owner = fs::symlink_metadata(root.path(path)).unwrap();
        assert_eq!((owner.uid(), owner.gid()), (100, 0), "{path}");
    }
}

#[test]
fn a_file_that_is_no_longer_wanted_goes_from_a_volume_that_was_kept() {
    let with = |files: &[(&str, &str)]| Settings {
        platform: Platform::Compose,
        config_files: map(files),
        ..Settings::default()
    };
    let mut root =
        Root::of(&with(&[("conf.d/it's gone.yaml", "a"), ("install_info", "mine"), ("x.yaml", "a")]));
    root.write("etc/datadog-docker.yaml", "first", 0o644);
    root.write("etc/install_info", "the image's", 0o644);
    root.succeeds();
    root.succeeds();
    let next = Root::of(&with(&[("x.yaml", "b")]));
    (root.command, root.variables) = (next.command, next.variables);
    root.succeeds();
    let content = |path: &str| fs::read_to_string(root.path("volume").join(path)).ok();
    assert_eq!(content("conf.d/it's gone.yaml"), None);
    assert_eq!(content("install_info").as_deref(), Some("the image's"));
    assert_eq!(content("x.yaml").as_deref(), Some("b"));
}
