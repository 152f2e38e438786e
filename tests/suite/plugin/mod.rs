//! The provider's program as go-plugin's client sees it: started with the client's environment, read line by line,
//! called over its own socket.

mod by_hand;
mod debug_mode;
mod handshake;
mod launched;
mod lifetime;
mod logging;
mod mutual_tls;
mod panic_report;
mod services;

pub(crate) use launched::{PROGRAM, program};
