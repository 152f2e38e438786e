//! Values that must not show, planted in every workspace and searched for after every command.
//!
//! Three kinds, because they are allowed in different places. An API key and the credentials may be nowhere: not
//! in output, state, plan or log. A value of the configuration is in plan and state because its owner wrote it
//! there, but in no log line.

use std::path::Path;

/// Stands for a Datadog API key: in the environment of every command, and in configurations a rule refuses.
pub(crate) const API_KEY: &str = "canary0api0key0c0ffee0c0ffee0c0f";
/// The AWS secret key every command signs with.
pub(crate) const SECRET_KEY: &str = "canarySecretKeyWJalrXUtnFEMIK7MDENGbPxRfiCY";
/// A value that configurations put into an application's environment.
pub(crate) const CONFIGURATION_VALUE: &str = "canary-configuration-value-20061";

/// The marker of lines in core's log that the provider wrote.
const PROVIDER_LINE: &str = "provider.terraform-provider-ddrofs";

/// The lines in which a core prints what a configuration holds. With `TF_LOG=debug` it shows the whole value of a
/// resource's dynamic attribute whenever it reads the state (seen in Terraform 1.11.4, 2026-11): no provider can prevent
/// it but by giving up the dynamic type. OpenTofu shows each attribute that a refresh found changed (seen in 1.12.6,
/// 2026-11). Every other line, of the core or of the provider, must be clean.
const SHOWN_BY_THE_CORE: [&str; 2] =
    ["UpgradeResourceState: ignoring dynamic block", "      - .container_definitions: was cty.StringVal("];

/// What leaked where, in words; empty when nothing did.
pub(super) fn leaks(output: &str, log: &str, state: &str) -> Vec<String> {
    let mut leaks = Vec::new();
    for (what, canary) in [("the API key", API_KEY), ("the AWS secret key", SECRET_KEY)] {
        for (place, text) in [("the output", output), ("the log", log), ("the state", state)] {
            if let Some(line) = text.lines().find(|line| line.contains(canary)) {
                leaks.push(format!("{what} is in {place}: {line}"));
            }
        }
    }
    let is_shown_by_the_core = |line: &str| SHOWN_BY_THE_CORE.iter().any(|shown| line.contains(shown));
    if let Some(line) =
        log.lines().find(|line| line.contains(CONFIGURATION_VALUE) && !is_shown_by_the_core(line))
    {
        let author = if line.contains(PROVIDER_LINE) { "the provider" } else { "the core" };
        leaks.push(format!("a configuration value is in a log line of {author}: {line}"));
    }
    leaks
}

/// Whether the provider wrote into the log at all: without a line of its own, a clean log proves nothing.
pub(super) fn provider_spoke(log: &str) -> bool {
    log.lines().any(|line| line.contains(PROVIDER_LINE))
}

/// The state of the workspace, its backup included.
pub(super) fn state_text(folder: &Path) -> String {
    ["terraform.tfstate", "terraform.tfstate.backup"]
        .iter()
        .filter_map(|name| std::fs::read_to_string(folder.join(name)).ok())
        .collect()
}

#[test]
fn a_leak_is_found_wherever_it_is() {
    assert_eq!(leaks("plan", "log", "state"), Vec::<String>::new());
    assert_eq!(leaks(API_KEY, "", "").len(), 1);
    assert_eq!(leaks("", SECRET_KEY, "").len(), 1);
    assert_eq!(leaks("", "", API_KEY).len(), 1);
    assert_eq!(leaks(CONFIGURATION_VALUE, "", CONFIGURATION_VALUE).len(), 0);
    let line = format!("[DEBUG] {PROVIDER_LINE}: {CONFIGURATION_VALUE}");
    assert!(leaks("", &line, "")[0].contains("of the provider"), "{line}");
    for shown in SHOWN_BY_THE_CORE {
        let line = format!("[DEBUG] {shown}: {CONFIGURATION_VALUE} {API_KEY}");
        assert_eq!(leaks("", &line, "").len(), 1, "an API key may not be in that line either");
    }
}
