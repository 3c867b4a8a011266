//! GeneralName (RFC 5280 §4.2.1.6) and the names of distribution points.

use super::name::Name;
use super::object_identifier::Oid;
use super::strict_der::{self, DerError, OBJECT_IDENTIFIER, Reader, SEQUENCE, constructed, primitive};
use std::borrow::Cow;
use std::fmt;

/// A name in one of its many forms. `Debug` tells the form only: alternative names may name a person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralName {
    /// A directoryName.
    Directory(Name),
    /// A dNSName.
    Dns(String),
    /// An iPAddress: 4 or 16 octets, twice that in name constraints.
    IpAddress(Vec<u8>),
    /// An otherName: its type, and the DER inside the `[0]`.
    Other(Oid, Vec<u8>),
    /// A registeredID.
    RegisteredId(Oid),
    /// An rfc822Name.
    Rfc822(String),
    /// A uniformResourceIdentifier.
    Uri(String),
    /// A form nobody here reads (x400Address, ediPartyName), by its tag number and content.
    Unsupported(u8, Vec<u8>),
}

impl GeneralName {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, DerError> {
        let element = reader.element()?;
        let text = |content: &[u8]| {
            let text = std::str::from_utf8(content).ok().filter(|text| text.is_ascii());
            text.map(str::to_owned).ok_or(DerError::Value("IA5String"))
        };
        match element.tag {
            0xA0 => {
                let mut inner = Reader::new(element.content);
                let kind = Oid::from_content(inner.expect(OBJECT_IDENTIFIER)?)?;
                // EXPLICIT: exactly one element, of whatever type.
                let value = inner.expect(constructed(0))?;
                let mut element = Reader::new(value);
                element.any()?;
                element.finish()?;
                inner.finish()?;
                Ok(Self::Other(kind, value.to_vec()))
            }
            0x81 => text(element.content).map(Self::Rfc822),
            0x82 => text(element.content).map(Self::Dns),
            0xA4 => Name::from_der(element.content).map(Self::Directory),
            0x86 => text(element.content).map(Self::Uri),
            0x87 => Ok(Self::IpAddress(element.content.to_vec())),
            0x88 => Oid::from_content(element.content).map(Self::RegisteredId),
            0xA3 | 0xA5 => {
                strict_der::check(element.content)?;
                Ok(Self::Unsupported(element.tag & 0x1F, element.content.to_vec()))
            }
            found => Err(DerError::Tag { expected: constructed(4), found }),
        }
    }

    /// The content of GeneralNames: at least one.
    pub(crate) fn read_all(content: &[u8]) -> Result<Vec<Self>, DerError> {
        let mut reader = Reader::new(content);
        // Six describe a holder; everywhere else there is one.
        let mut names = Vec::with_capacity(if content.len() > 128 { 6 } else { 1 });
        while !reader.is_empty() {
            names.push(Self::read(&mut reader)?);
        }
        if names.is_empty() { Err(DerError::Value("GeneralNames")) } else { Ok(names) }
    }
}

impl fmt::Debug for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(_) => f.write_str("Directory(redacted)"),
            Self::Dns(name) => write!(f, "Dns({name:?})"),
            Self::IpAddress(_) => f.write_str("IpAddress(redacted)"),
            Self::Other(kind, _) => write!(f, "Other({kind}, redacted)"),
            Self::RegisteredId(id) => write!(f, "RegisteredId({id})"),
            Self::Rfc822(_) => f.write_str("Rfc822(redacted)"),
            Self::Uri(uri) => write!(f, "Uri({uri:?})"),
            Self::Unsupported(tag, _) => write!(f, "Unsupported({tag})"),
        }
    }
}

/// Where a distribution point is (DistributionPointName, RFC 5280 §4.2.1.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistributionPointName {
    /// Whole names, any of which will do. JPKI has one directoryName, one point per municipality.
    Full(Vec<GeneralName>),
    /// An RDN below the name of the issuer of the list: content of its SET.
    RelativeToIssuer(Vec<u8>),
}

impl DistributionPointName {
    /// The content of the `[0]` that holds a DistributionPointName.
    pub(crate) fn read(content: &[u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(content);
        let element = reader.element()?;
        reader.finish()?;
        match element.tag {
            0xA0 => GeneralName::read_all(element.content).map(Self::Full),
            0xA1 => {
                Name::check_relative(element.content)?;
                Ok(Self::RelativeToIssuer(element.content.to_vec()))
            }
            found => Err(DerError::Tag { expected: constructed(0), found }),
        }
    }

    /// The names it stands for, for a list issued by `issuer`.
    ///
    /// # Errors
    /// [`DerError`] when a relative name is malformed.
    pub fn resolve(&self, issuer: &Name) -> Result<Cow<'_, [GeneralName]>, DerError> {
        match self {
            Self::Full(names) => Ok(Cow::Borrowed(names)),
            Self::RelativeToIssuer(rdn) => Ok(vec![GeneralName::Directory(issuer.with_relative(rdn)?)].into()),
        }
    }
}

/// One entry of cRLDistributionPoints (RFC 5280 §4.2.1.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Where the list is.
    pub name: Option<DistributionPointName>,
    /// Which reasons it covers, as the bits of ReasonFlags; all when absent.
    pub reasons: Option<u16>,
    /// Who signs it, when that is not the issuer of the certificate.
    pub crl_issuer: Vec<GeneralName>,
}

impl DistributionPoint {
    /// The content of CRLDistributionPoints.
    pub(crate) fn read_all(value: &[u8]) -> Result<Vec<Self>, DerError> {
        let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
        let mut points = Vec::new();
        while !reader.is_empty() {
            let mut point = reader.nested(SEQUENCE)?;
            let name = point.optional(constructed(0))?.map(DistributionPointName::read).transpose()?;
            let reasons = point.optional(primitive(1))?.map(strict_der::named_bits).transpose()?;
            let crl_issuer =
                point.optional(constructed(2))?.map(GeneralName::read_all).transpose()?.unwrap_or_default();
            point.finish()?;
            // RFC 5280 §4.2.1.13: reasons alone are no place.
            if name.is_none() && crl_issuer.is_empty() {
                return Err(DerError::Value("CRLDistributionPoints"));
            }
            points.push(Self { name, reasons, crl_issuer });
        }
        if points.is_empty() { Err(DerError::Value("CRLDistributionPoints")) } else { Ok(points) }
    }
}
