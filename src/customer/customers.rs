//! The use cases: load, decide, write everything that follows, once.

use super::ports::{CustomerStore, CustomerWrite};
use crate::kyc::{AccountId, Event, EventKind, Life, StoreError, Upgrade, Version, closing};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::record::retain_until;
use crate::time::UnixTime;
use crate::wallet::{
    Answer, ClaimKind, Consent, Facts, Found, KeptWallet, KeyedHash, Request, Ruling, Thing, Wallet, WalletVersions,
    WalletWrite, decide, find, known_hash,
};

/// How often a request is decided again because the facts changed under it.
pub(super) const ATTEMPTS: usize = 16;

/// The customers of a store, under a policy.
///
/// ```
/// use honnin::customer::Customers;
/// use honnin::kyc::Life;
/// use honnin::policy::Policy;
/// use honnin::store::MemoryStore;
/// use honnin::wallet::{Channel, Command, Request};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (store, policy) = (MemoryStore::new(), Policy::jp_wellnet_mock()?);
/// let customers = Customers::new(&store, &policy);
/// let (id, now) = ("a-1".parse()?, "2026-11-22T12:00:00+09:00".parse()?);
/// customers.upgrade().create_account(id, now)?;
/// // Then open_case, issue_challenge and submit on the same `upgrade()`: an approval writes everything that follows.
/// let id = "a-1".parse()?;
/// let ruling = customers.ask(&id, &Request::new(Channel::Web, Command::Withdraw { code: None }), now)?;
/// assert_eq!(ruling.map(|ruling| ruling.wallet.account.life), Some(Life::Withdrawn));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Customers<'a> {
    pub(super) store: &'a dyn CustomerStore,
    pub(super) policy: &'a Policy,
}

impl<'a> Customers<'a> {
    /// The customers of this store, under this policy.
    pub fn new(store: &'a dyn CustomerStore, policy: &'a Policy) -> Self {
        Self { store, policy }
    }

    /// The steps of an upgrade. Its approvals write the wallet's facts, the claim on the person, the date of re-verification and
    /// the notices in the commit that writes account, record and evidence; a person who has another account is refused (ACC-12).
    pub fn upgrade(&self) -> Upgrade<'_> {
        Upgrade::new(self.store, self.policy).with_companion(self)
    }

    /// All that is known of a customer, with the versions it was read at. An account that was created without a wallet's facts
    /// has those of [`Facts::bare`]. `None` without such an account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn load(&self, account: &AccountId) -> Result<Option<KeptWallet>, StoreError> {
        if let Some(kept) = self.store.load_wallet(account)? {
            return Ok(Some(kept));
        }
        let Some(account) = self.store.load_account(account)? else { return Ok(None) };
        let facts = Facts::bare(account.facts.created_at);
        let versions = WalletVersions { account: account.version, facts: Version::NEW, consent: Version::NEW };
        let wallet = Wallet { account: account.facts, facts, consent: Consent::default() };
        Ok(Some(KeptWallet { wallet, versions }))
    }

    /// A unique thing as the store knows it now (ACC-12, BANK-03, UNIQ-01 to UNIQ-03).
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn find(&self, kind: ClaimKind, thing: &Thing) -> Result<Found, StoreError> {
        find(self.store, kind, thing)
    }

    /// The hash of a thing that is not unique: the one that is among `known` already, today's otherwise.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn hash(&self, thing: &Thing, known: impl IntoIterator<Item = KeyedHash>) -> Result<KeyedHash, StoreError> {
        known_hash(self.store, thing, known)
    }

    /// Decides a request and writes everything that follows. `None` without such an account.
    ///
    /// # Errors
    /// As [`Customers::serve`].
    pub fn ask(&self, account: &AccountId, request: &Request, at: UnixTime) -> Result<Option<Ruling>, StoreError> {
        self.serve(account, at, |_| Ok(request.clone()))
    }

    /// The same for a request that is made from what is known: `request` is asked again for every attempt, because it may hold
    /// what the store knew of a claim. `None` without such an account.
    ///
    /// Leaving (LIFE-10 to LIFE-15) ends the open cases and starts the years of the confirmation records in the same commit.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Conflict`] when the facts never stood still.
    pub fn serve(
        &self,
        account: &AccountId,
        at: UnixTime,
        mut request: impl FnMut(&Wallet) -> Result<Request, StoreError>,
    ) -> Result<Option<Ruling>, StoreError> {
        for attempt in 1.. {
            let Some(kept) = self.load(account)? else { return Ok(None) };
            let ruling = decide(&kept.wallet, request(&kept.wallet)?, self.policy, at);
            let is_same = ruling.wallet == kept.wallet && ruling.happened.is_empty() && ruling.notices.is_empty();
            if is_same && (ruling.answer == Answer::Unchanged || ruling.claims.is_empty()) {
                return Ok(Some(ruling));
            }
            let write = self.everything_after(&kept, &ruling, at)?;
            match self.store.commit_customer(&write) {
                Err(StoreError::Conflict) if attempt < ATTEMPTS => {}
                outcome => return outcome.map(|()| Some(ruling)),
            }
        }
        Err(StoreError::Conflict)
    }

    fn everything_after(&self, kept: &KeptWallet, ruling: &Ruling, at: UnixTime) -> Result<CustomerWrite, StoreError> {
        let wallet = WalletWrite::of(ruling, kept.versions, None, at);
        let mut write = CustomerWrite { effects: Vec::new(), wallet, relation_ended_at: None };
        let left = kept.wallet.account.life == Life::Open && ruling.wallet.account.life == Life::Withdrawn;
        if left {
            self.end_relation(&kept.wallet.account.id, &mut write, at)?;
        }
        Ok(write)
    }

    /// Nothing stays under way for somebody who left. A case that is opened or approved meanwhile writes the account, so that
    /// this is decided again.
    fn end_relation(&self, account: &AccountId, write: &mut CustomerWrite, at: UnixTime) -> Result<(), StoreError> {
        for id in self.store.open_cases(account)? {
            let case = self.store.load_case(&id)?.ok_or(StoreError::Conflict)?;
            write.effects.extend(closing(&case, Reason::AccountWithdrawn, at));
        }
        if !self.store.records_of(account)?.is_empty() {
            write.relation_ended_at = Some(at);
            let kind = EventKind::RelationEnded { ended_at: at, retain_until: retain_until(at) };
            write.wallet.events.push(Event { at, account: account.clone(), case: None, kind });
        }
        Ok(())
    }
}
