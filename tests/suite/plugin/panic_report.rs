//! What a panic leaves on stderr.

use std::process::Command;

const ON_PURPOSE: &str = "DDROFS_TEST_PANICS_ON_PURPOSE";

/// Runs itself in another process, because the hook is the whole process's.
#[test]
#[expect(clippy::disallowed_methods, reason = "tells the inner run from the outer one")]
fn a_panic_is_reported_once_as_terraform_reads_it() {
    if std::env::var_os(ON_PURPOSE).is_some() {
        ddrofs::plugin::panic::install_hook();
        panic!("the table has no such row");
    }
    let name = "plugin::panic_report::a_panic_is_reported_once_as_terraform_reads_it";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ON_PURPOSE, "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let header = stderr.lines().position(|line| line == "panic: the table has no such row").expect(&stderr);
    assert_eq!(stderr.matches("the table has no such row").count(), 1, "{stderr}");
    let place = stderr.lines().nth(header + 2).unwrap();
    assert!(place.contains("panic_report.rs"), "{stderr}");
    assert!(stderr.lines().count() < 100, "{stderr}");
}
