//! Without a part of what a script tells Docker, beside what holds for Docker's engine anyway, as it was read of Docker (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::compose::OF_THE_ENGINE;
use super::{Row, joined};

const NOT_REACHED: Consequence =
    Shows(&["+ traces do not reach http://{agent}:8127", "+ metrics do not reach udp://{agent}:8135"]);

/// The rows.
pub(in super::super) const ROWS: &[Row] =
    &joined::<{ OF_DOCKER.len() + OF_THE_ENGINE.len() }>(OF_DOCKER, OF_THE_ENGINE);

/// What only Docker's command line has.
const OF_DOCKER: &[Row] = &[
    (&[], "datadog-agent: mount /run/secrets/", Shows(&["+ datadog-agent ends with 1"])),
    (&[], "datadog-agent: label", Nothing("the script knows by it what it has started")),
    (&[], "datadog-init: restart", Nothing("is what Docker does by itself, said aloud")),
    (&[], "datadog-agent: network", NOT_REACHED),
    (&[], "app: network", NOT_REACHED),
];
