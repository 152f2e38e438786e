//! The table that is printed in the end.

use std::fmt::Write as _;

use crate::verdict::Found;

/// What one cell came to.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) operation: &'static str,
    pub(crate) fault: String,
    pub(crate) runs: usize,
    /// Requests that met a fault.
    pub(crate) struck: usize,
    /// Commands that failed or were killed.
    pub(crate) failed: usize,
    pub(crate) found: Found,
    pub(crate) seconds: f64,
}

impl Row {
    pub(crate) fn in_a_line(&self) -> String {
        let Found { duplicates, orphans, lost, wrong, .. } = self.found;
        format!(
            "{} / {}: {duplicates} duplicates, {orphans} orphans, {lost} lost, {wrong} wrong, {:.1} s",
            self.operation, self.fault, self.seconds
        )
    }

    fn is_of(&self, other: &Self) -> bool {
        self.operation == other.operation && self.fault == other.fault
    }
}

/// One line per operation and fault, and below it sentences about the first things found in each.
pub(crate) fn text(rows: &[Row]) -> String {
    let mut sums: Vec<Row> = Vec::new();
    for row in rows {
        match sums.iter_mut().find(|sum| sum.is_of(row)) {
            None => sums.push(row.clone()),
            Some(sum) => {
                sum.runs += row.runs;
                sum.struck += row.struck;
                sum.failed += row.failed;
                sum.seconds = sum.seconds.max(row.seconds);
                sum.found.add(&row.found);
            }
        }
    }
    let mut text = "| operation | fault | runs | struck | failed | duplicates | orphans | lost | wrong state | longest s |\n\
                    |---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for Row { operation, fault, runs, struck, failed, found, seconds } in &sums {
        let Found { duplicates, orphans, lost, wrong, .. } = found;
        // A text can always be written to.
        let _ = writeln!(
            text,
            "| {operation} | {fault} | {runs} | {struck} | {failed} | {duplicates} | {orphans} | {lost} | {wrong} | \
             {seconds:.1} |"
        );
    }
    for Row { operation, fault, found, .. } in &sums {
        for note in found.notes.iter().take(3) {
            let _ = writeln!(text, "{operation} / {fault}: {note}");
        }
    }
    text
}
