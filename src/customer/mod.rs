//! One customer: where the upgrade (`kyc`), the wallet's rules (`wallet`) and what is kept of both (`record`) meet.
//!
//! [`Customers`] is the one door a back end needs. An approved case writes account, confirmation record, evidence, audit lines and
//! everything that follows in the wallet in one commit ([`Customers::upgrade`]); a request of the holder or the operator is
//! decided and written with all its consequences, leaving included ([`Customers::serve`]). docs/customers.md tells it at length.
//!
//! Deliberately not here: a rule of its own, a clock, randomness, sending, and the way a store keeps anything.

mod approval;
mod customers;
mod ports;
mod registration;

pub use approval::thing_of;
pub use customers::Customers;
pub use ports::{CustomerStore, CustomerWrite};
pub use registration::Application;
