//! Paths and commands that the handwritten documents name exist.

use super::{assert_none, read, tracked_paths};

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// First parts of paths of this repository. Other things with a slash in them, such as directories of a container,
/// are not ours to check.
const ROOTS: [&str; 12] = [
    "src",
    "tests",
    "fuzz",
    "docs",
    "examples",
    "benches",
    "proto",
    "packaging",
    ".ci",
    ".cargo",
    ".github",
    "target",
];

/// Endings of files that a document names without their folder.
const ENDINGS: [&str; 6] = [".rs", ".md", ".toml", ".lock", ".tf", ".sh"];

#[test]
fn every_path_in_the_handwritten_documents_exists() {
    let tracked = tracked_paths();
    let documents = DOCUMENTS.iter().map(|document| (*document, read(document)));
    assert_none(documents.flat_map(|(document, text)| missing_paths(document, &text, &tracked)).collect());
}

#[test]
fn every_make_target_in_the_handwritten_documents_exists() {
    let makefile = read("Makefile");
    let documents = DOCUMENTS.iter().map(|document| (*document, read(document)));
    assert_none(documents.flat_map(|(document, text)| missing_targets(document, &text, &makefile)).collect());
}

/// Targets of links and whatever stands in backticks, with the line.
fn mentions(text: &str) -> Vec<(usize, String)> {
    let mut mentions = Vec::new();
    let mut in_fence = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            let quoted = line.split('`').skip(1).step_by(2);
            let linked = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            let linked = linked.map(|target| target.split('#').next().unwrap_or(target));
            mentions.extend(quoted.chain(linked).map(|mention| (index + 1, mention.to_owned())));
        }
    }
    mentions
}

fn missing_paths(document: &str, text: &str, tracked: &[String]) -> Vec<String> {
    let exists = |path: &str| {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let below = format!("/{path}");
        let folder = format!("{path}/");
        tracked.iter().any(|known| {
            known == path || known.starts_with(&folder) || (!path.contains('/') && known.ends_with(&below))
        })
    };
    mentions(text)
        .into_iter()
        .filter(|(_, mention)| looks_like_a_path(mention) && !exists(mention))
        .map(|(line, mention)| format!("{document}:{line}: `{mention}` does not exist"))
        .collect()
}

fn looks_like_a_path(mention: &str) -> bool {
    if mention.contains([' ', '<', '*', '{', '$', ':', '(']) {
        return false;
    }
    match mention.trim_start_matches("./").split_once('/') {
        Some(("target", _)) => false,
        Some((first, _)) => ROOTS.contains(&first),
        None => ENDINGS.iter().any(|ending| mention.ends_with(ending) && mention.len() > ending.len()),
    }
}

fn missing_targets(document: &str, text: &str, makefile: &str) -> Vec<String> {
    let commands = text.lines().enumerate().flat_map(|(index, line)| {
        let quoted = line.split('`').skip(1).step_by(2);
        let whole = line.trim().strip_prefix("make ").map(|_| line.trim());
        quoted.chain(whole).filter_map(move |command| Some((index + 1, command.strip_prefix("make ")?)))
    });
    let exists = |target: &str| makefile.lines().any(|line| line.starts_with(&format!("{target}:")));
    commands
        .filter_map(|(line, rest)| Some((line, rest.split_whitespace().next()?)))
        .filter(|(_, target)| !exists(target))
        .map(|(line, target)| format!("{document}:{line}: `make {target}` does not exist"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracked() -> Vec<String> {
        ["README.md", "src/value/mod.rs", "examples/fargate/main.tf"].map(str::to_owned).into()
    }

    #[test]
    fn paths_that_do_not_exist_are_reported_with_their_line() {
        let text = "see `src/value/`\nand `src/values/`, [x](examples/none#y) and `nothing.md`\n";
        assert_eq!(
            missing_paths("A.md", text, &tracked()),
            [
                "A.md:2: `src/values/` does not exist",
                "A.md:2: `nothing.md` does not exist",
                "A.md:2: `examples/none` does not exist",
            ]
        );
    }

    #[test]
    fn what_is_no_path_of_ours_is_left_alone() {
        let text = "`/etc/datadog-agent` `ddrofs/ddrofs` `examples/<type>/x.tf` `mod.rs` `README.md`\n\
                    `target/debug` [a](https://example.com/src/x) `cargo test src/x`\n```\n`src/none`\n```\n";
        assert_eq!(missing_paths("A.md", text, &tracked()), [""; 0]);
    }

    #[test]
    fn make_targets_that_do_not_exist_are_reported() {
        let makefile = "test: lint\n\tcargo test\n";
        let text = "run `make test`\n\n    make demo\n`make bench ROUNDS=20`\n";
        assert_eq!(
            missing_targets("A.md", text, makefile),
            ["A.md:3: `make demo` does not exist", "A.md:4: `make bench` does not exist"]
        );
    }
}
