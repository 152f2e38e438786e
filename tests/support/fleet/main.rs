//! Writes the audit's page of a made-up fleet to standard output: `fleet-page [SERVICES]`. For looking at it, and for the
//! tests that read it with other people's programs.
#![allow(clippy::unwrap_used, reason = "whoever runs it by hand sees where it stopped")]

#[path = "mod.rs"]
mod fleet;

use std::io::Write;

use fleet::Fleet;

fn main() {
    let services = std::env::args().nth(1).map_or(1000, |number| number.parse().unwrap());
    let mut fleet = Fleet::of(services);
    for number in 0..3 {
        let name = format!("blind-{number}");
        let arn = fleet.revision(&name, 1, fleet::BLIND);
        fleet.service("cluster-0", &name, &arn);
        fleet.newest(&name, &arn);
    }
    fleet.unread(
        "DescribeServices of cluster-9",
        "Access is denied: the policy has to allow ecs:DescribeServices.",
    );
    for name in
        ["<script>alert(1)</script>", "\"onmouseover=\"alert(1)", "\u{202e}gnp.exe", &"x".repeat(10_000)]
    {
        let arn = fleet.revision("hostile", 1, fleet::PLAIN);
        fleet.service("cluster-0", name, &arn);
        fleet.task("cluster-1", "7", name, &arn);
    }
    let page = ddrofs::audit::page(&fleet.audit());
    std::io::stdout().lock().write_all(page.as_bytes()).unwrap();
}
