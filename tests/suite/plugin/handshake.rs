//! The line that tells Terraform where the plugin is.

use super::launched::{Identity, Launched, SERVING, check_health};

#[test]
fn line_names_protocol_five_a_socket_below_the_temporary_folder_and_no_certificate_without_tls() {
    let launched = Launched::by_terraform(&[]);
    let fields = launched.handshake().fields;
    let [core, protocol, network, address, kind, certificate] = &fields[..] else { panic!("{fields:?}") };
    assert_eq!([core.as_str(), protocol, network, kind, certificate], ["1", "5", "unix", "grpc", ""]);
    assert!(address.starts_with(launched.folder.path().to_str().unwrap()), "{address}");
}

#[test]
fn certificate_is_unpadded_base64_of_der() {
    let identity = Identity::like_go_plugins();
    let launched = Launched::by_terraform(&[("PLUGIN_CLIENT_CERT", &identity.pem())]);
    let fields = launched.handshake().fields;
    assert_eq!(fields.len(), 6);
    assert!(fields[5].len() > 50 && !fields[5].contains('='), "{}", fields[5]);
}

#[test]
fn versions_are_negotiated_in_any_order_and_five_is_named_even_when_it_is_not_asked_for() {
    for versions in ["5,6", "6,5", "5", "6", ""] {
        let launched = Launched::by_terraform(&[("PLUGIN_PROTOCOL_VERSIONS", versions)]);
        assert_eq!(launched.handshake().fields[1], "5", "asked for {versions:?}");
    }
}

#[test]
fn seventh_field_is_there_only_for_a_client_that_knows_it() {
    let launched = Launched::by_terraform(&[("PLUGIN_MULTIPLEX_GRPC", "true")]);
    assert_eq!(launched.handshake().fields[6..], ["false"]);
}

#[test]
fn socket_folder_of_the_client_goes_before_the_temporary_folder() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let launched = Launched::by_terraform(&[("PLUGIN_UNIX_SOCKET_DIR", folder)]);
    assert!(launched.handshake().address().starts_with(folder));
}

#[tokio::test]
async fn takes_tcp_where_there_is_no_folder_for_a_socket_and_the_client_proves_who_it_is() {
    let identity = Identity::like_go_plugins();
    let launched =
        Launched::by_terraform(&[("TMPDIR", "/nonexistent"), ("PLUGIN_CLIENT_CERT", &identity.pem())]);
    let handshake = launched.handshake();
    assert_eq!(handshake.fields[2], "tcp");
    let port: u16 = handshake.address().strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    assert!((10000..=25000).contains(&port), "{port}");
    let channel = handshake.connect(Some(&identity)).await;
    assert_eq!(check_health(channel, "plugin").await.unwrap(), SERVING);
}

#[tokio::test]
async fn does_not_open_tcp_to_everybody() {
    let mut launched = Launched::by_terraform(&[("TMPDIR", "/nonexistent")]);
    assert_eq!(launched.exit().await.code(), Some(1));
    let stderr = launched.stderr().join("\n");
    assert!(stderr.contains("could not listen") && stderr.contains("/nonexistent"), "{stderr}");
}

#[tokio::test]
async fn a_client_certificate_that_is_none_is_an_error_and_not_a_plugin_without_tls() {
    let mut launched = Launched::by_terraform(&[("PLUGIN_CLIENT_CERT", "nonsense")]);
    assert_eq!(launched.exit().await.code(), Some(1));
    let stderr = launched.stderr().join("\n");
    assert!(stderr.contains("PLUGIN_CLIENT_CERT holds no certificate"), "{stderr}");
}
