//! The Registry's pages: schemas, functions, the catalogue of rules and the guides for users of other
//! providers' resources and of modules as Markdown.
//!
//! Pure: reads no file and writes none. The caller hands in the examples and compares or stores the pages. Knows
//! nothing of this provider in particular; another one could be documented with it.

mod function_page;
mod markdown;
mod members;
mod predecessor_guide;
mod replaced_guide;
mod rules_guide;
mod schema_section;

use std::collections::BTreeMap;

use crate::document::Node;
use crate::framework::{Predecessor, Provider, Resource};
use crate::rules::Rule;
use crate::schema::{Block, Schema};

use markdown::{Page, code};
use members::Members;
pub use members::described_in_vain;
pub use rules_guide::PARTS as RULE_PARTS;

/// Name of the package, which the titles of the pages carry.
const PACKAGE: &str = env!("CARGO_PKG_NAME");

/// The catalogue's first page: every rule in a table. Each topic has a page of its own beside it, because the Registry refuses
/// a page of 500,000 bytes.
pub const RULES_GUIDE: &str = "docs/guides/rules.md";

/// Every page of `provider` and of the `catalogue` of rules, by path below the repository. `configuration` gives a task
/// definition as a configuration has it, where it can; `examples` the text of an example by its path, such as
/// `examples/resources/ddrofs_thing/resource.tf`.
pub fn pages(
    provider: &dyn Provider,
    catalogue: &[&Rule],
    configuration: &dyn Fn(&Node) -> Option<String>,
    examples: &dyn Fn(&str) -> Option<String>,
) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    pages.insert("docs/index.md".to_owned(), index(provider, examples));
    for resource in provider.resources() {
        let name = resource.type_name();
        let (schema, predecessor) = (resource.schema(), resource.predecessor());
        let page =
            resource_page(&**resource, &schema, &Members::of(provider, name), predecessor.as_ref(), examples);
        pages.insert(resource_path(name), page);
        if let Some(predecessor) = predecessor {
            let page = predecessor_guide::predecessor_guide(name, &schema, &predecessor);
            pages.insert(predecessor_guide::path(&predecessor), page);
        }
    }
    for data_source in provider.data_sources() {
        let name = data_source.type_name();
        pages.insert(
            data_source_path(name),
            data_source_page(name, &data_source.schema(), &Members::of(provider, name), examples),
        );
    }
    for function in provider.functions() {
        let name = function.name();
        let example = examples(&function_example(name));
        let page = function_page::function_page(name, &function.signature(), example.as_deref());
        pages.insert(function_path(name), page);
    }
    pages.extend(provider.replaced().iter().map(replaced_guide::replaced_guide));
    pages.extend(rules_guide::rules_guide(catalogue, configuration));
    pages
}

/// Every example that the pages of `provider` embed. One that does not exist leaves its section out of the page.
pub fn example_paths(provider: &dyn Provider) -> Vec<String> {
    let mut paths = vec![PROVIDER_EXAMPLE.to_owned()];
    for resource in provider.resources() {
        paths.push(resource_example(resource.type_name()));
        paths.push(import_example(resource.type_name()));
        if resource.identity().is_some() {
            paths.push(import_by_identity_example(resource.type_name()));
        }
    }
    paths.extend(provider.data_sources().iter().map(|source| data_source_example(source.type_name())));
    paths.extend(provider.functions().iter().map(|function| function_example(function.name())));
    paths
}

/// Paths of everything in the provider's schemas that has no description, such as
/// `ddrofs_thing.agent.apm.port`.
pub fn undescribed(provider: &dyn Provider) -> Vec<String> {
    let mut missing = Vec::new();
    let mut collect = |place: &str, type_name: &str, block: &Block| {
        collect_undescribed(place, block, &mut missing);
        let members = Members::of(provider, type_name);
        let is_undescribed =
            |place: &String| members.description(place).unwrap_or_default().trim().is_empty();
        let of_objects = members::places(block, "").into_iter().filter(is_undescribed);
        missing.extend(of_objects.map(|member| format!("{place}.{member}")));
    };
    collect("provider", "", &provider.schema().block);
    for resource in provider.resources() {
        collect(resource.type_name(), resource.type_name(), &resource.schema().block);
    }
    for data_source in provider.data_sources() {
        let name = data_source.type_name();
        collect(&format!("data.{name}"), name, &data_source.schema().block);
    }
    for function in provider.functions() {
        let (name, signature) = (function.name(), function.signature());
        if signature.summary.trim().is_empty() || signature.description.trim().is_empty() {
            missing.push(format!("function.{name}"));
        }
        let parameters = signature.parameters.iter().chain(&signature.variadic_parameter);
        for parameter in parameters.filter(|parameter| parameter.description.trim().is_empty()) {
            missing.push(format!("function.{name}.{}", parameter.name));
        }
    }
    missing
}

fn collect_undescribed(place: &str, block: &Block, missing: &mut Vec<String>) {
    if block.description.trim().is_empty() {
        missing.push(place.to_owned());
    }
    for attribute in block.attributes.iter().filter(|attribute| attribute.description.trim().is_empty()) {
        missing.push(format!("{place}.{}", attribute.name));
    }
    for nested in &block.blocks {
        collect_undescribed(&format!("{place}.{}", nested.name), &nested.block, missing);
    }
}

const PROVIDER_EXAMPLE: &str = "examples/provider/provider.tf";

fn resource_example(type_name: &str) -> String {
    format!("examples/resources/{type_name}/resource.tf")
}

fn import_example(type_name: &str) -> String {
    format!("examples/resources/{type_name}/import.sh")
}

fn import_by_identity_example(type_name: &str) -> String {
    format!("examples/resources/{type_name}/import-by-identity.tf")
}

fn data_source_example(type_name: &str) -> String {
    format!("examples/data-sources/{type_name}/data-source.tf")
}

fn function_example(name: &str) -> String {
    format!("examples/functions/{name}/function.tf")
}

fn resource_path(type_name: &str) -> String {
    format!("docs/resources/{}.md", without_prefix(type_name))
}

fn data_source_path(type_name: &str) -> String {
    format!("docs/data-sources/{}.md", without_prefix(type_name))
}

fn function_path(name: &str) -> String {
    format!("docs/functions/{name}.md")
}

fn provider_name() -> &'static str {
    PACKAGE.strip_prefix("terraform-provider-").unwrap_or(PACKAGE)
}

/// The Registry's file names leave the provider's prefix out.
fn without_prefix(type_name: &str) -> &str {
    type_name.strip_prefix(provider_name()).and_then(|rest| rest.strip_prefix('_')).unwrap_or(type_name)
}

fn index(provider: &dyn Provider, examples: &dyn Fn(&str) -> Option<String>) -> String {
    let (name, schema) = (provider_name(), provider.schema());
    let mut page = Page::index(&format!("{name} Provider"), &schema.block.description);
    page.heading(1, &format!("{name} Provider"));
    page.text(&schema.block.description);
    page.example(examples(PROVIDER_EXAMPLE).as_deref());
    page.text(provider.sections());
    page.text(&schema_section::schema_section(&schema.block, &Members::of(provider, name)));
    page.finish()
}

fn resource_page(
    resource: &dyn Resource,
    schema: &Schema,
    members: &Members,
    predecessor: Option<&Predecessor>,
    examples: &dyn Fn(&str) -> Option<String>,
) -> String {
    let (name, sections) = (resource.type_name(), resource.sections());
    let mut page = Page::new(&format!("{name} Resource - {PACKAGE}"), &schema.block.description);
    page.heading(1, &format!("{name} (Resource)"));
    page.text(&schema.block.description);
    if let Some(predecessor) = predecessor {
        page.text(&predecessor_guide::pointer(predecessor));
    }
    page.example(examples(&resource_example(name)).as_deref());
    if !sections.is_empty() {
        page.text(sections.trim());
    }
    page.text(&schema_section::schema_section(&schema.block, members));
    if let Some(import) = examples(&import_example(name)) {
        page.heading(2, "Import");
        page.text("An existing object is imported with:");
        page.text(&code("shell", &import));
    }
    if let (Some(identity), Some(import)) = (resource.identity(), examples(&import_by_identity_example(name)))
    {
        page.text("With Terraform 1.12 or newer, an `import` block can name it by its identity:");
        page.text(&code("terraform", &import));
        page.heading(3, "Identity Schema");
        for (heading, is_required) in [("Required", true), ("Optional", false)] {
            let attributes =
                identity.attributes.iter().filter(|one| one.is_required_for_import == is_required);
            let lines: String = attributes
                .map(|attribute| format!("- `{}` (String) {}\n", attribute.name, attribute.description))
                .collect();
            if !lines.is_empty() {
                page.heading(4, heading);
                page.text(lines.trim_end());
            }
        }
    }
    page.finish()
}

fn data_source_page(
    name: &str,
    schema: &Schema,
    members: &Members,
    examples: &dyn Fn(&str) -> Option<String>,
) -> String {
    let mut page = Page::new(&format!("{name} Data Source - {PACKAGE}"), &schema.block.description);
    page.heading(1, &format!("{name} (Data Source)"));
    page.text(&schema.block.description);
    page.example(examples(&data_source_example(name)).as_deref());
    page.text(&schema_section::schema_section(&schema.block, members));
    page.finish()
}

#[cfg(test)]
mod tests;
