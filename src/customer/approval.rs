//! What follows in the wallet from an approved case, and the objection to a second account of one person.

use super::customers::Customers;
use super::ports::CustomerWrite;
use crate::certificate::Certificate;
use crate::kyc::{Companion, ConfirmationRecord, Effects, EventKind, Followed, StoreError};
use crate::wallet::{
    Answer, AttributeName, Channel, ClaimKind, Command, Request, Taken, Thing, Verified, Wallet, WalletCertificate,
    WalletWrite, decide,
};

const INCOMPLETE: StoreError = StoreError::Corrupt { what: "an approval to be written" };

/// Which certificate it is: by its issuer's name and key, and its serial number (LINK-02, LAW-35).
pub fn thing_of(certificate: &Certificate) -> Thing {
    let key = certificate.extensions().authority_key_identifier.as_ref();
    let key = key.and_then(|named| named.key_identifier.as_deref()).unwrap_or_default();
    Thing::certificate(certificate.issuer().der(), key, certificate.serial().expose_bytes())
}

impl Companion for Customers<'_> {
    fn approve(&self, effects: &Effects) -> Result<Followed, StoreError> {
        let (Some(record), Some(account)) = (&effects.record, &effects.account) else { return Err(INCOMPLETE) };
        let kept = self.load(&effects.account_id)?.ok_or(StoreError::Dangling { what: "account" })?;
        if kept.versions.account != account.version {
            return Err(StoreError::Conflict);
        }
        let verified = Command::IdentityVerified(Box::new(self.verified(record, &kept.wallet)?));
        let at = record.confirmed_at;
        let mut ruling = decide(&kept.wallet, Request::new(Channel::Operator, verified), self.policy, at);
        if let Answer::Refused(refusals) = &ruling.answer {
            let reasons = refusals.iter().map(|refusal| refusal.reason).collect();
            return Ok(Followed::Objected { reasons, because: ruling.because });
        }
        ruling.wallet.account.particulars = account.facts.particulars;
        if ruling.wallet.account != account.facts {
            // The two rooms disagree about what an approval makes of an account: nothing is written then.
            return Err(INCOMPLETE);
        }
        let mut wallet = WalletWrite::of(&ruling, kept.versions, Some(&record.case), at);
        // The upgrade tells it, with the rules of the whole decision (ACC-05, ACC-15).
        wallet.events.retain(|event| !matches!(event.kind, EventKind::AccountKindChanged { .. }));
        let effects = vec![Effects { account: None, ..effects.clone() }];
        self.store.commit_customer(&CustomerWrite { effects, wallet, relation_ended_at: None })?;
        Ok(Followed::Written)
    }
}

impl Customers<'_> {
    fn verified(&self, record: &ConfirmationRecord, wallet: &Wallet) -> Result<Verified, StoreError> {
        let particulars = &record.particulars;
        let (name, birthdate) = (particulars.name.reveal(), particulars.birthdate.reveal());
        let person = self.find(ClaimKind::Person, &Thing::person(name, birthdate))?;
        let signer = record.attachment.documents.certificates.first().ok_or(INCOMPLETE)?;
        let signer = Certificate::from_der(signer.reveal()).map_err(|_| INCOMPLETE)?;
        let present = wallet.facts.certificates.present(WalletCertificate::JpkiSigning);
        let certificate = self.hash(&thing_of(&signer), present)?;
        let attributes = [
            (AttributeName::Name, &particulars.name),
            (AttributeName::Birthdate, &particulars.birthdate),
            (AttributeName::Address, &particulars.address),
        ];
        let hash = |(attribute, value): (AttributeName, &crate::secret::Personal<String>)| {
            let held = wallet.facts.attributes.held.get(&attribute).map(|held| held.hash);
            Ok((attribute, self.hash(&Thing::attribute(attribute, value.reveal()), held)?))
        };
        Ok(Verified {
            case: record.case.clone(),
            person,
            certificate,
            until: record.certificate.validity.not_after,
            taken: Taken {
                from_latest_info: false,
                as_of: record.certificate.validity.not_before,
                hashes: attributes.into_iter().map(hash).collect::<Result<_, StoreError>>()?,
                kana: None,
            },
            purpose_declared: record.purpose.is_some(),
        })
    }
}
