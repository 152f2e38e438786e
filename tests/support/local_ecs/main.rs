//! The local ECS endpoint as a program: `cargo run --example local-ecs -- [--port N] [--rates] [--speed N]`.
//!
//! Prints its URL in one line on stdout and serves until it is killed. `--rates` turns the service's request
//! rates on, `--speed` lets its time pass faster. Faults are queued with `POST <url>/_control/faults`, for example
//! `{"operation": "RegisterTaskDefinition", "fault": "throttle", "times": 2}`; `control.rs` lists the rest.

#[path = "mod.rs"]
mod local_ecs;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut port = 0;
    let mut rates = false;
    let mut speed = 1.0;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), &mut arguments) {
            ("--rates", _) => rates = true,
            ("--port", rest) => match rest.next().and_then(|port| port.parse().ok()) {
                Some(given) => port = given,
                None => return complain("--port needs a number between 0 and 65535"),
            },
            ("--speed", rest) => match rest.next().and_then(|speed| speed.parse().ok()) {
                Some(given) if given > 0.0 => speed = given,
                _ => return complain("--speed needs a number above 0"),
            },
            (other, _) => {
                let known = "known are --port N, --rates and --speed N";
                return complain(&format!("unknown argument {other}; {known}"));
            }
        }
    }
    let server = match local_ecs::LocalEcs::start_on(port) {
        Ok(server) => server,
        Err(error) => return complain(&format!("cannot listen on 127.0.0.1:{port}: {error}")),
    };
    server.limit_rates(rates);
    server.set_speed(speed);
    announce(&server.url());
    server.run_until_killed();
    ExitCode::SUCCESS
}

#[allow(clippy::print_stdout, reason = "the URL on stdout is this program's output")]
fn announce(url: &str) {
    println!("{url}");
}

#[allow(clippy::print_stderr, reason = "this program has no log, only this one complaint")]
fn complain(problem: &str) -> ExitCode {
    eprintln!("local-ecs: {problem}");
    ExitCode::from(2)
}
