//! What an audit costs: the page of a thousand services, and the program's memory while it reads them.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_ecs::types::ContainerDefinition;
use ddrofs::audit::{self, Audit};

use super::applied::Endpoint;
use super::watch::{self, Usage};

#[path = "../../tests/support/fleet/mod.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "tests use more of it, and measure nothing")]
mod made_up;

/// Services of the fleet that is audited.
const SERVICES: usize = 1000;

/// Looks at the program.
const PAUSE: Duration = Duration::from_millis(2);

/// The audit of a made-up fleet.
pub(super) fn of_a_thousand() -> Audit {
    made_up::Fleet::of(SERVICES).audit()
}

/// How long the page takes, and its bytes.
pub(super) fn time_page(audit: &Audit) -> (Duration, usize) {
    let start = Instant::now();
    let page = audit::page(audit);
    (start.elapsed(), page.len())
}

/// What the program uses that audits a thousand services of four clusters and writes both files.
pub(super) fn watch_program(program: &Path, scratch: &Path) -> Result<Usage, Box<dyn Error>> {
    let endpoint = Endpoint::start(program, &[])?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(deploy(&endpoint.url))?;
    let folder = tempfile::tempdir_in(scratch)?;
    let output = |of: &str| format!("{of}={}", folder.path().join(of).display());
    let mut command = Command::new(program);
    command.args([
        "audit",
        "--region",
        "eu-central-1",
        "--fail-on",
        "never",
        "--endpoint-url",
        &endpoint.url,
    ]);
    command.args(["--output", &output("json"), "--output", &output("html")]);
    command.env_clear().env("AWS_ACCESS_KEY_ID", "AKIABENCH").env("AWS_SECRET_ACCESS_KEY", "bench");
    let mut audit = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut usage = Usage::default();
    let status = loop {
        if let Some(now) = watch::usage_of(audit.id()) {
            usage = now;
        }
        if let Some(status) = audit.try_wait()? {
            break status;
        }
        sleep(PAUSE);
    };
    if status.success() { Ok(usage) } else { Err(format!("audit ended with {status}").into()) }
}

async fn deploy(url: &str) -> Result<(), Box<dyn Error>> {
    let client = Client::from_conf(
        aws_sdk_ecs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .endpoint_url(url)
            .credentials_provider(Credentials::new("AKIABENCH", "bench", None, None, "bench"))
            .build(),
    );
    for cluster in 0..4 {
        client.create_cluster().cluster_name(format!("cluster-{cluster}")).send().await?;
    }
    for number in 0..SERVICES {
        let name = format!("service-{number:04}");
        let app = ContainerDefinition::builder().name("app").image("shop/app:1.0").memory(64);
        for read_only in [false, true] {
            let app = app.clone().readonly_root_filesystem(read_only).build();
            client.register_task_definition().family(&name).container_definitions(app).send().await?;
        }
        let creation = client.create_service().cluster(format!("cluster-{}", number % 4)).service_name(&name);
        creation.task_definition(format!("{name}:1")).desired_count(1).send().await?;
    }
    Ok(())
}
