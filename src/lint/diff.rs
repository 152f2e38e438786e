//! A unified diff of what `--fix` would write. Values that a log should not keep are left out of it.

use std::fmt::Write as _;
use std::ops::Range;

use super::draft::Replaced;

/// Lines around a change that are shown.
const AROUND: usize = 3;

/// What stands for a value that is not shown.
const HIDDEN: &str = "…";

/// A text, and what of it may be shown.
pub(super) struct Shown<'t> {
    pub(super) text: &'t str,
    /// Values and comments that are not shown, in their order.
    pub(super) hidden: Vec<Range<usize>>,
}

/// Lines that go, and those that come for them.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// The diff of a file.
pub(super) fn diff(name: &str, old: &Shown<'_>, new: &Shown<'_>, replaced: &[Replaced]) -> String {
    let (old_lines, new_lines) = (lines(old.text), lines(new.text));
    let changes = changes(old.text, new.text, &old_lines, &new_lines, replaced);
    let (mut body, mut is_masked) = (String::new(), false);
    let mut add = |sign: char, shown: &Shown<'_>, line: &Range<usize>| {
        let (line, masked) = shown.line(line);
        is_masked |= masked;
        body.push(sign);
        body.push_str(&line);
        if !line.ends_with('\n') {
            body.push_str("\n\\ No newline at end of file\n");
        }
    };
    let mut rest = changes.as_slice();
    let mut hunks = Vec::new();
    while let Some(first) = rest.first() {
        let near = |pair: &[Change]| pair[1].old.start - pair[0].old.end <= 2 * AROUND;
        let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        let (hunk, behind) = rest.split_at(count);
        let last = &hunk[count - 1];
        let before = first.old.start.min(AROUND);
        let after = (old_lines.len() - last.old.end).min(AROUND);
        hunks.push((
            hunk,
            first.old.start - before..last.old.end + after,
            first.new.start - before..last.new.end + after,
        ));
        rest = behind;
    }
    let mut text = String::new();
    for (hunk, olds, news) in hunks {
        add('@', &Shown { text: &head(&olds, &news), hidden: Vec::new() }, &(0..head(&olds, &news).len()));
        let mut at = olds.start;
        for change in hunk {
            (at..change.old.start).for_each(|line| add(' ', old, &old_lines[line]));
            change.old.clone().for_each(|line| add('-', old, &old_lines[line]));
            change.new.clone().for_each(|line| add('+', new, &new_lines[line]));
            at = change.old.end;
        }
        (at..olds.end).for_each(|line| add(' ', old, &old_lines[line]));
    }
    if is_masked {
        text.push_str("# … stands for what a log should not keep; --fix leaves it as it is.\n");
    }
    let name = name.strip_prefix("./").unwrap_or(name).replace('\\', "/");
    let (a, b) = if name.starts_with('/') { ("", "") } else { ("a/", "b/") };
    write!(text, "--- {a}{name}\n+++ {b}{name}\n{body}").expect("a String takes any text");
    text
}

/// The head of a hunk without its first sign.
fn head(old: &Range<usize>, new: &Range<usize>) -> String {
    let range = |range: &Range<usize>| match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        length => format!("{},{length}", range.start + 1),
    };
    format!("@ -{} +{} @@\n", range(old), range(new))
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let line = |line: &str| {
        at += line.len();
        at - line.len()..at
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The changed lines, from what was changed in the text.
fn changes(
    old_text: &str,
    new_text: &str,
    old_lines: &[Range<usize>],
    new_lines: &[Range<usize>],
    replaced: &[Replaced],
) -> Vec<Change> {
    // The end of a text is a line of its own, unless the last one has no end.
    let line_of = |text: &str, lines: &[Range<usize>], at: usize| {
        let is_open = at == text.len() && !text.ends_with('\n');
        lines.partition_point(|line| line.end <= at).saturating_sub(usize::from(is_open))
    };
    let mut changes: Vec<Change> = Vec::new();
    let mut grown: isize = 0;
    for Replaced { range, text } in replaced {
        let new = range.start.saturating_add_signed(grown);
        grown += text.len().cast_signed() - range.len().cast_signed();
        let touched = |text: &str, lines: &[Range<usize>], range: Range<usize>| {
            let end = (line_of(text, lines, range.end) + 1).min(lines.len());
            line_of(text, lines, range.start).min(end)..end
        };
        let change = Change {
            old: touched(old_text, old_lines, range.clone()),
            new: touched(new_text, new_lines, new..new + text.len()),
        };
        match changes.last_mut() {
            Some(last) if change.old.start <= last.old.end => {
                last.old.end = last.old.end.max(change.old.end);
                last.new.end = last.new.end.max(change.new.end);
            }
            _ => changes.push(change),
        }
    }
    // What is the same on both sides is no change.
    for change in &mut changes {
        let is_same =
            |old: usize, new: usize| old_text[old_lines[old].clone()] == new_text[new_lines[new].clone()];
        while !change.old.is_empty() && !change.new.is_empty() && is_same(change.old.start, change.new.start)
        {
            change.old.start += 1;
            change.new.start += 1;
        }
        while !change.old.is_empty()
            && !change.new.is_empty()
            && is_same(change.old.end - 1, change.new.end - 1)
        {
            change.old.end -= 1;
            change.new.end -= 1;
        }
    }
    changes
}

impl Shown<'_> {
    /// A line, and whether something of it is left out.
    fn line(&self, line: &Range<usize>) -> (String, bool) {
        let mut shown = String::new();
        let mut at = line.start;
        let end = line.start + self.text[line.clone()].trim_end_matches(['\n', '\r']).len();
        let is_there = |range: &&Range<usize>| range.start < end && range.end > line.start;
        let hidden = self.hidden.iter().filter(is_there);
        let mut is_masked = false;
        for range in hidden {
            let (from, to) = (range.start.max(line.start), range.end.min(end));
            if from < at {
                continue;
            }
            shown.push_str(&self.text[at..from]);
            shown.push_str(HIDDEN);
            at = to;
            is_masked = true;
        }
        shown.push_str(&self.text[at..line.end]);
        (shown, is_masked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Shown<'_> {
        Shown { text, hidden: Vec::new() }
    }

    fn of(old: &str, changes: &[(Range<usize>, &str)]) -> String {
        let replaced: Vec<Replaced> = changes
            .iter()
            .map(|(range, text)| Replaced { range: range.clone(), text: (*text).to_owned() })
            .collect();
        let mut new = old.to_owned();
        for Replaced { range, text } in replaced.iter().rev() {
            new.replace_range(range.clone(), text);
        }
        diff("./x.yaml", &shown(old), &shown(&new), &replaced)
    }

    #[test]
    fn a_diff_is_unified() {
        let text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
        assert_eq!(
            of(text, &[(10..10, "x\n")]),
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -3,6 +3,7 @@\n c\n d\n e\n+x\n f\n g\n h\n"
        );
        assert_eq!(
            of(text, &[(1..1, ","), (22..24, "")]),
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,4 +1,4 @@\n-a\n+a,\n b\n c\n d\n@@ -9,4 +9,3 @@\n i\n j\n k\n-l\n"
        );
        assert_eq!(
            of("a\nb", &[(3..3, "\nc")]),
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn values_and_comments_that_a_log_should_not_keep_are_left_out() {
        let text = "a: hunter2 # hunter3\nb: 'x # y'\n#\n";
        let shown = Shown { text, hidden: vec![3..10, 12..20] };
        let told: Vec<(String, bool)> = lines(text).iter().map(|line| shown.line(line)).collect();
        let line = |text: &str, is_masked| (text.to_owned(), is_masked);
        assert_eq!(told, [line("a: … #…\n", true), line("b: 'x # y'\n", false), line("#\n", false)]);
    }
}
