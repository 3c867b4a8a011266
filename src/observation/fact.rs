//! The facts by name, each with its section of card.md.

/// What a card said about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As card.md has it.
    Confirmed,
    /// Otherwise.
    Contradicted,
    /// The card says that it has not got what the fact is about, which some cards do not.
    Absent,
    /// It was asked, and the answer says neither yes nor no.
    NotSeen,
    /// It was not asked: this program does not, or there was nothing on this card to ask it of.
    NotTried,
}

/// A fact and what this card said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Which fact.
    pub fact: Fact,
    /// What the card said.
    pub outcome: Outcome,
    /// What it said exactly: a status word, a length, a count. Never content.
    pub saw: Option<String>,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $section:literal;)*) => {
        /// A statement of card.md that a card can confirm without any secret.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Fact {
            $($(#[$doc])* $name,)*
        }

        impl Fact {
            /// Every fact, in the order in which they are asked.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The fact's id.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)*
                }
            }

            /// The section of card.md that states it.
            pub const fn section(self) -> &'static str {
                match self {
                    $(Self::$name => $section,)*
                }
            }
        }
    };
}

facts! {
    /// The ATR is one on record.
    AtrOnRecord = "atr-on-record", "1.2";
    /// SELECT by name without FCI answers 9000 and no data.
    SelectWithoutFci = "select-without-fci", "2";
    /// SELECT by name with FCI answers `6F` and something; the bytes are not on record.
    SelectWithFci = "select-with-fci", "2";
    /// An unknown name is 6A82.
    UnknownNameRefused = "unknown-name-refused", "2";
    /// The four applications beside JPKI are there.
    FourOtherApplications = "four-other-applications", "2";
    /// SELECT MF inside an application is 9000.
    SelectMasterFile = "select-master-file", "2";
    /// The label of the plastic card.
    TokenLabel = "token-label", "3.3";
    /// Token information of 160 bytes, PKCS#11's limits in it.
    TokenInformation = "token-information", "3.3";
    /// EF 0008 says that both certificates are there.
    Availability = "availability", "3.4";
    /// READ BINARY takes short file identifiers.
    ShortIdentifiers = "short-identifiers", "1.5";
    /// Le 00 means 256.
    LeZeroIs256 = "le-zero-is-256", "1.5";
    /// Less than Le comes where the file ends.
    ShortRead = "short-read", "1.5";
    /// An offset past the end is 6B00.
    PastTheEnd = "past-the-end", "1.5";
    /// Extended lengths; not asked for here.
    ExtendedRead = "extended-read", "1.5";
    /// The authentication certificate is free.
    AuthenticationCertificateFree = "authentication-certificate-free", "3.1";
    /// FF follows the certificate in its file.
    Filler = "filler", "3.2";
    /// Its CA's certificate is free.
    CaCertificateFree = "ca-certificate-free", "3.1";
    /// The signing certificate asks for its password.
    SigningCertificateLocked = "signing-certificate-locked", "3.1";
    /// VERIFY without data tells the counter.
    CounterQuery = "counter-query", "4.3";
    /// On the selected file it tells the same.
    CounterQueryBySelection = "counter-query-by-selection", "4.3";
    /// Input support EF 0012 is blocked.
    BlockedReference = "blocked-reference", "4.1";
    /// Basic information of the input support application.
    InputSupportInformation = "input-support-information", "6.5";
    /// The basic four attributes ask for their PIN.
    AttributesLocked = "attributes-locked", "6.1";
    /// A card-verifiable certificate of 568 bytes.
    CardVerifiableCertificate = "card-verifiable-certificate", "6.4";
    /// Basic information of the surface application.
    SurfaceInformation = "surface-information", "7.3";
    /// The surface asks for 照合番号.
    SurfaceLocked = "surface-locked", "7.1";
    /// GET CHALLENGE gives as many random bytes as asked.
    Challenge = "challenge", "1.7";
    /// The issuer security domain can be selected.
    IssuerSecurityDomain = "issuer-security-domain", "2";
    /// It has card recognition data.
    CardRecognitionData = "card-recognition-data", "2.2";
    /// It has the contact ATR without `3B`.
    ContactAtr = "contact-atr", "2.2";
    /// Where it has not, an application does.
    ContactAtrInApplication = "contact-atr-in-application", "1.2";
    /// No answer was 61xx or 6Cxx.
    NoResponsesInParts = "no-responses-in-parts", "1.5";
}
