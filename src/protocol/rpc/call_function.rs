//! CallFunction: one call, with arguments and result of the types in the signature.

use crate::diagnostics::{Diagnostic, FunctionError};
use crate::framework::{Function, Provider, Signature};
use crate::printable::printable;
use crate::protocol::Service;
use crate::protocol::translate::value;
use crate::protocol::wire;
use crate::protocol::wire::call_function::{Request, Response};
use crate::value::Value;

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (function, signature) = service
        .catalogue
        .function(&request.name)
        .ok_or_else(|| service.catalogue.missing("function", &request.name))?;
    Ok(match run(function, signature, &request.arguments) {
        Ok(result) => Response { result: Some(result), error: None },
        Err(FunctionError { text, argument }) => {
            let text = printable(&without_end(&text));
            let error = wire::FunctionError { text, function_argument: argument };
            Response { result: None, error: Some(error) }
        }
    })
}

/// A text without the full stop that Terraform and OpenTofu put there themselves. Behind a question it would look odd, so the
/// answer to it comes last.
fn without_end(text: &str) -> String {
    match text.strip_suffix('.') {
        Some(text) => text.to_owned(),
        None if text.ends_with('?') => format!("{text} If so, write that"),
        None => text.to_owned(),
    }
}

fn run(
    function: &dyn Function,
    signature: &Signature,
    arguments: &[wire::DynamicValue],
) -> Result<wire::DynamicValue, FunctionError> {
    let arguments = read(signature, arguments)?;
    let result = function.call(arguments)?;
    value::encode(&result, &signature.result).map_err(|error| FunctionError {
        text: format!(
            "The result of {} does not fit its type: {error}. This is a bug in the provider, not in your configuration: \
             please report it to the provider's developers.",
            function.name(),
        ),
        argument: None,
    })
}

fn read(signature: &Signature, arguments: &[wire::DynamicValue]) -> Result<Vec<Value>, FunctionError> {
    let positional = signature.parameters.len();
    if arguments.len() < positional
        || (arguments.len() > positional && signature.variadic_parameter.is_none())
    {
        let text = format!("{positional} arguments are required, not {}.", arguments.len());
        return Err(FunctionError { text, argument: None });
    }
    let parameters = signature.parameters.iter().chain(signature.variadic_parameter.iter().cycle());
    let read_one =
        |(position, (argument, parameter)): (usize, (&wire::DynamicValue, &crate::framework::Parameter))| {
            value::decode(Some(argument), &parameter.ty).map_err(|error| FunctionError {
                text: format!("The argument cannot be read: {error}."),
                argument: i64::try_from(position).ok(),
            })
        };
    arguments.iter().zip(parameters).enumerate().map(read_one).collect()
}

#[cfg(test)]
mod tests {
    use super::without_end;

    #[test]
    fn the_sentence_is_ended_once() {
        for (text, sent) in [
            ("It is wrong.", "It is wrong"),
            (
                "There is no \"agnt\". Did you mean \"agent\"?",
                "There is no \"agnt\". Did you mean \"agent\"? If so, write that",
            ),
            ("agent[0]: wrong", "agent[0]: wrong"),
        ] {
            assert_eq!(without_end(text), sent);
        }
    }
}
