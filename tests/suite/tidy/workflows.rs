//! The hosted workflows: they call what exists, with no more rights than they need, and nobody can change under them what they
//! run.

use ddrofs::document::{Node, yaml};

use super::{TextFile, assert_none, read, text_files};

#[test]
fn workflows_call_what_exists_with_few_rights_and_what_cannot_change() {
    let makefile = read("Makefile");
    let workflows: Vec<_> =
        text_files().into_iter().filter(|file| file.path.starts_with(".github/workflows/")).collect();
    assert!(workflows.len() >= 2, "{}", workflows.len());
    let called: usize = workflows.iter().map(|file| targets(&steps(&workflow(file)).1).len()).sum();
    assert!(called >= 6, "only {called} targets were found: they are called otherwise by now");
    assert_none(workflows.iter().flat_map(|file| problems(file, &makefile)).collect());
}

#[test]
fn every_core_that_is_promised_is_tried() {
    let workflow = yaml::read(&read(".github/workflows/test.yml")).unwrap().node;
    let cores = workflow.get("jobs").get("acceptance").get("strategy").get("matrix").get("include");
    let cores: Vec<_> = cores
        .items()
        .iter()
        .map(|core| {
            ["core", "version"].map(|key| core.get(key).as_str().unwrap_or_default().to_owned()).join(" ")
        })
        .collect();
    assert_eq!(
        cores,
        ["terraform 1.8.*", "terraform 1.11.*", "terraform latest", "tofu 1.7.*", "tofu latest"]
    );
}

#[test]
fn what_is_built_for_a_release_can_be_packed() {
    let workflow = yaml::read(&read(".github/workflows/release.yml")).unwrap().node;
    let builds = workflow.get("jobs").get("program").get("strategy").get("matrix").get("include").items();
    assert!(builds.len() >= 5, "{}", builds.len());
    let packed = read("packaging/pack.py");
    let is_packed = |target: &str| packed.contains(&format!("\"{target}\": \""));
    assert_none(
        builds
            .iter()
            .map(|build| build.get("target").as_str().unwrap_or_default().to_owned())
            .filter(|target| !is_packed(target))
            .collect(),
    );
}

fn workflow(file: &TextFile) -> Node {
    let read = yaml::read(&file.text);
    read.unwrap_or_else(|problems| panic!("{}: {problems:?}", file.path)).node
}

/// The actions that a workflow uses and the scripts that it runs.
fn steps(workflow: &Node) -> (Vec<String>, Vec<String>) {
    let Node::Object(jobs) = workflow.get("jobs") else { return Default::default() };
    let steps = || jobs.values().flat_map(|job| job.get("steps").items());
    let texts = |key: &str| steps().filter_map(|step| step.get(key).as_str()).map(str::to_owned).collect();
    (texts("uses"), texts("run"))
}

/// The targets of make that these scripts call.
fn targets(scripts: &[String]) -> Vec<String> {
    let mut targets = Vec::new();
    for line in scripts.iter().flat_map(|script| script.lines()) {
        let line = line.replace("${{ matrix.make }}", "make");
        let Some(arguments) = line.trim().strip_prefix("make ") else { continue };
        let mut words = arguments.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "-C" => drop(words.next()),
                word if word.contains('=') => {}
                word => targets.push(word.to_owned()),
            }
        }
    }
    targets
}

fn problems(file: &TextFile, makefile: &str) -> Vec<String> {
    let workflow = workflow(file);
    let (actions, scripts) = steps(&workflow);
    let mut problems = Vec::new();
    let is_target = |target: &str| makefile.lines().any(|line| line.starts_with(&format!("{target}:")));
    let missing = targets(&scripts).into_iter().filter(|target| !is_target(target));
    problems.extend(missing.map(|target| format!("`make {target}` does not exist")));
    problems.extend(actions.iter().filter_map(|action| moving(action)));
    problems.extend(rights(&workflow));
    if !workflow.get("on").get("pull_request_target").is_null() {
        problems.push("pull_request_target runs a stranger's text with our rights".to_owned());
    }
    // What somebody else may choose, such as the name of a branch, is no text of a script.
    let injected =
        scripts.iter().filter(|script| script.contains("${{ github.") || script.contains("inputs."));
    problems.extend(injected.map(|script| format!("hand this over in `env`: {script}")));
    problems.extend(
        file.text
            .lines()
            .filter(|line| line.contains("uses: ") && !line.contains("# v"))
            .map(|line| format!("say the version behind the hash: {}", line.trim())),
    );
    problems.into_iter().map(|problem| format!("{}: {problem}", file.path)).collect()
}

/// An action by a name that its owner can move to something else.
fn moving(action: &str) -> Option<String> {
    let commit = action.rsplit_once('@').map_or("", |(_, commit)| commit);
    let is_commit = commit.len() == 40 && commit.chars().all(|char| char.is_ascii_hexdigit());
    (!is_commit).then(|| format!("name the commit of {action}"))
}

/// A workflow may read the repository. A job that may do more says so itself, and has no other right.
fn rights(workflow: &Node) -> Vec<String> {
    let read_only = |rights: &Node| {
        matches!(rights, Node::Object(rights) if rights.len() == 1)
            && rights.get("contents").as_str() == Some("read")
    };
    let mut problems = Vec::new();
    if !read_only(workflow.get("permissions")) {
        problems.push("say `permissions: { contents: read }` for the whole workflow".to_owned());
    }
    let Node::Object(jobs) = workflow.get("jobs") else { return problems };
    for (name, job) in jobs.iter() {
        let rights = job.get("permissions");
        let writes_a_release = name == "publish"
            && matches!(rights, Node::Object(rights) if rights.len() == 1)
            && rights.get("contents").as_str() == Some("write");
        if !rights.is_null() && !writes_a_release {
            problems.push(format!("the job {name} has more rights than it needs"));
        }
        let checkouts = job.get("steps").items().iter().filter(|step| {
            step.get("uses").as_str().is_some_and(|action| action.starts_with("actions/checkout@"))
        });
        if checkouts.clone().any(|step| step.get("with").get("persist-credentials").as_bool() != Some(false))
        {
            problems
                .push(format!("the job {name} leaves its token in the folder: persist-credentials: false"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "on: push\npermissions:\n  contents: read\njobs:\n  test:\n    steps:\n      \
        - uses: actions/checkout@0123456789012345678901234567890123456789 # v1\n        with:\n          \
        persist-credentials: false\n      - run: |\n          make -C one dist A=b\n          ${{ matrix.make }} test\n";

    fn judged(text: &str) -> Vec<String> {
        let file = TextFile { path: "w.yml".to_owned(), text: text.to_owned() };
        problems(&file, "dist: x\n\ttrue\ntest:\n")
    }

    #[test]
    fn a_sound_workflow_has_no_problem() {
        assert_eq!(judged(SOUND), [""; 0]);
    }

    #[test]
    fn what_is_wrong_with_a_workflow_is_reported() {
        for (sound, broken, problem) in [
            (" dist A=b", " dst", "w.yml: `make dst` does not exist"),
            ("}} test", "}} tests", "w.yml: `make tests` does not exist"),
            (
                "@0123456789012345678901234567890123456789",
                "@v1",
                "w.yml: name the commit of actions/checkout@v1",
            ),
            (
                " # v1",
                "",
                "w.yml: say the version behind the hash: - uses: actions/checkout@0123456789012345678901234567890123456789",
            ),
            (
                "  contents: read\n",
                "  contents: write\n",
                "w.yml: say `permissions: { contents: read }` for the whole workflow",
            ),
            (
                "  contents: read\n",
                "  contents: read\n  packages: read\n",
                "w.yml: say `permissions: { contents: read }` for the whole workflow",
            ),
            (
                "    steps:\n",
                "    permissions:\n      contents: write\n    steps:\n",
                "w.yml: the job test has more rights than it needs",
            ),
            (
                "persist-credentials: false",
                "fetch-depth: 0",
                "w.yml: the job test leaves its token in the folder: persist-credentials: false",
            ),
            (
                "on: push\n",
                "on:\n  pull_request_target: {}\n",
                "w.yml: pull_request_target runs a stranger's text with our rights",
            ),
        ] {
            assert_eq!(judged(&SOUND.replace(sound, broken)), [problem]);
        }
        let injected = judged(&SOUND.replace("A=b", "A=${{ github.head_ref }}"));
        assert!(
            injected.iter().any(|problem| problem.starts_with("w.yml: hand this over in `env`: ")),
            "{injected:?}"
        );
    }
}
