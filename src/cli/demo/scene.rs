//! The stage: a synthetic holder with a card, the CAs behind it, the wallet's database; and what happens on it.

use std::path::{Path, PathBuf};

use rand_core::{OsRng, RngCore};

use honnin::anchors::AnchorSet;
use honnin::authority::{self, AuthorityError, Issued, Persona, RevocationReason, RevokedEntry};
use honnin::card::{self, Caution, Key};
use honnin::certificate::Certificate;
use honnin::customer::Customers;
use honnin::evidence::Grounds;
use honnin::holder;
use honnin::kyc::{
    Account, AccountId, ActorId, Answer, CaseId, Decision, Declaration, Outcome, Request, Store, UpgradeError,
};
use honnin::policy::Policy;
use honnin::proof::{Challenge, Placement};
use honnin::reason::Reason;
use honnin::record::{ArchiveError, Archivist};
use honnin::secret::{Secret, SecretKind};
use honnin::simulator::SimulatedCard;
use honnin::store::{DEFAULT_PATIENCE, OpenMode, SqliteStore};
use honnin::time::UnixTime;
use honnin::transport::SimulatedChannel;
use honnin::validation::{Crl, Materials};
use honnin::verdict::Taint;

use super::narrative::Step;
use crate::cli::commands::tries;
use crate::cli::error::CliError;
use crate::cli::files::{self, write_whole};
use crate::cli::sitting::simulator_error;

const DAY: i64 = 86_400;

/// Everything the story needs.
pub(crate) struct Scene {
    dir: PathBuf,
    at: UnixTime,
    issued: Issued,
    anchors: AnchorSet,
    policy: Policy,
    store: SqliteStore,
    account: AccountId,
    case: CaseId,
}

/// A new directory that nobody else can look into.
pub(crate) fn fresh_directory() -> Result<PathBuf, CliError> {
    let dir = std::env::temp_dir().join(format!("honnin-demo-{:08x}", OsRng.next_u32()));
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(&dir).map_err(|error| CliError::writing(&dir, &error))?;
    Ok(dir)
}

impl Scene {
    /// Makes the holder, the card and the CAs, and opens the wallet's database.
    pub(crate) fn set(dir: &Path, at: UnixTime, step: &mut Step<'_>) -> Result<Self, CliError> {
        // An earlier story in the same directory may be told anew; somebody's own card is not ours to replace.
        if !dir.join("statement.txt").exists() {
            files::check_absent(&dir.join("card.toml"))?;
        }
        let issued = authority::create(Persona::Adult, at, &mut OsRng).map_err(authority_failed)?;
        authority::write(&issued, dir).map_err(authority_failed)?;
        let certificate = Certificate::from_der(issued.digital_signature_ca.certificate())
            .map_err(|error| CliError::new(error.reason()).caused_by(error))?;
        let database = dir.join("accounts.sqlite");
        let store = SqliteStore::open(&database, OpenMode::Create, DEFAULT_PATIENCE)
            .map_err(|error| CliError::new(error.reason()).caused_by(error))?;
        let random = |_| CliError::new(Reason::Internal);
        let tag = format!("demo-{:08x}", OsRng.next_u32());
        step.says("demo-holder", &[]);
        Ok(Self {
            dir: dir.to_owned(),
            at,
            issued,
            anchors: AnchorSet::none().with_certificate(certificate, None),
            policy: Policy::jp_wellnet_mock().map_err(|error| CliError::new(Reason::Internal).caused_by(error))?,
            store,
            account: account_id(&tag)?,
            case: CaseId::random(&mut OsRng).map_err(random)?,
        })
    }

    /// The card shows itself, and its counters.
    pub(crate) fn look_at_the_card(&self, step: &mut Step<'_>) -> Result<(), CliError> {
        let mut session = self.session()?;
        let status = session.run(async |dialogue| holder::look_over(dialogue).await)?;
        let exchanges = session.close()?;
        step.says("demo-card", &[("label", status.label.as_str().to_owned().into()), ("n", exchanges.into())]);
        for (kind, counter) in &status.counters {
            let name = step.context().messages.secret_name(*kind);
            let left = tries(Some(*counter), step.context());
            step.says("doctor-finding-secret", &[("name", name.into()), ("tries", left.into())]);
        }
        Ok(())
    }

    /// Opens the account: cash, because nothing is verified yet (ACC-02).
    pub(crate) fn open_account(&self, step: &mut Step<'_>) -> Result<(), CliError> {
        self.customers().upgrade().create_account(self.account.clone(), self.at)?;
        self.tell_kind(&self.account, step)
    }

    /// Opens a case and hands out its challenge, in words a person can read (LAW-07).
    pub(crate) fn ask_for_a_proof(&self, step: &mut Step<'_>) -> Result<Challenge, CliError> {
        let challenge = self.challenge(&self.account, &self.case)?;
        let statement = challenge.statement();
        write_whole(&self.dir.join("statement.txt"), statement.as_bytes())?;
        step.quotes(statement.as_str());
        Ok(challenge)
    }

    /// The holder types the password, the card signs, a CMS proof comes out.
    pub(crate) fn sign(&self, challenge: &Challenge, step: &mut Step<'_>) -> Result<Vec<u8>, CliError> {
        let (proof, exchanges) = self.signed(challenge)?;
        write_whole(&self.dir.join("proof.p7m"), &proof)?;
        step.says("demo-signed", &[("n", exchanges.into()), ("bytes", proof.len().into())]);
        Ok(proof)
    }

    /// The proof arrives; every check is named; policy decides; the account becomes money (ACC-05).
    pub(crate) fn submit(&self, proof: &[u8], step: &mut Step<'_>) -> Result<(), CliError> {
        let decision = self.decide(&self.case, proof, &self.issued.digital_signature_crl)?;
        step.shows(&decision.verdict);
        let Outcome::Upgrade { because, .. } = &decision.outcome else { return Err(off_script("upgrade", &decision)) };
        let rules: Vec<_> = because.iter().map(ToString::to_string).collect();
        step.says(
            "demo-decided",
            &[
                ("policy", format!("{}/{}", decision.policy.id, decision.policy.revision).into()),
                ("rules", rules.join(", ").into()),
            ],
        );
        step.ended("upgraded");
        self.export()?;
        self.tell_kind(&self.account, step)
    }

    /// The evidence and the audit log so far, as an auditor would get them.
    fn export(&self) -> Result<(), CliError> {
        let failed = |error: ArchiveError| CliError::new(error.reason()).caused_by(error);
        let archivist = Archivist::new(&self.store);
        let auditor = "demo".parse::<ActorId>().map_err(|_| CliError::new(Reason::Internal))?;
        let bundle = archivist.export_bundle(&self.case, &auditor, self.at).map_err(failed)?;
        write_whole(&self.dir.join("case.evidence"), bundle.reveal())?;
        let mut log = Vec::new();
        archivist.export_audit(&mut log, self.at).map_err(failed)?;
        write_whole(&self.dir.join("audit.jsonl"), &log)
    }

    /// The same proof once more: its challenge is spent (RSN-24).
    pub(crate) fn submit_again(&self, proof: &[u8], step: &mut Step<'_>) -> Result<(), CliError> {
        let decision = self.decide(&self.case, proof, &self.issued.digital_signature_crl)?;
        self.tell_refusal(&decision, Reason::ChallengeAlreadyUsed, step)?;
        self.tell_kind(&self.account, step)
    }

    /// Another account, whose holder's certificate is on today's list.
    pub(crate) fn a_revoked_holder(&self, step: &mut Step<'_>) -> Result<(), CliError> {
        let list = self.list("revoked.crl", self.at, true)?;
        let (account, case, proof) = self.another_proof("revoked")?;
        let decision = self.decide(&case, &proof, &list)?;
        self.tell_refusal(&decision, Reason::CertificateRevoked, step)?;
        self.tell_kind(&account, step)
    }

    /// Another account, and yesterday's list: neither yes nor no, and nothing changes (RSN-20, RSN-26).
    pub(crate) fn a_stale_list(&self, step: &mut Step<'_>) -> Result<(), CliError> {
        let list = self.list("stale.crl", self.at.plus_seconds(-3 * DAY), false)?;
        let (account, case, proof) = self.another_proof("stale")?;
        let before = self.account_of(&account)?.kind();
        let decision = self.decide(&case, &proof, &list)?;
        let Outcome::Unavailable { reason, .. } = decision.outcome else { return Err(off_script("stale", &decision)) };
        if self.account_of(&account)?.kind() != before {
            return Err(off_script("stale", &decision));
        }
        let title = step.context().messages.title(reason);
        step.says("demo-undetermined", &[("title", title.into()), ("code", reason.code().into())]);
        step.ended("undetermined");
        self.tell_kind(&account, step)
    }

    fn session(&self) -> Result<card::Session<SimulatedChannel>, CliError> {
        let path = self.dir.join("card.toml");
        let card = SimulatedCard::load(&path).map_err(|error| simulator_error(&path, error))?;
        Ok(card::Session::new(SimulatedChannel::new(card)))
    }

    fn customers(&self) -> Customers<'_> {
        Customers::new(&self.store, &self.policy)
    }

    fn challenge(&self, account: &AccountId, case: &CaseId) -> Result<Challenge, CliError> {
        let declaration =
            Declaration { purpose: Some("送金・決済".to_owned()), occupation: Some("会社員".to_owned()) };
        self.customers().upgrade().open_case(case.clone(), account, declaration, self.at)?;
        let request = Request {
            purpose: "本人確認".to_owned(),
            transaction: "WELLNETマネーアカウントへの移行を申し込みます。".to_owned(),
        };
        Ok(self.customers().upgrade().issue_challenge(case, &request, &mut OsRng, self.at)?)
    }

    /// The proof, and how many exchanges with the card it took.
    fn signed(&self, challenge: &Challenge) -> Result<(Vec<u8>, usize), CliError> {
        let (secret, _) = Secret::new(SecretKind::DigitalSignature, authority::SIGNING_PASSWORD.as_bytes())
            .map_err(|error| CliError::new(Reason::Internal).caused_by(error))?;
        let statement = challenge.statement();
        let (content, key, placement) = (statement.as_bytes(), Key::DigitalSignature, Placement::Attached);
        let mut session = self.session()?;
        let signed = session.run(async |card| {
            holder::sign(card, key, &secret, Caution::default(), content, placement, self.at).await
        })?;
        Ok((signed.cms.into_inner(), session.close()?))
    }

    fn another_proof(&self, name: &str) -> Result<(AccountId, CaseId, Vec<u8>), CliError> {
        let account = account_id(&format!("{}-{name}", self.account))?;
        let case = CaseId::random(&mut OsRng).map_err(|_| CliError::new(Reason::Internal))?;
        self.customers().upgrade().create_account(account.clone(), self.at)?;
        let challenge = self.challenge(&account, &case)?;
        let (proof, _) = self.signed(&challenge)?;
        Ok((account, case, proof))
    }

    fn decide(&self, case: &CaseId, proof: &[u8], list: &[u8]) -> Result<Decision, CliError> {
        let lists = [Crl::from_der(list).map_err(|error| CliError::new(error.reason()).caused_by(error))?];
        let grounds = Grounds {
            materials: Materials { crls: &lists, ..Materials::default() },
            anchors: &self.anchors,
            taints: &[Taint::SimulatedCard],
        };
        match self.customers().upgrade().submit(case, proof, &grounds, self.at)? {
            Answer::Decided(decision) => Ok(decision),
            Answer::AlreadyApproved => Err(CliError::new(Reason::Internal).caused_by("approved before its proof")),
        }
    }

    fn list(&self, name: &str, this_update: UnixTime, revoked: bool) -> Result<Vec<u8>, CliError> {
        let serial = self.issued.digital_signature_certificate.as_ref().map_or(0, |certificate| certificate.serial);
        let entry = RevokedEntry {
            serial,
            at: this_update.plus_seconds(-DAY),
            reason: Some(RevocationReason::AffiliationChanged),
        };
        let entries: &[RevokedEntry] = if revoked { &[entry] } else { &[] };
        let (authority, town) = (&self.issued.digital_signature_ca, Some(&self.issued.holder.municipality));
        let list = authority
            .revocation_list(this_update, this_update.plus_seconds(2 * DAY), entries, town)
            .map_err(authority_failed)?;
        write_whole(&self.dir.join(name), &list)?;
        Ok(list)
    }

    fn account_of(&self, id: &AccountId) -> Result<Account, CliError> {
        let found = self.store.load_account(id).map_err(UpgradeError::from)?;
        found.map(|stored| stored.facts).ok_or_else(|| CliError::new(Reason::RegistrationRequired))
    }

    fn tell_kind(&self, id: &AccountId, step: &mut Step<'_>) -> Result<(), CliError> {
        let kind = serde_json::to_value(self.account_of(id)?.kind()).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default().to_owned();
        step.says("demo-kind", &[("account", id.to_string().into()), ("kind", kind.into())]);
        Ok(())
    }

    fn tell_refusal(&self, decision: &Decision, expected: Reason, step: &mut Step<'_>) -> Result<(), CliError> {
        let Outcome::Refuse { reasons, .. } = &decision.outcome else { return Err(off_script("refuse", decision)) };
        if reasons.first() != Some(&expected) {
            return Err(off_script("refuse", decision));
        }
        let title = step.context().messages.title(expected);
        step.says("demo-refused", &[("title", title.into()), ("code", expected.code().into())]);
        step.ended("refused");
        Ok(())
    }
}

fn account_id(text: &str) -> Result<AccountId, CliError> {
    text.parse().map_err(|_| CliError::new(Reason::Internal).caused_by("an account's name"))
}

fn authority_failed(error: AuthorityError) -> CliError {
    match &error {
        AuthorityError::Write { path, source } => CliError::writing(path, source),
        _ => CliError::new(Reason::Internal).caused_by(error),
    }
}

/// The story went elsewhere: a defect of ours, said with what was decided instead.
fn off_script(step: &str, decision: &Decision) -> CliError {
    CliError::new(Reason::Internal).caused_by(format!("step {step}: {:?}", decision.outcome))
}

impl From<UpgradeError> for CliError {
    fn from(error: UpgradeError) -> Self {
        Self::new(error.reason()).caused_by(error)
    }
}
