//! Who may sign a list (RFC 5280 §6.3.3 (f)), on a hierarchy made by OpenSSL: a CA, and a second key under its name for lists.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::crypto::SignatureError;
use honnin::time::UnixTime;
use honnin::validation::{Crl, Materials, Parameters, Profile, RevocationStatus, verify};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// `None`, said by name, where there is no OpenSSL.
fn world() -> Option<tempfile::TempDir> {
    let works = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
    if !works.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("CI").is_none(), "openssl is missing");
        eprintln!("SKIPPED crl_signers: openssl is missing");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).unwrap();
    write(
        "ca.cnf",
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ncrl_extensions=e\n[e]\n\
         [signer]\nkeyUsage=critical,cRLSign\n[leaf]\nkeyUsage=critical,digitalSignature\n",
    );
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(
        here,
        &format!(
            "req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /C=JP/O=TEST/CN=lists \
             -addext keyUsage=critical,keyCertSign,cRLSign"
        ),
    );
    for (name, subject, serial) in [("signer", "lists", 2), ("leaf", "leaf", 3)] {
        openssl(here, &format!("req {key} -keyout {name}.key -out {name}.csr -subj /C=JP/O=TEST/CN={subject}"));
        openssl(
            here,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial {serial} -days 20 -sha256 -extfile ca.cnf \
                 -extensions {name} -out {name}.pem"
            ),
        );
    }
    // One list by the second key that lists nobody, one by the first that lists nobody, one by the first that lists the
    // second key's certificate.
    let revoked = "R\t491231235959Z\t200102030405Z,keyCompromise\t02\tunknown\t/CN=lists\n";
    for (name, signer, entries) in
        [("by-signer", "signer", ""), ("by-ca", "ca", ""), ("by-ca-signer-revoked", "ca", revoked)]
    {
        write("index.txt", entries);
        write("number", "01\n");
        openssl(
            here,
            &format!("ca -config ca.cnf -gencrl -keyfile {signer}.key -cert {signer}.pem -crldays 5 -out {name}.crl"),
        );
    }
    Some(folder)
}

fn judge(folder: &Path, lists: &[&str]) -> RevocationStatus {
    let read = |name: String| std::fs::read(folder.join(name)).unwrap();
    let certificate = |name: &str| Certificate::from_der_or_pem(&read(format!("{name}.pem"))).unwrap().remove(0);
    let crls: Vec<Crl> =
        lists.iter().map(|name| Crl::from_der_or_pem(&read(format!("{name}.crl"))).unwrap().remove(0)).collect();
    let anchors = AnchorSet::none().with_certificate(certificate("ca"), None);
    let intermediates = [certificate("signer")];
    let materials = Materials { intermediates: &intermediates, crls: &crls, ..Materials::default() };
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let now = UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap());
    verify(&certificate("leaf"), &materials, &Parameters::new(now, &anchors).with_profile(Profile::Rfc5280)).revocation
}

#[test]
fn nobody_clears_himself_by_his_own_list() {
    let Some(folder) = world() else { return };
    let judge = |lists: &[&str]| judge(folder.path(), lists);
    assert!(matches!(judge(&["by-ca"]), RevocationStatus::Good(_)));
    // The second key's list alone: whether that key still counts, nobody but itself says.
    let RevocationStatus::Undetermined(gap) = judge(&["by-signer"]) else { panic!("{:?}", judge(&["by-signer"])) };
    assert_eq!(gap.as_str(), "signer_not_authorised");
    // A list of the CA's own speaks of everything, whatever else is there.
    assert!(matches!(judge(&["by-signer", "by-ca-signer-revoked"]), RevocationStatus::Good(_)));
}

/// What was found good once is not computed again; that holds for the key it was found good under, and for no other.
#[test]
fn a_list_that_one_key_signed_is_not_another_s() {
    let Some(folder) = world() else { return };
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let certificate = |name: &str| Certificate::from_der_or_pem(&read(name)).unwrap().remove(0);
    let (authority, signer) = (certificate("ca.pem"), certificate("signer.pem"));
    for (name, good, bad) in [("by-ca.crl", &authority, &signer), ("by-signer.crl", &signer, &authority)] {
        let list = Crl::from_der_or_pem(&read(name)).unwrap().remove(0);
        for _ in 0..2 {
            assert_eq!(list.verify_signature(bad.spki_der()), Err(SignatureError::Mismatch), "{name}");
            assert_eq!(list.verify_signature(good.spki_der()), Ok(()), "{name}");
        }
        let copy = list.clone();
        assert_eq!(copy.verify_signature(bad.spki_der()), Err(SignatureError::Mismatch), "{name}");
        let mut der = list.der().to_vec();
        *der.last_mut().unwrap() ^= 1;
        let forged = Crl::from_der(&der).unwrap();
        assert_eq!(forged.verify_signature(good.spki_der()), Err(SignatureError::Mismatch), "{name}");
    }
}
