//! A CMS SignedData as it came: read, bounded, and not yet believed.

use super::algorithm;
use super::attributes::SignedAttributes;
use super::error::ProofError;
use super::signer_certificate::{Identifier, SignerCertificate};
use super::structure::{Attribute, ContentInfo, SIGNATURE_TIME_STAMP, SetOfAny, SignedData, SignerInfo, read, write};
use crate::crypto::SignatureAlgorithm;
use crate::secret::Personal;
use crate::time::UnixTime;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911 as oid;
use der::asn1::AnyRef;
use der::{Tag, Tagged as _};
use spki::AlgorithmIdentifierRef;

/// Longest signed statement that is read, and longest content that is attached, in bytes.
pub const MAXIMUM_BYTES: usize = 64 * 1024 * 1024;

/// Most signers of one statement.
pub const MAXIMUM_SIGNERS: usize = 16;

/// A CMS SignedData (RFC 5652 §5) that was read but not verified.
#[derive(Clone, Debug)]
pub struct SignedStatement {
    content: Option<Personal<Vec<u8>>>,
    certificates: Vec<Personal<Vec<u8>>>,
    signers: Vec<Signer>,
    revocation_lists: Vec<Vec<u8>>,
    pub(super) content_type: ObjectIdentifier,
}

/// One signer of a [`SignedStatement`], not verified. All it says is the claim of whoever wrote the bytes.
#[derive(Clone, Debug)]
pub struct Signer {
    pub(super) algorithm: Result<SignatureAlgorithm, ProofError>,
    pub(super) certificate: Result<SignerKey, ProofError>,
    pub(super) attributes: Option<Attributes>,
    pub(super) signature: Personal<Vec<u8>>,
    time_stamps: Vec<Vec<u8>>,
}

/// A signer's certificate, found and bound, with its key as SubjectPublicKeyInfo.
#[derive(Clone, Debug)]
pub(super) struct SignerKey {
    pub(super) certificate: Personal<Vec<u8>>,
    pub(super) public_key: Personal<Vec<u8>>,
}

/// The signed attributes of a signer.
#[derive(Clone, Debug)]
pub(super) struct Attributes {
    pub(super) message: Personal<Vec<u8>>,
    pub(super) content_type: ObjectIdentifier,
    pub(super) message_digest: Personal<Vec<u8>>,
    pub(super) signing_time: Option<UnixTime>,
    pub(super) names_certificate: bool,
}

impl SignedStatement {
    /// Reads a DER CMS SignedData with 1 to [`MAXIMUM_SIGNERS`] signers. BER with indefinite lengths is refused, and so is
    /// whatever no field of RFC 5652 accounts for.
    ///
    /// A signer whose algorithm is refused, or whose certificate is not there, is reported by its own methods and by
    /// [`SignedStatement::verify`], so that one bad signer does not hide the others.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] and [`ProofError::TooLarge`].
    pub fn parse(der: &[u8]) -> Result<Self, ProofError> {
        // A little more than the content, for everything around it.
        if der.len() > MAXIMUM_BYTES.saturating_add(1024 * 1024) {
            return Err(ProofError::TooLarge { what: "signed statement", limit: MAXIMUM_BYTES });
        }
        let info: ContentInfo<'_> = read(der, "CMS SignedData")?;
        if info.content_type != oid::ID_SIGNED_DATA {
            return Err(ProofError::Malformed { what: "CMS content type" });
        }
        let data = info.content;
        if data.signer_infos.len() > MAXIMUM_SIGNERS {
            return Err(ProofError::TooLarge { what: "signers", limit: MAXIMUM_SIGNERS });
        }
        let certificates = plain_certificates(&data)?;
        let readable: Vec<_> = certificates.iter().map(|der| SignerCertificate::read(der)).collect::<Result<_, _>>()?;
        let signer_infos: Vec<Vec<u8>> =
            data.signer_infos.iter().map(|signer| write(&signer, "signer")).collect::<Result<_, _>>()?;
        let signer_infos: Vec<SignerInfo<'_>> =
            signer_infos.iter().map(|signer| read(signer, "signer")).collect::<Result<_, _>>()?;
        if signer_infos.is_empty() {
            return Err(ProofError::Malformed { what: "CMS without signers" });
        }
        check_version(&data, &signer_infos)?;
        let signers =
            signer_infos.iter().map(|signer| Signer::read(signer, &data, &readable)).collect::<Result<_, _>>()?;
        Ok(Self {
            content: data.encapsulated.content.map(|content| Personal::new(content.as_bytes().to_vec())),
            content_type: data.encapsulated.content_type,
            signers,
            revocation_lists: revocation_lists(&data)?,
            certificates: certificates.into_iter().map(Personal::new).collect(),
        })
    }

    /// The content, where it is attached. Not verified.
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_ref().map(|content| content.reveal().as_slice())
    }

    /// The embedded X.509 certificates, DER, in the order in which they stand. None of them is an anchor.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(|certificate| certificate.reveal().as_slice())
    }

    /// The revocation lists that came along, DER. Nobody vouches for them here.
    pub fn revocation_lists(&self) -> impl Iterator<Item = &[u8]> {
        self.revocation_lists.iter().map(Vec::as_slice)
    }

    /// The signers, at least one.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }
}

impl Signer {
    fn read(
        signer: &SignerInfo<'_>,
        data: &SignedData<'_>,
        certificates: &[SignerCertificate<'_>],
    ) -> Result<Self, ProofError> {
        let identifier = Identifier::read(signer.identifier)?;
        if signer.version != identifier.version() {
            return Err(ProofError::Malformed { what: "version of a signer" });
        }
        // RFC 5652 §5.3 lets a verifier insist on this list; an unlisted digest would be a byte without meaning.
        let listed = data.digest_algorithms.iter().any(|algorithm| {
            algorithm.decode_as::<AlgorithmIdentifierRef<'_>>().is_ok_and(|it| it.oid == signer.digest_algorithm.oid)
        });
        if !listed {
            return Err(ProofError::Malformed { what: "list of digest algorithms" });
        }
        let attributes = signer.signed_attributes.as_ref().map(SignedAttributes::read).transpose()?;
        // RFC 5652 §5.3: without attributes nothing would say what kind of content was signed.
        if attributes.is_none() && data.encapsulated.content_type != oid::ID_DATA {
            return Err(ProofError::Malformed { what: "signed attributes" });
        }
        Ok(Self {
            algorithm: algorithm::of_signer(&signer.digest_algorithm, &signer.signature_algorithm),
            certificate: certificate_of(&identifier, attributes.as_ref(), certificates),
            attributes: attributes.map(|attributes| Attributes {
                content_type: attributes.content_type,
                message_digest: Personal::new(attributes.message_digest.to_vec()),
                signing_time: attributes.signing_time,
                names_certificate: attributes.names_certificate(),
                message: Personal::new(attributes.message),
            }),
            signature: Personal::new(signer.signature.as_bytes().to_vec()),
            time_stamps: time_stamps(signer)?,
        })
    }

    /// The signer's certificate, DER: named by issuer and serial number or by key identifier, and by
    /// signing-certificate-v2 where the signed attributes have it. Whether it is any good is the `validation` room's question.
    ///
    /// # Errors
    /// [`ProofError::SignerCertificateMissing`]; [`ProofError::Mismatch`] when the signed attributes name another one.
    pub fn certificate(&self) -> Result<&[u8], ProofError> {
        self.certificate.as_ref().map(|key| key.certificate.reveal().as_slice()).map_err(|error| *error)
    }

    /// The signature algorithm, judged before the signature is looked at (RSN-27).
    ///
    /// # Errors
    /// [`ProofError::AlgorithmNotAllowed`] for SHA-1, MD5 and everything else that is not accepted.
    pub fn algorithm(&self) -> Result<SignatureAlgorithm, ProofError> {
        self.algorithm
    }

    /// The signature value, not verified: what a time stamp is over.
    pub fn signature(&self) -> &[u8] {
        self.signature.reveal()
    }

    /// The time-stamp tokens over the signature value that came along (CAdES B-T), DER; see [`super::TimeStampToken`]. Not
    /// verified.
    pub fn time_stamps(&self) -> &[Vec<u8>] {
        &self.time_stamps
    }

    /// When the signer says he signed; no proof of time.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.attributes.as_ref().and_then(|attributes| attributes.signing_time)
    }
}

/// Values of the signature-time-stamp attribute; other unsigned attributes are passed over, and so is what is no attribute.
fn time_stamps(signer: &SignerInfo<'_>) -> Result<Vec<Vec<u8>>, ProofError> {
    let attributes = signer.unsigned_attributes.iter().flat_map(SetOfAny::iter);
    let attributes = attributes.filter_map(|attribute| attribute.decode_as::<Attribute<'_>>().ok());
    let stamps = attributes.filter(|attribute| attribute.kind == SIGNATURE_TIME_STAMP);
    stamps
        .flat_map(|attribute| attribute.values.iter().collect::<Vec<_>>())
        .map(|it| write(&it, "time stamp"))
        .collect()
}

/// The revocation values that are lists; others (RFC 5652 §10.2.1) are passed over.
fn revocation_lists(data: &SignedData<'_>) -> Result<Vec<Vec<u8>>, ProofError> {
    let values = data.revocation_values.iter().flat_map(SetOfAny::iter);
    values.filter(|it| it.tag() == Tag::Sequence).map(|it| write(&it, "revocation list")).collect()
}

/// The certificates of the set that are X.509; others (RFC 5652 §10.2.2) are passed over.
fn plain_certificates(data: &SignedData<'_>) -> Result<Vec<Vec<u8>>, ProofError> {
    let certificates = data.certificates.iter().flat_map(|set| set.iter());
    certificates.filter(|it| it.tag() == Tag::Sequence).map(|it| write(&it, "certificate")).collect()
}

fn certificate_of(
    identifier: &Identifier<'_>,
    attributes: Option<&SignedAttributes<'_>>,
    certificates: &[SignerCertificate<'_>],
) -> Result<SignerKey, ProofError> {
    let mut answer = Err(ProofError::SignerCertificateMissing);
    for certificate in certificates.iter().filter(|certificate| certificate.is_named_by(identifier)) {
        match attributes.map_or(Ok(()), |attributes| attributes.check_certificate(certificate)) {
            Err(error) => answer = answer.or(Err(error)),
            Ok(()) if answer.is_ok() => {
                return Err(ProofError::Malformed { what: "two certificates that one signer names" });
            }
            Ok(()) => {
                answer = Ok(SignerKey {
                    certificate: Personal::new(certificate.der.to_vec()),
                    public_key: Personal::new(certificate.public_key()?),
                });
            }
        }
    }
    answer
}

/// RFC 5652 §5.1: the version follows from what is inside.
fn check_version(data: &SignedData<'_>, signers: &[SignerInfo<'_>]) -> Result<(), ProofError> {
    let has = |set: &Option<SetOfAny<'_>>, wanted: u8| {
        set.iter().flat_map(|set| set.iter()).any(|element| context_number(element) == Some(wanted))
    };
    let by_key_identifier = signers.iter().any(|signer| signer.version == 3);
    let expected = if has(&data.certificates, 3) || has(&data.revocation_values, 1) {
        5
    } else if has(&data.certificates, 2) {
        4
    } else if has(&data.certificates, 1) || by_key_identifier || data.encapsulated.content_type != oid::ID_DATA {
        3
    } else {
        1
    };
    if data.version == expected { Ok(()) } else { Err(ProofError::Malformed { what: "version of the CMS" }) }
}

fn context_number(element: AnyRef<'_>) -> Option<u8> {
    if let Tag::ContextSpecific { number, .. } = element.tag() { Some(number.value()) } else { None }
}
