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
            // Terraform and OpenTofu end the sentence themselves.
            let text = printable(text.strip_suffix('.').unwrap_or(&text));
            let error = wire::FunctionError { text, function_argument: argument };
            Response { result: None, error: Some(error) }
        }
    })
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
