//! Compiles every contract in `proto/` with a compiler written in Rust, so that a clone and cargo are enough, and
//! records whether aws-lc was built without jitter entropy. Knows nothing of what the contracts say.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Keeps aws-lc from gathering jitter entropy when a process starts.
const NO_JITTER_ENTROPY: &str = "AWS_LC_SYS_NO_JITTER_ENTROPY";

fn main() -> Result<(), Box<dyn Error>> {
    compile_contracts(Path::new("proto"))?;
    record_jitter_entropy();
    Ok(())
}

fn compile_contracts(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "proto"))
        .collect();
    files.sort();
    let descriptors = protox::compile(&files, [folder])?;
    tonic_prost_build::configure()
        // Clients are generated for the tests; they bring their own connection.
        .build_transport(false)
        // Values may be megabytes: as `Bytes` they are slices of the message that came in.
        .bytes(".tfplugin5.DynamicValue")
        .compile_fds(descriptors)?;
    Ok(())
}

/// `.cargo/config.toml` sets the variable for builds in this repository, but not for `cargo install` or for a
/// workspace that includes this crate, and nobody would notice: every Terraform command only gets slower.
#[expect(
    clippy::disallowed_methods,
    reason = "a build script reads the build's environment, not a practitioner's"
)]
fn record_jitter_entropy() {
    println!("cargo:rerun-if-env-changed={NO_JITTER_ENTROPY}");
    let off = env::var(NO_JITTER_ENTROPY).is_ok_and(|value| {
        // The spellings that aws-lc-sys 0.47 takes for yes.
        let value = value.to_lowercase();
        value.starts_with(|first: char| ('1'..='9').contains(&first) || first == 'y' || first == 't')
            || value.starts_with("on")
    });
    if !off {
        println!(
            "cargo:warning={NO_JITTER_ENTROPY} is not set to 1: every start of the provider will take about 85 ms longer, \
             and Terraform starts it three to five times per command. Set it and build again."
        );
    }
    println!("cargo:rustc-env=DDROFS_JITTER_ENTROPY={}", if off { "off" } else { "on" });
}
