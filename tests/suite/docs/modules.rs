//! The guide for users of Datadog's modules leaves no input out, and names no argument that is not there.

use std::collections::BTreeSet;

use ddrofs::framework::{Provider, Replaced, ReplacedInput};
use ddrofs::provider::ddrofs;
use ddrofs::schema::Block;

use super::{assert_none, collect_paths, root};

/// Every input of the modules by the module's word, as their sources had them in 2026-11.
const INPUTS: &str = "tests/cases/modules/inputs.txt";

#[test]
fn every_input_of_datadogs_modules_has_its_row_and_every_argument_exists() {
    let provider = ddrofs();
    let [replaced] = provider.replaced() else { panic!("one guide for all of them") };
    let inputs = std::fs::read_to_string(root().join(INPUTS)).unwrap();
    assert!(inputs.lines().count() > 140);
    let block = &provider.resources()[0].schema().block;
    assert_none(problems(replaced, ["fargate", "ec2", "cdk"], &inputs, block));
}

/// Inputs without a row or with several, rows of nothing, arguments that the resource does not have, and rows that say neither.
/// `words` are those of the list for the modules of the guide.
fn problems<const N: usize>(
    replaced: &Replaced,
    words: [&str; N],
    inputs: &str,
    block: &Block,
) -> Vec<String> {
    let mut arguments = Vec::new();
    collect_paths("", block, &|_| false, &mut arguments);
    let mut problems = Vec::new();
    if replaced.modules.len() != N {
        problems.push(format!("{} modules, and the list has {N}", replaced.modules.len()));
    }
    for (word, (module, rows)) in words.into_iter().zip(replaced.modules) {
        let wanted: BTreeSet<&str> = inputs
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(of, input)| (of == word).then_some(input))
            .collect();
        let had: BTreeSet<&str> = rows.iter().map(|row| row.input).collect();
        problems.extend(wanted.difference(&had).map(|input| format!("{module}: {input} has no row")));
        problems.extend(had.difference(&wanted).map(|input| format!("{module}: {input} is no input")));
        if had.len() != rows.len() {
            problems.push(format!("{module}: an input has two rows"));
        }
        for ReplacedInput { input, here, remark } in *rows {
            match here {
                Some(argument) if !arguments.iter().any(|known| known == argument) => {
                    problems.push(format!("{module}: {input}: there is no {argument}"));
                }
                None if remark.is_empty() => problems.push(format!("{module}: {input}: say why not")),
                _ => {}
            }
            if !remark.is_empty() && !remark.ends_with('.') {
                problems.push(format!("{module}: {input}: write full sentences"));
            }
        }
    }
    problems
}

#[test]
fn a_missing_input_and_a_wrong_argument_are_reported() {
    const fn row(input: &'static str, here: Option<&'static str>, remark: &'static str) -> ReplacedInput {
        ReplacedInput { input, here, remark }
    }
    const ROWS: &[ReplacedInput] = &[
        row("cpu", Some("cpu"), ""),
        row("memory", Some("memry"), "Half"),
        row("gone", None, ""),
        row("gone", None, "Why."),
    ];
    const ROPES: Replaced =
        Replaced { file: "ropes", title: "", about: "", guide: "", modules: &[("Ropes", ROWS)] };
    let block = ddrofs().resources()[0].schema().block;
    assert_eq!(
        problems(&ROPES, ["ropes"], "ropes cpu\nropes memory\nropes family\nknots knot\n", &block),
        [
            "Ropes: family has no row",
            "Ropes: gone is no input",
            "Ropes: an input has two rows",
            "Ropes: memory: there is no memry",
            "Ropes: memory: write full sentences",
            "Ropes: gone: say why not",
        ]
    );
}
