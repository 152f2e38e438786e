//! The generated messages and services of `proto/tfplugin5.proto`, where they are documented.
#![allow(missing_docs, clippy::all, unreachable_pub, reason = "the generator's style is not ours to change")]

tonic::include_proto!("tfplugin5");
