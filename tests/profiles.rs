//! The profiles as tables: `docs/profiles.md` is made of them, and certificates are held to them (issue 4, LAW-05, LAW-39).

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::{Crl, Materials, Parameters, Profile, RevocationRule, Validation, verify};
use honnin::verdict::{CheckId, Status};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/profiles.md");

fn page() -> String {
    let mut page = String::from(
        "# Profiles\n\n\
         What certificates are held to, made from the tables in `src/validation/profile_table.rs` by\n\
         `UPDATE=1 cargo test --test profiles`. A required field that is missing, and a value that is wrong, fail the check\n\
         named in the last column. What is only unlike every certificate we know of is a warning: `profile_extension_absent`\n\
         (usual, and missing), `profile_extension_unexpected` (unusual, and there), `profile_criticality_differs`.\n\n\
         `rfc5280` has no table: any certificate, any purpose, within the standard. Under every other profile an RSA key has\n\
         2048 bits or more and an odd exponent above 65536; ECDSA is P-256 or P-384; signatures use SHA-256 or longer.\n",
    );
    for profile in Profile::ALL {
        if profile.lines().is_empty() {
            continue;
        }
        let remark = match profile {
            Profile::JpkiDigitalSignature => "署名用電子証明書",
            Profile::JpkiUserAuthentication => "利用者証明用電子証明書",
            _ => {
                "Signing certificates of accredited certification businesses (認定認証事業者). Each of them writes a profile \
                 of its own;\nwhat is not common to all is optional here. The operator names the authority with `--anchor` \
                 and its policies with\n`--policy`. Revocation is checked against that authority's own list."
            }
        };
        write!(
            page,
            "\n## `{profile}`\n\n{remark}\n\n| field | presence | critical | value | clause | check |\n|---|---|---|---|---|---|\n"
        )
        .unwrap();
        for line in profile.lines() {
            let critical = match line.critical() {
                Some(true) => "yes",
                Some(false) => "no",
                None => "–",
            };
            let check = serde_json::to_value(line.check()).unwrap();
            writeln!(
                page,
                "| `{}` | {} | {critical} | {} | {} | `{}` |",
                line.field(),
                line.presence().as_str(),
                line.value(),
                line.clause(),
                check.as_str().unwrap()
            )
            .unwrap();
        }
    }
    page
}

#[test]
fn the_page_is_made_of_the_tables() {
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let found = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(found == page, "docs/profiles.md is out of date: UPDATE=1 cargo test --test profiles");
}

#[test]
fn every_profile_has_its_name() {
    for profile in Profile::ALL {
        assert_eq!(profile.as_str().parse(), Ok(profile));
    }
    assert!("accredited".parse::<Profile>().is_err());
}

/// A CA and what it issues, by OpenSSL.
struct World(tempfile::TempDir);

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

impl World {
    fn new() -> Option<Self> {
        let works = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
        if !works.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("CI").is_none(), "openssl is missing");
            eprintln!("SKIPPED profiles: openssl is missing");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
        let ca = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/C=JP/O=TEST/CN=accredited"];
        let usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
        openssl(folder.path(), &[&["req", "-x509"], &curve[..], &ca, &usage].concat());
        Some(Self(folder))
    }

    /// A holder's certificate with these extensions, held to the profile.
    fn judge(&self, extensions: &[&str]) -> Validation {
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "10"];
        let files = ["-keyout", "leaf.key", "-out", "leaf.pem", "-subj", "/C=JP/O=TEST/CN=holder"];
        let issuer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "77"];
        let more: Vec<&str> = extensions.iter().flat_map(|one| ["-addext", one]).collect();
        openssl(self.0.path(), &[&["req", "-x509"], &curve[..], &files, &issuer, &more].concat());
        self.verify("leaf.pem", &AnchorSet::none().with_certificate(self.read("ca.pem"), None))
    }

    /// This issuer's list, with nothing on it.
    fn list(&self) -> Crl {
        let config = "[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\ndefault_md = sha256\ndefault_crl_days = 5\n\
                      crlnumber = number\ncrl_extensions = more\n[more]\nauthorityKeyIdentifier = keyid\n";
        for (name, text) in [("ca.cnf", config), ("index.txt", ""), ("number", "01\n")] {
            std::fs::write(self.0.path().join(name), text).unwrap();
        }
        let files = ["-keyfile", "ca.key", "-cert", "ca.pem", "-out", "list.pem"];
        openssl(self.0.path(), &[&["ca", "-config", "ca.cnf", "-gencrl"], &files[..]].concat());
        openssl(self.0.path(), &["crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der"]);
        Crl::from_der(&std::fs::read(self.0.path().join("list.der")).unwrap()).unwrap()
    }

    fn read(&self, name: &str) -> Certificate {
        Certificate::from_der_or_pem(&std::fs::read(self.0.path().join(name)).unwrap()).unwrap().remove(0)
    }

    fn verify(&self, leaf: &str, anchors: &AnchorSet) -> Validation {
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let now = UnixTime::from_seconds(i64::try_from(seconds).unwrap());
        let parameters = Parameters::new(now, anchors)
            .with_profile(Profile::AccreditedCaSignature)
            .with_revocation(RevocationRule::Skip);
        verify(&self.read(leaf), &Materials::default(), &parameters)
    }
}

const HOLDER: &str = "basicConstraints=critical,CA:FALSE";
const SIGNS: &str = "keyUsage=critical,digitalSignature,nonRepudiation";
const POLICY: &str = "certificatePolicies=1.3.6.1.4.1.99999.1";
const LIST: &str = "crlDistributionPoints=URI:http://crl.example/list";

#[test]
fn what_is_wrong_fails_and_what_is_odd_is_remarked() {
    let Some(world) = World::new() else { return };
    let good = world.judge(&[HOLDER, SIGNS, POLICY, LIST]);
    assert!(good.path.is_some(), "{:?}", good.verdict);
    assert_eq!(good.verdict.warnings, Vec::new());

    for (extensions, why) in [
        (vec!["basicConstraints=critical,CA:TRUE", SIGNS, POLICY, LIST], "certification_authority"),
        (vec![HOLDER, "keyUsage=critical,keyEncipherment", POLICY, LIST], "no_digital_signature"),
        (vec![HOLDER, "keyUsage=critical,digitalSignature,cRLSign", POLICY, LIST], "key_usage_of_an_authority"),
        (vec![HOLDER, POLICY, LIST], "key_usage_absent"),
    ] {
        let found = world.judge(&extensions);
        let purpose = found.verdict.check(CheckId::Purpose).unwrap();
        assert_eq!(purpose.status, Status::Failed(Reason::CertificatePurposeMismatch), "{extensions:?}");
        assert_eq!(purpose.detail()["why"], why);
        assert!(found.path.is_none());
    }
    for (extensions, code, field) in [
        (vec![HOLDER, SIGNS, LIST], "profile_extension_absent", "certificate_policies"),
        (vec![HOLDER, SIGNS, POLICY], "profile_extension_absent", "crl_distribution_points"),
        (vec![HOLDER, "keyUsage=digitalSignature", POLICY, LIST], "profile_criticality_differs", "key_usage"),
    ] {
        let found = world.judge(&extensions);
        assert!(found.path.is_some(), "odd is harmless: {:?}", found.verdict);
        let [warning] = found.verdict.warnings.as_slice() else { panic!("{:?}", found.verdict.warnings) };
        assert_eq!((warning.code, &warning.detail["extension"]), (code, &field.into()));
    }
}

#[test]
fn an_accredited_issuer_answers_for_its_certificates_with_its_own_list_law_39() {
    let Some(world) = World::new() else { return };
    assert!(world.judge(&[HOLDER, SIGNS, POLICY, LIST]).path.is_some());
    let anchors = AnchorSet::none().with_certificate(world.read("ca.pem"), None);
    // Both lists are there before the clock is read: one made a second later would not be current yet.
    let (own, foreign) = (world.list(), World::new().unwrap().list());
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let now = UnixTime::from_seconds(i64::try_from(seconds).unwrap());
    let parameters = Parameters::new(now, &anchors).with_profile(Profile::AccreditedCaSignature);
    let revocation = |lists: Vec<Crl>| {
        let materials = Materials { crls: &lists, ..Materials::default() };
        verify(&world.read("leaf.pem"), &materials, &parameters).verdict.check(CheckId::Revocation).unwrap().status
    };
    // Without a list nobody knows (RSN-20), and another issuer's list says nothing about this one's certificates.
    assert_eq!(revocation(Vec::new()), Status::Undetermined(Reason::ValidityUnavailable));
    assert_eq!(revocation(vec![foreign]), Status::Undetermined(Reason::ValidityUnavailable));
    assert_eq!(revocation(vec![own]), Status::Passed);
}

#[test]
fn no_built_in_authority_vouches_under_it() {
    // LAW-05: what JPKI issued is `jpki_signature`, never `accredited_ca_signature`.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/certificates/testcard");
    let leaf = Certificate::from_der(&std::fs::read(folder.join("jpki-auth-cert.der")).unwrap()).unwrap();
    let anchors = AnchorSet::jpki_test();
    let parameters = Parameters::new("2026-11-22T03:00:00Z".parse().unwrap(), &anchors)
        .with_profile(Profile::AccreditedCaSignature)
        .with_revocation(RevocationRule::Skip);
    let found = verify(&leaf, &Materials::default(), &parameters);
    let purpose = found.verdict.check(CheckId::Purpose).unwrap();
    assert_eq!(purpose.detail()["why"], "anchor_not_named_by_the_operator");
    assert!(found.path.is_none());
}

#[test]
fn a_critical_extension_that_nobody_processes_is_refused() {
    // certificates.md §4.1 point 7: "unknown critical extension: reject. Known but unprocessed: do not mark as known".
    let Some(world) = World::new() else { return };
    let judge = |extension: &str| world.judge(&[HOLDER, SIGNS, LIST, extension]).verdict;
    let why = |extension: &str| {
        let verdict = judge(extension);
        let path = verdict.check(CheckId::Path).unwrap();
        let why = path.fact("why").and_then(|why| why.as_str().map(str::to_owned));
        assert_eq!(why.is_some(), path.status == Status::Failed(Reason::PathNotFound), "{path:?}");
        why
    };
    // A policy of 1.3.6.1.4.1.99999.1 with the qualifier 1.3.6.1.4.1.99999.2, and one with a user notice.
    let other = "DER:301E301C06092B06010401868D1F01300F300D06092B06010401868D1F020500";
    let notice = "DER:301D301B06092B06010401868D1F01300E300C06082B060105050702023000";
    for (extension, processed) in [
        ("authorityInfoAccess=critical,OCSP;URI:http://ocsp.example/", false),
        ("issuerAltName=critical,URI:http://ca.example/", false),
        ("subjectInfoAccess=critical,caRepository;URI:http://ca.example/", false),
        ("1.2.3.4=critical,DER:05:00", false),
        (&*format!("certificatePolicies=critical,{other}"), false),
        (&*format!("certificatePolicies=critical,{notice}"), true),
        ("certificatePolicies=critical,1.3.6.1.4.1.99999.1", true),
        ("subjectAltName=critical,URI:http://holder.example/", true),
        ("extendedKeyUsage=critical,clientAuth", true),
    ] {
        let expected = (!processed).then_some("unknown_critical_extension");
        assert_eq!(why(extension).as_deref(), expected, "{extension}");
        // Without the mark it may be passed over.
        assert_eq!(why(&extension.replace("critical,", "")), None, "{extension}");
    }
}

#[test]
fn an_authority_is_named_by_its_key_or_else_by_issuer_and_serial_number() {
    // RFC 5280 §4.2.1.1
    let Some(world) = World::new() else { return };
    let element = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let ca = world.read("ca.pem");
    let key = element(0x80, ca.extensions().subject_key_identifier.as_deref().unwrap());
    let serial = element(0x82, ca.serial().expose_bytes());
    let issuer = element(0xA1, &element(0xA4, ca.issuer().der()));
    let (other_key, other_serial) = (element(0x80, &[1; 20]), element(0x82, &[5]));
    let mut name = ca.issuer().der().to_vec();
    *name.last_mut().unwrap() ^= 1;
    let other_issuer = element(0xA1, &element(0xA4, &name));
    for (parts, accepted) in [
        (vec![&key], true),
        (vec![&other_key], false),
        (vec![&issuer, &serial], true),
        (vec![&issuer, &other_serial], false),
        (vec![&other_issuer, &serial], false),
        // The key is the one that is meant, whatever certificate of it was at hand then.
        (vec![&key, &other_issuer, &other_serial], true),
        (vec![&other_key, &issuer, &serial], false),
    ] {
        let content: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        let extension = format!("authorityKeyIdentifier=DER:{}", hex::encode(element(0x30, &content)));
        let verdict = world.judge(&[HOLDER, SIGNS, POLICY, LIST, &extension]).verdict;
        let path = verdict.check(CheckId::Path).unwrap();
        assert_eq!(path.status == Status::Passed, accepted, "{extension}: {path:?}");
        assert!(accepted || path.detail()["why"] == "key_identifier_differs", "{path:?}");
    }
}
