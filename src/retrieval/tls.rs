//! Whom to believe on the other end of `https`.

use std::sync::Arc;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The certification authorities of a TLS connection. They have nothing to do with the anchors of certificates: what comes
/// over the connection is signed by itself.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum TlsRoots {
    /// Those of the operating system.
    #[default]
    System,
    /// These alone.
    Own(Arc<[Certificate<'static>]>),
}

/// No certificate could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no certificate in PEM form in it")]
pub struct TlsError;

impl TlsRoots {
    /// The certificates of a PEM text.
    ///
    /// # Errors
    /// [`TlsError`] when there is none, or one is malformed.
    pub fn from_pem(text: &[u8]) -> Result<Self, TlsError> {
        let mut roots = Vec::new();
        for item in parse_pem(text) {
            if let PemItem::Certificate(certificate) = item.map_err(|_| TlsError)? {
                roots.push(certificate);
            }
        }
        if roots.is_empty() { Err(TlsError) } else { Ok(Self::Own(roots.into())) }
    }

    /// `None` where there is nobody to believe.
    pub(super) fn configuration(&self) -> Option<TlsConfig> {
        let roots: Vec<Certificate<'static>> = match self {
            // What could not be read of a system's store is not believed; the rest is.
            Self::System => {
                let found = rustls_native_certs::load_native_certs().certs;
                found.iter().map(|one| Certificate::from_der(one.as_ref()).to_owned()).collect()
            }
            Self::Own(roots) => roots.to_vec(),
        };
        if roots.is_empty() {
            return None;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let configuration = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots));
        Some(configuration.unversioned_rustls_crypto_provider(provider).build())
    }
}
