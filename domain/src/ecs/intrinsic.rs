//! CloudFormation's intrinsic functions: objects that stand for a value which only CloudFormation can tell.

use crate::document::Node;

/// The function that an object calls, such as `Ref` or `Fn::Sub`; none for any other value.
///
/// An object with one member of that name is a call, wherever it stands (CloudFormation's template reference, 2026-11).
pub fn intrinsic(node: &Node) -> Option<&str> {
    let Node::Object(members) = node else { return None };
    let mut members = members.iter();
    let (Some((name, argument)), None) = (members.next(), members.next()) else { return None };
    let is_reference = name == "Ref" && argument.as_str().is_some();
    (is_reference || name.starts_with("Fn::")).then_some(name)
}

/// Whether it is the reference that takes out what it stands for: `{"Ref": "AWS::NoValue"}`.
pub fn is_no_value(node: &Node) -> bool {
    intrinsic(node) == Some("Ref") && node.get("Ref").as_str() == Some("AWS::NoValue")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn a_call_is_an_object_with_the_function_alone() {
        for (text, function) in [
            (r#"{"Ref": "Role"}"#, Some("Ref")),
            (r#"{"Fn::Sub": "${AWS::Region}"}"#, Some("Fn::Sub")),
            (r#"{"Fn::GetAtt": ["Role", "Arn"]}"#, Some("Fn::GetAtt")),
            (r#"{"Ref": {"a": 1}}"#, None),
            (r#"{"Ref": "a", "b": "c"}"#, None),
            (r#"{"name": "Ref"}"#, None),
            (r#"["Ref"]"#, None),
            (r#""Fn::Sub""#, None),
            ("{}", None),
        ] {
            assert_eq!(intrinsic(&parse(text).unwrap()), function, "{text}");
        }
        assert!(is_no_value(&parse(r#"{"Ref": "AWS::NoValue"}"#).unwrap()));
        assert!(!is_no_value(&parse(r#"{"Ref": "AWS::Region"}"#).unwrap()));
    }
}
