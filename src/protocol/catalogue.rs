//! What the provider offers, found by name. A schema is built when its type is first asked for, and once: a process
//! that reads one data source never builds the others' schemas.

use std::sync::OnceLock;

use tracing::Span;

use crate::diagnostics::Diagnostic;
use crate::framework::{DataSource, Function, Provider, Resource, Signature};
use crate::log_keys;
use crate::schema::Schema;
use crate::value::Type;

/// A schema and the type of its values.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) schema: Schema,
    pub(super) ty: Type,
}

impl Known {
    pub(super) fn new(schema: Schema) -> Self {
        let ty = schema.block.implied_type();
        Known { schema, ty }
    }
}

/// The provider with its schemas.
pub(super) struct Catalogue<P> {
    pub(super) provider: P,
    own: OnceLock<Known>,
    resources: Vec<OnceLock<Known>>,
    data_sources: Vec<OnceLock<Known>>,
    functions: Vec<OnceLock<Signature>>,
}

impl<P: Provider> Catalogue<P> {
    pub(super) fn new(provider: P) -> Self {
        fn cells<T, U>(entries: &[T]) -> Vec<OnceLock<U>> {
            entries.iter().map(|_| OnceLock::new()).collect()
        }
        Catalogue {
            own: OnceLock::new(),
            resources: cells(provider.resources()),
            data_sources: cells(provider.data_sources()),
            functions: cells(provider.functions()),
            provider,
        }
    }

    /// The provider block.
    pub(super) fn own(&self) -> &Known {
        self.own.get_or_init(|| Known::new(self.provider.schema()))
    }

    /// Every resource with its schema.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&dyn Resource, &Known)> {
        self.provider
            .resources()
            .iter()
            .zip(&self.resources)
            .map(|(resource, cell)| (&**resource, cell.get_or_init(|| Known::new(resource.schema()))))
    }

    /// Every data source with its schema.
    pub(super) fn data_sources(&self) -> impl Iterator<Item = (&dyn DataSource, &Known)> {
        self.provider.data_sources().iter().zip(&self.data_sources).map(|(data_source, cell)| {
            (&**data_source, cell.get_or_init(|| Known::new(data_source.schema())))
        })
    }

    /// Every function with its signature.
    pub(super) fn functions(&self) -> impl Iterator<Item = (&dyn Function, &Signature)> {
        self.provider
            .functions()
            .iter()
            .zip(&self.functions)
            .map(|(function, cell)| (&**function, cell.get_or_init(|| function.signature())))
    }

    /// The resource of that type.
    pub(super) fn resource(&self, type_name: &str) -> Result<(&dyn Resource, &Known), Diagnostic> {
        Span::current().record(log_keys::RESOURCE_TYPE, type_name);
        let found = self.provider.resources().iter().position(|resource| resource.type_name() == type_name);
        found
            .and_then(|position| self.resources().nth(position))
            .ok_or_else(|| self.missing("resource", type_name))
    }

    /// The data source of that type.
    pub(super) fn data_source(&self, type_name: &str) -> Result<(&dyn DataSource, &Known), Diagnostic> {
        Span::current().record(log_keys::DATA_SOURCE_TYPE, type_name);
        let found = self.provider.data_sources().iter().position(|source| source.type_name() == type_name);
        found
            .and_then(|position| self.data_sources().nth(position))
            .ok_or_else(|| self.missing("data source", type_name))
    }

    /// The function of that name.
    pub(super) fn function(&self, name: &str) -> Option<(&dyn Function, &Signature)> {
        Span::current().record(log_keys::FUNCTION_NAME, name);
        let found = self.provider.functions().iter().position(|function| function.name() == name)?;
        self.functions().nth(found)
    }

    /// The error about a type that this provider does not have.
    pub(super) fn missing(&self, kind: &str, type_name: &str) -> Diagnostic {
        Diagnostic::error(
            format!("Unknown {kind} type"),
            format!(
                "{} {} has no {kind} type \"{type_name}\". Another version of it may: run \"terraform init -upgrade\", or \
                 change the version constraint in required_providers.",
                self.provider.name(),
                env!("CARGO_PKG_VERSION"),
            ),
        )
    }
}
