//! Wallets in memory.

use super::{MemoryStore, State, unchanged, written};
use crate::kyc::{AccountId, StoreError, Version, Versioned};
use crate::time::UnixTime;
use crate::wallet::{
    Claim, ClaimChange, Consent, Delivery, Facts, KeptWallet, Notice, NoticeNumber, Occupancy, QueuedNotice, Wallet,
    WalletStore, WalletVersions, WalletWrite,
};
use std::collections::{BTreeMap, HashMap};

/// What is kept of wallets.
#[derive(Clone, Default)]
pub(super) struct Wallets {
    documents: BTreeMap<AccountId, (Versioned<Facts>, Versioned<Consent>)>,
    /// Burnt where nobody has it.
    claims: HashMap<Claim, Option<AccountId>>,
    outbox: BTreeMap<NoticeNumber, (Notice, Delivery)>,
}

impl Wallets {
    fn occupancy(&self, claim: &Claim) -> Occupancy {
        match self.claims.get(claim) {
            None => Occupancy::Free,
            Some(None) => Occupancy::Burnt,
            Some(Some(holder)) => Occupancy::Held(holder.clone()),
        }
    }

    fn change_claim(&mut self, account: &AccountId, change: &ClaimChange) -> Result<(), StoreError> {
        match change {
            ClaimChange::Take(claim) => match self.occupancy(claim) {
                Occupancy::Free => drop(self.claims.insert(*claim, Some(account.clone()))),
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
                self.claims.insert(*claim, None);
            }
        }
        Ok(())
    }
}

impl State {
    fn write_wallet(&mut self, write: &WalletWrite) -> Result<(), StoreError> {
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
        write.claims.iter().try_for_each(|change| self.wallets.change_claim(id, change))?;
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

impl WalletStore for MemoryStore {
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
        let mut state = self.state();
        // All or nothing: changed in a copy, which takes the place of the state when nothing was refused.
        let mut changed = state.clone();
        changed.write_wallet(write)?;
        *state = changed;
        Ok(())
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
