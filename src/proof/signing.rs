//! Signing in two steps, because the key is on a card: a digest goes out, a signature comes back (style.md §4).

use super::algorithm;
use super::attributes::write_attributes;
use super::error::ProofError;
use super::signed_statement::MAXIMUM_BYTES;
use super::signer_certificate::SignerCertificate;
use super::structure::{ContentInfo, EncapsulatedContentInfo, SetOfAny, SignedData, SignerInfo, any, read, write};
use crate::crypto::{self, DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm};
use crate::secret::Personal;
use crate::time::UnixTime;
use const_oid::db::rfc5911 as oid;
use der::asn1::OctetStringRef;

/// Where the content of a signed statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Inside the CMS structure.
    Attached,
    /// In a file of its own; the structure holds its digest only.
    Detached,
}

/// Content that waits for its signature.
#[derive(Clone, Debug)]
pub struct SigningRequest {
    content: Personal<Option<Vec<u8>>>,
    certificate: Personal<Vec<u8>>,
    public_key: Personal<Vec<u8>>,
    attributes: Personal<Vec<u8>>,
    algorithm: SignatureAlgorithm,
}

impl SigningRequest {
    /// Prepares a signature over `content` by the key of `certificate_der`. The signed attributes are contentType,
    /// messageDigest, signing-certificate-v2 and, where an instant is given, signingTime: the signer's word, no proof of time.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] for what is no certificate; [`ProofError::AlgorithmNotAllowed`] and
    /// [`ProofError::KeyTooWeak`] for its key; [`ProofError::TooLarge`] for more than [`MAXIMUM_BYTES`] attached;
    /// [`ProofError::Field`] for a signing time that CMS cannot write.
    pub fn new(
        content: &[u8],
        certificate_der: &[u8],
        placement: Placement,
        signing_time: Option<UnixTime>,
    ) -> Result<Self, ProofError> {
        if placement == Placement::Attached && content.len() > MAXIMUM_BYTES {
            return Err(ProofError::TooLarge { what: "attached content", limit: MAXIMUM_BYTES });
        }
        let certificate = SignerCertificate::read(certificate_der)?;
        let public_key = certificate.public_key()?;
        let kind = KeyKind::of(&public_key)?;
        kind.require_strength()?;
        let algorithm = algorithm::of_key(kind);
        let attributes = write_attributes(&algorithm.digest.digest(content), &certificate, signing_time)?;
        Ok(Self {
            content: Personal::new((placement == Placement::Attached).then(|| content.to_vec())),
            certificate: Personal::new(certificate_der.to_vec()),
            public_key: Personal::new(public_key),
            attributes: Personal::new(attributes),
            algorithm,
        })
    }

    /// The algorithm the key signs with.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The digest to be signed, of the signed attributes.
    pub fn digest(&self) -> Vec<u8> {
        self.algorithm.digest.digest(self.attributes.reveal())
    }

    /// The digest with its algorithm before it, as an RSA key on a card wants it (card.md §5.1, RFC 8017 §9.2 note 1): for
    /// SHA-256 51 bytes.
    pub fn digest_info(&self) -> Vec<u8> {
        let prefix: [u8; 19] = match self.algorithm.digest {
            DigestAlgorithm::Sha256 => *b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
            DigestAlgorithm::Sha384 => *b"\x30\x41\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
            DigestAlgorithm::Sha512 => *b"\x30\x51\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
        };
        [&prefix[..], &self.digest()].concat()
    }

    /// What a card is given to sign. For an RSA key [`SigningRequest::digest_info`]. For a key on an elliptic curve the bare
    /// digest, which is our guess: no card with one is there yet, and its interface is not public (card.md §9). Its answer
    /// is taken as a DER ECDSA-Sig-Value, what CMS holds.
    pub fn card_input(&self) -> Vec<u8> {
        match self.algorithm.scheme {
            Scheme::RsaPkcs1 => self.digest_info(),
            Scheme::Ecdsa => self.digest(),
        }
    }

    /// Checks the signature against the certificate's key and writes the CMS SignedData, DER.
    ///
    /// # Errors
    /// [`ProofError::Mismatch`] when this key did not sign this digest: nothing comes out that nobody could verify.
    pub fn attach(&self, signature: &[u8]) -> Result<Vec<u8>, ProofError> {
        const WHAT: &str = "signed data";
        let malformed = |_| ProofError::Malformed { what: WHAT };
        crypto::verify(self.public_key.reveal(), self.algorithm, self.attributes.reveal(), signature)?;
        let certificate = SignerCertificate::read(self.certificate.reveal())?;
        let identifier = write(&certificate.issuer_and_serial_number(), WHAT)?;
        let digest_algorithm = algorithm::digest_identifier(self.algorithm.digest);
        let signer = SignerInfo {
            version: 1, // by issuer and serial number, RFC 5652 §5.3
            identifier: any(&identifier, WHAT)?,
            digest_algorithm,
            signed_attributes: Some(read(self.attributes.reveal(), WHAT)?),
            signature_algorithm: algorithm::identifier(self.algorithm),
            signature: OctetStringRef::new(signature).map_err(malformed)?,
            unsigned_attributes: None,
        };
        let signer = write(&signer, WHAT)?;
        let digest_algorithm = write(&digest_algorithm, WHAT)?;
        let content = self.content.reveal().as_deref().map(OctetStringRef::new).transpose().map_err(malformed)?;
        let data = SignedData {
            version: 1, // id-data, plain certificates, signers of version 1, RFC 5652 §5.1
            digest_algorithms: SetOfAny::sorted(vec![any(&digest_algorithm, WHAT)?]),
            encapsulated: EncapsulatedContentInfo { content_type: oid::ID_DATA, content },
            certificates: Some(SetOfAny::sorted(vec![any(certificate.der, WHAT)?])),
            revocation_values: None,
            signer_infos: SetOfAny::sorted(vec![any(&signer, WHAT)?]),
        };
        write(&ContentInfo { content_type: oid::ID_SIGNED_DATA, content: data }, WHAT)
    }
}
