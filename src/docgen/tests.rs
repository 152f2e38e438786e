use async_trait::async_trait;
use expect_test::expect;

use super::*;
use crate::diagnostics::{Diagnostics, FunctionError};
use crate::framework::{
    ApplyRequest, ApplyResponse, Context, DataSource, Function, Identity, IdentityAttribute, ImportedState,
    MoveRequest, MovedState, Parameter, PlanRequest, PlanResponse, ReadRequest, ReadResponse, Replaced,
    ReplacedInput, Resource, Signature,
};
use crate::rules::{
    Evidence, Example, Judges, Mends, Platform, Rejection, Severity, Status, Topic, Undecided,
};
use crate::schema::{Attribute, Mode, NestedBlock};
use crate::value::{ObjectType, Type, Value};

/// A provider with one of each thing that a page can show.
struct Orchard {
    resources: Vec<Box<dyn Resource>>,
    data_sources: Vec<Box<dyn DataSource>>,
    functions: Vec<Box<dyn Function>>,
}

fn orchard() -> Orchard {
    Orchard {
        resources: vec![Box::new(Tree)],
        data_sources: vec![Box::new(Weather)],
        functions: vec![Box::new(Graft)],
    }
}

#[async_trait]
impl Provider for Orchard {
    fn schema(&self) -> Schema {
        let attributes = vec![Attribute::new("region", Type::String, Mode::Optional, "Where it stands.")];
        let description = "Grows trees.\n\nSecond paragraph.".to_owned();
        Schema { version: 0, block: Block { description, attributes, blocks: Vec::new() } }
    }
    fn resources(&self) -> &[Box<dyn Resource>] {
        &self.resources
    }
    fn data_sources(&self) -> &[Box<dyn DataSource>] {
        &self.data_sources
    }
    fn functions(&self) -> &[Box<dyn Function>] {
        &self.functions
    }
    fn members(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("fruit.name", "Its name."),
            ("fruit.weight", "Weight in g."),
            ("gone.name", "Name of what is gone."),
            ("harvest.name", "Its name."),
        ]
    }
    fn replaced(&self) -> &'static [Replaced] {
        &[GARDEN]
    }
    async fn validate_config(&self, _: &Value) -> Diagnostics {
        Diagnostics::default()
    }
    async fn configure(&self, _: &Context, _: Value, _: &str) -> Diagnostics {
        Diagnostics::default()
    }
}

const GARDEN: Replaced = Replaced {
    file: "coming-from-a-garden",
    title: "Coming from a garden",
    about: "How to come from a garden.",
    guide: "Dig.",
    modules: &[(
        "Beds",
        &[
            ReplacedInput { input: "bed.kind", here: Some("kind"), remark: "" },
            ReplacedInput { input: "bed.fence", here: None, remark: "Trees need\nnone." },
        ],
    )],
};

struct Tree;

fn described(description: &str, attributes: Vec<Attribute>, blocks: Vec<NestedBlock>) -> Block {
    Block { description: description.to_owned(), attributes, blocks }
}

#[async_trait]
impl Resource for Tree {
    fn type_name(&self) -> &'static str {
        "ddrofs_tree"
    }
    fn schema(&self) -> Schema {
        let fruit = Type::Object(ObjectType {
            attributes: [("name".to_owned(), Type::String), ("weight".to_owned(), Type::Number)].into(),
            optional: ["weight".to_owned()].into(),
        });
        let old = Attribute {
            deprecation: Some("Write `kind`.".to_owned()),
            ..Attribute::new("sort", Type::String, Mode::Optional, "The kind.")
        };
        let attributes = vec![
            Attribute::new("id", Type::String, Mode::Computed, "Identity."),
            Attribute::new("kind", Type::String, Mode::Required, "The kind,\nsuch as `apple`."),
            old,
            Attribute::new("key", Type::String, Mode::OptionalComputed, "Key of the shed.").sensitive(),
            Attribute::new("fruit", Type::list(fruit.clone()), Mode::Optional, "What it should bear."),
            Attribute::new("harvest", Type::list(fruit), Mode::Computed, "What it bore."),
        ];
        let leaf = Attribute::new("colour", Type::String, Mode::Required, "Colour.");
        let leaves = NestedBlock::at_most_one("leaf", described("Leaves.", vec![leaf], Vec::new()));
        let weight = Attribute::new("load", Type::Number, Mode::Optional, "Load in kg.");
        let mut branch = NestedBlock::list("branch", described("A branch.", vec![weight], vec![leaves]));
        branch.min_items = 1;
        Schema { version: 1, block: described("A tree.", attributes, vec![branch]) }
    }
    async fn validate_config(&self, _: &Value) -> Diagnostics {
        Diagnostics::default()
    }
    async fn read(&self, _: &Context, _: ReadRequest) -> (Option<ReadResponse>, Diagnostics) {
        unreachable!("pages are made from schemas alone")
    }
    async fn plan(&self, _: &Context, _: PlanRequest) -> (Option<PlanResponse>, Diagnostics) {
        unreachable!("pages are made from schemas alone")
    }
    async fn apply(&self, _: &Context, _: ApplyRequest) -> (ApplyResponse, Diagnostics) {
        unreachable!("pages are made from schemas alone")
    }
    async fn import(&self, _: &Context, _: &str) -> (Vec<ImportedState>, Diagnostics) {
        unreachable!("pages are made from schemas alone")
    }
    fn identity(&self) -> Option<Identity> {
        let attribute = |name, is_required_for_import| IdentityAttribute {
            name,
            description: "A part of its address.",
            is_required_for_import,
        };
        Some(Identity { attributes: vec![attribute("row", true), attribute("garden", false)] })
    }
    async fn move_state(&self, _: &Context, _: MoveRequest) -> (Option<MovedState>, Diagnostics) {
        unreachable!("pages are made from schemas alone")
    }
}

struct Weather;

#[async_trait]
impl DataSource for Weather {
    fn type_name(&self) -> &'static str {
        "ddrofs_weather"
    }
    fn schema(&self) -> Schema {
        let rain = Attribute::new("rain", Type::Bool, Mode::Computed, "");
        Schema { version: 0, block: described("The weather.", vec![rain], Vec::new()) }
    }
    async fn validate_config(&self, _: &Value) -> Diagnostics {
        Diagnostics::default()
    }
    async fn read(&self, _: &Context, _: Value) -> (Option<Value>, Diagnostics) {
        unreachable!("pages are made from schemas alone")
    }
}

struct Graft;

impl Function for Graft {
    fn name(&self) -> &'static str {
        "graft"
    }
    fn signature(&self) -> Signature {
        let parameter = |name: &str, description: &str| Parameter {
            name: name.to_owned(),
            ty: Type::Dynamic,
            description: description.to_owned(),
            allow_null: name == "twigs",
            allow_unknown: false,
        };
        Signature {
            summary: "Joins twigs to a stem.".to_owned(),
            description: "Joins `twigs` to a `stem`.".to_owned(),
            parameters: vec![parameter("stem", "The stem.")],
            variadic_parameter: Some(parameter("twigs", "")),
            result: Type::list(Type::String),
        }
    }
    fn call(&self, _: Vec<Value>) -> Result<Value, FunctionError> {
        unreachable!("pages are made from signatures alone")
    }
}

static ROTTEN: Rule = Rule {
    name: "rotten-apple",
    topic: Topic::Form,
    summary: "Apple is rotten",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: Some("ECS.5"),
    checks: "Looks at every apple.",
    matters: "One spoils the rest.",
    evidence: Evidence { source: "The cellar", seen: "2026-10", status: Status::Verified },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example("{ \"apple\": \"rotten\" }"),
    passing: Example("\n{ \"apple\": \"sound\" }\n"),
    undecided: Undecided::Passing("apple"),
    check: |_, _| {},
};

static DULL: Rule = Rule {
    name: "dull-apple",
    mends: Mends::Certain("It goes."),
    severity: Severity::Warning,
    control: None,
    ..ROTTEN
};

/// A configuration, of what names a family other than the passing example's.
fn in_a_configuration(document: &crate::document::Node) -> Option<String> {
    document.get("apple").is_null().then(|| "family = \"none\"".to_owned())
}

fn no_examples(_: &str) -> Option<String> {
    None
}

fn page(path: &str, examples: &dyn Fn(&str) -> Option<String>) -> String {
    let mut pages = pages(&orchard(), &[&DULL, &ROTTEN], &in_a_configuration, examples);
    pages.remove(path).unwrap_or_else(|| panic!("{path} is not among {:?}", pages.keys()))
}

#[test]
fn every_thing_has_a_page_where_the_registry_looks_for_it() {
    let pages = pages(&orchard(), &[], &in_a_configuration, &no_examples);
    let paths: Vec<_> = pages.keys().map(String::as_str).collect();
    let expected = [
        "docs/data-sources/weather.md",
        "docs/functions/graft.md",
        "docs/guides/coming-from-a-garden.md",
        "docs/guides/rules.md",
        "docs/index.md",
        "docs/resources/tree.md",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn a_resource_page_groups_attributes_and_describes_nested_schemas_below() {
    expect![[r#"
        ---
        page_title: "ddrofs_tree Resource - terraform-provider-ddrofs"
        subcategory: ""
        description: |-
          A tree.
        ---

        # ddrofs_tree (Resource)

        A tree.

        ## Schema

        ### Required

        - `kind` (String) The kind, such as `apple`.
        - `branch` (Block List, Min: 1) A branch. (see [below for nested schema](#nestedblock--branch))

        ### Optional

        - `sort` (String, Deprecated) The kind. **Deprecated:** Write `kind`.
        - `key` (String, Sensitive) Key of the shed.
        - `fruit` (List of Object) What it should bear. (see [below for nested schema](#nestedatt--fruit))

        ### Read-Only

        - `id` (String) Identity.
        - `harvest` (List of Object) What it bore. (see [below for nested schema](#nestedatt--harvest))

        <a id="nestedblock--branch"></a>
        ### Nested Schema for `branch`

        Optional:

        - `load` (Number) Load in kg.
        - `leaf` (Block List, Max: 1) Leaves. (see [below for nested schema](#nestedblock--branch--leaf))

        <a id="nestedblock--branch--leaf"></a>
        ### Nested Schema for `branch.leaf`

        Required:

        - `colour` (String) Colour.

        <a id="nestedatt--fruit"></a>
        ### Nested Schema for `fruit`

        Required:

        - `name` (String) Its name.

        Optional:

        - `weight` (Number) Weight in g.

        <a id="nestedatt--harvest"></a>
        ### Nested Schema for `harvest`

        Read-Only:

        - `name` (String) Its name.
        - `weight` (Number)
    "#]]
    .assert_eq(&page("docs/resources/tree.md", &no_examples));
}

#[test]
fn pages_embed_the_examples_at_the_conventional_paths() {
    let echo = |path: &str| Some(format!("# {path}\n"));
    let tree = page("docs/resources/tree.md", &echo);
    let usage = "## Example Usage\n\n```terraform\n# examples/resources/ddrofs_tree/resource.tf\n```\n";
    assert!(tree.contains(usage), "{tree}");
    let import = "## Import\n\nAn existing object is imported with:\n\n\
                  ```shell\n# examples/resources/ddrofs_tree/import.sh\n```\n\n\
                  With Terraform 1.12 or newer, an `import` block can name it by its identity:\n\n\
                  ```terraform\n# examples/resources/ddrofs_tree/import-by-identity.tf\n```\n\n\
                  ### Identity Schema\n\n\
                  #### Required\n\n- `row` (String) A part of its address.\n\n\
                  #### Optional\n\n- `garden` (String) A part of its address.\n";
    assert!(tree.ends_with(import), "{tree}");
    for (path, example) in [
        ("docs/index.md", "examples/provider/provider.tf"),
        ("docs/data-sources/weather.md", "examples/data-sources/ddrofs_weather/data-source.tf"),
        ("docs/functions/graft.md", "examples/functions/graft/function.tf"),
    ] {
        let page = page(path, &echo);
        assert!(page.contains(&format!("```terraform\n# {example}\n```")), "{page}");
    }
}

#[test]
fn the_example_paths_are_exactly_those_that_the_pages_ask_for() {
    let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
    pages(&orchard(), &[], &in_a_configuration, &|path| {
        asked.borrow_mut().insert(path.to_owned());
        None
    });
    let named = example_paths(&orchard()).into_iter().collect();
    assert_eq!(asked.into_inner(), named);
}

#[test]
fn a_function_page_shows_signature_and_arguments() {
    expect![[r#"
        ---
        page_title: "graft function - terraform-provider-ddrofs"
        subcategory: ""
        description: |-
          Joins twigs to a stem.
        ---

        # function: graft

        Joins `twigs` to a `stem`.

        ## Signature

        ```text
        graft(stem dynamic, twigs dynamic...) list of string
        ```

        ## Arguments

        1. `stem` (Dynamic) The stem.
        2. `twigs` (Variadic, Dynamic, Nullable)

        ## Return Type

        List of String.
    "#]]
    .assert_eq(&page("docs/functions/graft.md", &no_examples));
}

#[test]
fn the_first_page_of_the_rules_names_each_by_topic_and_leads_to_its_section() {
    expect![[r#"
        ---
        page_title: "Rules"
        subcategory: ""
        description: |-
          Every rule that task definitions are checked against at plan time: what is wrong, how much it counts, and where its examples are.
        ---

        # Rules

        Task definitions are checked against these rules at plan time. An **error** stops a registration: ECS would reject the definition, the Agent would not start, or data would be lost. A **warning** is shown and the plan goes on. A **note** is what an auditor would say and no deployment suffers from: it stands in `findings` and in reports, and no plan speaks of it. A rule that needs a value which is not known yet stays undecided and is checked again at apply.

        Most rules are about what a task definition says to ECS. Those about the Agent and what ties an application to it judge the documents of other platforms as well, and some judge nothing else: each says so under **Platforms**. Security Hub looks at task definitions, so no control fails because of any other document.

        What is registered already can always be refreshed and destroyed. Where the content of a resource is that of its state, an error is shown as a warning, which says that it stops the next registration. Where the content is another one, a destroy needs `-refresh=false`, because Terraform plans the resource before it plans to destroy it. `terraform validate` shows those errors of a resource that ECS itself would answer with. An error of a data source stops every command, a destroy included, until the definitions, its `policy` or, in a check, `fail` say otherwise.

        A `policy` block, in the provider, a data source or a resource, decides otherwise: `enforce` makes the findings of a Security Hub control errors, `severity` gives the findings of a rule another severity or leaves them out, and a `waiver` lets a finding pass until a date, for a reason and under a name. What a control's verdict is, no policy changes.

        Behind each name: what the rule checks, why it matters, and an example that fails and one that passes.

        | Rule | Severity | Control | What is wrong |
        |---|---|---|---|
        | **[Keys, values and names](rules-form.md)** | | | |
        | [dull-apple](rules-form.md#dull-apple) | warning | | Apple is rotten |
        | [rotten-apple](rules-form.md#rotten-apple) | error | ECS.5 | Apple is rotten |

        ## What lint --fix mends

        The subcommand `lint` writes into files what is certain: the only value that there can be, of which nothing that runs can break. Of these rules it is, and each says what; of the others it is not.

        | What is written | Rules |
        |---|---|
        | What is certain, as the rule says. | [dull-apple](rules-form.md#dull-apple) |
        | Nothing: only you know the value. | [rotten-apple](rules-form.md#rotten-apple) |

        <a id="read-otherwise"></a>
        ## read-otherwise

        Something is read differently from how it is written. Severity: note. No rule, and named like one in `findings`, `severity` and waivers.

        Something is written that means no more than its absence, or a key is spelled in another way than ECS spells it: an empty text where none is wanted, an empty element of a list, a variable without a value, a key twice with one value. Where it is going to be registered it is left out, as hashicorp/aws does, and is a note. A null in JSON text that is only judged is a warning, because whoever sends the text may send the null, and so is a value of another type than ECS accepts, such as a number in quotes, which is converted where we write the JSON ourselves. A null attribute in HCL is how a configuration says that nothing is set, and no word is lost on it. `lint --fix` takes out a key whose value is null and writes a number, true or false in the type that ECS has there.
    "#]]
    .assert_eq(&page(RULES_GUIDE, &no_examples));
}

#[test]
fn the_guide_for_users_of_a_module_ends_with_every_input() {
    expect![[r#"
        ---
        page_title: "Coming from a garden"
        subcategory: ""
        description: |-
          How to come from a garden.
        ---

        # Coming from a garden

        Dig.

        ## Input by input

        ### Beds

        | Input | Here | Difference |
        |---|---|---|
        | `bed.kind` | `kind` | |
        | `bed.fence` | none | Trees need none. |
    "#]]
    .assert_eq(&page("docs/guides/coming-from-a-garden.md", &no_examples));
}

#[test]
fn each_topic_has_a_page_with_a_section_for_each_rule_and_its_parts_in_order() {
    expect![[r#"
        ---
        page_title: "Rules: Keys, values and names"
        subcategory: "Rules"
        description: |-
          Keys, values and names: what each rule checks, why it matters, and an example that fails and one that passes.
        ---

        # Rules: Keys, values and names

        Every rule, and what severities mean, is in the [table of all rules](rules.md).

        A failing example is a whole task definition, a whole Compose file or a whole job of Nomad, that nothing is wrong with but this. The passing example says what is different in one that no rule objects to. `<100 letters>` stands for a text of that length.

        <a id="dull-apple"></a>
        ## dull-apple

        Apple is rotten. Severity: warning.

        **What it checks.** Looks at every apple.

        **Why it matters.** One spoils the rest.

        **Failing example.**

        ```json
        {
          "apple": "rotten",
          "containerDefinitions": [
            {
              "image": "example.com/shop:1.4.2",
              "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                  "awslogs-group": "/shop",
                  "awslogs-region": "eu-central-1",
                  "awslogs-stream-prefix": "shop",
                  "mode": "non-blocking"
                }
              },
              "name": "app",
              "readonlyRootFilesystem": true,
              "user": "100"
            }
          ],
          "cpu": "256",
          "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
          "family": "shop",
          "memory": "512",
          "networkMode": "awsvpc",
          "requiresCompatibilities": ["FARGATE"],
          "runtimePlatform": { "cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX" },
          "tags": [{ "key": "team", "value": "shop" }],
          "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task"
        }
        ```

        **Passing example.** The same with:

        ```json
        {
          "apple": "sound"
        }
        ```

        **Platforms.** Every task definition, Compose files, manifests of Kubernetes and jobs of Nomad.

        **What lint --fix mends.** It goes.

        **References.** The cellar (verified, seen 2026-10).

        <a id="rotten-apple"></a>
        ## rotten-apple

        Apple is rotten. Severity: error. Security Hub control: ECS.5.

        **What it checks.** Looks at every apple.

        **Why it matters.** One spoils the rest.

        **Failing example.**

        ```json
        {
          "apple": "rotten",
          "containerDefinitions": [
            {
              "image": "example.com/shop:1.4.2",
              "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                  "awslogs-group": "/shop",
                  "awslogs-region": "eu-central-1",
                  "awslogs-stream-prefix": "shop",
                  "mode": "non-blocking"
                }
              },
              "name": "app",
              "readonlyRootFilesystem": true,
              "user": "100"
            }
          ],
          "cpu": "256",
          "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
          "family": "shop",
          "memory": "512",
          "networkMode": "awsvpc",
          "requiresCompatibilities": ["FARGATE"],
          "runtimePlatform": { "cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX" },
          "tags": [{ "key": "team", "value": "shop" }],
          "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task"
        }
        ```

        **Passing example.** The same with:

        ```json
        {
          "apple": "sound"
        }
        ```

        **Platforms.** Every task definition, Compose files, manifests of Kubernetes and jobs of Nomad.

        **References.** The cellar (verified, seen 2026-10).
    "#]].assert_eq(&page("docs/guides/rules-form.md", &no_examples));
}

#[test]
fn whatever_has_no_description_is_named() {
    let missing = ["ddrofs_tree.harvest.weight", "data.ddrofs_weather.rain", "function.graft.twigs"];
    assert_eq!(undescribed(&orchard()), missing);
    assert_eq!(described_in_vain(&orchard()), ["gone.name"]);
}

#[test]
fn what_a_data_source_has_as_objects_is_described_by_the_blocks_of_its_resource() {
    let members = Members::of(&orchard(), "ddrofs_tree");
    assert_eq!(members.description("branch.load"), Some("Load in kg."));
    assert_eq!(members.description("branch.leaf"), Some("Leaves."));
    assert_eq!(members.description("branch.leaf.colour"), Some("Colour."));
    assert_eq!(members.description("branch.leaf.size"), None);
    assert_eq!(Members::of(&orchard(), "ddrofs_weather").description("branch.load"), None);
}
