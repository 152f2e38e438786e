//! What follows without each part of what is rendered: on every platform, and then on each.

pub(super) mod compose;
pub(super) mod docker;
pub(super) mod ecs;
pub(super) mod kubernetes;
pub(super) mod nomad;
mod shared;

pub(super) use shared::SHARED;

/// What follows without a part.
#[derive(Debug, Clone, Copy)]
pub(super) enum Consequence {
    /// Facts that come (`+`) and go (`-`). `{agent}` is where an application reaches the Agent's ports.
    Shows(&'static [&'static str]),
    /// Nothing that a start shows, for a reason.
    None(&'static str),
}

/// Variants, all of them where there is none; the beginning of the part; what follows.
pub(super) type Row = (&'static [&'static str], &'static str, Consequence);

/// Rows and those behind them, which have to be `N` together.
const fn joined<const N: usize>(rows: &[Row], behind: &[Row]) -> [Row; N] {
    assert!(rows.len() + behind.len() == N);
    let mut all = [rows[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < rows.len() { rows[at] } else { behind[at - rows.len()] };
        at += 1;
    }
    all
}

/// A platform's own rows before those of all platforms. The first row that fits decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) own: &'static [Row],
}

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Own(usize),
    Shared(usize),
}

impl Table {
    /// What follows in a variant without a part.
    pub(super) fn consequence(self, variant: &str, part: &str) -> Option<Consequence> {
        self.first(variant, part).map(|place| self.row(place).2)
    }

    /// The row that decides.
    pub(super) fn first(self, variant: &str, part: &str) -> Option<Place> {
        let fits = |(variants, beginning, _): &Row| {
            (variants.is_empty() || variants.contains(&variant)) && part.starts_with(beginning)
        };
        let own = self.own.iter().position(fits).map(Place::Own);
        own.or_else(|| SHARED.iter().position(fits).map(Place::Shared))
    }

    pub(super) fn told(self, place: Place) -> String {
        let (variants, beginning, _) = self.row(place);
        format!("{variants:?} {beginning}")
    }

    fn row(self, place: Place) -> Row {
        match place {
            Place::Own(at) => self.own[at],
            Place::Shared(at) => SHARED[at],
        }
    }
}

const NO_SOCKETS: Consequence = Consequence::Shows(&[
    "+ traces do not reach unix:///var/run/datadog/apm.socket",
    "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
]);
const DECLARED: Consequence =
    Consequence::None("the image declares a volume there, which the platform makes writable by itself");
const SIZE: Consequence = Consequence::None("a sandbox has no limits of memory and time");
const DEFAULT: Consequence =
    Consequence::None("is the Agent's own default, said aloud: images before 7.57 have another");
const REFUSED: Consequence = Consequence::Shows(&["+ the platform refuses the document"]);
