//! Arguments of `certificate …`, and the options of validation that `verify` shares.

use std::path::PathBuf;

use const_oid::ObjectIdentifier;

/// `certificate …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum CertificateCommand {
    Read(CertificateReadArguments),
    Show(CertificateShowArguments),
    Verify(CertificateVerifyArguments),
}

/// Which of the four certificates on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CertificateName {
    UserAuthentication,
    UserAuthenticationCa,
    DigitalSignature,
    DigitalSignatureCa,
}

/// How a certificate is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CertificateForm {
    #[default]
    Der,
    Pem,
}

/// `certificate read NAME [--out FILE] [--form der|pem]`
#[derive(Debug, clap::Args)]
pub(crate) struct CertificateReadArguments {
    #[arg(value_name = "CERTIFICATE")]
    pub(crate) certificate: CertificateName,
    // It carries name and address: not onto a terminal, not into a pipe by accident.
    #[arg(long, value_name = "FILE", required_if_eq("certificate", "digital-signature"))]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "FORM", default_value = "der")]
    pub(crate) form: CertificateForm,
}

/// `certificate show FILE`
#[derive(Debug, clap::Args)]
pub(crate) struct CertificateShowArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// `certificate verify FILE …`
#[derive(Debug, clap::Args)]
pub(crate) struct CertificateVerifyArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) validation: ValidationArguments,
}

/// The anchors that are compiled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AnchorSet {
    #[default]
    Jpki,
    JpkiTest,
    None,
}

/// The profile a certificate is held against; without one, the profile that fits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ProfileName {
    Rfc5280,
    JpkiDigitalSignature,
    JpkiUserAuthentication,
    AccreditedCaSignature,
}

/// What happens without an answer about revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RevocationMode {
    #[default]
    Require,
    IfPresent,
    Skip,
}

/// Options of `certificate verify` and `verify`; the instant is the global `--at`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ValidationArguments {
    #[arg(long = "intermediate", value_name = "FILE")]
    pub(crate) intermediates: Vec<PathBuf>,
    #[arg(long = "anchor", value_name = "FILE")]
    pub(crate) own_anchors: Vec<PathBuf>,
    #[arg(long, value_name = "SET", default_value = "jpki")]
    pub(crate) anchors: AnchorSet,
    #[arg(long = "crl", value_name = "FILE")]
    pub(crate) crls: Vec<PathBuf>,
    #[arg(long = "ocsp", value_name = "FILE")]
    pub(crate) ocsp_responses: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) revocation_sources: Option<PathBuf>,
    #[arg(long, value_name = "DIR", requires = "revocation_sources")]
    pub(crate) revocation_cache: Option<PathBuf>,
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<ProfileName>,
    #[arg(long, value_name = "MODE", default_value = "require")]
    pub(crate) revocation: RevocationMode,
    #[arg(long = "policy", value_name = "OID", value_parser = oid)]
    pub(crate) policies: Vec<ObjectIdentifier>,
    #[arg(long)]
    pub(crate) require_explicit_policy: bool,
    #[arg(long)]
    pub(crate) inhibit_any_policy: bool,
    #[arg(long)]
    pub(crate) inhibit_policy_mapping: bool,
}

fn oid(text: &str) -> Result<ObjectIdentifier, &'static str> {
    ObjectIdentifier::new(text).map_err(|_| "expected-object-identifier")
}
