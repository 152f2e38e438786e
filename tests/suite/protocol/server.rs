//! The corner provider on a free local port, and the words to talk to it.

use std::sync::Once;

use ddrofs::framework::Provider;
use ddrofs::protocol::wire::provider_client::ProviderClient;
use ddrofs::protocol::wire::{self, DynamicValue, diagnostic::Severity};
use ddrofs::value::{ObjectType, Type, Value, json, msgpack};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::{Channel, Endpoint, Server};

use super::corner::Corner;

pub(crate) type Client = ProviderClient<Channel>;

/// A client of a fresh corner provider, which is served as long as the test runs.
pub(crate) async fn client() -> Client {
    silence_panics();
    client_of(Corner::new()).await
}

/// A client of any provider, which is served as long as the test runs.
pub(crate) async fn client_of(provider: impl Provider) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = Server::builder().add_service(ddrofs::protocol::service(provider));
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    let channel = endpoint.connect().await.expect("the server is up");
    ProviderClient::new(channel).max_decoding_message_size(256 << 20)
}

/// The corner provider panics on purpose; its reports would only hide real ones.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !panic.payload_as_str().is_some_and(|text| text.contains("hunter2")) {
                report(panic);
            }
        }));
    });
}

pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(crate) fn list<const N: usize>(elements: [Value; N]) -> Value {
    Value::List(elements.into())
}

pub(crate) fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a number"))
}

/// The value on the wire.
pub(crate) fn sent(value: &Value, ty: &Type) -> Option<DynamicValue> {
    let msgpack = msgpack::encode(value, ty).expect("fits");
    Some(DynamicValue { msgpack: msgpack.into(), json: Default::default() })
}

/// Bytes on the wire that need not be a value.
pub(crate) fn raw(bytes: &[u8]) -> Option<DynamicValue> {
    Some(DynamicValue { msgpack: bytes.to_vec().into(), json: Default::default() })
}

/// The value that came over the wire.
pub(crate) fn received(value: Option<DynamicValue>, ty: &Type) -> Value {
    msgpack::decode(&value.expect("an answer").msgpack, ty).expect("fits")
}

/// The type of a schema's values, found out from the wire as a core does.
pub(crate) fn type_of(schema: &wire::Schema) -> Type {
    fn of_block(block: &wire::schema::Block) -> Type {
        use wire::schema::nested_block::NestingMode;
        let attributes = block.attributes.iter().map(|attribute| {
            let ty = json::decode_type(&attribute.r#type).expect("a type");
            (attribute.name.clone(), ty.without_optional())
        });
        let blocks = block.block_types.iter().map(|nested| {
            let body = of_block(nested.block.as_ref().expect("a body"));
            let ty = match nested.nesting() {
                NestingMode::Single => body,
                NestingMode::List => Type::list(body),
                NestingMode::Set => Type::set(body),
                other => panic!("{other:?} is not used"),
            };
            (nested.type_name.clone(), ty)
        });
        Type::Object(ObjectType { attributes: attributes.chain(blocks).collect(), ..ObjectType::default() })
    }
    of_block(schema.block.as_ref().expect("a body"))
}

/// The types that the tests talk about, from the provider's schema.
pub(crate) struct Types {
    pub(crate) provider: Type,
    pub(crate) thing: Type,
    pub(crate) stranger: Type,
    pub(crate) echo: Type,
    pub(crate) trouble: Type,
}

impl Types {
    pub(crate) async fn of(client: &mut Client) -> Self {
        let schema =
            client.get_schema(wire::get_provider_schema::Request {}).await.expect("answers").into_inner();
        Types {
            provider: type_of(&schema.provider.expect("a provider block")),
            thing: type_of(&schema.resource_schemas["corner_thing"]),
            stranger: type_of(&schema.resource_schemas["corner_stranger"]),
            echo: type_of(&schema.data_source_schemas["corner_echo"]),
            trouble: type_of(&schema.data_source_schemas["corner_trouble"]),
        }
    }
}

/// The only diagnostic there is, which must be an error.
pub(crate) fn the_error(diagnostics: &[wire::Diagnostic]) -> &wire::Diagnostic {
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].severity(), Severity::Error);
    &diagnostics[0]
}

/// The path of a diagnostic as text.
pub(crate) fn place(diagnostic: &wire::Diagnostic) -> String {
    use wire::attribute_path::step::Selector;
    let steps = diagnostic.attribute.iter().flat_map(|path| &path.steps);
    let step = |step: &wire::attribute_path::Step| match step.selector.as_ref().expect("a step") {
        Selector::AttributeName(name) => name.clone(),
        Selector::ElementKeyString(key) => format!("{key:?}"),
        Selector::ElementKeyInt(index) => index.to_string(),
    };
    steps.map(step).collect::<Vec<_>>().join("/")
}
