//! What the compiled-in policies say, by rule number.

mod channels;
mod common_tables;
mod file;
mod gates;
mod methods;
