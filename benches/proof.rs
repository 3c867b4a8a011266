//! One proof of identity: path, subject's signature, profile and revocation, as a ratio to its two RSA verifications alone, and
//! against OpenSSL at the same job.
//!
//! `make bench`; `HONNIN_BENCH_ROUNDS=5` for a quick look. The floor is aws-lc-rs itself: the authority's key is ready, the
//! holder's key comes with his certificate. OpenSSL gets what we get: the authority's certificate and a verified list are in
//! memory, the holder's certificate is bytes. x509-parser's structures decide nothing: their row tells what reading with
//! them would cost. rustls-webpki refuses every certificate of this kind (critical certificatePolicies), so it has none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a measurement")]
#![allow(clippy::disallowed_types, reason = "a throw-away key")]

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use honnin::anchors::AnchorSet;
use honnin::authority::{Persona, RevocationReason, RevokedEntry, create};
use honnin::certificate::Certificate;
use honnin::crypto::{self, SignatureAlgorithm};
use honnin::time::{UnixTime, Validity};
use honnin::validation::{Crl, IndexedCrl, Materials, Parameters, Profile, RevocationIndex, Threads, verify};
use honnin::verdict::Conclusion;
use honnin_benches::{Contender, best_of, rounds, tell};
use openssl::x509::store::X509StoreBuilder;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 60;
const PROOFS: u32 = 100;

/// So many proofs, the time of one.
fn timed(mut proof: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..PROOFS {
        proof();
    }
    start.elapsed() / PROOFS
}

fn main() {
    let at: UnixTime = "2026-11-22T03:00:00Z".parse().unwrap();
    let mut adult = create(Persona::Adult, at, &mut rand_core::OsRng).unwrap();
    let key = rsa::RsaPrivateKey::new(&mut rand_core::OsRng, 2048).unwrap();
    let public = key.to_public_key().to_public_key_der().unwrap();
    let validity = Validity { not_before: at.plus_seconds(-1000), not_after: at.plus_seconds(100_000_000) };
    let leaf = adult.digital_signature_ca.issue(&adult.holder, public.as_bytes(), validity).unwrap().der;
    let challenge = [0x5A; 32];
    let signature = SigningKey::<sha2::Sha256>::new(key).sign_with_rng(&mut rand_core::OsRng, &challenge).to_vec();

    let entry =
        |n: u64| RevokedEntry { serial: 0x0800_0000 + 3 * n, at, reason: Some(RevocationReason::AffiliationChanged) };
    let entries: Vec<RevokedEntry> = (0..20_000).map(entry).collect();
    let (next, scope) = (at.plus_seconds(86_400), Some(&adult.holder.municipality));
    let list = adult.digital_signature_ca.revocation_list(at, next, &entries, scope).unwrap();
    let authority = Certificate::from_der(adult.digital_signature_ca.certificate()).unwrap();
    let anchors = AnchorSet::none().with_certificate(authority.clone(), None);
    let mut index = RevocationIndex::new();
    index.add(IndexedCrl::new(Crl::from_der(&list).unwrap(), &authority, Threads::One).unwrap());
    let sources: [&dyn honnin::validation::RevocationSource; 1] = [&index];
    let materials = Materials { sources: &sources, ..Materials::default() };
    let parameters = Parameters::new(at, &anchors).with_profile(Profile::JpkiDigitalSignature);

    let algorithm = &RSA_PKCS1_2048_8192_SHA256;
    let ready = ParsedPublicKey::new(algorithm, authority.spki_der()).unwrap();
    let read = Certificate::from_der(&leaf).unwrap();

    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(openssl::x509::X509::from_der(authority.der()).unwrap()).unwrap();
    let mut rules = openssl::x509::verify::X509VerifyParam::new().unwrap();
    rules.set_time(at.seconds());
    store.set_param(&rules).unwrap();
    // Without its own check of lists, which would verify the list's signature for every proof.
    let store = store.build();
    let parsed_list = openssl::x509::X509Crl::from_der(&list).unwrap();
    let none = openssl::stack::Stack::<openssl::x509::X509>::new().unwrap();

    let mut contenders: Vec<Contender<'_>> = vec![
        (
            "two RSA verifications and their hashes (the floor)",
            Box::new(|| {
                timed(|| {
                    ready.verify_sig(read.tbs(), read.signature()).unwrap();
                    let key = ParsedPublicKey::new(algorithm, read.spki_der()).unwrap();
                    key.verify_sig(&challenge, &signature).unwrap();
                })
            }),
        ),
        (
            "honnin: one proof",
            Box::new(|| {
                timed(|| {
                    let leaf = Certificate::from_der(black_box(&leaf)).unwrap();
                    let algorithm = SignatureAlgorithm::RSA_SHA256;
                    leaf.public_key().unwrap().verify(algorithm, &challenge, &signature).unwrap();
                    let validation = verify(&leaf, &materials, &parameters);
                    assert_eq!(validation.verdict.conclusion(), Conclusion::Yes);
                })
            }),
        ),
        (
            "OpenSSL: one proof",
            Box::new(|| {
                timed(|| {
                    let leaf = openssl::x509::X509::from_der(black_box(&leaf)).unwrap();
                    let mut context = openssl::x509::X509StoreContext::new().unwrap();
                    assert!(context.init(&store, &leaf, &none, |context| context.verify_cert()).unwrap());
                    let key = leaf.public_key().unwrap();
                    let sha256 = openssl::hash::MessageDigest::sha256();
                    let mut verifier = openssl::sign::Verifier::new(sha256, &key).unwrap();
                    assert!(verifier.verify_oneshot(&signature, &challenge).unwrap());
                    let status = parsed_list.get_by_cert(&leaf);
                    assert!(matches!(status, openssl::x509::CrlStatus::NotRevoked));
                })
            }),
        ),
        (
            "x509-parser's structures: read, two verifications, no more",
            Box::new(|| {
                timed(|| {
                    let (_, leaf) = x509_parser::parse_x509_certificate(black_box(&leaf)).unwrap();
                    let tbs = leaf.tbs_certificate.as_ref();
                    ready.verify_sig(tbs, &leaf.signature_value.data).unwrap();
                    let key = ParsedPublicKey::new(algorithm, leaf.public_key().raw).unwrap();
                    key.verify_sig(&challenge, &signature).unwrap();
                })
            }),
        ),
        ("of ours: reading the certificate", Box::new(|| timed(|| drop(black_box(Certificate::from_der(&leaf)))))),
        (
            "of ours: the subject's signature",
            Box::new(|| {
                timed(|| {
                    let algorithm = SignatureAlgorithm::RSA_SHA256;
                    crypto::verify(read.spki_der(), algorithm, &challenge, &signature).unwrap();
                })
            }),
        ),
        (
            "of ours: path, profile, revocation",
            Box::new(|| timed(|| drop(black_box(verify(&read, &materials, &parameters))))),
        ),
    ];
    let best = best_of(rounds(ROUNDS), &mut contenders);
    println!("\none proof, {} bytes of certificate, a list of {} entries", leaf.len(), entries.len());
    tell(&contenders, &best, ("us", 1e6));
}
