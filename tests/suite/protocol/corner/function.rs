//! Functions: one that gives back its argument, one with any number of arguments, one that fails where it is told to, one
//! that takes null and unknown, one that panics, one whose result does not fit.

use ddrofs::diagnostics::FunctionError;
use ddrofs::framework::{Function, Parameter, Signature};
use ddrofs::value::{Type, Value};

struct Simple {
    name: &'static str,
    parameters: fn() -> (Vec<Parameter>, Option<Parameter>),
    result: Type,
    call: fn(Vec<Value>) -> Result<Value, FunctionError>,
}

impl Function for Simple {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signature(&self) -> Signature {
        let (parameters, variadic_parameter) = (self.parameters)();
        Signature {
            summary: format!("{} is a function.", self.name),
            description: "It has a corner.".into(),
            parameters,
            variadic_parameter,
            result: self.result.clone(),
        }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        (self.call)(arguments)
    }
}

fn parameter(name: &str, ty: Type) -> Parameter {
    Parameter { name: name.into(), ty, description: String::new(), allow_null: false, allow_unknown: false }
}

pub(super) fn all() -> Vec<Box<dyn Function>> {
    vec![
        Box::new(Simple {
            name: "echo",
            parameters: || (vec![parameter("value", Type::Dynamic)], None),
            result: Type::Dynamic,
            call: |mut arguments| Ok(arguments.remove(0)),
        }),
        Box::new(Simple {
            name: "join_all",
            parameters: || {
                (vec![parameter("separator", Type::String)], Some(parameter("parts", Type::String)))
            },
            result: Type::String,
            call: |arguments| {
                let texts: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
                Ok(Value::from(texts[1..].join(texts[0])))
            },
        }),
        Box::new(Simple {
            name: "fail",
            parameters: || (vec![parameter("a", Type::String), parameter("b", Type::String)], None),
            result: Type::String,
            call: |_| Err(FunctionError { text: "The second is wrong.".into(), argument: Some(1) }),
        }),
        Box::new(Simple {
            name: "describe",
            parameters: || {
                let any =
                    Parameter { allow_null: true, allow_unknown: true, ..parameter("value", Type::String) };
                (vec![any], None)
            },
            result: Type::String,
            call: |arguments| {
                Ok(Value::from(match &arguments[0] {
                    Value::Null => "null",
                    Value::Unknown(_) => "unknown",
                    _ => "known",
                }))
            },
        }),
        Box::new(Simple {
            name: "crash",
            parameters: || (vec![], None),
            result: Type::String,
            call: |_| panic!("the secret is hunter2"),
        }),
        Box::new(Simple {
            name: "misfit",
            parameters: || (vec![], None),
            result: Type::list(Type::String),
            call: |_| Ok(Value::List(vec![Value::from(true)])),
        }),
    ]
}
