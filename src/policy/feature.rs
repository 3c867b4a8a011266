//! The features a policy can open or close. What a feature needs stands in the file; that it exists stands here, because a
//! feature nobody has wired to code would be a promise of the file that nothing keeps.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// Something a holder may want to do. A feature that a policy does not list is not offered by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Feature {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Feature {
            /// Every feature, in the order of kyc.md §3.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word of the policy file and of JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

features! {
    /// Begin or finish the registration of a bank account (GATE-01).
    RegisterBankAccount = "register_bank_account";
    /// Delete a registered bank account (CH-09).
    DeleteBankAccount = "delete_bank_account";
    /// Charge from a bank account (GATE-02).
    ChargeFromBank = "charge_from_bank";
    /// ぴったりチャージ (GATE-03).
    ExactTopUp = "exact_top_up";
    /// 自口座への送金 (GATE-04).
    SelfTransfer = "self_transfer";
    /// Choose or change the pay-out destination (BANK-08).
    SetPayoutDestination = "set_payout_destination";
    /// Charge at a convenience store, by net bank or at an ATM (GATE-06).
    ChargeWithCash = "charge_with_cash";
    /// Pay by barcode or settlement number (GATE-05, GATE-07).
    Pay = "pay";
    /// おまかせ支払い (GATE-08).
    AutomaticPayment = "automatic_payment";
    /// Ask for a receipt on the web edition (GATE-09).
    Receipt = "receipt";
    /// Register or change the wallet's password (CH-10).
    ChangePassword = "change_password";
    /// Another phone number, with the old one still there (ATTR-06).
    ChangePhone = "change_phone";
    /// Another mail address (ATTR-06, CH-02).
    ChangeEmail = "change_email";
    /// Stop one's own account on the web edition (GATE-09, LIFE-01).
    Stop = "stop";
    /// Withdraw from the service (GATE-10).
    Withdraw = "withdraw";
    /// Prove one's identity: the way to a higher tier, and re-verification (ACC-08, REV-05).
    VerifyIdentity = "verify_identity";
    /// Unlock after too many failures (SEC-05).
    Unlock = "unlock";
    /// Resume an account its user stopped (GATE-09, LIFE-02).
    Resume = "resume";
    /// Revoke the wallet's certificates (CERT-09, LIFE-05).
    RevokeCertificate = "revoke_certificate";
    /// Reach the support.
    Contact = "contact";
    /// Send to another person (CN-02).
    Transfer = "transfer";
    /// Receive from another person (CN-12).
    Receive = "receive";
    /// Send a red packet (CN-12).
    SendRedPacket = "send_red_packet";
    /// Buy investments (CN-04).
    Invest = "invest";
    /// Give up the verified identity and begin again (CN-15).
    ResetIdentity = "reset_identity";
}

impl Feature {
    /// Whether somebody is there who can type a one-time password, so that a gate may ask for one (MIG-05).
    pub const fn can_ask_for_one_time_password(self) -> bool {
        matches!(
            self,
            Self::ChargeFromBank
                | Self::SelfTransfer
                | Self::Pay
                | Self::SetPayoutDestination
                | Self::DeleteBankAccount
                | Self::ChangePassword
                | Self::ChangePhone
                | Self::ChangeEmail
                | Self::Stop
                | Self::Resume
                | Self::Unlock
                | Self::Withdraw
        )
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
