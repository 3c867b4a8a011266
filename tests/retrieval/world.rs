//! A CA, its leaves and its lists, made by OpenSSL: nothing here shares code with what is tested.

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::retrieval::{Cache, Configuration, HttpSource, MemoryCache, Retrieved, Retriever, TlsRoots};
use honnin::time::UnixTime;
use honnin::validation::{Materials, Parameters, Profile, RevocationQuery, Validation, verify};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

pub(crate) fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

pub(crate) fn now() -> UnixTime {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    UnixTime::from_seconds(i64::try_from(seconds).unwrap())
}

/// A CA, another one of the same name, three leaves that point to a list by the name of a municipality, and one of another.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

const CONFIGURATION: &str = "
[ca]
default_ca = authority
[authority]
database = index.txt
crlnumber = number.txt
default_md = sha256
default_crl_days = 1
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope
[scope]
fullname = dirName:municipality
[elsewhere]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope_elsewhere
[scope_elsewhere]
fullname = dirName:municipality_elsewhere
[some_reasons]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope_some_reasons
[scope_some_reasons]
fullname = dirName:municipality
onlysomereasons = keyCompromise
[authorities]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope_authorities
[scope_authorities]
onlyCA = TRUE
[attributes]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope_attributes
[scope_attributes]
onlyAA = TRUE
[holders]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope_holders
[scope_holders]
onlyuser = TRUE
[indirect]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope_indirect
[scope_indirect]
indirectCRL = TRUE
[changes]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@scope
2.5.29.27 = critical,DER:020101
[leaf]
keyUsage = critical,digitalSignature
authorityKeyIdentifier = keyid
crlDistributionPoints = point
[point]
fullname = dirName:municipality
[municipality]
1.C = JP
2.O = TEST
3.OU = Tokyo-to
4.CN = Kiyose-shi CRLDP
[leaf_elsewhere]
keyUsage = critical,digitalSignature
authorityKeyIdentifier = keyid
crlDistributionPoints = point_elsewhere
[point_elsewhere]
fullname = dirName:municipality_elsewhere
[municipality_elsewhere]
1.C = JP
2.O = TEST
3.OU = Tokyo-to
4.CN = Higashimurayama-shi CRLDP
";

/// The distribution point of every leaf, as an operator would write it.
pub(crate) const POINT: &str = "C=JP, O=TEST, OU=Tokyo-to, CN=Kiyose-shi CRLDP";

impl World {
    pub(crate) fn new() -> Option<Self> {
        let works = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
        if !works.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("CI").is_none(), "openssl is missing");
            eprintln!("SKIPPED retrieval: openssl is missing");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        std::fs::write(here.join("ca.cnf"), CONFIGURATION).unwrap();
        for ca in ["ca", "other"] {
            openssl(
                here,
                &format!(
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {ca}.key -out {ca}.pem \
                     -days 30 -subj /C=JP/O=TEST/CN=lists -addext keyUsage=critical,keyCertSign,cRLSign"
                ),
            );
        }
        for (name, serial, section) in [
            ("good", "11", "leaf"),
            ("revoked", "12", "leaf"),
            ("unknown", "13", "leaf"),
            ("away", "14", "leaf_elsewhere"),
        ] {
            openssl(
                here,
                &format!(
                    "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr \
                     -subj /C=JP/O=TEST/CN={name}"
                ),
            );
            openssl(
                here,
                &format!(
                    "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial 0x{serial} -days 20 -sha256 \
                     -extfile ca.cnf -extensions {section} -out {name}.pem"
                ),
            );
        }
        std::fs::write(
            here.join("index.txt"),
            "V\t491231235959Z\t\t11\tunknown\t/CN=good\n\
             R\t491231235959Z\t200102030405Z,affiliationChanged\t12\tunknown\t/CN=revoked\n",
        )
        .unwrap();
        Some(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        let pem = std::fs::read(self.folder().join(format!("{name}.pem"))).unwrap();
        Certificate::from_der_or_pem(&pem).unwrap().remove(0)
    }

    /// A list of a CA, DER, with this number and these dates (YYYYMMDDHHMMSSZ) or the next 24 hours.
    pub(crate) fn list(&self, ca: &str, number: u32, dates: Option<(&str, &str)>) -> Vec<u8> {
        self.list_of("list", ca, number, dates)
    }

    /// The same with the extensions of another section: `elsewhere`, `some_reasons`, `changes` (since list 1), …
    pub(crate) fn list_of(&self, section: &str, ca: &str, number: u32, dates: Option<(&str, &str)>) -> Vec<u8> {
        std::fs::write(self.folder().join("number.txt"), format!("{number:04X}\n")).unwrap();
        let dates =
            dates.map_or(String::new(), |(last, next)| format!(" -crl_lastupdate {last} -crl_nextupdate {next}"));
        openssl(
            self.folder(),
            &format!(
                "ca -gencrl -batch -config ca.cnf -cert {ca}.pem -keyfile {ca}.key{dates} \
                 -crlexts {section} -out {ca}.crl.pem"
            ),
        );
        openssl(self.folder(), &format!("crl -in {ca}.crl.pem -outform DER -out {ca}.crl"));
        std::fs::read(self.folder().join(format!("{ca}.crl"))).unwrap()
    }

    /// One that asks as `configuration` says, with nothing kept.
    pub(crate) fn retriever(&self, configuration: &str) -> Retriever {
        self.retriever_with(configuration, Box::<MemoryCache>::default())
    }

    pub(crate) fn retriever_with(&self, configuration: &str, cache: Box<dyn Cache>) -> Retriever {
        let text = format!("format = 1\n{configuration}");
        let configuration = Configuration::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        Retriever::new(configuration, cache).with_source(Box::new(HttpSource::new(TlsRoots::System)))
    }

    pub(crate) fn retrieve(&self, retriever: &Retriever, leaf: &str, now: UnixTime) -> Retrieved {
        let (leaf, ca) = (self.certificate(leaf), self.certificate("ca"));
        retriever.retrieve(&RevocationQuery::of(&leaf, &ca, now), &[], now)
    }

    /// The whole judgement on a leaf with what was brought.
    pub(crate) fn judge(&self, leaf: &str, retrieved: &Retrieved, at: UnixTime) -> Validation {
        let anchors = AnchorSet::none().with_certificate(self.certificate("ca"), None);
        let materials = Materials { crls: &retrieved.crls, ocsp: &retrieved.ocsp, ..Materials::default() };
        let parameters = Parameters::new(at, &anchors).with_profile(Profile::Rfc5280);
        verify(&self.certificate(leaf), &materials, &parameters)
    }
}

impl World {
    /// From now on lists name the leaf `good` as revoked at this instant.
    pub(crate) fn revoke_good_at(&self, at: UnixTime, reason: &str) {
        let line = format!("R\t491231235959Z\t{},{reason}\t11\tunknown\t/CN=good\n", &compact(at)[2..]);
        std::fs::write(self.folder().join("index.txt"), line).unwrap();
    }

    /// A list of the CA that was made at one instant and ends at another.
    pub(crate) fn list_between(&self, number: u32, from: UnixTime, to: UnixTime) -> Vec<u8> {
        self.list("ca", number, Some((&compact(from), &compact(to))))
    }

    /// The same, of what has changed since list 1 only.
    pub(crate) fn changes_between(&self, number: u32, from: UnixTime, to: UnixTime) -> Vec<u8> {
        self.list_of("changes", "ca", number, Some((&compact(from), &compact(to))))
    }
}

/// YYYYMMDDhhmmssZ
fn compact(at: UnixTime) -> String {
    at.to_string().replace(['-', ':', 'T'], "")
}
