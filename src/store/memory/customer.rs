//! Upgrade, wallet and archive in one write.

use super::MemoryStore;
use crate::customer::{CustomerStore, CustomerWrite};
use crate::kyc::StoreError;

impl CustomerStore for MemoryStore {
    fn commit_customer(&self, write: &CustomerWrite) -> Result<(), StoreError> {
        let account = &write.wallet.kept.wallet.account.id;
        self.all_or_nothing(|state| {
            write.effects.iter().try_for_each(|effects| state.commit(effects))?;
            state.write_wallet(&write.wallet)?;
            if let Some(ended_at) = write.relation_ended_at {
                state.end_relation(account, ended_at);
            }
            Ok(())
        })
    }
}
