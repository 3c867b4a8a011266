//! The wallet's certificates and the card's, each in a state of its own; who may sign in with them (CERT-01 to CERT-16).
//!
//! Signing in needs both my certificates and this device (CERT-03). The card's signing certificate proves who somebody is and
//! says nothing about signing in: it may die while the login lives on (CERT-14, LAW-38).

use super::happened::Happened;
use super::personal::KeyedHash;
use super::step::{Refusal, Refusals, Step};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// Which certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WalletCertificate {
    /// my電子証明書: where the wallet takes name, birth date and address from (CERT-01).
    MySigning,
    /// my認証: how the holder signs in (CERT-02).
    MyAuth,
    /// 署名用電子証明書 on the card.
    JpkiSigning,
    /// 利用者証明用電子証明書 on the card.
    JpkiUserAuth,
}

/// Why a certificate was revoked (CERT-09, CERT-10, CERT-14); by the name X.509 has for it, where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationCause {
    /// Name, address, birth date or gender changed; the word of X.509 for it.
    #[serde(alias = "attributes_changed")]
    AffiliationChanged,
    /// Death or loss of residency; told neutrally (RSN-29).
    HolderGone,
    /// The holder asked for it.
    HolderRequest,
    /// The key is or may be in other hands.
    #[serde(alias = "key_compromised")]
    KeyCompromise,
    /// The holder has no more use for it (CERT-10).
    CessationOfOperation,
    /// The holder deleted it by mistake (CERT-10).
    DeletedByMistake,
    /// It does not say what the card's signing certificate says (CERT-10).
    DiffersFromCard,
    /// Another certificate took its place (CERT-08).
    Superseded,
    /// The issuer did not say, or said what fits several causes.
    Unspecified,
}

impl RevocationCause {
    /// The word the holder is told beside `certificate_revoked`; neutral where RSN-29 wants it.
    pub const fn public_word(self) -> &'static str {
        match self {
            Self::AffiliationChanged => "affiliation_changed",
            Self::HolderGone | Self::Unspecified => "unspecified",
            Self::HolderRequest => "holder_request",
            Self::KeyCompromise => "key_compromise",
            Self::CessationOfOperation => "cessation_of_operation",
            Self::DeletedByMistake => "deleted_by_mistake",
            Self::DiffersFromCard => "differs_from_card",
            Self::Superseded => "superseded",
        }
    }
}

/// Where a certificate stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CertificateState {
    /// There is none.
    #[default]
    Absent,
    /// Issuing was begun and not finished (CERT-03).
    PartiallyIssued,
    /// Issued; valid through `until`, which bounds it whatever else is known (CERT-15).
    Valid {
        /// Last valid second.
        until: UnixTime,
    },
    /// Revoked. Terminal for this certificate; another may take its place.
    Revoked {
        /// Why.
        cause: RevocationCause,
    },
    /// Suspended at the issuer.
    OnHold,
    /// Could not be looked up (RSN-20).
    Unknown,
}

impl CertificateState {
    /// Why it cannot be used at `at`; expiry is told apart from revocation (CERT-07).
    pub fn obstacle(self, at: UnixTime) -> Option<Refusal> {
        let refusal = |reason| Step::refusal(reason, "CERT-07");
        match self {
            Self::Valid { until } if at <= until => None,
            Self::Valid { .. } => Some(refusal(Reason::CertificateExpired)),
            Self::Revoked { cause } => Some(refusal(Reason::CertificateRevoked).because(cause.public_word())),
            Self::OnHold => Some(refusal(Reason::CertificateOnHold)),
            Self::Unknown => Some(refusal(Reason::ValidityUnavailable)),
            Self::PartiallyIssued => Some(refusal(Reason::IssuanceIncomplete)),
            Self::Absent => Some(refusal(Reason::CertificateNotIssued)),
        }
    }
}

/// One certificate that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// Which.
    pub certificate: WalletCertificate,
    /// Keyed hash of its serial and its issuer's key: which certificate it is (LAW-35).
    pub serial: KeyedHash,
    /// When it was attached; signatures of that time stay verifiable (LINK-06).
    pub from: UnixTime,
    /// Since when another is in its place; `None` for the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_at: Option<UnixTime>,
}

/// The certificates of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    /// my電子証明書
    pub my_signing: CertificateState,
    /// my認証
    pub my_auth: CertificateState,
    /// 署名用電子証明書, as last looked up.
    pub jpki_signing: CertificateState,
    /// 利用者証明用電子証明書, as last looked up.
    pub jpki_user_auth: CertificateState,
    /// The one device whose keys the my certificates are for (ACC-13, CERT-04).
    pub device: Option<KeyedHash>,
    /// The my認証 PIN is locked at its issuer: no account lock (CERT-06).
    pub my_auth_pin_locked: bool,
    /// The my電子証明書 password is locked at its issuer (CERT-06).
    pub my_signing_password_locked: bool,
    /// Everything that was ever attached, the present ones included (LINK-02, LINK-06).
    pub history: Vec<Past>,
}

/// What issuing brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Keyed hash of the new my電子証明書's serial.
    pub my_signing: KeyedHash,
    /// Keyed hash of the new my認証's serial.
    pub my_auth: KeyedHash,
    /// Last valid second of both.
    pub until: UnixTime,
    /// The device that made the keys.
    pub device: KeyedHash,
}

impl Certificates {
    /// The state of one.
    pub const fn state(&self, certificate: WalletCertificate) -> CertificateState {
        match certificate {
            WalletCertificate::MySigning => self.my_signing,
            WalletCertificate::MyAuth => self.my_auth,
            WalletCertificate::JpkiSigning => self.jpki_signing,
            WalletCertificate::JpkiUserAuth => self.jpki_user_auth,
        }
    }

    /// Which one is attached now; `None` where none ever was.
    pub fn present(&self, certificate: WalletCertificate) -> Option<KeyedHash> {
        self.history.iter().rev().find(|past| past.certificate == certificate).map(|past| past.serial)
    }

    /// Puts one in the place of what was there, which stays in the history (LINK-06); whether there was another.
    fn attach(&mut self, certificate: WalletCertificate, serial: KeyedHash, until: UnixTime, at: UnixTime) -> bool {
        let before = self.present(certificate);
        *self.state_mut(certificate) = CertificateState::Valid { until };
        if before == Some(serial) {
            return false;
        }
        let open = |past: &&mut Past| past.certificate == certificate && past.superseded_at.is_none();
        self.history.iter_mut().filter(open).for_each(|past| past.superseded_at = Some(at));
        self.history.push(Past { certificate, serial, from: at, superseded_at: None });
        before.is_some()
    }

    fn state_mut(&mut self, certificate: WalletCertificate) -> &mut CertificateState {
        match certificate {
            WalletCertificate::MySigning => &mut self.my_signing,
            WalletCertificate::MyAuth => &mut self.my_auth,
            WalletCertificate::JpkiSigning => &mut self.jpki_signing,
            WalletCertificate::JpkiUserAuth => &mut self.jpki_user_auth,
        }
    }

    /// Why one cannot sign in with certificates from this device: nothing when one can. All that is missing is one refusal
    /// with its words, `certificate_not_issued {missing}` (CERT-03).
    pub fn login_obstacles(&self, device: KeyedHash, at: UnixTime) -> Vec<Refusal> {
        let mut missing = Step::refusal(Reason::CertificateNotIssued, "CERT-03");
        let mut others = Vec::new();
        for (state, word) in [(self.my_signing, "my_signing"), (self.my_auth, "my_auth")] {
            match state {
                CertificateState::Absent | CertificateState::PartiallyIssued => missing.detail.push(word),
                _ => others.extend(state.obstacle(at).map(|refusal| refusal.because(word))),
            }
        }
        if self.device != Some(device) {
            missing.detail.push("device_binding");
        }
        if self.my_auth_pin_locked {
            // The service is out of use until its issuer unlocks it; the account is not locked (CERT-06).
            others.push(Step::refusal(Reason::PinLocked, "CERT-06").because("my_auth"));
        }
        let missing = (!missing.detail.is_empty()).then_some(missing);
        missing.into_iter().chain(others).collect()
    }

    /// Whether this very certificate is known to be revoked, which is for good.
    fn is_revoked(&self, certificate: WalletCertificate, serial: KeyedHash) -> bool {
        matches!(self.state(certificate), CertificateState::Revoked { .. }) && self.present(certificate) == Some(serial)
    }
}

/// Both my certificates were issued: the earlier ones are superseded, the device is this one (CERT-04, CERT-08, LINK-06).
pub(super) fn issue(step: &mut Step<'_>, issued: Issued) {
    let at = step.at;
    let certificates = &mut step.wallet.facts.certificates;
    let changed = certificates.device.is_some_and(|device| device != issued.device);
    for (certificate, serial) in
        [(WalletCertificate::MySigning, issued.my_signing), (WalletCertificate::MyAuth, issued.my_auth)]
    {
        certificates.attach(certificate, serial, issued.until, at);
    }
    certificates.device = Some(issued.device);
    certificates.my_auth_pin_locked = false;
    certificates.my_signing_password_locked = false;
    step.tell(Happened::CertificatesIssued);
    if changed {
        step.tell(Happened::DeviceChanged);
    }
    step.cite(&["CERT-04", "CERT-08", "LINK-06", "ACC-13"]);
}

/// One of the two services issued, the other not.
pub(super) fn issue_partially(step: &mut Step<'_>, certificate: WalletCertificate) -> Refusals<()> {
    if !matches!(certificate, WalletCertificate::MySigning | WalletCertificate::MyAuth) {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "CERT-03").into());
    }
    *step.wallet.facts.certificates.state_mut(certificate) = CertificateState::PartiallyIssued;
    step.tell(Happened::IssuanceIncomplete);
    step.cite(&["CERT-03"]);
    Ok(())
}

/// The app was removed or the phone wiped: the keys are gone, the certificates have to be issued again (CERT-04).
pub(super) fn lose_device(step: &mut Step<'_>) {
    step.wallet.facts.certificates.device = None;
    step.cite(&["CERT-04"]);
}

/// A certificate was revoked: by the holder, at any time, in any life of the account (CERT-09, LIFE-05, LIFE-14).
pub(super) fn revoke(step: &mut Step<'_>, certificate: WalletCertificate, cause: RevocationCause) -> Refusals<()> {
    let state = step.wallet.facts.certificates.state_mut(certificate);
    match *state {
        CertificateState::Absent => return Err(Step::refusal(Reason::CertificateNotIssued, "CERT-09").into()),
        CertificateState::Revoked { .. } => return Ok(()),
        _ => *state = CertificateState::Revoked { cause },
    }
    step.tell(Happened::CertificateRevoked { certificate, cause });
    step.cite(&["CERT-09"]);
    Ok(())
}

/// The card's signing certificate vouched for the holder (LINK-02): an earlier one is superseded, and both stay in the history.
///
/// One that is known to be revoked vouches for nobody, whatever an older list said of it (CERT-14); signing in goes on.
pub(super) fn vouched(step: &mut Step<'_>, serial: KeyedHash, until: UnixTime) -> Refusals<()> {
    let certificates = &step.wallet.facts.certificates;
    if certificates.is_revoked(WalletCertificate::JpkiSigning, serial)
        && let Some(obstacle) = certificates.jpki_signing.obstacle(step.at)
    {
        return Err(obstacle.into());
    }
    let superseded = step.wallet.facts.certificates.attach(WalletCertificate::JpkiSigning, serial, until, step.at);
    step.tell(Happened::CertificateVouched { superseded });
    step.cite(&["LINK-02", "LINK-06"]);
    Ok(())
}

/// What a look-up of a card certificate found. An outage changes nothing that was known (RSN-20), nor does what is said of one
/// that another took the place of (LINK-06).
pub(super) fn observe(
    step: &mut Step<'_>,
    certificate: WalletCertificate,
    serial: Option<KeyedHash>,
    found: CertificateState,
) -> Refusals<()> {
    if !matches!(certificate, WalletCertificate::JpkiSigning | WalletCertificate::JpkiUserAuth) {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "CERT-14").into());
    }
    let certificates = &step.wallet.facts.certificates;
    let is_another =
        serial.is_some_and(|looked_at| certificates.present(certificate).is_some_and(|it| it != looked_at));
    if is_another {
        step.cite(&["LINK-06"]);
        return Ok(());
    }
    // What is revoked stays so: the look-up was into an older list.
    if serial.is_some_and(|looked_at| certificates.is_revoked(certificate, looked_at)) {
        step.cite(&["CERT-14"]);
        return Ok(());
    }
    let known = certificates.state(certificate);
    let is_news = known != found && !(found == CertificateState::Unknown && known != CertificateState::Absent);
    if !is_news {
        return Ok(());
    }
    *step.wallet.facts.certificates.state_mut(certificate) = found;
    if let CertificateState::Revoked { cause } = found {
        step.tell(Happened::CertificateRevoked { certificate, cause });
        step.cite(&["CERT-14"]);
        if certificate == WalletCertificate::JpkiSigning {
            super::reverification::signing_certificate_revoked(step);
            // each change that revoked a signing certificate is one update of the card's data.
            step.wallet.facts.link.updates_since_issue = step.wallet.facts.link.updates_since_issue.saturating_add(1);
        }
    }
    Ok(())
}

/// A secret on the device was locked or unlocked at its issuer (CERT-06).
pub(super) fn local_secret(step: &mut Step<'_>, certificate: WalletCertificate, locked: bool) -> Refusals<()> {
    let certificates = &mut step.wallet.facts.certificates;
    match certificate {
        WalletCertificate::MyAuth => certificates.my_auth_pin_locked = locked,
        WalletCertificate::MySigning => certificates.my_signing_password_locked = locked,
        _ => return Err(Step::refusal(Reason::FlowOutOfOrder, "CERT-06").into()),
    }
    step.tell(Happened::LocalSecretLocked { certificate, locked });
    step.cite(&["CERT-06"]);
    Ok(())
}
