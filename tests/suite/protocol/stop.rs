//! Stopping ends the calls that run, and only those.

use std::time::Duration;

use ddrofs::protocol::wire;
use ddrofs::value::Value;

use super::server::{Client, Types, client, map, sent, the_error};

async fn wait(client: &mut Client, config: Option<wire::DynamicValue>) -> wire::read_data_source::Response {
    let request =
        wire::read_data_source::Request { type_name: "corner_trouble".into(), config, ..Default::default() };
    client.read_data_source(request).await.expect("answers").into_inner()
}

#[tokio::test]
async fn a_stop_ends_running_calls_at_once_and_later_calls_run() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.trouble;
    let config = sent(&map([("kind", Value::from("wait")), ("result", Value::Null)]), &ty);

    for _ in 0..2 {
        let mut running = client.clone();
        let config = config.clone();
        let mut waiting = tokio::spawn(async move { wait(&mut running, config).await });
        let early = tokio::time::timeout(Duration::from_millis(100), &mut waiting).await;
        assert!(early.is_err(), "the call must run until it is stopped");
        let answer = client.stop(wire::stop::Request {}).await.expect("answers").into_inner();
        assert_eq!(answer.error, "");
        let response =
            tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("ends").expect("answers");
        assert_eq!(the_error(&response.diagnostics).summary, "Interrupted");
    }
}
