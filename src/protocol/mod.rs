//! tfplugin5 on the wire: generated types stop here. Each call has its file below `rpc/`: find, translate in, call,
//! translate out. Knows the native traits, but no particular provider.

mod answer;
mod catalogue;
mod rpc;
mod service;
mod stop;
mod translate;
/// The generated messages and services of `proto/tfplugin5.proto`.
pub mod wire;

pub use service::{Service, service};
