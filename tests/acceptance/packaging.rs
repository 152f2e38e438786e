//! What a release is packed into and how a program is installed: with a program that stands in for a built one, so that no test
//! waits for a release build.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

use crate::harness::{Installation, Tool, Workspace, installed, problems_of_scripts, run_folder};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Packs programs of these targets in a copy of the packer in a folder of its own, and gives what it made.
fn pack(folder: &Path, programs: &[(&str, &str, &str)]) -> (Output, BTreeMap<String, Vec<u8>>) {
    for path in ["packaging/pack.py", "Cargo.toml", "LICENSE"] {
        let copy = folder.join(path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(repository().join(path), copy).unwrap();
    }
    for (target, name, text) in programs {
        let place = folder.join("programs").join(target);
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(name), text).unwrap();
    }
    fs::create_dir_all(folder.join("programs")).unwrap();
    // Cargo leaves the name out where the folder has it.
    let name = if folder.ends_with("terraform-provider-ddrofs") { "" } else { "terraform-provider-ddrofs@" };
    let sbom = format!("{{ \"bom-ref\": \"path+file://{}#{name}{VERSION}\" }}\n", folder.display());
    fs::write(folder.join("sbom.json"), sbom).unwrap();
    let output = Command::new(installed("python"))
        .arg(folder.join("packaging/pack.py"))
        .args(["programs", "out", "sbom.json"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let made = fs::read_dir(folder.join("out")).into_iter().flatten().map(|entry| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
    });
    (output, made.collect())
}

fn folder(name: &str) -> PathBuf {
    let folder = run_folder().join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::canonicalize(folder).unwrap()
}

const PROGRAMS: [(&str, &str, &str); 2] = [
    ("x86_64-unknown-linux-musl", "terraform-provider-ddrofs", "stand-in"),
    ("x86_64-pc-windows-msvc", "terraform-provider-ddrofs.exe", "stand-in for Windows"),
];

#[test]
fn a_release_has_what_the_registries_ask_for_and_the_same_bytes_in_every_folder() {
    let (output, made) = pack(&folder("packed"), &PROGRAMS);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let name = |rest: &str| format!("terraform-provider-ddrofs_{VERSION}_{rest}");
    assert_eq!(
        made.keys().cloned().collect::<Vec<_>>(),
        ["SHA256SUMS", "linux_amd64.zip", "manifest.json", "sbom.cdx.json", "windows_amd64.zip"].map(name)
    );

    let text = |rest: &str| String::from_utf8(made[&name(rest)].clone()).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.json")).unwrap();
    assert_eq!(manifest, serde_json::json!({ "version": 1, "metadata": { "protocol_versions": ["5.0"] } }));
    let named = format!("{{ \"bom-ref\": \"path+file://.#terraform-provider-ddrofs@{VERSION}\" }}\n");
    assert_eq!(text("sbom.cdx.json"), named);

    let sums: String = made
        .iter()
        .filter(|(file, _)| !file.ends_with("SHA256SUMS"))
        .map(|(file, bytes)| format!("{}  {file}\n", hexadecimal(&Sha256::digest(bytes))))
        .collect();
    assert_eq!(text("SHA256SUMS"), sums);

    // The same programs, written later and otherwise, in a folder of another name.
    let elsewhere = folder("elsewhere/terraform-provider-ddrofs");
    let older = elsewhere.join("programs/x86_64-unknown-linux-musl");
    fs::create_dir_all(&older).unwrap();
    fs::write(older.join("terraform-provider-ddrofs"), "an older build").unwrap();
    fs::create_dir_all(elsewhere.join("out")).unwrap();
    fs::write(elsewhere.join("out/left-over"), "of an older release").unwrap();
    let (_, again) = pack(&elsewhere, &[PROGRAMS[1], PROGRAMS[0]]);
    assert!(made == again, "{:?}", again.keys());
}

/// What Terraform does with a zip: it takes the file whose name begins with the provider's, and runs it.
#[test]
fn a_zip_holds_the_program_that_may_be_run_and_the_licence() {
    let folder = folder("unpacked");
    let (_, made) = pack(&folder, &PROGRAMS);
    assert_eq!(made.len(), 5);
    let listed = |platform: &str| {
        let script = "import sys, zipfile\nfor entry in zipfile.ZipFile(sys.argv[1]).infolist():\n    \
                      print(oct(entry.external_attr >> 16), entry.date_time[0], entry.file_size, entry.filename)";
        let output = Command::new(installed("python"))
            .args(["-c", script])
            .arg(folder.join(format!("out/terraform-provider-ddrofs_{VERSION}_{platform}.zip")))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let licence = fs::metadata(repository().join("LICENSE")).unwrap().len();
    assert_eq!(
        listed("linux_amd64"),
        format!("0o100644 1980 {licence} LICENSE\n0o100755 1980 8 terraform-provider-ddrofs_v{VERSION}\n")
    );
    assert_eq!(
        listed("windows_amd64"),
        format!(
            "0o100644 1980 {licence} LICENSE\n0o100755 1980 20 terraform-provider-ddrofs_v{VERSION}.exe\n"
        )
    );
}

#[test]
fn what_cannot_be_packed_is_said() {
    for (name, programs, problem) in [
        ("nothing", &[][..], "programs has no program: `make binary` builds one"),
        (
            "unknown",
            &[("sparc64-unknown-linux-gnu", "terraform-provider-ddrofs", "")][..],
            "is no target that a release",
        ),
        (
            "wrong-name",
            &[("x86_64-pc-windows-msvc", "terraform-provider-ddrofs", "")][..],
            "has no terraform-provider-ddrofs.exe",
        ),
        (
            "twice",
            &[PROGRAMS[0], ("x86_64-unknown-linux-gnu", "terraform-provider-ddrofs", "")][..],
            "are both for linux_amd64: keep one of them",
        ),
    ] {
        let (output, made) = pack(&folder(&format!("unpackable-{name}")), programs);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(problem), "{name}: {told}");
        assert!(!made.keys().any(|file| file.ends_with("SHA256SUMS")), "{name}: {:?}", made.keys());
    }
}

/// The signing itself is gpg's; a stand-in notes what it is asked and given.
#[cfg(unix)]
#[test]
fn the_sums_are_signed_with_the_key_of_the_environment_which_no_argument_and_no_file_holds() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder("signed");
    let tools = folder.join("tools");
    fs::create_dir_all(&tools).unwrap();
    let gpg = "#!/bin/sh\n{ echo \"$*\"; case $* in *--verify*) ;; *) cat ;; esac; } >> \"$LOG\"\n\
               case $* in *--detach-sign*) for last; do :; done; echo signature > \"$last.sig\" ;; esac\n";
    for (name, script) in [("gpg", gpg), ("gpgconf", "#!/bin/sh\n")] {
        fs::write(tools.join(name), script).unwrap();
        fs::set_permissions(tools.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let sums = folder.join("SHA256SUMS");
    let signature = folder.join("SHA256SUMS.sig");
    fs::write(&sums, "sums\n").unwrap();
    fs::write(&signature, "of older sums").unwrap();
    let sign = |key: &[(&str, &str)]| {
        Command::new("sh")
            .arg(repository().join("packaging/sign.sh"))
            .arg(&sums)
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", tools.display()))
            .env("LOG", folder.join("log"))
            .env("TMPDIR", &folder)
            .envs(key.iter().copied())
            .output()
            .unwrap()
    };

    let unsigned = sign(&[]);
    assert!(unsigned.status.success());
    let told = String::from_utf8_lossy(&unsigned.stderr).into_owned();
    assert!(told.contains("SHA256SUMS is unsigned") && told.contains("GPG_PRIVATE_KEY is not set"), "{told}");
    assert!(!signature.exists(), "the signature of other sums is no signature of these");
    assert!(!folder.join("log").exists());

    let signed = sign(&[("GPG_PRIVATE_KEY", "the key"), ("GPG_PASSPHRASE", "the passphrase")]);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    assert_eq!(fs::read_to_string(&signature).unwrap(), "signature\n");
    let log = fs::read_to_string(folder.join("log")).unwrap();
    let asked: Vec<_> = log.lines().filter(|line| line.starts_with("--batch")).collect();
    assert!(log.contains("--import\nthe key\n") && log.contains("SHA256SUMS\nthe passphrase\n"), "{log}");
    assert!(asked.len() == 3 && !asked.iter().any(|line| line.contains("the ")), "{log}");
    let left = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(
        left.count(),
        4,
        "the keyring is gone: log, SHA256SUMS, its signature and the stand-ins are left"
    );
}

#[test]
fn shellcheck_objects_to_none_of_the_scripts() {
    let scripts = ["sign", "install"].map(|name| {
        let path = repository().join("packaging").join(name).with_extension("sh");
        (name.to_owned(), fs::read_to_string(path).unwrap())
    });
    assert_eq!(problems_of_scripts("packaging-scripts", &scripts), "");
}

/// Nothing tells the core where to look: neither an override nor a configuration of the command line.
#[cfg(unix)]
#[test]
fn what_make_install_installs_is_found_by_a_plain_init() {
    for tool in Tool::all() {
        let workspace = Workspace::with("make-install", tool.clone(), Installation::MakeInstall);
        workspace.write(
            "main.tf",
            &format!(
                "terraform {{\n  required_providers {{\n    ddrofs = {{ source = \"ddrofs/ddrofs\", version = \"{VERSION}\" }}\n  \
                 }}\n}}\noutput \"same\" {{\n  value = provider::ddrofs::normalize(\"[]\")\n}}\n"
            ),
        );
        workspace.run(&["init"]).success().says(&format!("Installed ddrofs/ddrofs v{VERSION}"));
        workspace.plan().changes().says("+ same = ").does_not_say("development overrides");
        let lock = fs::read_to_string(workspace.folder().join(".terraform.lock.hcl")).unwrap();
        assert!(lock.contains(&format!("{}/ddrofs/ddrofs", tool.registry())), "{lock}");
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
