//! Every block of code in `docs/` and README.md, run: what Terraform reads is planned by a real core against the local endpoint, what
//! a shell reads is typed into bash, and what the rules' pages call wrong is found wrong, that and nothing else.
//!
//! A page is gone through from its first block to its last in one folder, as a reader does. So a block may stand on those before
//! it; what else it needs is here in two tables, each of which says why.

mod configuration;
mod reader;
mod rules;

use crate::harness::problems_of_dockerfiles;
use crate::page_blocks::{self, Block};
pub(crate) use configuration::with_ours;
use reader::Reader;

/// A block that cannot be planned, as it stands or at all.
struct Unplanned {
    page: &'static str,
    /// The first line of the block.
    begins: &'static str,
    /// What the core says of it.
    says: &'static str,
    /// Whether there are cores that can plan it.
    some_can: bool,
}

/// Blocks that a core refuses, each with what it says, so that a row that nobody needs any more fails. Their syntax is read by
/// `tests/suite/docs/code_blocks.rs`.
const UNPLANNED: [Unplanned; 4] = [
    // A part of a resource of hashicorp/aws, which is not at hand here.
    Unplanned {
        page: "docs/guides/fleet-rollout.md",
        begins: "lifecycle {",
        says: "Blocks of type \"lifecycle\" are not expected here",
        some_can: false,
    },
    // Datadog's module is fetched from a registry.
    Unplanned {
        page: "docs/guides/coming-from-datadogs-module.md",
        begins: "module \"orders\" {",
        says: "module is not yet installed",
        some_can: false,
    },
    // OpenTofu alone has it.
    Unplanned {
        page: "docs/guides/with-opentofu.md",
        begins: "variable \"regions\" {",
        says: "The provider argument name \"for_each\" is reserved",
        some_can: true,
    },
    // Terraform has it from 1.12 on.
    Unplanned {
        page: "docs/resources/ecs_task_definition.md",
        begins: "import {",
        says: "An argument named \"identity\" is not expected here",
        some_can: true,
    },
];

/// Commands whose program does something else here, by how they begin: the body of a function of the program's name.
const STAND_INS: [(&str, &str); 7] = [
    // An account is not at hand, and what it would say is.
    ("aws ecs describe-task-definition ", "cat programs/described.json"),
    // Nor are a stack and Node; what it leaves behind is there already.
    ("cdk synth ", "true"),
    // A core shows a state of hashicorp/aws only with that provider. The state itself says the same.
    ("terraform show -json | ", "cat programs/of-aws.tfstate"),
    // Asks for a yes, and is OpenTofu's alone.
    ("tofu apply -exclude=", "true"),
    // The program is used where it was built; `packaging.rs` installs it as people do.
    ("terraform init", "true"),
    // Nobody is there to say yes.
    ("terraform apply", "command terraform \"$1\" -auto-approve \"${@:2}\""),
    // Builds this very program, and runs these very tests.
    ("make ", "command make --dry-run --directory \"$REPOSITORY\" \"$@\""),
];

/// Blocks that are no code: signatures and messages, and the picture of the pattern, which the suite compares with the drawn one.
const NOT_RUN: [&str; 2] = ["text", "mermaid"];

/// Goes through every page that is wanted, and gives the number of blocks that were run.
fn follow(is_wanted: impl Fn(&str) -> bool) -> usize {
    let blocks: Vec<Block> = page_blocks::all().into_iter().filter(|block| is_wanted(&block.page)).collect();
    let (mut run, mut problems) = (0, Vec::new());
    for of_one_page in blocks.chunk_by(|one, next| one.page == next.page) {
        let mut reader = Reader::of(of_one_page);
        for block in of_one_page {
            let result = match block.language.as_str() {
                "terraform" | "hcl" => reader.plan(block),
                "shell" => reader.type_in(block),
                "json" | "yaml" | "toml" => {
                    reader.write(block);
                    Ok(())
                }
                "dockerfile" => is_sound(block),
                language if NOT_RUN.contains(&language) => continue,
                language => Err(format!("{}: nothing runs {language}", block.place())),
            };
            problems.extend(result.err());
            run += 1;
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    run
}

/// Whether somebody else's linter has nothing to say of a Dockerfile.
fn is_sound(block: &Block) -> Result<(), String> {
    let text = ("page".to_owned(), block.code.clone());
    match problems_of_dockerfiles("pages", &[text]) {
        told if told.is_empty() => Ok(()),
        told => Err(format!("{}\n{told}", block.place())),
    }
}

fn is_of_rules(page: &str) -> bool {
    page.starts_with("docs/guides/rules-")
}

fn is_guide(page: &str) -> bool {
    page.starts_with("docs/guides/") || page == "README.md"
}

#[test]
fn the_guides_are_followed_block_by_block() {
    let run = follow(|page| is_guide(page) && !is_of_rules(page));
    assert!(run > 35, "{run}");
}

#[test]
fn the_pages_of_what_there_is_are_followed_block_by_block() {
    let run = follow(|page| !is_guide(page));
    assert!(run > 20, "{run}");
}

#[test]
fn every_row_of_the_tables_is_about_something_that_there_is() {
    let blocks = page_blocks::all();
    for row in &UNPLANNED {
        let is_this =
            |block: &&Block| block.page == row.page && block.code.lines().next() == Some(row.begins);
        assert_eq!(blocks.iter().filter(is_this).count(), 1, "{}: {}", row.page, row.begins);
    }
    let is_typed = |command: &str| {
        blocks.iter().any(|block| {
            block.language == "shell" && block.code.lines().any(|line| line.starts_with(command))
        })
    };
    for (command, _) in STAND_INS {
        assert!(is_typed(command), "{command}");
    }
    for language in NOT_RUN {
        assert!(blocks.iter().any(|block| block.language == language), "{language}");
    }
}
