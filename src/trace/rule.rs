//! The rules of the linter: what a program should not do with this card, by name and weight.

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Untidy, and harmless on this card.
    Notice,
    /// Costs exchanges, or fails on some cards or readers.
    Warning,
    /// Endangers the holder: an attempt, a secret, the individual number, an unlocked card.
    Error,
}

impl Severity {
    /// Its name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = ($id:literal, $severity:ident, $source:literal);)*) => {
        /// A rule for card sessions. Its id never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its id, the same in every language.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// How much a finding weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Where the rule comes from: a section of card.md or desktop.md.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)* }
            }
        }
    };
}

rules! {
    /// VERIFY with one attempt left.
    LastTrySpent = ("last_try_spent", Error, "card.md §4.2");
    /// VERIFY with a counter that was asked for and not told.
    UnknownTriesSpent = ("unknown_tries_spent", Error, "card.md §4.3");
    /// VERIFY of a secret that was known to be blocked.
    BlockedSecretPresented = ("blocked_secret_presented", Error, "card.md §4.2");
    /// VERIFY without having asked for the counter.
    VerifyWithoutCounterQuery = ("verify_without_counter_query", Error, "card.md §4.3");
    /// VERIFY of the same secret again: after a wrong one, or although it was verified.
    SecretPresentedTwice = ("secret_presented_twice", Warning, "card.md §4.2");
    /// VERIFY, a change or a signature sent again after no answer came: the first may have counted.
    SentAgainWithoutAnswer = ("sent_again_without_answer", Error, "card.md §4.2");
    /// A secret was verified, and nothing was done that needs it.
    SecretWithoutNeed = ("secret_without_need", Warning, "card.md §3.1");
    /// VERIFY in extended form.
    SecretInExtendedForm = ("secret_in_extended_form", Error, "card.md §1.5");
    /// VERIFY of the input support application's reference 0012, which arrives blocked.
    BlockedReferencePresented = ("blocked_reference_presented", Warning, "card.md §4.1");
    /// VERIFY of a reference that is on record in no list of this application's secrets.
    UnknownReferencePresented = ("unknown_reference_presented", Error, "card.md §4.1");
    /// A change of a secret whose old value was not verified before.
    ChangedWithoutVerifying = ("changed_without_verifying", Error, "card.md §4.5");
    /// The query of a counter with a length byte.
    CounterQueryWithLength = ("counter_query_with_length", Warning, "card.md §4.3");
    /// The session ends with a secret still verified.
    LeftUnlocked = ("left_unlocked", Error, "card.md §1.6");
    /// The session ends inside an application.
    NotLeftAtTheIsd = ("not_left_at_the_isd", Notice, "card.md §1.6");
    /// The file of the individual number, or its picture, was selected or read.
    IndividualNumberTouched = ("individual_number_touched", Error, "card.md §6.2");
    /// The individual number was presented as 照合番号A.
    IndividualNumberPresented = ("individual_number_presented", Error, "card.md §4.1");
    /// The recording holds a secret.
    SecretNotMasked = ("secret_not_masked", Error, "desktop.md §2");
    /// The recording holds personal data of somebody who may be real.
    PersonalDataNotMasked = ("personal_data_not_masked", Error, "desktop.md §2");
    /// A read that begins behind the end of the file, or of the object in it.
    ReadPastTheEnd = ("read_past_the_end", Warning, "card.md §1.5");
    /// Bytes of a file were read a second time.
    BytesReadTwice = ("bytes_read_twice", Warning, "card.md §11");
    /// READ BINARY with extended lengths after that form had been refused.
    ExtendedReadAfterRefusal = ("extended_read_after_refusal", Warning, "card.md §1.5");
    /// The same command was sent twice in a row, and answered well both times.
    CommandSentTwice = ("command_sent_twice", Warning, "card.md §4.2");
    /// `6Cxx` was answered by a length that gave `6Cxx` again.
    LengthCorrectedAgain = ("length_corrected_again", Warning, "card.md §1.5");
    /// `61xx` announced data that were not fetched.
    ResponseNotFetched = ("response_not_fetched", Warning, "card.md §1.5");
    /// A command that belongs to the issuer.
    IssuerCommandSent = ("issuer_command_sent", Error, "card.md §2.5");
    /// The iPhone's marker was sent to a plastic card.
    PhoneCommandToCard = ("phone_command_to_card", Warning, "card.md §9");
    /// An application was selected by the beginning of its name.
    ShortenedName = ("shortened_name", Notice, "card.md §2");
    /// A logical channel other than 0.
    OtherChannel = ("other_channel", Warning, "card.md §1.5");
    /// A command in several parts.
    CommandChained = ("command_chained", Warning, "card.md §1.5");
    /// Secure messaging outside the one application that knows it, or in a form that this one refuses.
    SecuredMessageRefused = ("secured_message_refused", Warning, "card.md §6.6");
}
