//! The sweep: page by page, each page's cursor, notes and events in one commit.

use super::finding::{Finding, Issuers, judge, leaf};
use super::ports::{RecheckStore, Sweep, ValidityNote};
use super::report::RecheckReport;
use crate::customer::{Customers, thing_of};
use crate::kyc::{AccountId, Event, EventKind, StoreError};
use crate::policy::{Policy, ReverificationState};
use crate::reason::Reason;
use crate::record::KeptSigner;
use crate::time::UnixTime;
use crate::validation::RevocationSource;
use crate::wallet::{
    CertificateState, Channel, Command, Current, Happened, Request, RevocationCause, WalletCertificate, known_hash,
};

/// How many accounts a page has, unless told otherwise: what is held in memory at once.
pub const DEFAULT_PAGE: usize = 500;

/// An unfinished sweep that began longer ago than this is begun again: what it found first is too old to stand beside the rest.
const RESUMABLE_SECONDS: i64 = 86_400;

/// Why a sweep did not go on. What it has done stands, and the next one goes on from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecheckError {
    /// Somebody else sweeps over the same store.
    #[error("another sweep is under way over the same store")]
    Concurrent,
    /// The store did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RecheckError {
    /// The reason in the catalogue.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Concurrent => StoreError::Conflict.reason(),
            Self::Store(error) => error.reason(),
        }
    }
}

/// One sweep's surroundings.
pub struct Recheck<'a> {
    store: &'a dyn RecheckStore,
    policy: &'a Policy,
    issuers: Issuers,
    source: &'a dyn RevocationSource,
    page: usize,
}

impl<'a> Recheck<'a> {
    /// Over this store, under this policy, by what `source` knows.
    pub fn new(
        store: &'a dyn RecheckStore,
        policy: &'a Policy,
        issuers: Issuers,
        source: &'a dyn RevocationSource,
    ) -> Self {
        Self { store, policy, issuers, source, page: DEFAULT_PAGE }
    }

    /// The same with pages of another size, at least one account.
    #[must_use]
    pub fn with_page(mut self, accounts: usize) -> Self {
        self.page = accounts.max(1);
        self
    }

    /// Sweeps as of `at`: resumes a sweep that was not finished, begins one otherwise. `progress` is told after every page and
    /// says whether to go on; a sweep that was stopped is returned unfinished.
    ///
    /// # Errors
    /// [`RecheckError`]
    pub fn run(&self, at: UnixTime, mut progress: impl FnMut(&Sweep) -> bool) -> Result<Sweep, RecheckError> {
        let mut kept = self.store.sweep()?;
        let oldest = at.plus_seconds(-RESUMABLE_SECONDS);
        let resumed = kept.clone().filter(|sweep| sweep.finished_at.is_none() && sweep.started_at >= oldest);
        let mut sweep = resumed.unwrap_or_else(|| Sweep::begun(at));
        while sweep.finished_at.is_none() {
            let page = self.store.signers_after(sweep.after.as_ref(), self.page)?;
            let (mut notes, mut events) = (Vec::new(), Vec::new());
            for signer in &page {
                let finding = judge(signer, &self.issuers, self.source, at);
                sweep.report.count(finding);
                let current = match finding {
                    Finding::Unchanged => Current::Unchanged,
                    Finding::Revoked { reason } => {
                        let cause = Finding::cause(reason);
                        events.extend(self.revoked(signer, cause, at, &mut sweep.report)?);
                        Current::Changed
                    }
                    // An outage changes nothing, not even a note (RSN-20).
                    Finding::Expired | Finding::Undetermined(_) | Finding::Unreadable => continue,
                };
                notes.push(ValidityNote { account: signer.account.clone(), at, current });
            }
            match page.last() {
                Some(last) => sweep.after = Some(last.account.clone()),
                None => sweep.finished_at = Some(at),
            }
            self.store.advance_sweep(kept.as_ref(), &sweep, &notes, &events).map_err(|error| match error {
                StoreError::Conflict => RecheckError::Concurrent,
                other => other.into(),
            })?;
            kept = Some(sweep.clone());
            if !progress(&sweep) {
                break;
            }
        }
        Ok(sweep)
    }

    /// Tells the wallet; told already, nothing happens again, so a page may be done a second time after a kill. What comes
    /// back is to be written with the page.
    fn revoked(
        &self,
        signer: &KeptSigner,
        cause: RevocationCause,
        at: UnixTime,
        report: &mut RecheckReport,
    ) -> Result<Option<Event>, RecheckError> {
        let account = &signer.account;
        let certificate = WalletCertificate::JpkiSigning;
        let Some(kept) = self.store.load_wallet(account)? else {
            report.count_without_wallet();
            let before = self.store.validity_note(account)?;
            if before.is_some_and(|note| note.current == Current::Changed && note.at >= signer.confirmed_at) {
                return Ok(None);
            }
            let what = serde_json::to_value(Happened::CertificateRevoked { certificate, cause }).unwrap_or_default();
            let kind = EventKind::WalletHappened { what };
            return Ok(Some(Event { at, account: account.clone(), case: Some(signer.case.clone()), kind }));
        };
        let certificates = &kept.wallet.facts.certificates;
        let present = certificates.present(certificate);
        let serial = leaf(signer).map(|leaf| known_hash(self.store, &thing_of(&leaf), present)).transpose()?;
        // Another certificate vouched since: the revoked one vouches for nothing any more (LINK-06).
        if present.is_some() && present != serial {
            report.count_replaced();
            return Ok(None);
        }
        if !matches!(certificates.state(certificate), CertificateState::Revoked { .. }) {
            let found = CertificateState::Revoked { cause };
            self.ask(account, at, Command::CertificateObserved { certificate, serial, found })?;
        }
        self.ask(account, at, Command::Sweep)?;
        let kept = self.store.load_wallet(account)?;
        let is_due = kept.is_some_and(|kept| {
            let facts = kept.wallet.facts.reverification;
            let state = facts.state(&self.policy.book.reverification, at);
            facts.revoked_at.is_some() && state != ReverificationState::NotDue
        });
        if is_due {
            report.count_due();
        }
        Ok(None)
    }

    fn ask(&self, account: &AccountId, at: UnixTime, command: Command) -> Result<(), StoreError> {
        let request = Request::new(Channel::Operator, command);
        Customers::new(self.store, self.policy).ask(account, &request, at).map(drop)
    }
}
