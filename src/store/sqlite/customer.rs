//! Upgrade, wallet and archive in one transaction.

use super::sealed::Sealer;
use super::{SqliteStore, Work, archive, wallet};
use crate::customer::{CustomerStore, CustomerWrite};
use crate::kyc::StoreError;
use rusqlite::Connection;

pub(super) fn commit(connection: &Connection, sealer: &Sealer, write: &CustomerWrite) -> Result<(), StoreError> {
    write.effects.iter().try_for_each(|effects| super::apply(connection, sealer, effects))?;
    wallet::commit(connection, sealer, &write.wallet)?;
    if let Some(ended_at) = write.relation_ended_at {
        archive::end_relation(connection, &write.wallet.kept.wallet.account.id, ended_at)?;
    }
    Ok(())
}

impl CustomerStore for SqliteStore {
    fn commit_customer(&self, write: &CustomerWrite) -> Result<(), StoreError> {
        self.writer.write(Work::Customer(Box::new(write.clone()))).map(drop)
    }
}
