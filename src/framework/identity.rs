//! What an object of a resource is called for as long as it exists, whatever its state says (resource identity, protocol 5.9).

/// The attributes that name an object. All of them are texts.
#[derive(Debug, Clone)]
pub struct Identity {
    /// In the order in which a reader needs them.
    pub attributes: Vec<IdentityAttribute>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct IdentityAttribute {
    /// Its name.
    pub name: &'static str,
    /// What it is, as Markdown.
    pub description: &'static str,
    /// Whether an `import` block has to name it; otherwise it may.
    pub is_required_for_import: bool,
}
