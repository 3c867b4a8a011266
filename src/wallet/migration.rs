//! Taking a legacy account over into one that signs in by certificate: once, whole, and with everything it holds (MIG-01 to
//! MIG-07).

use super::attribute::{self, AttributeName, Source, Taken};
use super::certificates::{self, Issued};
use super::claim::Found;
use super::consent::{self, ConsentAnswer};
use super::failures::{self, Secret};
use super::free_text;
use super::happened::Happened;
use super::notice::Template;
use super::one_time_password::{self, Operation, TypedCode};
use super::session::PasswordCheck;
use super::step::{Refusals, Step};
use super::verification;
use crate::kyc::{Identity, Login};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// A migration that was done; a retry with its key finds this and changes nothing (MIG-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// The idempotency key it was asked with.
    pub key: String,
    /// When.
    pub at: UnixTime,
    /// Self-asserted attributes that the certificate replaced with something else (MIG-07).
    pub differing: Vec<AttributeName>,
}

/// What a migration is asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationRequest {
    /// Idempotency key: 1 to 64 of `A-Z a-z 0-9 . _ -`, no My Number in it.
    pub key: String,
    /// What the legacy password was found to be (MIG-02).
    pub password: PasswordCheck,
    /// The code sent to the phone of the old account (MIG-02).
    pub code: Option<TypedCode>,
    /// The certificates it will sign in with.
    pub issued: Issued,
    /// What the certificate says (MIG-07).
    pub taken: Taken,
    /// The person behind it, and what the store knows of that person.
    pub person: Found,
    /// What was answered about consent.
    pub consent: ConsentAnswer,
}

/// Whether password accounts may still sign in or migrate (MIG-04).
pub(super) fn require_open(step: &Step<'_>) -> Refusals<()> {
    let closed = step.policy.wallet.migration.legacy_login_until.is_some_and(|until| step.at >= until);
    if closed && step.wallet.account.login == Login::PasswordLegacy {
        return Err(Step::refusal(Reason::LegacyLoginClosed, "MIG-04").into());
    }
    Ok(())
}

/// The kana name's provenance aside, nothing the holder had is touched: balances and bank accounts stay where they are, because
/// it is the account that learns another way to sign in (MIG-01).
pub(super) fn migrate(step: &mut Step<'_>, request: MigrationRequest) -> Refusals<()> {
    if let Some(done) = &step.wallet.facts.migration {
        let is_retry = done.key == request.key;
        step.cite(&["MIG-06"]);
        return if is_retry { Ok(()) } else { Err(Step::refusal(Reason::FlowOutOfOrder, "MIG-06").into()) };
    }
    if step.wallet.account.login != Login::PasswordLegacy {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "MIG-01").into());
    }
    require_open(step)?;
    free_text::require_name(&request.key, "MIG-06")?;
    verification::become_person(step, &request.person, &request.taken)?;
    match request.password {
        PasswordCheck::Right => {}
        PasswordCheck::Wrong => {
            failures::count(step, Secret::Password);
            return Err(Step::refusal(Reason::PasswordIncorrect, "MIG-02").into());
        }
        PasswordCheck::Unavailable => return Err(Step::refusal(Reason::DependencyUnavailable, "SEC-06").into()),
    }
    one_time_password::consume(step, Operation::Migration, request.code)?;
    failures::reset(step, Secret::Password);
    let self_asserted: Vec<AttributeName> = step
        .wallet
        .facts
        .attributes
        .held
        .iter()
        .filter(|(_, held)| held.source == Source::SelfAsserted)
        .map(|(name, _)| *name)
        .collect();
    let account = &mut step.wallet.account;
    account.login = Login::Certificate;
    if account.identity == Identity::InProgress {
        account.identity = Identity::None;
    }
    consent::answer(step, request.consent);
    step.wallet.facts.link.consent_at_issue = step.wallet.consent.is_in_force(step.at);
    step.wallet.facts.link.updates_since_issue = 0;
    certificates::issue(step, request.issued);
    let mut differing = attribute::take(step, request.taken);
    differing.retain(|name| self_asserted.contains(name) || *name == AttributeName::Kana);
    step.wallet.facts.migration = Some(Migration { key: request.key, at: step.at, differing: differing.clone() });
    step.tell(Happened::Migrated { differing });
    step.mail(Template::Migrated);
    step.cite(&["MIG-01", "MIG-02", "MIG-06", "MIG-07", "ACC-08"]);
    Ok(())
}
