//! What the corpus holds: each procedure on each kind of card, and what can go wrong.

use super::cards;
use honnin::authority::Persona;
use honnin::simulator::{BlockedStatus, CardFile, Disturbance, LinkDrop, SigningCertificate, Switches, Trouble};

/// One recording to be made.
#[derive(Clone)]
pub(crate) struct Scenario {
    /// Its name in the corpus: a folder and a file.
    pub(crate) name: String,
    pub(crate) persona: &'static str,
    /// How this card differs from the persona's.
    pub(crate) changed: fn(&mut CardFile),
    /// The command line, without `--card`, `--record` and `--pin-from`.
    pub(crate) arguments: Vec<&'static str>,
    /// What is typed.
    pub(crate) secret: Option<String>,
    pub(crate) facts: Vec<&'static str>,
    pub(crate) note: &'static str,
}

/// Which secret a procedure asks for.
#[derive(Clone, Copy, PartialEq)]
enum Typed {
    Nothing,
    UserAuthentication,
    DigitalSignature,
    InputSupport,
    NumberB,
    Change(&'static str),
}

struct Procedure {
    name: &'static str,
    arguments: &'static [&'static str],
    typed: Typed,
    facts: &'static [&'static str],
    note: &'static str,
}

const fn procedure(
    name: &'static str,
    arguments: &'static [&'static str],
    typed: Typed,
    facts: &'static [&'static str],
    note: &'static str,
) -> Procedure {
    Procedure { name, arguments, typed, facts, note }
}

const AT: [&str; 2] = ["--at", cards::AT];

#[rustfmt::skip]
const PROCEDURES: &[Procedure] = &[
    procedure("card-status", &["card", "status"], Typed::Nothing,
        &["card.md §2", "card.md §3.3", "card.md §3.4", "card.md §4.3", "card.md §10 Detect"], "The card looked over without a secret."),
    procedure("card-status-details", &["card", "status", "-v"], Typed::Nothing,
        &["card.md §1.2", "card.md §2.2", "card.md §2.3"], "The same with what the card tells of itself: the common card application and the issuer's objects."),
    procedure("card-confirm", &["card", "confirm"], Typed::Nothing,
        &["card.md §1.5", "card.md §1.7", "card.md §2", "card.md §4.3"], "Every fact that a card confirms without a secret, the counters before and after."),
    procedure("doctor", &["doctor"], Typed::Nothing, &["card.md §4.3", "card.md §9", "desktop.md §1 T1"], "What stands between the holder and the card."),
    procedure("pin-status", &["pin", "status"], Typed::Nothing, &["card.md §4.3", "card.md §10 Retry counters"], "The holder's counters."),
    procedure("pin-status-all", &["pin", "status", "--all"], Typed::Nothing, &["card.md §4.1", "card.md §4.3"], "Every counter."),
    procedure("certificate-user-authentication", &["certificate", "read", "user-authentication", "--out", "certificate.der"], Typed::Nothing,
        &["card.md §3.1", "card.md §3.2", "card.md §10 Authentication certificate"], "Free on the plastic card."),
    procedure("certificate-user-authentication-ca", &["certificate", "read", "user-authentication-ca", "--out", "certificate.der"], Typed::Nothing,
        &["card.md §3.1"], "Free on every card."),
    procedure("certificate-digital-signature", &["certificate", "read", "digital-signature", "--out", "certificate.der"], Typed::DigitalSignature,
        &["card.md §3.1", "card.md §4.2", "card.md §10 Signing certificate"], "Opens after its password only."),
    procedure("certificate-digital-signature-ca", &["certificate", "read", "digital-signature-ca", "--out", "certificate.der"], Typed::Nothing,
        &["card.md §3.1"], "Free on every card."),
    procedure("sign-user-authentication", &["sign", "words.txt", "--out", "signed.p7m", "--key", "user-authentication"], Typed::UserAuthentication,
        &["card.md §5.1", "card.md §10 Sign with the auth key"], "A signature with the authentication key."),
    procedure("sign-digital-signature", &["sign", "words.txt", "--out", "signed.p7m"], Typed::DigitalSignature,
        &["card.md §5.1", "card.md §10 Sign with the sign key"], "A signature with the signing key."),
    procedure("attributes", &["attributes", "read"], Typed::InputSupport,
        &["card.md §6.1", "card.md §6.3", "card.md §10 Basic four attributes"], "Name, address, birth date and sex by PIN."),
    procedure("attributes-number-b", &["attributes", "read", "--with", "number-b"], Typed::NumberB,
        &["card.md §4.1", "card.md §6.1"], "The same by what is printed on the card."),
    procedure("attributes-genuineness", &["attributes", "read", "--genuineness", "--card-verifiable-keys", "keys.json"], Typed::InputSupport,
        &["card.md §6.3", "card.md §6.4"], "The same, and the integrity record and the certificate that vouch for them."),
    procedure("attributes-challenge", &["attributes", "read", "--genuineness", "--challenge", "--card-verifiable-keys", "keys.json"], Typed::InputSupport,
        &["card.md §5.3", "card.md §6.4"], "The same, and a challenge that the card's own key signs. Challenge and answer are blanked: neither is worth anything afterwards."),
    procedure("surface-genuineness", &["surface", "read", "--genuineness", "--card-verifiable-keys", "keys.json"], Typed::NumberB,
        &["card.md §7.2", "card.md §7.3"], "The face with the certificate that vouches for it."),
    procedure("surface", &["surface", "read"], Typed::NumberB, &["card.md §7.1", "card.md §7.2"], "The face of the card."),
    procedure("pin-change-user-authentication", &["pin", "change", "user-authentication"], Typed::Change("1234\n4321"), &["card.md §4.5"],
        "A new PIN for authentication."),
    procedure("pin-change-digital-signature", &["pin", "change", "digital-signature"], Typed::Change("ABC123\nNEW456"), &["card.md §4.5"],
        "A new password for signing."),
    procedure("pin-change-input-support", &["pin", "change", "input-support"], Typed::Change("5678\n8765"),
        &["card.md §4.5", "card.md §10 Change text PIN"], "A new PIN for input support."),
];

/// What is typed for this persona; where the card has no such secret, something of the right form.
fn typed(typed: Typed, persona: &str) -> Option<String> {
    Some(match typed {
        Typed::Nothing => return None,
        Typed::UserAuthentication => "1234".to_owned(),
        Typed::DigitalSignature => "ABC123".to_owned(),
        Typed::InputSupport => "5678".to_owned(),
        Typed::NumberB => {
            let face = &cards::facts(persona)["card_face"];
            face["number_b"].as_str().unwrap_or("55021720352285").to_owned()
        }
        Typed::Change(lines) => lines.to_owned(),
    })
}

/// What would be typed to repeat a recorded run: any secret of the right form does, because none was recorded.
pub(crate) fn typed_again(arguments: &[String], persona: &str) -> Option<String> {
    let same = |procedure: &&Procedure| {
        procedure.arguments.iter().all(|word| word.contains('.') || arguments.iter().any(|argument| argument == word))
    };
    let longest = PROCEDURES.iter().filter(same).max_by_key(|procedure| procedure.arguments.len())?;
    typed(longest.typed, persona)
}

/// Every recording of the client.
pub(crate) fn all() -> Vec<Scenario> {
    [undisturbed(), faults()].concat()
}

/// Each procedure on each kind of card, nothing going wrong on the link.
pub(crate) fn undisturbed() -> Vec<Scenario> {
    let mut all = Vec::new();
    for persona in Persona::ALL.map(Persona::name) {
        for procedure in PROCEDURES {
            all.push(Scenario {
                name: format!("{persona}/{}", procedure.name),
                persona,
                changed: |_| {},
                arguments: [procedure.arguments, &AT].concat(),
                secret: typed(procedure.typed, persona),
                facts: procedure.facts.to_vec(),
                note: procedure.note,
            });
        }
    }
    all
}

const READ: &[&str] = &["certificate", "read", "user-authentication", "--out", "certificate.der"];
const SIGNING: &[&str] = &["certificate", "read", "digital-signature", "--out", "certificate.der"];

fn fault(
    name: &str,
    changed: fn(&mut CardFile),
    arguments: &[&'static str],
    secret: Option<&str>,
    facts: &[&'static str],
    note: &'static str,
) -> Scenario {
    Scenario {
        name: format!("faults/{name}"),
        persona: "adult",
        changed,
        arguments: [arguments, &AT].concat(),
        secret: secret.map(str::to_owned),
        facts: facts.to_vec(),
        note,
    }
}

fn switched(card: &mut CardFile, set: impl FnOnce(&mut Switches)) {
    set(&mut card.switches);
}

#[rustfmt::skip]
fn faults() -> Vec<Scenario> {
    let status: &[&str] = &["card", "status"];
    let pins: &[&str] = &["pin", "status"];
    let password = Some("ABC123");
    let of = |persona, scenario: Scenario| Scenario { persona, ..scenario };
    let long_read: &[&str] = &["certificate", "read", "user-authentication", "--out", "certificate.der", "--extended-reads", "try"];
    let last: &[&str] = &["certificate", "read", "digital-signature", "--out", "certificate.der", "--allow-last-try"];
    vec![
        fault("removed-at-once", |card| switched(card, |it| it.removed_after = Some(0)), status, None, &["card.md §1.6"], "Lifted before the first command."),
        fault("removed-while-looking", |card| switched(card, |it| it.removed_after = Some(5)), status, None, &["card.md §1.6"], "Lifted between two counters."),
        fault("removed-while-reading", |card| switched(card, |it| it.removed_after = Some(4)), READ, None, &["card.md §1.6"], "Lifted in the middle of a file."),
        fault("removed-after-verify", |card| switched(card, |it| it.removed_after = Some(3)), SIGNING, password, &["card.md §1.6"], "Lifted after its secret was verified: without power it is locked."),
        fault("lost-in-verify-counted", |card| switched(card, |it| it.link_drop_in_verify = Some(LinkDrop::Counted)), SIGNING, password, &["card.md §4.2"], "The link broke in VERIFY, which the card had heard. It is not sent again."),
        fault("lost-in-verify-not-counted", |card| switched(card, |it| it.link_drop_in_verify = Some(LinkDrop::NotCounted)), SIGNING, password, &["card.md §4.2"], "The link broke before the card heard VERIFY. Nobody can tell, so it is not sent again."),
        fault("wrong-password", |_| {}, SIGNING, Some("WRONG0"), &["card.md §4.2"], "A wrong password, sent once."),
        fault("wrong-input-support-pin", |_| {}, &["attributes", "read"], Some("0000"), &["card.md §4.2"], "A wrong PIN, sent once."),
        of("one-try-left", fault("last-try-kept", |_| {}, SIGNING, password, &["card.md §4.3"], "One try is left, and it is not spent unasked.")),
        of("one-try-left", fault("last-try-spent", |_| {}, last, Some("WRONG0"), &["card.md §4.2"], "The last try, spent on demand and wrong: the linter objects.")),
        of("one-try-left", fault("last-try-right", |_| {}, last, password, &["card.md §4.2"], "The last try, spent on demand and right: the linter objects all the same.")),
        of("blocked", fault("blocked", |_| {}, SIGNING, password, &["card.md §4.3"], "A blocked password is not presented.")),
        of("blocked", fault("blocked-told-as-6983", |card| switched(card, |it| { it.query_tells_blocked = true; it.blocked = BlockedStatus::Sw6983; }), pins, None, &["card.md §4.3"], "A counter that tells 6983 instead of 63C0.")),
        of("blocked", fault("blocked-told-as-6984", |card| switched(card, |it| it.query_tells_blocked = true), pins, None, &["card.md §4.3"], "A counter that tells 6984 instead of 63C0.")),
        fault("answers-61xx", |card| switched(card, |it| it.answer_61xx = true), READ, None, &["card.md §1.5"], "Every answer is fetched with GET RESPONSE."),
        fault("answers-6cxx", |card| switched(card, |it| it.answer_6cxx = true), status, None, &["card.md §1.5"], "A length that does not fit is corrected once."),
        fault("first-command-6f00", |card| switched(card, |it| it.first_command_6f00 = true), status, None, &["card.md §1.6"], "The first command after power-up is answered 6F00."),
        fault("no-short-identifiers", |card| switched(card, |it| it.refuse_short_identifiers = true), READ, None, &["card.md §10 Fallback with SELECT EF"], "Short file identifiers are refused: SELECT EF takes their place."),
        fault("no-short-identifiers-pins", |card| switched(card, |it| it.refuse_short_identifiers = true), pins, None, &["card.md §10 Fallback with SELECT EF"], "The counters in the older form."),
        fault("no-short-identifiers-attributes", |card| switched(card, |it| it.refuse_short_identifiers = true), &["attributes", "read"], Some("5678"), &["card.md §10 Fallback with SELECT EF"], "VERIFY in the older form."),
        fault("reads-of-224", |card| switched(card, |it| it.longest_read = Some(224)), READ, None, &["desktop.md §1 T1"], "A reader that carries 224 bytes."),
        fault("reads-of-128", |card| switched(card, |it| it.longest_read = Some(128)), READ, None, &["desktop.md §1 T1"], "A reader that carries 128 bytes."),
        fault("extended-read", |_| {}, long_read, None, &["card.md §1.5", "card.md §11"], "A whole file in one exchange of extended length."),
        fault("extended-read-refused", |card| switched(card, |it| it.refuse_extended = true), long_read, None, &["card.md §1.5"], "Extended length is refused once, and short reads follow."),
        fault("signing-certificate-not-found", |card| switched(card, |it| it.signing_certificate = SigningCertificate::NotFound), SIGNING, password, &["card.md §9"], "One way in which a signing certificate may be absent."),
        fault("signing-certificate-not-readable", |card| switched(card, |it| it.signing_certificate = SigningCertificate::NotReadable), SIGNING, password, &["card.md §9"], "Another way."),
        fault("signing-certificate-filler", |card| switched(card, |it| it.signing_certificate = SigningCertificate::Filler), SIGNING, password, &["card.md §9"], "A third way: filler in the place of the certificate."),
        fault("another-card", |card| card.applications.clear(), status, None, &["card.md §2"], "A card without the application: not a My Number Card."),
        fault("reset-while-reading", |card| switched(card, |it| it.disturbance = Some(Disturbance { at: 4.try_into().unwrap(), what: Trouble::ResetBefore })), READ, None, &["card.md §1.6"], "Another program resets the card: reading starts afresh from SELECT."),
    ]
}
