//! Wallets: facts and consent sealed under keys of their own, claims by keyed hash, and the outbox.

use super::audit::Appending;
use super::error::translate;
use super::rows::{instant, one};
use super::sealed::{Sealer, at};
use super::{SqliteStore, Work, facts, tell};
use crate::kyc::{AccountId, StoreError, Version, Versioned};
use crate::store::lookup::{hashes, require_lookup_keys};
use crate::time::UnixTime;
use crate::vault::KeyPurpose;
use crate::wallet::{
    Claim, ClaimChange, ClaimKind, Consent, Delivery, Facts, KeptWallet, KeyedHash, Notice, NoticeNumber, Occupancy,
    QueuedNotice, Thing, Wallet, WalletStore, WalletVersions, WalletWrite,
};
use rusqlite::{Connection, ToSql, TransactionBehavior, params};

/// A table of one sealed document an account.
struct Documents {
    purpose: KeyPurpose,
    table: &'static str,
    column: &'static str,
}

const FACTS: Documents = Documents { purpose: KeyPurpose::Account, table: "wallet", column: "facts" };
const CONSENT: Documents = Documents { purpose: KeyPurpose::Consent, table: "consent", column: "document" };

impl Documents {
    fn load(
        &self,
        connection: &Connection,
        sealer: &Sealer,
        account: &AccountId,
    ) -> Result<Option<(Version, String)>, StoreError> {
        // Names of our own tables, no values.
        let sql = format!("SELECT version, {} FROM {} WHERE account_id = ?1", self.column, self.table);
        let row: Option<(i64, Vec<u8>)> =
            one(connection, &sql, account.as_str(), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((version, sealed)) = row else { return Ok(None) };
        let plain = sealer.open(self.purpose, at(self.table, self.column, account.as_str()), &sealed)?;
        let text = String::from_utf8(plain).map_err(|_| StoreError::Corrupt { what: self.table })?;
        Ok(Some((facts::version(version)?, text)))
    }

    fn write(
        &self,
        connection: &Connection,
        sealer: &Sealer,
        account: &AccountId,
        text: &str,
        read_at: Version,
    ) -> Result<(), StoreError> {
        let Self { purpose, table, column } = self;
        let version = facts::number(read_at.next())?;
        let sealed = sealer.seal(*purpose, at(table, column, account.as_str()), text.as_bytes())?;
        let sql = if read_at == Version::NEW {
            format!("INSERT INTO {table} (account_id, version, {column}) VALUES (?1, ?2, ?3)")
        } else {
            format!("UPDATE {table} SET version = ?2, {column} = ?3 WHERE account_id = ?1 AND version = ?2 - 1")
        };
        let written = connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.execute(params![account.as_str(), version, sealed]))
            .map_err(translate)?;
        if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }
}

fn word(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::BankAccount => "bank_account",
        ClaimKind::Email => "email",
        ClaimKind::Person => "person",
        ClaimKind::Phone => "phone",
        ClaimKind::NameAndBirthdate => "name_and_birthdate",
    }
}

fn occupancy(connection: &Connection, claim: &Claim) -> Result<Occupancy, StoreError> {
    let holder: Vec<Option<String>> = connection
        .prepare_cached("SELECT account_id FROM claim WHERE kind = ?1 AND hash = ?2")
        .and_then(|mut statement| {
            statement.query_map(params![word(claim.kind), claim.hash.as_bytes()], |row| row.get(0))?.collect()
        })
        .map_err(translate)?;
    match holder.into_iter().next() {
        None => Ok(Occupancy::Free),
        Some(None) => Ok(Occupancy::Burnt),
        Some(Some(id)) => id.parse().map(Occupancy::Held).map_err(|_| StoreError::Corrupt { what: "claim.account_id" }),
    }
}

/// Whoever decided knew what the store knew then; a claim that somebody took meanwhile is a conflict.
fn change_claim(
    connection: &Connection,
    account: &AccountId,
    change: &ClaimChange,
    lookup_key: u32,
) -> Result<(), StoreError> {
    let (ClaimChange::Take(claim) | ClaimChange::Release(claim) | ClaimChange::Burn(claim)) = change;
    let (kind, hash, id) = (word(claim.kind), claim.hash.as_bytes(), account.as_str());
    let run = |sql: &str, values: &[&dyn ToSql]| {
        let mut statement = connection.prepare_cached(sql).map_err(translate)?;
        statement.execute(values).map(drop).map_err(translate)
    };
    match (change, occupancy(connection, claim)?) {
        (ClaimChange::Take(_), Occupancy::Free) => run(
            "INSERT INTO claim (kind, hash, account_id, lookup_key) VALUES (?1, ?2, ?3, ?4)",
            params![kind, hash, id, lookup_key],
        ),
        (ClaimChange::Take(_), Occupancy::Held(holder)) if holder == *account => Ok(()),
        (ClaimChange::Take(_), _) => Err(StoreError::Conflict),
        (ClaimChange::Release(_), _) => {
            run("DELETE FROM claim WHERE kind = ?1 AND hash = ?2 AND account_id = ?3", params![kind, hash, id])
        }
        (ClaimChange::Burn(_), Occupancy::Held(holder)) if holder != *account => Err(StoreError::Conflict),
        (ClaimChange::Burn(_), _) => run(
            "INSERT INTO claim (kind, hash, account_id, lookup_key) VALUES (?1, ?2, NULL, ?3)
             ON CONFLICT (kind, hash) DO UPDATE SET account_id = NULL",
            params![kind, hash, lookup_key],
        ),
    }
}

/// The number of the newest lookup key that anybody opened the database with.
fn newest_lookup_key(connection: &Connection) -> Result<Option<u32>, StoreError> {
    one(connection, "SELECT number FROM newest_lookup_key WHERE one = ?1", "1", |row| row.get(0))
}

/// The lookup key claims are taken under: the ring's, as long as nobody knows a newer one. With an older ring a claim that was taken
/// under the newer key would not be found, and could be taken twice.
fn current_lookup_key(connection: &Connection, sealer: &Sealer) -> Result<u32, StoreError> {
    let current = sealer.ring.current(KeyPurpose::Lookup)?;
    require_lookup_keys(&sealer.ring, newest_lookup_key(connection)?)?;
    Ok(current)
}

/// On opening: every key that claims were taken under has to be in the ring, and a newer one than ever before is noted.
pub(super) fn check_lookup_keys(connection: &mut Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let Ok(current) = sealer.ring.current(KeyPurpose::Lookup) else {
        // A ring without lookup keys is no mistake: whoever has it asks for no keyed hash.
        return Ok(());
    };
    let mut last = 0_u32;
    let next = "SELECT lookup_key FROM claim WHERE lookup_key > ?1 ORDER BY lookup_key LIMIT 1";
    while let Some(key) = one(connection, next, &last.to_string(), |row| row.get::<_, u32>(0))? {
        require_lookup_keys(&sealer.ring, [key])?;
        last = key;
    }
    let newest = newest_lookup_key(connection)?;
    require_lookup_keys(&sealer.ring, newest)?;
    if newest.is_none_or(|newest| newest < current) && !connection.is_readonly("main").map_err(translate)? {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
        transaction
            .execute(
                "INSERT INTO newest_lookup_key (one, number) VALUES (1, ?1)
                 ON CONFLICT (one) DO UPDATE SET number = max(number, excluded.number)",
                [current],
            )
            .map_err(translate)?;
        transaction.commit().map_err(translate)?;
    }
    Ok(())
}

const UNWRITABLE: StoreError = StoreError::Corrupt { what: "a wallet to be written" };

pub(super) fn commit(
    connection: &Connection,
    sealer: &Sealer,
    log: &mut Appending,
    write: &WalletWrite,
) -> Result<(), StoreError> {
    let KeptWallet { wallet, versions } = &write.kept;
    let account = &wallet.account.id;
    facts::write_account(connection, &Versioned { facts: wallet.account.clone(), version: versions.account })?;
    let text = wallet.facts.to_document().map_err(|_| UNWRITABLE)?;
    FACTS.write(connection, sealer, account, &text, versions.facts)?;
    let text = wallet.consent.to_document().map_err(|_| UNWRITABLE)?;
    CONSENT.write(connection, sealer, account, &text, versions.consent)?;
    if !write.claims.is_empty() {
        let lookup_key = current_lookup_key(connection, sealer)?;
        write.claims.iter().try_for_each(|change| change_claim(connection, account, change, lookup_key))?;
    }
    write.notices.iter().try_for_each(|notice| queue(connection, sealer, notice))?;
    tell(connection, sealer, log, &write.events)
}

/// A notice is sealed for the row it goes into, so the row is made first.
fn queue(connection: &Connection, sealer: &Sealer, notice: &Notice) -> Result<(), StoreError> {
    let text = serde_json::to_string(notice).map_err(|_| StoreError::Corrupt { what: "a notice to be written" })?;
    connection
        .prepare_cached("INSERT INTO outbox (at, tries, not_before) VALUES (?1, 0, ?1)")
        .and_then(|mut statement| statement.execute([notice.at.seconds()]))
        .map_err(translate)?;
    let number = connection.last_insert_rowid();
    let sealed = sealer.seal(KeyPurpose::Account, at("outbox", "notice", &number.to_string()), text.as_bytes())?;
    connection
        .prepare_cached("UPDATE outbox SET notice = ?2 WHERE number = ?1")
        .and_then(|mut statement| statement.execute(params![number, sealed]))
        .map(drop)
        .map_err(translate)
}

fn due(connection: &Connection, sealer: &Sealer, now: UnixTime, limit: usize) -> Result<Vec<QueuedNotice>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(i64, u32, i64, Vec<u8>)> = connection
        .prepare_cached(
            "SELECT number, tries, not_before, notice FROM outbox
             WHERE sent_at IS NULL AND not_before <= ?1 ORDER BY number LIMIT ?2",
        )
        .and_then(|mut statement| {
            let rows = statement.query_map(params![now.seconds(), limit], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
            rows.collect()
        })
        .map_err(translate)?;
    let read = |(number, tries, not_before, sealed): (i64, u32, i64, Vec<u8>)| {
        let plain = sealer.open(KeyPurpose::Account, at("outbox", "notice", &number.to_string()), &sealed)?;
        let notice = serde_json::from_slice(&plain).map_err(|_| StoreError::Corrupt { what: "outbox.notice" })?;
        let delivery = Delivery::Queued { tries, not_before: instant(not_before) };
        Ok(QueuedNotice { number: NoticeNumber(number), notice, delivery })
    };
    rows.into_iter().map(read).collect()
}

pub(super) fn settle(connection: &Connection, number: NoticeNumber, delivery: &Delivery) -> Result<(), StoreError> {
    let settled = match delivery {
        Delivery::Sent { at } => connection
            .prepare_cached("UPDATE outbox SET sent_at = ?2, notice = NULL WHERE number = ?1 AND sent_at IS NULL")
            .and_then(|mut statement| statement.execute(params![number.0, at.seconds()])),
        Delivery::Queued { tries, not_before } => connection
            .prepare_cached("UPDATE outbox SET tries = ?2, not_before = ?3 WHERE number = ?1 AND sent_at IS NULL")
            .and_then(|mut statement| statement.execute(params![number.0, tries, not_before.seconds()])),
    };
    if settled.map_err(translate)? == 1 { Ok(()) } else { Err(StoreError::Dangling { what: "notice" }) }
}

impl WalletStore for SqliteStore {
    fn hashes(&self, thing: &Thing) -> Result<Vec<KeyedHash>, StoreError> {
        hashes(&self.sealer.ring, thing)
    }

    fn load_wallet(&self, account: &AccountId) -> Result<Option<KeptWallet>, StoreError> {
        const FOREIGN: StoreError = StoreError::Corrupt { what: "a wallet's document" };
        // One transaction: the parts are of one moment.
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(translate)?;
        let Some((facts_version, text)) = FACTS.load(&transaction, &self.sealer, account)? else { return Ok(None) };
        let (consent_version, consent) = CONSENT.load(&transaction, &self.sealer, account)?.ok_or(FOREIGN)?;
        let axes = facts::account(&transaction, account)?.ok_or(FOREIGN)?;
        let facts = Facts::from_document(&text).map_err(|_| FOREIGN)?;
        let consent = Consent::from_document(&consent).map_err(|_| FOREIGN)?;
        let versions = WalletVersions { account: axes.version, facts: facts_version, consent: consent_version };
        Ok(Some(KeptWallet { wallet: Wallet { account: axes.facts, facts, consent }, versions }))
    }

    fn occupancy(&self, claim: &Claim) -> Result<Occupancy, StoreError> {
        occupancy(&self.connection(), claim)
    }

    fn commit_wallet(&self, write: &WalletWrite) -> Result<(), StoreError> {
        self.writer.write(Work::Wallet(Box::new(write.clone()))).map(drop)
    }

    fn due_notices(&self, at: UnixTime, limit: usize) -> Result<Vec<QueuedNotice>, StoreError> {
        due(&self.connection(), &self.sealer, at, limit)
    }

    fn settle_notice(&self, number: NoticeNumber, delivery: &Delivery) -> Result<(), StoreError> {
        self.writer.write(Work::Settle { number, delivery: delivery.clone() }).map(drop)
    }

    fn wallets_after(&self, after: Option<&AccountId>, limit: usize) -> Result<Vec<AccountId>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let connection = self.connection();
        let names: Vec<String> = connection
            .prepare_cached("SELECT account_id FROM wallet WHERE account_id > ?1 ORDER BY account_id LIMIT ?2")
            .and_then(|mut statement| {
                let after = after.map_or("", AccountId::as_str);
                statement.query_map(params![after, limit], |row| row.get(0))?.collect()
            })
            .map_err(translate)?;
        names.into_iter().map(|id| id.parse().map_err(|_| StoreError::Corrupt { what: "wallet.account_id" })).collect()
    }
}
