//! Whether a provider is one that every core accepts. For a unit test of any provider.

use std::collections::BTreeSet;

use super::{Parameter, Provider, Signature};
use crate::schema;

/// What is wrong with the provider's schemas, signatures and names; empty when nothing is.
pub fn problems(provider: &dyn Provider) -> Vec<String> {
    let mut problems = about("provider", provider.schema().provider_problems());
    let mut names = BTreeSet::new();
    for resource in provider.resources() {
        let name = resource.type_name();
        problems.extend(name_problem(name, names.insert(name), "resource"));
        problems.extend(about(name, resource.schema().problems()));
    }
    let mut names = BTreeSet::new();
    for data_source in provider.data_sources() {
        let name = data_source.type_name();
        problems.extend(name_problem(name, names.insert(name), "data source"));
        problems.extend(about(name, data_source.schema().problems()));
    }
    let mut names = BTreeSet::new();
    for function in provider.functions() {
        let name = function.name();
        problems.extend(name_problem(name, names.insert(name), "function"));
        problems.extend(about(name, signature_problems(&function.signature())));
    }
    problems
}

fn about(what: &str, problems: Vec<String>) -> Vec<String> {
    problems.into_iter().map(|problem| format!("{what}: {problem}")).collect()
}

fn name_problem(name: &str, is_new: bool, kind: &str) -> Option<String> {
    if !schema::is_name(name) {
        return Some(format!(
            "{kind} {name:?}: a name has small letters, digits and underscores, first a letter"
        ));
    }
    (!is_new).then(|| format!("{kind} {name}: the name is there twice"))
}

fn signature_problems(signature: &Signature) -> Vec<String> {
    let parameters = signature.parameters.iter().chain(&signature.variadic_parameter);
    let mut names = BTreeSet::new();
    let of_parameter = |parameter: &Parameter| {
        let name = parameter.name.clone();
        let problem = name_problem(&name, names.insert(name.clone()), "parameter");
        problem.into_iter().chain(schema::type_problems_at(&name, &parameter.ty)).collect::<Vec<_>>()
    };
    parameters.flat_map(of_parameter).chain(schema::type_problems_at("result", &signature.result)).collect()
}
