//! What the compiled-in policies say, by rule number.

mod file;
mod gates;
