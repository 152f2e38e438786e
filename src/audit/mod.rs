//! What a live account runs: every service and family with its newest revision and those that run, judged.
//!
//! Security Hub judges the newest active revision of a family, while services run older ones. Here both stand side by side.
//! `read` asks ECS, and `command` is the subcommand; everything else is pure: from answers to a result, and from the result to
//! JSON, a table for a terminal and a page of one file. Names, places and the rules' sentences stand in it; values of
//! variables, secrets and labels do not.

mod assemble;
mod command;
mod handed_on;
mod judged;
mod model;
mod page;
mod read;
mod table;

pub use assemble::{Answers, assemble};
pub use command::{NAME, Status, Streams, command, run};
pub use judged::judge;
pub use model::{
    Agent, AgentState, Audit, CONTROLS, Cluster, Control, Family, Finding, Findings, Mending, Outcome,
    Revision, Service, StandaloneTask, Summary, UNREAD, Unread, VERSION,
};
pub use page::page;
pub use read::{OnProgress, Progress, Wanted, read};
pub use table::table;
