//! A document of Compose as large as a task definition may be, and what the provider does with it.

use ddrofs::document::yaml;
use ddrofs::merge::Joining;
use ddrofs::merge::compose::{document_of, join};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Secret, Settings, Store};

/// Bytes of the text at least.
const SIZE: usize = 60 * 1_024;

/// YAML text of services with variables in both forms, volumes and an order of start.
pub(crate) fn text() -> String {
    let mut text = String::from("services:\n");
    let mut number = 0;
    while text.len() < SIZE {
        text.push_str(&service(number));
        number += 1;
    }
    text + "volumes:\n  data: {}\n"
}

fn service(number: usize) -> String {
    let name = |variable: usize| format!("SETTING_{number}_{variable}");
    let variables: String = (0..12)
        .map(|variable| match number % 2 {
            0 => format!("      {}: https://service-{variable}.example.com/v1\n", name(variable)),
            _ => format!("      - {}=https://service-{variable}.example.com/v1\n", name(variable)),
        })
        .collect();
    format!(
        "  app-{number}:\n    image: example.com/app-{number}:1.4.2\n    environment:\n{variables}    volumes:\n      - \
         data:/data\n      - type: bind\n        source: ./conf\n        target: /conf\n        read_only: true\n    ports: \
         ['127.0.0.1:{}:8080']\n",
        8_000 + number
    )
}

/// The Agent that is put beside the services, for which each of them waits.
pub(crate) fn settings() -> Settings {
    Settings {
        platform: Platform::Compose,
        api_key: Some(Secret { store: Store::Environment, reference: "DD_API_KEY".into() }),
        env: Some("prod".into()),
        wait_until_healthy: true,
        ..Settings::default()
    }
}

/// Reads the text, puts the Agent in, wires every service, makes its root read-only and writes the whole.
pub(crate) fn joined(text: &str, settings: &Settings) -> String {
    let Ok(read) = yaml::read(text) else { unreachable!("the text is YAML") };
    let document = document_of(read.node).expect("it is a document");
    let workload = assemble(settings);
    let joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let joined = join(document, &joining).expect("Compose has words for all of it");
    assert!(joined.collisions.is_empty(), "nothing stands in the way");
    yaml::write(&joined.document, &["name", "services"]).expect("everything is known")
}
