//! The page of a function: signature, arguments, result.

use crate::framework::{Parameter, Signature};
use crate::value::Type;

use super::PACKAGE;
use super::markdown::{Page, code, one_line};
use super::schema_section::type_name;

/// The whole page.
pub(super) fn function_page(name: &str, signature: &Signature, example: Option<&str>) -> String {
    let mut page = Page::new(&format!("{name} function - {PACKAGE}"), &signature.summary);
    page.heading(1, &format!("function: {name}"));
    page.text(&signature.description);
    page.example(example);
    page.heading(2, "Signature");
    page.text(&code("text", &declaration(name, signature)));
    page.heading(2, "Arguments");
    page.text(&arguments(signature));
    page.heading(2, "Return Type");
    page.text(&format!("{}.", type_name(&signature.result)));
    page.finish()
}

fn declaration(name: &str, signature: &Signature) -> String {
    let mut parameters: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| format!("{} {}", parameter.name, keyword(&parameter.ty)))
        .collect();
    parameters.extend(
        signature
            .variadic_parameter
            .iter()
            .map(|parameter| format!("{} {}...", parameter.name, keyword(&parameter.ty))),
    );
    format!("{name}({}) {}", parameters.join(", "), keyword(&signature.result))
}

fn arguments(signature: &Signature) -> String {
    let lines: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| argument(parameter, ""))
        .chain(signature.variadic_parameter.iter().map(|parameter| argument(parameter, "Variadic, ")))
        .enumerate()
        .map(|(index, line)| format!("{}. {line}", index + 1))
        .collect();
    if lines.is_empty() { "None.".to_owned() } else { lines.join("\n") }
}

fn argument(parameter: &Parameter, prefix: &str) -> String {
    let nullable = if parameter.allow_null { ", Nullable" } else { "" };
    let description = one_line(&parameter.description);
    let facts = format!("{prefix}{}{nullable}", type_name(&parameter.ty));
    format!("`{}` ({facts}) {description}", parameter.name).trim_end().to_owned()
}

/// The type in HCL's own spelling, as signatures have it.
fn keyword(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Dynamic => "dynamic".to_owned(),
        Type::List(element) => format!("list of {}", keyword(element)),
        Type::Set(element) => format!("set of {}", keyword(element)),
        Type::Map(element) => format!("map of {}", keyword(element)),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(_) => "object".to_owned(),
    }
}
