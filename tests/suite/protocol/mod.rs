//! The protocol as a core sees it: the real gRPC service on a free port, the generated client, and a provider that holds
//! every corner.

mod corner;
mod data_source;
mod function;
mod hostile;
mod identity;
mod listing;
mod provider;
mod resource;
mod server;
mod stop;
mod unknown_blocks;
