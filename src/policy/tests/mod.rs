//! What the compiled-in policies say, by rule number.

mod channels;
mod common_tables;
mod comparisons;
mod file;
mod gates;
mod kinds;
mod methods;
mod properties;
