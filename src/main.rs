//! The provider's program: arguments, then serve, check files, write blocks or read an account. Tells a person who runs it by hand what it is for.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use ddrofs::audit;
use ddrofs::command_line;
use ddrofs::lint::{self, Streams};
use ddrofs::manual;
use ddrofs::migrate;
use ddrofs::plugin::{self, Plugin, ServeError};
use tonic::service::Routes;

/// The provider as Terraform and OpenTofu look for it.
const PLUGIN: Plugin = Plugin {
    name: "ddrofs",
    addresses: &["registry.opentofu.org/ddrofs/ddrofs", "registry.terraform.io/ddrofs/ddrofs"],
};

const RUN_BY_HAND: &str = r#"This program is a Terraform and OpenTofu provider: it runs the Datadog Agent on a read-only root filesystem
and proves it at plan time. Terraform starts it; by itself it does nothing.

To use it, name it in your configuration and run `terraform init`:

  terraform {
    required_providers {
      ddrofs = {
        source = "ddrofs/ddrofs"
      }
    }
  }

To use this very file, for example one that you have built, name its folder in ~/.terraformrc instead:

  provider_installation {
    dev_overrides {
      "ddrofs/ddrofs" = "FOLDER"
    }
    direct {}
  }

Documentation: https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs
Arguments:     terraform-provider-ddrofs --help
"#;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let Some((subcommand, arguments)) = arguments.split_first() {
        match subcommand.to_str() {
            Some(lint::NAME) => return lint(arguments),
            Some(audit::NAME) => return audit(arguments),
            Some(migrate::NAME) => return migrate(arguments),
            _ => {}
        }
    }
    if arguments.is_empty() {
        return report(plugin::serve(&PLUGIN, routes));
    }
    let read = match manual::is_asked(&arguments) {
        true => Err(manual::run(&arguments)),
        false => command_line::read(manual::command(), &arguments).map(drop),
    };
    match read {
        Ok(()) => {
            say_on_stderr("Set this in the shell that runs Terraform; Ctrl-C ends the provider:\n");
            report(plugin::serve_for_debugging(&PLUGIN, routes))
        }
        Err(said) if said.is_wrong => {
            say_on_stderr(&said.text);
            ExitCode::from(2)
        }
        Err(said) => print(&said.text),
    }
}

/// Checks files and serves nobody: no runtime and no client is built for it.
fn lint(arguments: &[OsString]) -> ExitCode {
    let output = io::stdout();
    let terminal = command_line::shows_colors(output.is_terminal(), no_color().as_deref());
    let status = lint::run(
        arguments,
        Streams {
            input: &mut io::stdin().lock(),
            output: &mut output.lock(),
            errors: &mut io::stderr().lock(),
            terminal,
        },
    );
    ExitCode::from(status as u8)
}

/// What the variable says by which somebody wants no colors of any program (no-color.org).
#[expect(
    clippy::disallowed_methods,
    reason = "how a person wants to read is no configuration of the provider"
)]
fn no_color() -> Option<OsString> {
    std::env::var_os("NO_COLOR")
}

/// Writes blocks and serves nobody.
fn migrate(arguments: &[OsString]) -> ExitCode {
    let streams = migrate::Streams {
        input: &mut io::stdin().lock(),
        output: &mut io::stdout().lock(),
        errors: &mut io::stderr().lock(),
    };
    ExitCode::from(migrate::run(arguments, &ddrofs::provider::configuration, streams) as u8)
}

/// Reads an account and serves nobody.
fn audit(arguments: &[OsString]) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            say_on_stderr(&format!("The audit cannot start: {error}\n"));
            return ExitCode::from(audit::Status::Trouble as u8);
        }
    };
    let watched = io::stderr().is_terminal();
    let status = runtime.block_on(audit::run(
        arguments,
        audit::Streams { output: &mut io::stdout(), errors: &mut io::stderr(), watched },
    ));
    ExitCode::from(status as u8)
}

/// What is served.
fn routes() -> Routes {
    Routes::new(ddrofs::protocol::service(ddrofs::provider::ddrofs()))
}

fn report(result: Result<(), ServeError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(ServeError::NotStartedByTerraform) => {
            say_on_stderr(&RUN_BY_HAND.replace("FOLDER", &own_folder()));
            ExitCode::FAILURE
        }
        Err(error) => {
            // Terraform shows plain lines of a plugin that does not start when they name their level.
            say_on_stderr(&format!("[ERROR] terraform-provider-ddrofs: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Folder of this program, for a text that can be copied as it is.
fn own_folder() -> String {
    std::env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(|folder| folder.display().to_string()))
        .unwrap_or_else(|| "/path/to/its/folder".to_owned())
}

fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn say_on_stderr(text: &str) {
    // Without stderr there is nobody to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
