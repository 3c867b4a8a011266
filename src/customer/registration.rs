//! A new customer: account, facts and claims in one commit, or no word about who else is one (UNIQ-01 to UNIQ-04, LINK-05).

use super::customers::{ATTEMPTS, Customers};
use super::ports::CustomerWrite;
use crate::kyc::{Account, AccountId, Event, EventKind, StoreError, Version};
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::wallet::{
    Address, Applicant, Applied, Attributes, Channel, ClaimKind, Command, Consent, Contact, Facts, KeptWallet, Known,
    Occupancy, Registration, Request, Thing, Wallet, WalletVersions, WalletWrite, registration,
};

/// What somebody applies with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Mail address.
    pub email: Personal<String>,
    /// Phone number that receives SMS.
    pub phone: Personal<String>,
    /// Kana name, typed (ATTR-03).
    pub kana: Personal<String>,
    /// Birth date, `YYYY-MM-DD`, where it is known by now: with the kana name it finds a person who is here already (LINK-05).
    pub birthdate: Option<Personal<String>>,
    /// How far the applicant has come.
    pub applicant: Applicant,
    /// Whether there is a My Number Card, without which there is no way at all (ACC-14).
    pub has_card: bool,
}

impl Customers<'_> {
    /// Judges an application, and opens the account where the answer is [`Registration::Open`]: cash until its identity is
    /// verified (ACC-02), with mail address, phone number and name claimed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is an account of this name already, or others were always faster; [`StoreError`]
    pub fn register(
        &self,
        id: &AccountId,
        application: &Application,
        at: UnixTime,
    ) -> Result<Registration, StoreError> {
        for _ in 0..ATTEMPTS {
            let email = self.find(ClaimKind::Email, &Thing::email(application.email.reveal()))?;
            let phone = self.find(ClaimKind::Phone, &Thing::phone(application.phone.reveal()))?;
            let name = application.birthdate.as_ref().map(|birthdate| {
                let thing = Thing::name_and_birthdate(application.kana.reveal(), birthdate.reveal());
                self.find(ClaimKind::NameAndBirthdate, &thing)
            });
            let name = name.transpose()?;
            let known = Known {
                email: email.occupancy,
                phone: phone.occupancy,
                name_and_birthdate: name.as_ref().map(|name| name.occupancy.clone()).unwrap_or_default(),
            };
            let contact = Contact {
                email: Address { clear: application.email.clone(), hash: email.hash },
                phone: Address { clear: application.phone.clone(), hash: phone.hash },
            };
            let name = name.map(|name| name.hash);
            let applied = Applied {
                applicant: application.applicant,
                has_card: application.has_card,
                contact: &contact,
                kana: &application.kana,
                name_and_birthdate: name,
            };
            let answer = registration(&known, &applied);
            let Registration::Open(claims) = &answer else { return Ok(answer) };
            if self.store.load_account(id)?.is_some() {
                return Err(StoreError::Conflict);
            }
            let account = Account::created_with_certificate(id.clone(), at);
            let mut facts = Facts::new(contact, Attributes::typed(application.kana.clone(), at), at);
            facts.link.name_and_birthdate = name;
            let versions = WalletVersions { account: Version::NEW, facts: Version::NEW, consent: Version::NEW };
            let wallet = WalletWrite {
                kept: KeptWallet { wallet: Wallet { account, facts, consent: Consent::default() }, versions },
                claims: claims.clone(),
                events: vec![Event { at, account: id.clone(), case: None, kind: EventKind::AccountCreated }],
                notices: Vec::new(),
            };
            let write = CustomerWrite { effects: Vec::new(), wallet, relation_ended_at: None };
            match self.store.commit_customer(&write) {
                // Somebody was faster: the next look says with what.
                Err(StoreError::Conflict) => {}
                outcome => return outcome.map(|()| answer),
            }
        }
        Err(StoreError::Conflict)
    }

    /// Tells the owner of a mail address by mail that somebody applied with it; nothing where nobody owns it.
    ///
    /// For a back end to call once the applicant has the answer, where it was [`Registration::CodeOnItsWay`] with `tell_owner`:
    /// neither the time this takes nor its failure may be seen by who asked (UNIQ-04).
    ///
    /// # Errors
    /// As [`Customers::serve`].
    pub fn tell_owner(&self, application: &Application, at: UnixTime) -> Result<(), StoreError> {
        let email = self.find(ClaimKind::Email, &Thing::email(application.email.reveal()))?;
        let Occupancy::Held(owner) = email.occupancy else { return Ok(()) };
        self.ask(&owner, &Request::new(Channel::System, Command::RegistrationAttempted), at).map(drop)
    }
}
