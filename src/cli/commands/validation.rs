//! What `certificate verify` and `verify` share: anchors, intermediates and revocation material from files.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use honnin::anchors::AnchorSet;
use honnin::certificate::{Certificate, Oid};
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::{
    Crl, Materials, OcspResponse, Parameters, PolicyParameters, Profile, Reverification, RevocationRule,
    RevocationStatus, StandingAtSigning, Validation, public_meaning, reverify, verify,
};
use honnin::verdict::{CheckId, Conclusion};

use super::certificate::{certificates_in, not_a_certificate};
use super::sources::Sources;
use crate::cli::arguments::{AnchorSet as AnchorName, ProfileName, RevocationMode, ValidationArguments};
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;

/// Everything beside the certificate itself, loaded.
pub(crate) struct Surroundings {
    anchors: AnchorSet,
    intermediates: Vec<Certificate>,
    crls: Vec<Crl>,
    ocsp: Vec<OcspResponse>,
    profile: Option<Profile>,
    rule: RevocationRule,
    policies: PolicyParameters,
    sources: Option<Sources>,
}

impl Surroundings {
    /// Reads every file that the options name; a file that is not what it should be ends the run.
    pub(crate) fn load(arguments: &ValidationArguments) -> Result<Self, CliError> {
        let anchors = anchors(arguments.anchors, &arguments.own_anchors)?;
        let oids: Vec<Oid> = arguments.policies.iter().copied().map(Oid::from).collect();
        let mut policies = PolicyParameters::default();
        policies.acceptable = (!oids.is_empty()).then_some(oids);
        policies.require_explicit = arguments.require_explicit_policy;
        policies.inhibit_any_policy = arguments.inhibit_any_policy;
        policies.inhibit_mapping = arguments.inhibit_policy_mapping;
        Ok(Self {
            anchors,
            intermediates: all(&arguments.intermediates, certificates_in)?,
            crls: all(&arguments.crls, crls_in)?,
            ocsp: all(&arguments.ocsp_responses, |path| ocsp_in(path).map(|response| vec![response]))?,
            profile: arguments.profile.map(|name| match name {
                ProfileName::AccreditedCaSignature => Profile::AccreditedCaSignature,
                ProfileName::Rfc5280 => Profile::Rfc5280,
                ProfileName::JpkiDigitalSignature => Profile::JpkiDigitalSignature,
                ProfileName::JpkiUserAuthentication => Profile::JpkiUserAuthentication,
            }),
            rule: match arguments.revocation {
                RevocationMode::Require => RevocationRule::Require,
                RevocationMode::IfPresent => RevocationRule::IfPresent,
                RevocationMode::Skip => RevocationRule::Skip,
            },
            policies,
            sources: arguments.revocation_sources.as_deref().map(|file| Sources::load(file, arguments)).transpose()?,
        })
    }

    /// The profile that was asked for.
    pub(crate) fn profile(&self) -> Option<Profile> {
        self.profile
    }

    /// Judges a certificate as of `at`.
    pub(crate) fn verify(&self, leaf: &Certificate, at: UnixTime) -> Validation {
        self.judge(leaf, at, |materials, parameters| verify(leaf, materials, parameters))
    }

    /// Judges it as of `at` and as of the instant at which it is said to have signed.
    pub(crate) fn reverify(&self, leaf: &Certificate, at: UnixTime, signed_at: UnixTime) -> Reverification {
        self.judge(leaf, at, |materials, parameters| reverify(leaf, materials, parameters, signed_at))
    }

    /// `judgement` with the materials of the command line, and with what the sources bring where that leaves open whether
    /// the certificate is revoked.
    fn judge<T>(
        &self,
        leaf: &Certificate,
        at: UnixTime,
        judgement: impl Fn(&Materials<'_>, &Parameters<'_>) -> T,
    ) -> T {
        let mut parameters = Parameters::new(at, &self.anchors).with_revocation(self.rule);
        parameters.profile = self.profile;
        parameters.policies = self.policies.clone();
        let materials = Materials {
            intermediates: &self.intermediates,
            crls: &self.crls,
            ocsp: &self.ocsp,
            ..Materials::default()
        };
        if let Some(sources) = self.sources.as_ref().filter(|_| self.rule != RevocationRule::Skip) {
            let first = verify(leaf, &materials, &parameters);
            let open = matches!(first.revocation, RevocationStatus::Undetermined(_) | RevocationStatus::NotChecked);
            // Nobody is asked about a certificate that does not hold, or whose status is known from files.
            if let Some(path) = first.path.filter(|_| open) {
                let retrieved = sources.retrieve(&path, &self.intermediates, at);
                let crls = [self.crls.as_slice(), &retrieved.crls].concat();
                let ocsp = [self.ocsp.as_slice(), &retrieved.ocsp].concat();
                return judgement(&Materials { crls: &crls, ocsp: &ocsp, ..materials }, &parameters);
            }
        }
        judgement(&materials, &parameters)
    }

    /// Adds how the sources fared, where some were configured.
    pub(crate) fn tell_of_sources(&self, report: &mut Report) {
        if let Some(sources) = &self.sources {
            sources.tell(report);
        }
    }

    /// The same surroundings with more certificates that may stand in between.
    pub(crate) fn with_intermediates(mut self, more: impl IntoIterator<Item = Certificate>) -> Self {
        self.intermediates.extend(more);
        self
    }
}

/// The built-in anchors of this name, with the caller's own.
pub(crate) fn anchors(name: AnchorName, own: &[PathBuf]) -> Result<AnchorSet, CliError> {
    let mut anchors = match name {
        AnchorName::Jpki => AnchorSet::jpki(),
        AnchorName::JpkiTest => AnchorSet::jpki_test(),
        AnchorName::None => AnchorSet::none(),
    };
    for file in own {
        for certificate in certificates_in(file)? {
            // Everything rests on it: two readers have to find the same.
            certificate.second_reading().map_err(|error| not_a_certificate(file, &error))?;
            anchors = anchors.with_certificate(certificate, None);
        }
    }
    Ok(anchors)
}

fn all<T>(paths: &[PathBuf], read: impl Fn(&Path) -> Result<Vec<T>, CliError>) -> Result<Vec<T>, CliError> {
    let lists: Result<Vec<_>, _> = paths.iter().map(|path| read(path)).collect();
    Ok(lists?.into_iter().flatten().collect())
}

pub(crate) fn crls_in(path: &Path) -> Result<Vec<Crl>, CliError> {
    let bytes = files::read(path)?;
    // Lists may be large: DER is read where it lies.
    let lists = match bytes.first() {
        Some(0x30) => Crl::from_owned_der(bytes).map(|list| vec![list]),
        _ => Crl::from_der_or_pem(&bytes),
    };
    lists.map_err(|error| {
        let arguments = [("file", path.display().to_string().into()), ("words", error.to_string().into())];
        CliError::new(error.reason()).because("cause-crl", &arguments)
    })
}

fn ocsp_in(path: &Path) -> Result<OcspResponse, CliError> {
    let bytes = files::read(path)?;
    OcspResponse::from_der(&bytes).map_err(|error| {
        let arguments = [("file", path.display().to_string().into()), ("words", error.to_string().into())];
        CliError::new(error.reason()).because("cause-ocsp", &arguments)
    })
}

/// What is known of revocation, for machines.
pub(crate) fn revocation_json(status: &RevocationStatus) -> Value {
    match status {
        RevocationStatus::Good(currency) => json!({
            "status": "good", "source": currency.source,
            "this_update": currency.this_update, "next_update": currency.next_update,
        }),
        RevocationStatus::Revoked { at, reason, .. } => json!({
            "status": "revoked", "at": at, "reason": reason.map(|reason| reason.as_str()),
            "meaning": public_meaning(*reason).as_str(),
        }),
        RevocationStatus::Undetermined(gap) => json!({ "status": "undetermined", "why": gap.as_str() }),
        RevocationStatus::NotChecked => json!({ "status": "not_checked" }),
    }
}

/// How a certificate stood when it is said to have signed, for machines.
pub(crate) fn at_signing_json(reverification: &Reverification) -> Value {
    let mut members = json!({
        "instant": reverification.signed_at,
        // The signer's own word; a time-stamp would be somebody else's.
        "claimed_by": "signer",
        "standing": reverification.standing.as_str(),
        "checks": reverification.then.verdict.checks(),
    });
    match reverification.standing {
        StandingAtSigning::RevokedBefore { at, reason } | StandingAtSigning::RevokedAfter { at, reason } => {
            members["revoked_at"] = json!(at);
            members["reason"] = json!(reason.map(|reason| reason.as_str()));
            members["meaning"] = public_meaning(reason).as_str().into();
        }
        StandingAtSigning::Undetermined(gap) => members["why"] = gap.as_str().into(),
        StandingAtSigning::Good | StandingAtSigning::NotChecked => {}
    }
    members
}

/// Says what would help where revocation is open: waiting brings no list that was not given.
pub(crate) fn advise(report: &mut Report) {
    let Some(verdict) = &report.verdict else { return };
    if verdict.conclusion() != Conclusion::Undetermined(Reason::ValidityUnavailable) {
        return;
    }
    let detail = verdict.check(CheckId::Revocation).and_then(|check| check.fact("why"));
    let key = match detail.as_ref().and_then(Value::as_str) {
        Some("no_source") => "hint-give-a-list",
        Some("other_issuer" | "other_scope" | "other_certificate") => "hint-another-list",
        _ => return,
    };
    report.problem = Report::from(CliError::new(Reason::ValidityUnavailable).hinting(key, &[])).problem;
}
