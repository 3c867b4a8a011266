//! A revoked intermediate is gone around where another path leads to an anchor (RFC 5280 §6: a path, not the path).

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::{Crl, Materials, Parameters, Profile, Validation, verify};
use honnin::verdict::Conclusion;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// Two roots that certified the same authority, and what that authority issued.
struct World(tempfile::TempDir);

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

impl World {
    fn new() -> Option<Self> {
        let works = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
        if !works.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("CI").is_none(), "openssl is missing");
            eprintln!("SKIPPED detours: openssl is missing");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let authority = "keyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:TRUE\n";
        std::fs::write(
            here.join("ca.cnf"),
            format!(
                "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ndefault_md=sha256\ncrl_extensions=e\n\
                 [e]\nauthorityKeyIdentifier=keyid\n[authority]\n{authority}[leaf]\nkeyUsage=critical,digitalSignature\n"
            ),
        )
        .unwrap();
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        for root in ["one", "two"] {
            openssl(
                here,
                &format!(
                    "req -x509 {curve} -keyout {root}.key -out {root}.pem -days 30 -subj /O=TEST/CN={root} \
                     -addext keyUsage=critical,keyCertSign,cRLSign"
                ),
            );
        }
        openssl(here, &format!("req {curve} -keyout sub.key -out sub.csr -subj /O=TEST/CN=between"));
        openssl(here, &format!("req {curve} -keyout leaf.key -out leaf.csr -subj /O=TEST/CN=leaf"));
        for root in ["one", "two"] {
            openssl(
                here,
                &format!(
                    "x509 -req -in sub.csr -CA {root}.pem -CAkey {root}.key -set_serial 0x21 -days 20 -sha256 \
                     -extfile ca.cnf -extensions authority -out sub-{root}.pem"
                ),
            );
        }
        openssl(
            here,
            "x509 -req -in leaf.csr -CA sub-one.pem -CAkey sub.key -set_serial 0x31 -days 10 -sha256 -extfile ca.cnf \
             -extensions leaf -out leaf.pem",
        );
        Some(Self(folder))
    }

    fn certificate(&self, name: &str) -> Certificate {
        let pem = std::fs::read(self.0.path().join(format!("{name}.pem"))).unwrap();
        Certificate::from_der_or_pem(&pem).unwrap().remove(0)
    }

    /// A list of `issuer` that names these serial numbers.
    fn list(&self, issuer: &str, key: &str, revoked: &[&str]) -> Crl {
        let line = |serial: &&str| format!("R\t491231235959Z\t200102030405Z\t{serial}\tunknown\t/CN=x\n");
        std::fs::write(self.0.path().join("index.txt"), revoked.iter().map(line).collect::<String>()).unwrap();
        openssl(
            self.0.path(),
            &format!("ca -gencrl -config ca.cnf -crlhours 2 -cert {issuer}.pem -keyfile {key}.key -out list.pem"),
        );
        openssl(self.0.path(), "crl -in list.pem -outform DER -out list.crl");
        Crl::from_der(&std::fs::read(self.0.path().join("list.crl")).unwrap()).unwrap()
    }

    fn judge(&self, crls: &[Crl]) -> Validation {
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let anchors = AnchorSet::none()
            .with_certificate(self.certificate("one"), None)
            .with_certificate(self.certificate("two"), None);
        let parameters = Parameters::new(UnixTime::from_seconds(i64::try_from(seconds).unwrap()), &anchors)
            .with_profile(Profile::Rfc5280);
        let intermediates = [self.certificate("sub-one"), self.certificate("sub-two")];
        let materials = Materials { intermediates: &intermediates, crls, ..Materials::default() };
        verify(&self.certificate("leaf"), &materials, &parameters)
    }
}

#[test]
fn another_path_is_taken_where_one_is_barred() {
    let Some(world) = World::new() else { return };
    let leaf_is_fine = world.list("sub-one", "sub", &["77"]);
    let (one_clear, two_clear) = (world.list("one", "one", &["77"]), world.list("two", "two", &["77"]));
    let (one_bars, two_bars) = (world.list("one", "one", &["21"]), world.list("two", "two", &["21"]));
    let all = |lists: &[&Crl]| world.judge(&lists.iter().map(|list| (*list).clone()).collect::<Vec<_>>());
    let anchor = |validation: &Validation| validation.path.as_ref().unwrap().anchor().certificate().clone();
    let yes = |validation: &Validation| validation.verdict.conclusion() == Conclusion::Yes;

    let open = all(&[&leaf_is_fine, &one_clear, &two_clear]);
    assert!(yes(&open), "{:?}", open.verdict);
    let (first, other) = if anchor(&open) == world.certificate("one") {
        ((&one_bars, &one_clear), (&two_bars, &two_clear))
    } else {
        ((&two_bars, &two_clear), (&one_bars, &one_clear))
    };
    // Revoked on the first way, or not known there: the other way is taken.
    for barred in [all(&[&leaf_is_fine, first.0, other.1]), all(&[&leaf_is_fine, other.1])] {
        assert!(yes(&barred), "{:?}", barred.verdict);
        assert_ne!(anchor(&barred), anchor(&open));
        assert_eq!(barred.path.as_ref().unwrap().certificates().len(), 3);
    }
    // Revoked on both ways is revoked; revoked on one and unknown on the other is unknown.
    let both = all(&[&leaf_is_fine, first.0, other.0]);
    assert_eq!(both.verdict.conclusion(), Conclusion::No(Reason::CertificateRevoked));
    let half = all(&[&leaf_is_fine, first.0]);
    assert_eq!(half.verdict.conclusion(), Conclusion::Undetermined(Reason::ValidityUnavailable));
    // No way around a leaf that is revoked itself.
    let leaf = all(&[&world.list("sub-one", "sub", &["31"]), &one_clear, &two_clear]);
    assert_eq!(leaf.verdict.conclusion(), Conclusion::No(Reason::CertificateRevoked));
}
