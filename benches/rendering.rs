//! How long each step takes that a task definition of 60 KiB goes through, from text to text; and one read of the data
//! source, from the configuration's bytes to the state's.

mod large_manifest;
mod large_services;
mod large_task;

use std::ffi::OsString;
use std::io;

use ddrofs::framework::{Context, Provider};
use ddrofs::lint::Streams;
use ddrofs::value::{Value, msgpack};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Text to document.
#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let text = large_task::definition();
    bencher.bench(|| large_task::read(black_box(&text)));
}

/// Document to document with the Agent.
#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let (task, settings) = (large_task::read(&large_task::definition()), large_task::settings());
    bencher.with_inputs(|| task.clone()).bench_values(|task| large_task::render(task, &settings));
}

/// Every rule.
#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let settings = large_task::settings();
    let task = large_task::render(large_task::read(&large_task::definition()), &settings);
    bencher.bench(|| large_task::judge(black_box(&task), &settings));
}

/// Document to canonical text.
#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let settings = large_task::settings();
    let task = large_task::render(large_task::read(&large_task::definition()), &settings);
    bencher.bench(|| large_task::write(black_box(&task)));
}

/// The whole way.
#[divan::bench]
fn from_text_to_text(bencher: Bencher<'_, '_>) {
    let (text, settings) = (large_task::definition(), large_task::settings());
    bencher.bench(|| {
        let task = large_task::render(large_task::read(black_box(&text)), &settings);
        (large_task::judge(&task, &settings), large_task::write(&task))
    });
}

/// A document of Compose of 60 KiB: text to tree, the Agent beside the services and each of them wired, tree to text.
#[divan::bench]
fn compose_from_text_to_text(bencher: Bencher<'_, '_>) {
    let (text, settings) = (large_services::text(), large_services::settings());
    // Tests run without optimization. What is lost with it would be quick.
    let images = |text: &str| text.matches("image: example.com/app-").count();
    assert_eq!(images(&large_services::joined(&text, &settings)), images(&text), "every service is there");
    bencher.bench(|| large_services::joined(black_box(&text), &settings));
}

/// Manifests of Kubernetes of 60 KiB: text to objects, an Agent in the Pod of each, whose containers are wired, objects to text.
#[divan::bench(args = ["one Deployment", "many Deployments"])]
fn kubernetes_from_text_to_text(bencher: Bencher<'_, '_>, of: &str) {
    let settings = large_manifest::settings();
    let text = match of {
        "one Deployment" => large_manifest::one_deployment(),
        _ => large_manifest::many_deployments(),
    };
    let images = |text: &str| text.matches("image: example.com/app-").count();
    assert_eq!(images(&large_manifest::joined(&text, &settings)), images(&text), "every container is there");
    bencher.bench(|| large_manifest::joined(black_box(&text), &settings));
}

/// The subcommand `lint` on one document, from its arguments to the whole report.
#[divan::bench(args = ["human", "sarif", "junit", "json"])]
fn lint(bencher: Bencher<'_, '_>, format: &str) {
    let text = large_task::definition();
    let arguments = ["--format", format, "-"].map(OsString::from);
    bencher.bench(|| {
        let streams = Streams {
            input: &mut black_box(text.as_bytes()),
            output: &mut io::sink(),
            errors: &mut io::sink(),
            terminal: false,
        };
        ddrofs::lint::run(&arguments, streams)
    });
}

/// One `ReadDataSource` of a small sidecar: everything but gRPC and TLS.
#[divan::bench]
fn read_data_source(bencher: Bencher<'_, '_>) {
    let provider = ddrofs::provider::ddrofs();
    let source = &provider.data_sources()[0];
    let block = source.schema().block;
    let ty = block.implied_type();
    let given = [
        ("api_key_secret_arn", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:DdApiKey-AbCdEf"),
        ("service", "orders"),
        ("env", "bench"),
    ];
    let config = block.complete(given.map(|(name, text)| (name.to_owned(), Value::from(text))).into());
    let config = msgpack::encode(&config, &ty).expect("a complete configuration");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    bencher.bench(|| {
        let config = msgpack::decode(black_box(&config), &ty).expect("what was encoded");
        let (state, _) = runtime.block_on(source.read(&Context::default(), config));
        msgpack::encode(&state.expect("a state"), &ty)
    });
}
