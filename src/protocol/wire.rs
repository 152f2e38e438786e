//! The generated messages and services of `proto/tfplugin5.proto`, where they are documented.
#![allow(missing_docs, clippy::all, unreachable_pub)]

tonic::include_proto!("tfplugin5");
