//! `[wallet.…]`: the numbers and switches of the wallet's own rules (kyc.md §§2–12). Each table cites the rules it carries out;
//! nothing has a default, and what is missing or impossible refuses the file with its place.

use super::{PolicyError, RuleNumber};
use crate::time::UnixTime;
use serde::{Deserialize, Deserializer};

/// `[wallet.balance]`: ACC-09; the limit of withdrawing is a gate's (LIFE-10).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Years after the last change at which a cash balance expires (ACC-09).
    pub cash_expiry_years: u16,
}

/// `[wallet.bank]`: BANK-04, BANK-05, BANK-08, BANK-09.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// How many final registrations cost nothing (BANK-04).
    pub free_registrations: u32,
    /// Whether the later ones, and registering a deleted account again, cost a fee (BANK-04); the fee itself is Q-2.
    pub later_registrations_cost_a_fee: bool,
    /// Days during which the pay-out destination cannot be changed (BANK-08).
    pub payout_lock_days: u16,
    /// Whether deleting the destination ends the lock; Q-10 says no.
    pub deleting_ends_payout_lock: bool,
    /// Yen a self-transfer costs beside what is sent (BANK-09, Q-2).
    pub self_transfer_fee_yen: u64,
    /// Hour of the next day, in Japan, from which a broken registration may have recovered (BANK-05).
    pub stuck_until_hour_earliest: u8,
    /// Hour of the next day, in Japan, at which it has (BANK-05).
    pub stuck_until_hour_latest: u8,
}

/// `[wallet.one_time_password]`: SEC-01; what one is asked for is a gate's (SEC-02, MIG-05).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneTimePasswordNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// How long one may be used, in seconds.
    pub lifetime_seconds: i64,
}

/// Whether failures of different kinds are one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCounters {
    /// Login password and one-time password count together.
    Joint,
    /// Each counts by itself.
    Separate,
}

/// `[wallet.failures]`: SEC-03, SEC-04.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// The failure of a run that is told by mail.
    pub warn_at: u32,
    /// The failure of a run that locks.
    pub lock_at: u32,
    /// One run or two.
    pub counters: FailureCounters,
}

/// `[wallet.session]`: SEC-07, ACC-13.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Seconds without use after which a session ends.
    pub idle_seconds: i64,
}

/// `[wallet.payees]`: GATE-05, REV-03.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayeeNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Whether payees are gated at all.
    pub are_gated: bool,
    /// Which payees are closed to an overdue account, by the operator's own names (GATE-05).
    pub gated: Vec<String>,
}

/// `[wallet.migration]`: MIG-04.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// First second without login by password; `open` in the file is `None`.
    #[serde(deserialize_with = "instant_or_open")]
    pub legacy_login_until: Option<UnixTime>,
}

/// `[wallet.pending]`: OUT-03.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Seconds within which a charge normally shows.
    pub charge_normal_seconds: i64,
    /// Seconds within which a payment normally ends.
    pub payment_normal_seconds: i64,
    /// Seconds within which a self-transfer normally ends (BANK-09).
    pub self_transfer_normal_seconds: i64,
    /// Seconds within which a bank normally completes a registration (BANK-06).
    pub bank_registration_normal_seconds: i64,
}

/// `[wallet.consent]`: CONS-06.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Years a consent lasts, counted from the day after.
    pub valid_years: u16,
    /// Years between two reminders.
    pub remind_every_years: u16,
    /// Days before the end at which renewal is asked for.
    pub ask_renewal_days: u16,
}

/// `[wallet.card]`: CARD-07; which cards are refused stands in `[refusals]` (CARD-05, CARD-06).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Lowest major version of iOS (CARD-07).
    pub ios_at_least: u16,
    /// Lowest major version of Android (CARD-07).
    pub android_at_least: u16,
}

/// `[wallet.operator_stop]`: LIFE-03, LIFE-04, TRI-05.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorStopNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Months within which a document without an expiry date was issued.
    pub document_age_months: u8,
    /// Hours after which an answer is looked for (TRI-05).
    pub look_again_hours: u16,
}

/// Years for which a confirmation record is kept after the relation ended (LAW-20). The archive erases by this number; a policy
/// that named another would promise a term that nobody keeps.
pub const RECORD_YEARS: u16 = 7;

/// A fee for sending one's own money is hundreds of yen; more is a slip of the pen.
const HIGHEST_FEE_YEN: u64 = 10_000;

/// `[wallet.retention]`: LAW-20, LAW-25.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Years the record is kept after the relation ended: [`RECORD_YEARS`], and no other number.
    pub record_years: u16,
}

/// `[wallet.senders]`: CH-01.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Senders {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// Addresses that mail comes from.
    pub mail: Vec<String>,
    /// Numbers and short codes that SMS come from.
    pub sms: Vec<String>,
}

/// `[wallet.attributes]`: ATTR-05, ATTR-07.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeNumbers {
    /// Rules carried out.
    #[serde(deserialize_with = "cited")]
    pub rules: Vec<RuleNumber>,
    /// From when a certificate may carry a kana name (ATTR-05).
    #[serde(deserialize_with = "instant")]
    pub certificate_kana_from: UnixTime,
    /// Why gender is taken from the certificate; empty: it is not (ATTR-07).
    pub gender_purpose: String,
}

/// All of `[wallet]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalletRules {
    /// Expiry.
    pub balance: BalanceNumbers,
    /// Bank accounts.
    pub bank: BankNumbers,
    /// One-time passwords.
    pub one_time_password: OneTimePasswordNumbers,
    /// Warn and lock.
    pub failures: FailureNumbers,
    /// Sessions.
    pub session: SessionNumbers,
    /// Payees that are closed to overdue accounts.
    pub payees: PayeeNumbers,
    /// The end of login by password.
    pub migration: MigrationNumbers,
    /// How long things normally take.
    pub pending: PendingNumbers,
    /// Consent to latest user information.
    pub consent: ConsentNumbers,
    /// Phones.
    pub card: CardNumbers,
    /// What ends a stop by the operator.
    pub operator_stop: OperatorStopNumbers,
    /// How long records are kept.
    pub retention: RetentionNumbers,
    /// Who writes to the holder.
    pub senders: Senders,
    /// Where attributes come from.
    pub attributes: AttributeNumbers,
}

impl WalletRules {
    /// What the types cannot say.
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let bank = &self.bank;
        let (failures, pending, payees) = (&self.failures, &self.pending, &self.payees);
        let is_normal = |seconds: i64| (1..=30 * 86_400).contains(&seconds);
        let a_month = "1 second to 30 days";
        let is_line = |text: &String| !text.trim().is_empty() && !text.chars().any(char::is_control);
        let are_lines = |texts: &[String]| !texts.is_empty() && texts.iter().all(is_line);
        let a_sender = "at least one sender, each a name of one line (CH-01)";
        let consent = &self.consent;
        let conditions = [
            (self.balance.cash_expiry_years > 0, "wallet.balance.cash_expiry_years", "at least one year"),
            (bank.self_transfer_fee_yen <= HIGHEST_FEE_YEN, "wallet.bank.self_transfer_fee_yen", "0 to 10000 yen"),
            (bank.payout_lock_days > 0, "wallet.bank.payout_lock_days", "at least one day"),
            (
                bank.stuck_until_hour_earliest <= bank.stuck_until_hour_latest && bank.stuck_until_hour_latest <= 23,
                "wallet.bank.stuck_until_hour_latest",
                "an hour up to 23, not before stuck_until_hour_earliest",
            ),
            (
                (1..=3600).contains(&self.one_time_password.lifetime_seconds),
                "wallet.one_time_password.lifetime_seconds",
                "1 to 3600 seconds",
            ),
            (failures.warn_at > 0, "wallet.failures.warn_at", "at least 1"),
            (failures.lock_at > failures.warn_at, "wallet.failures.lock_at", "more than warn_at"),
            ((1..=86_400).contains(&self.session.idle_seconds), "wallet.session.idle_seconds", "1 to 86400 seconds"),
            (payees.gated.iter().all(is_line), "wallet.payees.gated", "names of one line each"),
            (payees.are_gated || payees.gated.is_empty(), "wallet.payees.gated", "no payees, since are_gated is false"),
            (is_normal(pending.charge_normal_seconds), "wallet.pending.charge_normal_seconds", a_month),
            (is_normal(pending.payment_normal_seconds), "wallet.pending.payment_normal_seconds", a_month),
            (is_normal(pending.self_transfer_normal_seconds), "wallet.pending.self_transfer_normal_seconds", a_month),
            (
                is_normal(pending.bank_registration_normal_seconds),
                "wallet.pending.bank_registration_normal_seconds",
                a_month,
            ),
            (consent.valid_years > 0, "wallet.consent.valid_years", "at least one year"),
            (consent.remind_every_years > 0, "wallet.consent.remind_every_years", "at least one year"),
            (
                u32::from(consent.ask_renewal_days) < u32::from(consent.valid_years) * 365,
                "wallet.consent.ask_renewal_days",
                "fewer days than valid_years have",
            ),
            (self.operator_stop.look_again_hours > 0, "wallet.operator_stop.look_again_hours", "at least one hour"),
            (
                self.retention.record_years == RECORD_YEARS,
                "wallet.retention.record_years",
                "7, the years for which the archive keeps a record (LAW-20)",
            ),
            (are_lines(&self.senders.mail), "wallet.senders.mail", a_sender),
            (are_lines(&self.senders.sms), "wallet.senders.sms", a_sender),
        ];
        match conditions.into_iter().find(|(holds, ..)| !holds) {
            Some((_, place, expected)) => Err(PolicyError::value(place, expected)),
            None => Ok(()),
        }
    }
}

/// At least one rule number.
fn cited<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RuleNumber>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let numbers: Option<Vec<_>> = texts.iter().map(|text| RuleNumber::parse(text)).collect();
    numbers
        .filter(|numbers| !numbers.is_empty())
        .ok_or_else(|| serde::de::Error::custom("rules: at least one rule number of kyc.md expected, such as SEC-03"))
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixTime, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn instant_or_open<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UnixTime>, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "open" => Ok(None),
        text => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::{Policy, PolicyError};

    const JP_WELLNET: &str = include_str!("../../fixtures/policies/jp_wellnet.toml");

    #[test]
    fn impossible_wallet_numbers_are_refused_with_their_place_acc_17() {
        for (from, to, place) in [
            ("cash_expiry_years = 2", "cash_expiry_years = 0", "wallet.balance.cash_expiry_years"),
            ("stuck_until_hour_latest = 10", "stuck_until_hour_latest = 24", "wallet.bank.stuck_until_hour_latest"),
            ("stuck_until_hour_latest = 10", "stuck_until_hour_latest = 8", "wallet.bank.stuck_until_hour_latest"),
            ("lock_at = 5", "lock_at = 3", "wallet.failures.lock_at"),
            ("warn_at = 3", "warn_at = 0", "wallet.failures.warn_at"),
            ("payout_lock_days = 30", "payout_lock_days = 0", "wallet.bank.payout_lock_days"),
            ("lifetime_seconds = 300", "lifetime_seconds = 0", "wallet.one_time_password.lifetime_seconds"),
            ("record_years = 7", "record_years = 0", "wallet.retention.record_years"),
            // LAW-20: the law says seven, and the archive keeps records for seven.
            ("record_years = 7", "record_years = 6", "wallet.retention.record_years"),
            ("record_years = 7", "record_years = 8", "wallet.retention.record_years"),
            ("self_transfer_fee_yen = 0", "self_transfer_fee_yen = 10001", "wallet.bank.self_transfer_fee_yen"),
            (
                "self_transfer_fee_yen = 0",
                "self_transfer_fee_yen = 9223372036854775807",
                "wallet.bank.self_transfer_fee_yen",
            ),
            ("ask_renewal_days = 90", "ask_renewal_days = 3650", "wallet.consent.ask_renewal_days"),
            ("ask_renewal_days = 90", "ask_renewal_days = 65000", "wallet.consent.ask_renewal_days"),
            ("\ngated = []", "\ngated = [\"\"]", "wallet.payees.gated"),
            ("mail = [\"no-reply@wallet.example\"]", "mail = []", "wallet.senders.mail"),
            ("mail = [\"no-reply@wallet.example\"]", "mail = [\"a\\nb\"]", "wallet.senders.mail"),
            ("sms = [\"0120000000\"]", "sms = []", "wallet.senders.sms"),
            ("sms = [\"0120000000\"]", "sms = [\" \"]", "wallet.senders.sms"),
            ("charge_normal_seconds = 1800", "charge_normal_seconds = 0", "wallet.pending.charge_normal_seconds"),
            ("payment_normal_seconds = 1800", "payment_normal_seconds = 0", "wallet.pending.payment_normal_seconds"),
            (
                "self_transfer_normal_seconds = 259200",
                "self_transfer_normal_seconds = 2592001",
                "wallet.pending.self_transfer_normal_seconds",
            ),
            (
                "bank_registration_normal_seconds = 604800",
                "bank_registration_normal_seconds = -1",
                "wallet.pending.bank_registration_normal_seconds",
            ),
            (
                "are_gated = true                               # Q-8\ngated = []",
                "are_gated = false\ngated = [\"a\"]",
                "wallet.payees.gated",
            ),
        ] {
            assert!(JP_WELLNET.contains(from), "{from}");
            let error = Policy::parse(&JP_WELLNET.replacen(from, to, 1)).expect_err(to);
            assert!(matches!(&error, PolicyError::Value { place: at, .. } if *at == place), "{to}: {error:?}");
        }
    }

    #[test]
    fn a_wallet_table_without_rules_is_refused_with_its_line() {
        let line = JP_WELLNET.lines().position(|line| line == "[wallet.failures]").unwrap() + 2;
        let broken = JP_WELLNET.replacen("rules = [\"SEC-03\", \"SEC-04\"]", "rules = []", 1);
        let error = Policy::parse(&broken).unwrap_err();
        assert!(matches!(&error, PolicyError::Shape { line: at, .. } if *at == line), "{line}: {error:?}");
    }
}
