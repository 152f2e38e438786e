//! What goes wrong at the endpoint, and how it is brought about there.

use std::time::Duration;

use crate::harness::local_ecs::{ANY_OPERATION, Disturbance, Fault, Lag, LocalEcs, Other, When};
use crate::operations::Operation;

/// One kind of trouble.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    /// Nothing at all: what the figures are without.
    Nothing,
    Storm,
    Throttled(u8),
    /// A few requests meet this fault.
    Fault(&'static str, Fault),
    StaleReads(Lag),
    ExpiredCredentials,
}

/// How many requests meet a fault, and how many go well before.
const STRUCK: u32 = 4;
const SPARED: u32 = 2;

/// A request that hangs costs its whole timeout, so fewer do.
const HUNG: u32 = 2;

/// Reads were seen to lag for so long.
const TEN_SECONDS: Lag = Lag { seconds: 10.0, reads: 0 };

/// For whoever is faster, or slower, than time.
const TWO_READS: Lag = Lag { seconds: 0.0, reads: 2 };

impl Trouble {
    pub(crate) const ALL: [Self; 19] = [
        Self::Nothing,
        Self::Storm,
        Self::Throttled(20),
        Self::Throttled(50),
        Self::Fault("500, nothing done", Fault::ServerErrorBefore),
        Self::Fault("500 after the commit", Fault::ServerErrorAfter),
        Self::Fault("reset before", Fault::Reset),
        Self::Fault("reset after the commit", Fault::ResetAfter),
        Self::Fault("answer cut", Fault::CutAnswer),
        Self::Fault("answer unreadable", Fault::GarbledAnswer),
        Self::Fault("answer lost", Fault::LostAnswer),
        Self::Fault("hang, nothing done", Fault::HangBefore),
        Self::Fault("hang after the commit", Fault::HangAfter),
        Self::Fault("answer about another ARN", Fault::OtherArn(Other::Family)),
        Self::Fault("unknown status", Fault::UnknownStatus),
        Self::Fault("too many concurrent attempts", Fault::ConcurrentRevision),
        Self::StaleReads(TEN_SECONDS),
        Self::StaleReads(TWO_READS),
        Self::ExpiredCredentials,
    ];

    pub(crate) fn name(self) -> String {
        match self {
            Self::Nothing => "none".to_owned(),
            Self::Storm => "throttle storm 15 s".to_owned(),
            Self::Throttled(percent) => format!("{percent} % throttled"),
            Self::Fault(name, _) => name.to_owned(),
            Self::StaleReads(lag) if lag.reads > 0 => format!("{} stale reads of each change", lag.reads),
            Self::StaleReads(lag) => format!("stale reads for {} s", lag.seconds),
            Self::ExpiredCredentials => "credentials expire".to_owned(),
        }
    }

    /// Whether an answer to this operation can show it.
    pub(crate) fn concerns(self, operation: Operation) -> bool {
        match self {
            // Reads of services do not lag at the endpoint, and their answers name no revision that was asked for.
            Self::Fault(_, Fault::ConcurrentRevision | Fault::OtherArn(_) | Fault::UnknownStatus)
            | Self::StaleReads(_)
                if operation.is_of_a_rollout() =>
            {
                false
            }
            Self::Fault(_, Fault::ConcurrentRevision) => {
                matches!(operation, Operation::Register | Operation::RegisterAgain)
            }
            Self::Fault(_, Fault::OtherArn(_) | Fault::UnknownStatus) => operation != Operation::Tag,
            _ => true,
        }
    }

    /// How fast the clocks may go at most. Terraform starts as slowly as ever, and reads are to lag until it is there.
    pub(crate) fn fastest(self) -> f64 {
        if matches!(self, Self::StaleReads(_)) { 1.0 } else { f64::INFINITY }
    }

    /// Begins at the endpoint, for these operations. The round chooses the requests.
    pub(crate) fn begin(self, server: &LocalEcs, operations: &[&str], round: u32) {
        for operation in operations {
            let (fault, when) = match self {
                Self::Storm => (Fault::Throttle, When::For(Duration::from_secs(15))),
                Self::Throttled(percent) => (Fault::Throttle, When::Percent(percent)),
                Self::Fault(_, fault @ (Fault::HangBefore | Fault::HangAfter)) => (fault, When::Times(HUNG)),
                Self::Fault(_, fault) => (fault, When::Times(STRUCK)),
                Self::Nothing | Self::StaleReads(_) | Self::ExpiredCredentials => continue,
            };
            let spared = if matches!(self, Self::Fault(..)) { SPARED + round } else { 0 };
            server.disturb(Disturbance::new(operation, fault, when).after(spared).seed(round));
        }
        match self {
            Self::StaleReads(lag) => server.set_lag(lag),
            Self::ExpiredCredentials => {
                let expired = Disturbance::new(ANY_OPERATION, Fault::ExpiredToken, When::Always);
                server.disturb(expired.after(10 + round));
            }
            _ => {}
        }
    }

    /// Ends what does not end by itself before the command is repeated. Reads go on lagging.
    pub(crate) fn end(self, server: &LocalEcs) {
        server.clear_faults();
    }
}
