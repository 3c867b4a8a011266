//! The wallet's own rules (kyc.md §§2–12, 14): balances, bank accounts, certificates, consent, migration, re-verification, secrets,
//! stop and withdrawal, unknown outcomes, triage. Facts, a request, a policy and an instant in; a [`Ruling`] out ([`decide`]).
//!
//! The kind of an account is derived and never kept here. Numbers and gates are the policy's; what is unique in the whole wallet
//! is claimed ([`ClaimChange`]) and guarded by the store; what the holder is told leaves as [`Notice`]s by an outbox.
//!
//! Deliberately not here: a clock, randomness, storing, sending, wording, the verification of an identity (that is `kyc`), and
//! anything that touches a card.

mod attribute;
mod balance;
mod bank;
mod card;
mod certificates;
mod channel;
mod claim;
mod command;
mod consent;
mod contact;
mod contact_change;
mod decide;
mod entrance;
mod facts;
mod failures;
mod free_text;
mod further_evidence;
mod happened;
mod kana;
mod life;
mod limit;
mod link;
mod local_secret;
mod matching;
mod migration;
mod notice;
mod one_time_password;
mod pending;
mod personal;
mod ports;
mod reverification;
mod session;
mod standing;
mod step;
mod thing;
mod triage;
mod uniqueness;
mod verification;
mod view;

pub use attribute::{Attribute, AttributeName, Attributes, KanaName, Source, Taken};
pub use balance::{Amount, Balances, PointLot, Points};
pub use bank::{
    BankAccount, BankAccounts, BankRequest, BankState, BankStyle, Payout, RefusalByBank, account_number,
    exact_top_up_yen, may_recover_from, stuck_until,
};
pub use card::{CardForm, Nfc, Phone, Platform, Read, ReadFor, issuing_obstacles, issuing_reads};
pub use certificates::{CertificateState, Certificates, Issued, Past, RevocationCause, WalletCertificate};
pub use channel::{Channel, ChannelHolds};
pub use claim::{Claim, ClaimChange, ClaimKind, Found, Occupancy};
pub use command::{BankService, Command, Request};
pub use consent::{Consent, ConsentAnswer, ConsentItem, ConsentState, RegistrationFailure};
pub use contact::{Address, Contact};
pub use contact_change::PhoneProof;
pub use decide::{Answer, Ruling, decide};
pub use facts::{DocumentError, Facts, Wallet};
pub use failures::{Failures, Secret};
pub use happened::{Bucket, Happened};
pub use kana::{is_kana_name, is_same_name, normalise as normalise_kana};
pub use life::{Document, LifeFacts, ReleaseConditions, Review, document_obstacles, release_conditions};
pub use link::{Link, LinkState, Relinking, relink};
pub use local_secret::{BiometricShortcut, LocalSecretFormat, MyAuthPin, MySigningPassword};
pub use matching::{Matching, is_split_of, match_address, match_name};
pub use migration::{Migration, MigrationRequest};
pub use notice::{CarrierUnavailable, Courier, Delivery, Medium, Notice, Template, deliver};
pub use one_time_password::{Issuer, OneTimePasswords, Operation, TypedCode};
pub use pending::{Advice, Counterpart, Direction, Ending, History, Operation as HistoryEntry, OperationId};
pub use personal::KeyedHash;
pub use ports::{KeptWallet, NoticeNumber, QueuedNotice, WalletStore, WalletVersions, WalletWrite, find, known_hash};
pub use reverification::{Current, Noted, Reverification};
pub use session::{PasswordCheck, Session, SignIn};
pub use standing::{Circumstances, gate, standing};
pub use step::Refusal;
pub use thing::Thing;
pub use triage::{Leaf, Next, Recovery, Triage, TriageError, Who, risk_after_network_signal};
pub use uniqueness::{Applicant, Applied, Known, Registration, registration};
pub use verification::Verified;
pub use view::{FeatureView, Viewer, WalletView, features};
