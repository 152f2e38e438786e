//! A provider that a developer starts and Terraform attaches to.

use serde_json::Value;

use super::launched::{Handshake, Launched, SERVING, check_health, program};

fn debugged() -> (Launched, Value) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.arg("--debug");
    let launched = Launched::start(command, folder);
    let line = launched.line();
    let json = line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\'')).unwrap();
    let providers = serde_json::from_str(json).unwrap();
    (launched, providers)
}

fn handshake(providers: &Value) -> Handshake {
    let address = providers["registry.terraform.io/ddrofs/ddrofs"]["Addr"]["String"].as_str().unwrap();
    Handshake { fields: ["1", "5", "unix", address, "grpc", ""].map(str::to_owned).into() }
}

#[tokio::test]
async fn prints_what_terraform_reads_and_serves_one_client_after_the_other_without_tls() {
    let (launched, providers) = debugged();
    for registry in ["registry.terraform.io", "registry.opentofu.org"] {
        let provider = &providers[format!("{registry}/ddrofs/ddrofs")];
        assert_eq!(provider["Protocol"], "grpc");
        assert_eq!(provider["ProtocolVersion"], 5);
        assert_eq!(provider["Pid"], launched.id());
        assert_eq!(provider["Test"], true);
        assert_eq!(provider["Addr"]["Network"], "unix");
    }
    for _ in 0..2 {
        let channel = handshake(&providers).connect(None).await;
        assert_eq!(check_health(channel, "plugin").await.unwrap(), SERVING);
    }
}

/// A developer's run belongs to no Terraform: it ends although one is connected.
#[tokio::test]
async fn ends_on_ctrl_c_and_on_a_request_to_terminate_and_removes_its_socket() {
    for signal in ["INT", "TERM"] {
        let (mut launched, providers) = debugged();
        let channel = handshake(&providers).connect(None).await;
        assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
        assert_eq!(launched.leftovers().len(), 1);
        launched.signal(signal);
        assert_eq!(launched.exit().await.code(), Some(0));
        assert!(launched.leftovers().is_empty(), "{:?}", launched.leftovers());
        drop(channel);
    }
}
