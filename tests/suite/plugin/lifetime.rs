//! When the process ends, and when it must not.

use std::process::Command;

use super::launched::{Identity, Launched, PROGRAM, SERVING, as_terraform, check_health, scrub, shut_down};

#[tokio::test]
async fn shutdown_ends_the_process_and_removes_socket_and_folder_while_the_client_stays_connected() {
    let terraform = Identity::like_go_plugins();
    let mut launched = Launched::by_terraform(&[("PLUGIN_CLIENT_CERT", &terraform.pem())]);
    let channel = launched.handshake().connect(Some(&terraform)).await;
    assert_eq!(launched.leftovers().len(), 1);
    shut_down(channel.clone()).await;
    assert_eq!(launched.exit().await.code(), Some(0));
    assert!(launched.leftovers().is_empty(), "{:?}", launched.leftovers());
    drop(channel);
}

#[tokio::test]
async fn an_interrupt_is_left_to_terraform() {
    let mut launched = Launched::by_terraform(&[]);
    let channel = launched.handshake().connect(None).await;
    for _ in 0..3 {
        launched.signal("INT");
        assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    }
    assert!(launched.is_running());
}

#[tokio::test]
async fn a_request_to_terminate_ends_a_process_that_nobody_is_connected_to_and_removes_socket_and_folder() {
    let mut launched = Launched::by_terraform(&[]);
    launched.handshake();
    launched.signal("TERM");
    assert_eq!(launched.exit().await.code(), Some(0));
    assert!(launched.leftovers().is_empty(), "{:?}", launched.leftovers());
}

/// `timeout`, systemd and a cancelled CI job signal the whole process group: Terraform ends the plugin when it is ready to.
#[tokio::test]
async fn a_request_to_terminate_is_left_to_terraform_while_it_is_connected() {
    let mut launched = Launched::by_terraform(&[]);
    let channel = launched.handshake().connect(None).await;
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    for _ in 0..3 {
        launched.signal("TERM");
        assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    }
    drop(channel);
    assert_eq!(launched.exit().await.code(), Some(0));
    assert!(launched.leftovers().is_empty(), "{:?}", launched.leftovers());
}

#[tokio::test]
async fn shutdown_ends_a_process_that_was_asked_to_terminate() {
    let mut launched = Launched::by_terraform(&[]);
    let channel = launched.handshake().connect(None).await;
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    launched.signal("TERM");
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    shut_down(channel.clone()).await;
    assert_eq!(launched.exit().await.code(), Some(0));
    drop(channel);
}

/// A connection that outlives Terraform, such as one that a child of it inherited, keeps nothing alive.
#[tokio::test]
async fn a_process_that_was_asked_to_terminate_ends_when_its_parent_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "\"$0\"; :", PROGRAM]);
    scrub(&mut command, folder.path());
    as_terraform(&mut command);
    let mut shell = Launched::start(command, folder);
    let handshake = shell.handshake();
    let channel = handshake.connect(None).await;
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    let program = handshake.process();
    assert!(Command::new("kill").args(["-TERM", &program]).status().unwrap().success());
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    shell.kill();
    shell.wait_for_end_of_stdout();
    assert!(shell.leftovers().is_empty(), "{:?}", shell.leftovers());
    drop(channel);
}

/// Terraform's own death closes its connection, even if something between it and the plugin lives on.
#[tokio::test]
async fn the_end_of_the_last_connection_ends_the_process() {
    let mut launched = Launched::by_terraform(&[]);
    let handshake = launched.handshake();
    let (first, second) = (handshake.connect(None).await, handshake.connect(None).await);
    assert_eq!(check_health(first.clone(), "plugin").await.unwrap(), SERVING);
    drop(first);
    assert_eq!(check_health(second.clone(), "plugin").await.unwrap(), SERVING);
    drop(second);
    assert_eq!(launched.exit().await.code(), Some(0));
    assert!(launched.leftovers().is_empty(), "{:?}", launched.leftovers());
}

/// Nobody has connected and no signal comes: only the parent's absence tells.
#[test]
fn a_killed_parent_leaves_no_process_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("/bin/sh");
    // The second command keeps the shell from becoming the program.
    command.args(["-c", "\"$0\"; :", PROGRAM]);
    scrub(&mut command, folder.path());
    as_terraform(&mut command);
    let mut shell = Launched::start(command, folder);
    let handshake = shell.handshake();
    assert!(
        !handshake.address().contains(&format!("ddrofs-{}-", shell.id())),
        "the program is the shell's child, not the shell: {handshake:?}"
    );
    shell.kill();
    shell.wait_for_end_of_stdout();
    assert!(shell.leftovers().is_empty(), "{:?}", shell.leftovers());
}
