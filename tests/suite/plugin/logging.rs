//! What the program writes to stderr when Terraform logs, and that it writes nothing when Terraform does not.

use serde_json::Value;

use super::launched::{Identity, Launched, shut_down};

/// Lines on stderr of a plugin that was called and shut down.
async fn log(variables: &[(&str, &str)]) -> Vec<String> {
    let terraform = Identity::like_go_plugins();
    let pem = terraform.pem();
    let variables: Vec<(&str, &str)> =
        variables.iter().copied().chain([("PLUGIN_CLIENT_CERT", pem.as_str())]).collect();
    let mut launched = Launched::by_terraform(&variables);
    let handshake = launched.handshake();
    // A refused client is worth a warning.
    if let Ok(channel) = handshake.try_connect(None).await {
        let _ = super::launched::check_health(channel, "plugin").await;
    }
    shut_down(handshake.connect(Some(&terraform)).await).await;
    launched.exit().await;
    launched.stderr()
}

#[tokio::test]
async fn says_nothing_when_terraform_does_not_log() {
    assert_eq!(log(&[]).await, [""; 0]);
    assert_eq!(log(&[("TF_LOG", ""), ("TF_LOG_PROVIDER", "off")]).await, [""; 0]);
}

#[tokio::test]
async fn every_line_is_one_that_terraform_can_parse() {
    let lines = log(&[("TF_LOG", "TRACE")]).await;
    assert!(lines.len() >= 3, "{lines:?}");
    for line in &lines {
        let parsed: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |key: &str| parsed[key].as_str().unwrap_or_else(|| panic!("{key} is no string: {line}"));
        assert!(["trace", "debug", "info", "warn", "error"].contains(&text("@level")), "{line}");
        assert!(text("@module").starts_with("ddrofs"), "{line}");
        assert!(!text("@message").is_empty(), "{line}");
        let timestamp = text("@timestamp");
        let shape: String = timestamp.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000000Z", "{line}");
    }
}

#[tokio::test]
async fn level_can_be_set_for_this_provider_alone() {
    let lines = log(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER_DDROFS", "WARN")]).await;
    assert!(!lines.is_empty());
    assert!(lines.iter().all(|line| line.contains(r#""@level":"warn""#)), "{lines:?}");
}
