//! `trace check|show|redact|convert|replay`: recorded exchanges judged, told, blanked, translated and played again.

mod check;
mod convert;
mod replay;
mod show;

pub(crate) use check::trace_check;
pub(crate) use convert::{trace_convert, trace_redact};
pub(crate) use replay::trace_replay;
pub(crate) use show::trace_show;
