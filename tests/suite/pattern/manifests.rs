//! Manifests of Kubernetes as people give them to the data source: what is told of those that are none, and what comes of the others.

use ddrofs::diagnostics::{Diagnostics, Severity};
use ddrofs::document::{Node, yaml};
use ddrofs::framework::{Context, DataSource, Provider};
use ddrofs::provider::ddrofs;
use ddrofs::value::Value;

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - {name: web, image: 'example.com/web:1.2.3'}
";

const CUSTOM: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: own}
spec: {template: {spec: {containers: [{name: web, image: 'example.com/web:1.2.3'}]}}}
";

/// A Pod in which this stands for its name, and this for its containers.
fn pod(name: &str, containers: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  containers:\n{containers}")
}

fn in_a_list(objects: &[&str]) -> String {
    let item = |object: &&str| format!("  - {}\n", object.trim_end().replace('\n', "\n    "));
    format!("apiVersion: v1\nkind: List\nitems:\n{}", objects.iter().map(item).collect::<String>())
}

/// A provider that is configured.
async fn configured() -> impl Provider {
    let provider = ddrofs();
    let block = provider.schema().block.complete(Default::default());
    let told = provider.configure(&Context::default(), block, "1.11.4").await;
    assert!(told.is_empty(), "{told:?}");
    provider
}

/// The data source, and a configuration of it with this manifest.
fn source(provider: &impl Provider, manifest: Value) -> (&dyn DataSource, Value) {
    let mut sources = provider.data_sources().iter();
    let source = sources.find(|source| source.type_name() == "ddrofs_agent_kubernetes").unwrap();
    let config = source.schema().block.complete([("manifest".to_owned(), manifest)].into());
    (source.as_ref(), config)
}

/// What the data source makes of this manifest.
async fn read(manifest: Value) -> (Option<Value>, Diagnostics) {
    let provider = configured().await;
    let (source, config) = source(&provider, manifest);
    source.read(&Context::default(), config).await
}

/// What it says before it reads one.
async fn validated(manifest: Value) -> Diagnostics {
    let provider = configured().await;
    let (source, config) = source(&provider, manifest);
    source.validate_config(&config).await
}

/// The objects that come of it, and nothing worth a word.
async fn objects(manifest: &str) -> Vec<Node> {
    let (state, told) = read(Value::from(manifest)).await;
    assert!(!told.has_errors(), "{manifest}\n{told:?}");
    let state = state.expect("there is one where nothing is wrong");
    let Ok(read) = yaml::read_all(state.get("yaml").as_str().expect("it is known")) else {
        panic!("it is YAML: {state:?}")
    };
    read.into_iter().map(|document| document.yaml.node).collect()
}

fn container_names(pod: &Node) -> Vec<&str> {
    let spec = pod.get("spec");
    let all = ["initContainers", "containers"].into_iter().flat_map(|list| spec.get(list).items());
    all.filter_map(|container| container.get("name").as_str()).collect()
}

#[tokio::test]
async fn what_is_no_manifest_is_refused_with_what_it_is_and_where() {
    let large = format!("a: {}\n", "x".repeat(10 << 20));
    let agent = pod("web", "    - name: datadog-agent\n");
    let behind_another = format!("{POD}---\n{agent}");
    let [scalar, unclosed] = ["7\n", "a: [\n"].map(|text| format!("{POD}---\n{text}"));
    let listed = in_a_list(&[POD, &agent]);
    let [unquoted, quoted, called, optional] = [
        pod("web", "    - name: {{ .Values.name }}\n"),
        pod("web", "    - name: web\n      image: \"{{ .Values.image }}\"\n"),
        pod("'{{ .Release.Name }}'", "    - name: web\n      image: example.com/web:1.2.3\n"),
        pod("web", "    {{- if .Values.x }}\n    - name: web\n    {{- end }}\n"),
    ];
    for (text, expected) in [
        (large.as_str(), &["is not YAML", "10485764 bytes long; at most 4194304 are read"][..]),
        ("", &["is not YAML", "the text is empty"]),
        ("# nothing\n---\n# nothing\n", &["is not YAML", "the text is empty"]),
        ("nothing but a text", &["Not a manifest of Kubernetes", "apiVersion and kind"]),
        ("7", &["Not a manifest of Kubernetes"]),
        (&scalar, &["Not a manifest of Kubernetes"]),
        (&unclosed, &["is not YAML", "Line 8, column 4"]),
        ("a: !reset x\n", &["Tag that would be lost", "!reset"]),
        (&unquoted, &["is a template", "Line 7, column 14", "`helm template`"]),
        (&optional, &["is a template", "Line 7, column 7", "`helm template`"]),
        (
            &quoted,
            &["placeholder", "{{ .Values.image }}", "the container does not start", "line 8, column 7"],
        ),
        (&called, &["placeholder", "{{ .Release.Name }}", "Kubernetes rejects it", "line 4, column 3"]),
        (CUSTOM, &["No Pod", "A custom resource is kept as it is", "wiring", "Place: line 1, column 1"]),
        ("apiVersion: v1\nkind: Service\n", &["No Pod"]),
        ("apiVersion: v1\nkind: List\nitems: []\n", &["No Pod"]),
        (&behind_another, &["Name of a container is taken", "[1].spec.containers[0], line 14, column 7"]),
        (&listed, &["Name of a container is taken", "items[1].spec.containers[0], line 16, column 11"]),
    ] {
        let (state, told) = read(Value::from(text)).await;
        let told: Vec<String> = told
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| format!("{}\n{}", one.summary, one.detail))
            .collect();
        let shown: String = text.chars().take(400).collect();
        assert_eq!((state, told.len()), (None, 1), "{shown}\n{told:#?}");
        for part in expected {
            assert!(told[0].contains(part), "{part:?} is not in\n{}\nof\n{shown}", told[0]);
        }
    }
}

/// The user of the Pod is the application's, and nobody can write into the Agent's containers.
#[tokio::test]
async fn the_user_of_a_pod_that_the_agent_cannot_have_is_no_reason_to_change_the_pod() {
    for context in ["runAsUser: 1000", "runAsNonRoot: true", "runAsUser: 1000, runAsNonRoot: true"] {
        let text = format!(
            "{}  securityContext: {{{context}}}\n",
            pod("web", "    - {name: web, image: 'web:1'}\n")
        );
        let (state, told) = read(Value::from(text.as_str())).await;
        assert_eq!(state, None, "{context}");
        for one in told.iter().filter(|one| one.severity == Severity::Error) {
            assert!(one.detail.contains("\n  user = \"100\"\n"), "{}", one.detail);
            assert!(!one.detail.contains("Write run"), "{}", one.detail);
        }
    }
}

#[tokio::test]
async fn a_value_of_hcl_that_is_none_is_refused_too() {
    for (value, expected) in [
        (Value::from("x".repeat(10 << 20)), "bytes long"),
        (value_map([("a", Value::from("x".repeat(10 << 20)))]), "too large"),
        (Value::List(vec![Value::from("a")]), "Not a manifest of Kubernetes"),
        (Value::List(Vec::new()), "Not a manifest of Kubernetes"),
        (Value::from(true), "Not a manifest of Kubernetes"),
    ] {
        let (state, told) = read(value).await;
        let [one] = told.iter().collect::<Vec<_>>()[..] else { panic!("{expected}: {told:?}") };
        assert_eq!(state, None, "{expected}");
        let said = format!("{}\n{}", one.summary, one.detail);
        assert!(said.contains(expected), "{said}");
    }
}

/// A Pod as a value of HCL, with this image and this name.
fn pod_value(image: Value, name: Value) -> Value {
    let container = value_map([("name", name), ("image", image)]);
    value_map([
        ("apiVersion", Value::from("v1")),
        ("kind", Value::from("Pod")),
        ("metadata", value_map([("name", Value::from("web"))])),
        ("spec", value_map([("containers", Value::List(vec![container]))])),
    ])
}

#[tokio::test]
async fn a_part_that_is_not_known_yet_is_waited_for_and_nothing_is_guessed() {
    let (image, name) = (|| Value::from("example.com/web:1.2.3"), || Value::from("web"));
    for (manifest, is_taken) in [
        (pod_value(Value::UNKNOWN, name()), false),
        (pod_value(image(), Value::UNKNOWN), false),
        (Value::List(vec![pod_value(image(), name()), Value::UNKNOWN]), false),
        (Value::UNKNOWN, false),
        // It would collide, and does not before it is known.
        (pod_value(Value::UNKNOWN, Value::from("datadog-agent")), false),
        (pod_value(image(), name()), true),
    ] {
        let told = validated(manifest.clone()).await;
        assert_eq!(told.iter().collect::<Vec<_>>().len(), 0, "{manifest:?}: {told:?}");
        let (state, told) = read(manifest.clone()).await;
        assert_eq!(state.is_some(), is_taken, "{manifest:?}: {told:?}");
        if !is_taken {
            let [one] = told.iter().collect::<Vec<_>>()[..] else { panic!("{manifest:?}: {told:?}") };
            assert_eq!(one.summary, "Configuration is not known yet");
            assert!(one.detail.contains("manifest has a value"), "{}", one.detail);
        }
    }
    // What is no manifest whatever becomes known is told before that.
    let told =
        validated(value_map([("kind", Value::UNKNOWN), ("spec", Value::from("x".repeat(10 << 20)))])).await;
    assert!(told.iter().any(|one| one.summary.contains("too large")), "{told:?}");
}

#[tokio::test]
async fn several_documents_stay_several_and_a_list_stays_a_list() {
    let several = objects(&format!("---\n{POD}---\n# nothing\n---\n{CUSTOM}")).await;
    let [pod, custom] = several.as_slice() else { panic!("{several:?}") };
    assert_eq!(container_names(pod), ["datadog-init", "datadog-agent", "web"]);
    let Ok(given) = yaml::read(CUSTOM) else { panic!("it is YAML") };
    assert_eq!(custom, &given.node, "a custom resource is kept as it is");
    let one = objects(&in_a_list(&[POD, CUSTOM])).await;
    let [list] = one.as_slice() else { panic!("{one:?}") };
    assert_eq!(list.get("kind").as_str(), Some("List"));
    let [pod, custom] = list.get("items").items() else { panic!("{list:?}") };
    assert_eq!(container_names(pod), ["datadog-init", "datadog-agent", "web"]);
    assert_eq!(custom, &given.node);
}

fn value_map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
