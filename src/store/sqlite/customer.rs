//! Upgrade, wallet and archive in one transaction.

use super::audit::Appending;
use super::record::Filed;
use super::sealed::Sealer;
use super::{SqliteStore, Work, archive, wallet};
use crate::customer::{CustomerStore, CustomerWrite};
use crate::kyc::StoreError;
use rusqlite::Connection;

/// `filed` has the record of each of the effects.
pub(super) fn commit(
    connection: &Connection,
    sealer: &Sealer,
    log: &mut Appending,
    write: &CustomerWrite,
    filed: &[Option<Filed>],
) -> Result<(), StoreError> {
    let mut effects = write.effects.iter().zip(filed);
    effects.try_for_each(|(effects, filed)| super::apply(connection, sealer, log, effects, filed.as_ref()))?;
    wallet::commit(connection, sealer, log, &write.wallet)?;
    if let Some(ended_at) = write.relation_ended_at {
        archive::end_relation(connection, &write.wallet.kept.wallet.account.id, ended_at)?;
    }
    Ok(())
}

impl CustomerStore for SqliteStore {
    fn commit_customer(&self, write: &CustomerWrite) -> Result<(), StoreError> {
        let filed = write.effects.iter().map(|effects| self.file(effects)).collect::<Result<_, _>>()?;
        let write = CustomerWrite {
            effects: write.effects.iter().map(super::without_record).collect(),
            wallet: write.wallet.clone(),
            relation_ended_at: write.relation_ended_at,
        };
        self.writer.write(Work::Customer { write: Box::new(write), filed }).map(drop)
    }
}
