//! Descriptions of the members of objects. Protocol 5 has a place for those of attributes and blocks alone.

use std::collections::BTreeSet;

use crate::framework::Provider;
use crate::schema::{Block, Schema};
use crate::value::{ObjectType, Type};

use super::schema_section::join;

/// What the members of one page's objects are.
pub(super) struct Members {
    described: &'static [(&'static str, &'static str)],
    /// The resource of the page's name, whose blocks describe what a data source has as objects.
    resource: Option<Schema>,
}

impl Members {
    pub(super) fn of(provider: &dyn Provider, type_name: &str) -> Self {
        let resource = provider.resources().iter().find(|resource| resource.type_name() == type_name);
        Members { described: provider.members(), resource: resource.map(|resource| resource.schema()) }
    }

    /// The description of a member by its place, such as `findings.rule`.
    pub(super) fn description(&self, place: &str) -> Option<&str> {
        let of_a_block = || described_by(&self.resource.as_ref()?.block, place);
        let described = self.described.iter().find(|(described, _)| *described == place);
        described.map(|(_, description)| *description).or_else(of_a_block)
    }
}

fn described_by<'b>(block: &'b Block, place: &str) -> Option<&'b str> {
    if let Some((first, rest)) = place.split_once('.') {
        let nested = block.blocks.iter().find(|nested| nested.name == first)?;
        return described_by(&nested.block, rest);
    }
    let attribute = block.attributes.iter().find(|attribute| attribute.name == place);
    let nested = block.blocks.iter().find(|nested| nested.name == place);
    attribute.map(|attribute| &*attribute.description).or(nested.map(|nested| &*nested.block.description))
}

/// The object in a type, if it is one or a collection of them.
pub(super) fn object_inside(ty: &Type) -> Option<&ObjectType> {
    match ty {
        Type::Object(ty) => Some(ty),
        Type::List(element) | Type::Set(element) | Type::Map(element) => object_inside(element),
        _ => None,
    }
}

/// The places of all members of all objects in a block, each below `place`.
pub(super) fn places(block: &Block, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in &block.attributes {
        collect(&attribute.ty, &join(place, &attribute.name), &mut found);
    }
    for nested in &block.blocks {
        found.extend(places(&nested.block, &join(place, &nested.name)));
    }
    found
}

fn collect(ty: &Type, place: &str, found: &mut Vec<String>) {
    for (name, member) in object_inside(ty).into_iter().flat_map(|object| &object.attributes) {
        let place = join(place, name);
        collect(member, &place, found);
        found.push(place);
    }
}

/// The places that the provider describes and that no schema has.
pub fn described_in_vain(provider: &dyn Provider) -> Vec<&'static str> {
    let resources = provider.resources().iter().map(|resource| resource.schema());
    let data_sources = provider.data_sources().iter().map(|source| source.schema());
    let schemas = resources.chain(data_sources).chain([provider.schema()]);
    let there: BTreeSet<String> = schemas.flat_map(|schema| places(&schema.block, "")).collect();
    let described = provider.members().iter().map(|(place, _)| *place);
    described.filter(|place| !there.contains(*place)).collect()
}
