//! One file per command: a function from the context and the command's arguments to a report.

mod audit;
mod card;
mod card_data;
mod card_details;
mod certificate;
mod certificate_read;
mod doctor;
mod evidence;
mod explain;
mod packaging;
mod pin_change;
mod readers;
mod revocation;
mod sign;
mod simulator;
mod sources;
mod trace;
mod validation;
mod verify;

pub(crate) use audit::audit_verify;
pub(crate) use card::{card_status, counter_words, pin_status, tries};
pub(crate) use card_data::{attributes_read, surface_read};
pub(crate) use certificate::{certificate_show, certificate_verify};
pub(crate) use certificate_read::certificate_read;
pub(crate) use doctor::doctor;
pub(crate) use evidence::evidence_verify;
pub(crate) use explain::explain;
pub(crate) use packaging::{completions, man};
pub(crate) use pin_change::pin_change;
pub(crate) use readers::readers;
pub(crate) use revocation::{revocation_check, revocation_info};
pub(crate) use sign::sign;
pub(crate) use simulator::{simulator_new, simulator_run};
pub(crate) use trace::{trace_check, trace_convert, trace_redact, trace_replay, trace_show};
pub(crate) use verify::verify;
