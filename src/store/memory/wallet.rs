//! Wallets in memory.

use super::{MemoryStore, State, unchanged, written};
use crate::kyc::{AccountId, StoreError, Version, Versioned};
use crate::store::lookup::{hashes, require_lookup_keys};
use crate::time::UnixTime;
use crate::vault::{KeyPurpose, KeyRing};
use crate::wallet::{
    Claim, ClaimChange, Consent, Delivery, Facts, KeptWallet, KeyedHash, Notice, NoticeNumber, Occupancy, QueuedNotice,
    Thing, Wallet, WalletStore, WalletVersions, WalletWrite,
};
use rand_core::OsRng;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who has a claim, if it is not burnt, and the number of the lookup key that was current when it was taken.
#[derive(Clone)]
struct Holder {
    account: Option<AccountId>,
    key: u32,
}

/// What is kept of wallets.
#[derive(Clone, Default)]
pub(super) struct Wallets {
    documents: BTreeMap<AccountId, (Versioned<Facts>, Versioned<Consent>)>,
    claims: HashMap<Claim, Holder>,
    outbox: BTreeMap<NoticeNumber, (Notice, Delivery)>,
}

impl Wallets {
    fn occupancy(&self, claim: &Claim) -> Occupancy {
        match self.claims.get(claim) {
            None => Occupancy::Free,
            Some(Holder { account: None, .. }) => Occupancy::Burnt,
            Some(Holder { account: Some(holder), .. }) => Occupancy::Held(holder.clone()),
        }
    }

    fn change_claim(&mut self, account: &AccountId, change: &ClaimChange, key: u32) -> Result<(), StoreError> {
        match change {
            ClaimChange::Take(claim) => match self.occupancy(claim) {
                Occupancy::Free => drop(self.claims.insert(*claim, Holder { account: Some(account.clone()), key })),
                Occupancy::Held(holder) if holder == *account => {}
                Occupancy::Held(_) | Occupancy::Burnt => return Err(StoreError::Conflict),
            },
            ClaimChange::Release(claim) => {
                if self.occupancy(claim) == Occupancy::Held(account.clone()) {
                    self.claims.remove(claim);
                }
            }
            ClaimChange::Burn(claim) => {
                if self.occupancy(claim).is_held_by_another(account) {
                    return Err(StoreError::Conflict);
                }
                let key = self.claims.get(claim).map_or(key, |holder| holder.key);
                self.claims.insert(*claim, Holder { account: None, key });
            }
        }
        Ok(())
    }
}

impl State {
    fn ring(&mut self) -> Result<&KeyRing, StoreError> {
        if self.ring.is_none() {
            self.ring = Some(KeyRing::random(&mut OsRng)?);
        }
        self.ring.as_ref().ok_or(StoreError::NoKeys)
    }

    pub(super) fn use_keys(&mut self, ring: KeyRing) -> Result<(), StoreError> {
        let needed: BTreeSet<u32> = self.wallets.claims.values().map(|holder| holder.key).collect();
        require_lookup_keys(&ring, needed)?;
        self.ring = Some(ring);
        Ok(())
    }

    pub(super) fn write_wallet(&mut self, write: &WalletWrite) -> Result<(), StoreError> {
        let KeptWallet { wallet, versions } = &write.kept;
        let id = &wallet.account.id;
        let stored = self.accounts.get(id).map(|(row, failures)| (row.version, *failures));
        let account = Versioned { facts: wallet.account.clone(), version: versions.account };
        unchanged(&account, stored.map_or(Version::NEW, |(version, _)| version))?;
        let facts = Versioned { facts: wallet.facts.clone(), version: versions.facts };
        let consent = Versioned { facts: wallet.consent.clone(), version: versions.consent };
        let documents = self.wallets.documents.get(id);
        unchanged(&facts, documents.map_or(Version::NEW, |(facts, _)| facts.version))?;
        unchanged(&consent, documents.map_or(Version::NEW, |(_, consent)| consent.version))?;
        if !write.claims.is_empty() {
            let key = self.ring()?.current(KeyPurpose::Lookup)?;
            write.claims.iter().try_for_each(|change| self.wallets.change_claim(id, change, key))?;
        }
        self.tell(&write.events)?;
        self.accounts.insert(id.clone(), (written(&account), stored.map_or(0, |(_, failures)| failures)));
        self.wallets.documents.insert(id.clone(), (written(&facts), written(&consent)));
        for notice in &write.notices {
            let number = self.wallets.outbox.last_key_value().map_or(0, |(number, _)| number.0).saturating_add(1);
            let delivery = Delivery::Queued { tries: 0, not_before: notice.at };
            self.wallets.outbox.insert(NoticeNumber(number), (notice.clone(), delivery));
        }
        Ok(())
    }
}

impl MemoryStore {
    /// Changes a copy, which takes the place of the state when nothing was refused.
    pub(super) fn all_or_nothing(
        &self,
        change: impl FnOnce(&mut State) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let mut changed = state.clone();
        change(&mut changed)?;
        *state = changed;
        Ok(())
    }
}

impl WalletStore for MemoryStore {
    fn hashes(&self, thing: &Thing) -> Result<Vec<KeyedHash>, StoreError> {
        hashes(self.state().ring()?, thing)
    }

    fn load_wallet(&self, account: &AccountId) -> Result<Option<KeptWallet>, StoreError> {
        let state = self.state();
        let (Some((axes, _)), Some((facts, consent))) =
            (state.accounts.get(account), state.wallets.documents.get(account))
        else {
            return Ok(None);
        };
        let versions = WalletVersions { account: axes.version, facts: facts.version, consent: consent.version };
        let (account, facts, consent) = (axes.facts.clone(), facts.facts.clone(), consent.facts.clone());
        Ok(Some(KeptWallet { wallet: Wallet { account, facts, consent }, versions }))
    }

    fn occupancy(&self, claim: &Claim) -> Result<Occupancy, StoreError> {
        Ok(self.state().wallets.occupancy(claim))
    }

    fn commit_wallet(&self, write: &WalletWrite) -> Result<(), StoreError> {
        self.all_or_nothing(|state| state.write_wallet(write))
    }

    fn due_notices(&self, at: UnixTime, limit: usize) -> Result<Vec<QueuedNotice>, StoreError> {
        let state = self.state();
        let due =
            state.wallets.outbox.iter().filter(
                |(_, (_, delivery))| matches!(delivery, Delivery::Queued { not_before, .. } if *not_before <= at),
            );
        let queued = |(number, (notice, delivery)): (&NoticeNumber, &(Notice, Delivery))| QueuedNotice {
            number: *number,
            notice: notice.clone(),
            delivery: delivery.clone(),
        };
        Ok(due.take(limit).map(queued).collect())
    }

    fn settle_notice(&self, number: NoticeNumber, delivery: &Delivery) -> Result<(), StoreError> {
        let mut state = self.state();
        match state.wallets.outbox.get_mut(&number) {
            Some((_, stands)) if matches!(stands, Delivery::Queued { .. }) => *stands = delivery.clone(),
            _ => return Err(StoreError::Dangling { what: "notice" }),
        }
        Ok(())
    }

    fn wallets_after(&self, after: Option<&AccountId>, limit: usize) -> Result<Vec<AccountId>, StoreError> {
        let state = self.state();
        let names = state.wallets.documents.keys().filter(|id| after.is_none_or(|after| *id > after));
        Ok(names.take(limit).cloned().collect())
    }
}
