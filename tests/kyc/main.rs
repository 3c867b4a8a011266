//! The wallet's rules, case by case: scenarios of kyc.md §19.2 and the promises every store makes.

#[cfg(feature = "sqlite")]
mod sqlite_file;
mod stores;
