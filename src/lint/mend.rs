//! What `--fix` makes of a text: every change that is certain, tried before it stays.
//!
//! A change stays where the text is still read as before but for this change, what it mends is gone, and no rule finds an error or a
//! warning that was not there. Changes are tried together, and one by one where that fails.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::in_place::{self, Language, Splice, Unchangeable};
use crate::document::{Change, Path, Step};
use crate::report::{Checked, Entry};
use crate::rules::Verdict;

use super::draft::{Draft, Replaced};

/// A document of a text as it was judged, and what can be mended in it.
#[derive(Clone)]
pub(super) struct Judged {
    pub(super) checked: Checked,
    pub(super) mends: Vec<Mend>,
}

/// The changes that mend a finding.
#[derive(Clone)]
pub(super) struct Mend {
    /// The position of the finding.
    pub(super) entry: usize,
    /// Where the part of the text begins that the document is written in.
    pub(super) start: usize,
    /// How long that part is.
    pub(super) length: usize,
    pub(super) language: Language,
    /// The changes, with places of that part.
    pub(super) changes: Vec<Change>,
}

/// Why a change that is certain is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Left {
    #[error("{0}")]
    Unchangeable(#[from] Unchangeable),
    #[error("the finding would not be gone")]
    NotGone,
    #[error("{0} would be found then")]
    Found(&'static str),
    #[error("the file could not be read any more")]
    Unreadable,
}

/// What became of a text.
pub(super) struct Mended<'t> {
    draft: Draft<'t>,
    /// The documents as they are now.
    pub(super) documents: Vec<Judged>,
    /// What was mended: of which document, and what was found.
    pub(super) fixed: Vec<(usize, Entry)>,
}

impl Mended<'_> {
    pub(super) fn text(&self) -> String {
        self.draft.text()
    }

    pub(super) fn changes(&self) -> Vec<Replaced> {
        self.draft.changes()
    }
}

/// A finding among those of its text.
type Key = (usize, &'static str, Path);

/// Mends a text. `judge` reads and judges one; none where it cannot be read.
pub(super) fn mend<'t>(
    text: &'t str,
    documents: Vec<Judged>,
    judge: &dyn Fn(&str) -> Option<Vec<Judged>>,
) -> Mended<'t> {
    let mut mended = Mended { draft: Draft::of(text), documents, fixed: Vec::new() };
    let mut left: BTreeMap<Key, Left> = BTreeMap::new();
    let mut together = true;
    loop {
        let open: Vec<(usize, &Mend)> =
            mended.all().filter(|(at, mend)| !left.contains_key(&mended.key(*at, mend))).collect();
        let Some((at, first)) = open.first() else { break };
        let tried = match together {
            true => attempt(&mended, &open, judge),
            false => attempt(&mended, &open[..1], judge),
        };
        match tried {
            Ok(next) => mended = next,
            Err(_) if together && open.len() > 1 => together = false,
            Err(reason) => drop(left.insert(mended.key(*at, first), reason)),
        }
    }
    for ((document, rule, path), reason) in left {
        let Some(Judged { checked, .. }) = mended.documents.get_mut(document) else { continue };
        let Ok(judged) = &mut checked.outcome else { continue };
        let is_it = |entry: &&mut Entry| entry.finding.rule == rule && entry.finding.path == path;
        judged.entries.iter_mut().filter(is_it).for_each(|entry| entry.left = Some(reason.to_string()));
    }
    mended
}

impl<'t> Mended<'t> {
    /// Every mend with the document that it is of.
    fn all(&self) -> impl Iterator<Item = (usize, &Mend)> {
        let documents = self.documents.iter().enumerate();
        documents.flat_map(|(at, document)| document.mends.iter().map(move |mend| (at, mend)))
    }

    fn entry(&self, document: usize, mend: &Mend) -> &Entry {
        &self.documents[document].checked.entries()[mend.entry]
    }

    fn key(&self, document: usize, mend: &Mend) -> Key {
        let finding = &self.entry(document, mend).finding;
        (document, finding.rule, finding.path.clone())
    }
}

/// The text with these mends, as many as go together.
fn attempt<'t>(
    before: &Mended<'t>,
    mends: &[(usize, &Mend)],
    judge: &dyn Fn(&str) -> Option<Vec<Judged>>,
) -> Result<Mended<'t>, Left> {
    let mut draft = before.draft.clone();
    let text = draft.text();
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let mut mended = Vec::new();
    let mut reason = None;
    for (document, mend) in mends {
        let written = text.get(mend.start..mend.start + mend.length).unwrap_or_default();
        let part = parts.entry(mend.start).or_insert_with(|| Part::of(written));
        match part.mended(mend) {
            Ok(Some(splices)) => {
                let grown: isize = parts.range(..mend.start).map(|(_, part)| part.grown).sum();
                let offset = mend.start.saturating_add_signed(grown);
                splices.iter().for_each(|splice| draft.apply(splice, offset));
                mended.push((*document, *mend));
            }
            // The list is another one by now: next time.
            Ok(None) => {}
            Err(unchangeable) => reason = Some(Left::from(unchangeable)),
        }
    }
    if mended.is_empty() {
        return Err(reason.unwrap_or(Left::NotGone));
    }
    let documents = judge(&draft.text()).ok_or(Left::Unreadable)?;
    sound(before, &documents, &mended)?;
    let mut fixed = before.fixed.clone();
    fixed.extend(mended.iter().map(|(document, mend)| (*document, before.entry(*document, mend).clone())));
    Ok(Mended { draft, documents, fixed })
}

/// A part of the text that is being changed.
struct Part {
    text: String,
    /// By how many bytes.
    grown: isize,
    /// Lists that have another number of items than before, or others.
    lists: BTreeSet<Path>,
}

impl Part {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned(), grown: 0, lists: BTreeSet::new() }
    }

    /// Makes the changes of a mend; none where they are about places that a change before moved.
    fn mended(&mut self, mend: &Mend) -> Result<Option<Vec<Splice>>, Unchangeable> {
        let lists = |path: &Path| -> Vec<Path> {
            let steps = path.0.iter().enumerate();
            let items = steps.filter(|(_, step)| matches!(step, Step::Index(_)));
            items.map(|(depth, _)| Path(path.0[..depth].to_vec())).collect()
        };
        let places = mend.changes.iter().flat_map(|change| match change {
            Change::Set(path, _) | Change::Remove(path) => vec![path],
            Change::Move(from, to) => vec![from, to],
        });
        let places: Vec<&Path> = places.collect();
        if places.iter().any(|place| lists(place).iter().any(|list| self.lists.contains(list))) {
            return Ok(None);
        }
        let splices = in_place::changed(&self.text, mend.language, &mend.changes)?;
        for splice in &splices {
            splice.apply(&mut self.text);
            self.grown += splice.text.len().cast_signed() - splice.range.len().cast_signed();
        }
        let is_item = |place: &&&Path| matches!(place.0.last(), Some(Step::Index(_)));
        self.lists.extend(places.iter().filter(is_item).map(|place| place.parent()));
        Ok(Some(splices))
    }
}

/// How often something was found: rule, container and what it counts as.
type Counts<'e> = BTreeMap<(&'static str, Option<&'e str>, &'static str), usize>;

fn counts(checked: &Checked) -> Counts<'_> {
    let mut counts = Counts::new();
    for entry in checked.entries() {
        let container = entry.finding.container.as_deref();
        *counts.entry((entry.finding.rule, container, entry.word())).or_default() += 1;
    }
    counts
}

/// Whether what was mended is gone and nothing else came.
fn sound(before: &Mended<'_>, after: &[Judged], mended: &[(usize, &Mend)]) -> Result<(), Left> {
    if after.len() != before.documents.len() {
        return Err(Left::Unreadable);
    }
    for (document, (before_it, after_it)) in before.documents.iter().zip(after).enumerate() {
        let (Ok(was), Ok(is)) = (&before_it.checked.outcome, &after_it.checked.outcome) else {
            return Err(Left::Unreadable);
        };
        let mut may_be = counts(&before_it.checked);
        for (_, mend) in mended.iter().filter(|(of, _)| *of == document) {
            let entry = before.entry(document, mend);
            let key = (entry.finding.rule, entry.finding.container.as_deref(), entry.word());
            may_be.entry(key).and_modify(|count| *count = count.saturating_sub(1));
        }
        for (key, count) in counts(&after_it.checked) {
            let (rule, _, word) = key;
            let least = may_be.get(&key).copied().unwrap_or_default();
            let is_of_mended = mended
                .iter()
                .any(|(of, mend)| *of == document && before.entry(document, mend).finding.rule == rule);
            if count > least && (word != "note" || is_of_mended) {
                return Err(if is_of_mended { Left::NotGone } else { Left::Found(rule) });
            }
        }
        let failed = |judged: &crate::report::Judged, control: &str| {
            judged.verdicts.get(control).is_some_and(|outcome| outcome.verdict == Verdict::Failed)
        };
        if let Some(control) = is.verdicts.keys().find(|control| failed(is, control) && !failed(was, control))
        {
            return Err(Left::Found(control));
        }
    }
    // Each step leaves less to do, so that there is a last one.
    let count = |documents: &[Judged]| documents.iter().map(|document| document.mends.len()).sum::<usize>();
    if count(after) < count(&before.documents) { Ok(()) } else { Err(Left::NotGone) }
}
