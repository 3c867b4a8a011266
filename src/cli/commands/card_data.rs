//! `attributes read` and `surface read`: what the card face applications hold, by a secret of the holder.

use std::path::Path;

use rand_core::{OsRng, RngCore as _};
use serde_json::{Value, json};

use honnin::anchors::CardVerifiableKeys;
use honnin::holder::{self, CardAttributes, CardFace, Vouching};
use honnin::reason::Reason;
use honnin::secret::{Personal, SecretKind};
use honnin::verdict::{Check, CheckId, Verdict};

use crate::cli::arguments::{AttributesReadArguments, AttributesSecret, GenuinenessArguments, SurfaceReadArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files::{self, write_whole};
use crate::cli::messages::Sentence;
use crate::cli::output::Report;
use crate::cli::secrets;
use crate::cli::sitting::{self, Needed};

/// The basic four attributes. Without `--genuineness` nothing else is read.
pub(crate) fn attributes_read(context: &Context, arguments: &AttributesReadArguments) -> Result<Report, CliError> {
    let keys = keys(&arguments.genuineness)?;
    let keys = arguments.genuineness.genuineness.then_some(&keys);
    let purpose = [context.text("discloses-attributes", &[])];
    let (mut opened, answer) = match arguments.with {
        AttributesSecret::Pin => {
            sitting::open_after(context, Needed::InputSupport, SecretKind::InputSupport, &purpose, secrets::ask)?
        }
        AttributesSecret::NumberB => {
            let needed = Needed::AttributesNumberB;
            sitting::open_after(context, needed, SecretKind::NumberB, &purpose, secrets::ask_number_b)?
        }
    };
    let caution = opened.caution;
    let challenge: Option<[u8; 32]> = arguments.challenge.then(new_challenge);
    let read = match (keys, &challenge) {
        (Some(keys), Some(challenge)) => {
            context.tell("keep-the-card-still", &[]);
            opened.session.run(async |card| {
                holder::read_attributes_of_this_card(card, &answer.secret, caution, keys, challenge).await
            })
        }
        _ => opened.session.run(async |card| holder::read_attributes(card, &answer.secret, caution, keys).await),
    };
    let read = read.map_err(|error| sitting::remark_on_kind(context, &mut opened.session, error.into()))?;
    let closed = opened.close()?;
    let CardAttributes { name, address, birthdate, sex } = &read.attributes;
    let mut report = Report::new(json!({
        "attributes": {
            "name": name.reveal(), "address": address.reveal(), "birthdate": birthdate.reveal(), "sex": sex.reveal(),
        },
        "with": match arguments.with { AttributesSecret::Pin => "pin", AttributesSecret::NumberB => "number_b" },
        "exchanges": closed.exchanges,
    }));
    report.next = Some(unknown_key());
    report.verdict = Some(verdict(read.vouching));
    report.warnings = answer.warnings;
    report.remark_on(&closed);
    let text = |key: &str| context.text(key, &[]);
    report.field(text("label-name"), name.reveal());
    report.field(text("label-birthdate"), birthdate.reveal().clone().unwrap_or_else(|| text("value-unknown")));
    report.field(text("label-sex"), sex_word(*sex.reveal(), context));
    report.field(text("label-address"), address.reveal());
    Ok(report)
}

/// The face of the card; its pictures go to the files that are named.
pub(crate) fn surface_read(context: &Context, arguments: &SurfaceReadArguments) -> Result<Report, CliError> {
    let keys = keys(&arguments.genuineness)?;
    // Found out before a secret is asked for: no attempt is spent for a picture that cannot be written.
    for path in [&arguments.photo, &arguments.name, &arguments.address].into_iter().flatten() {
        files::check_writable(path)?;
    }
    let photo_form = PhotoForm::of(arguments.photo.as_deref())?;
    let purpose = [context.text("discloses-face", &[])];
    let kind = SecretKind::NumberB;
    let (mut opened, answer) =
        sitting::open_after(context, Needed::FaceNumberB, kind, &purpose, secrets::ask_number_b)?;
    let caution = opened.caution;
    let read = opened.session.run(async |card| holder::read_face(card, &answer.secret, caution, &keys).await)?;
    let closed = opened.close()?;
    let vouching = if arguments.genuineness.genuineness { read.vouching } else { read.vouching.unasked() };
    let CardFace { birthdate, sex, name, address, photo, expires, .. } = &read.face;
    let photo = match photo_form {
        PhotoForm::AsTheCardHasIt => photo.clone(),
        PhotoForm::Png => as_png(&read.face)?,
    };
    let mut pictures = serde_json::Map::new();
    let mut written = Vec::new();
    for (word, form, bytes, out) in [
        ("photo", photo_form.word(), &photo, &arguments.photo),
        ("name", "png", name, &arguments.name),
        ("address", "png", address, &arguments.address),
    ] {
        let bytes = bytes.reveal();
        let out = out.as_deref();
        if let Some(path) = out {
            write_whole(path, bytes)?;
            let file = path.display().to_string();
            written.push(context.text("written", &[("file", file.into()), ("bytes", bytes.len().into())]));
        }
        let out = out.map(|path| path.display().to_string());
        pictures.insert(word.to_owned(), json!({ "form": form, "bytes": bytes.len(), "out": out }));
    }
    let mut report = Report::new(json!({
        "surface": { "birthdate": birthdate.reveal(), "sex": sex.reveal(), "expires": expires.reveal() },
        "pictures": Value::Object(pictures),
        "exchanges": closed.exchanges,
    }));
    report.next = Some(unknown_key());
    report.verdict = Some(verdict(Some(vouching)));
    report.warnings = answer.warnings;
    report.remark_on(&closed);
    let text = |key: &str| context.text(key, &[]);
    let day = |day: &Option<String>| day.clone().unwrap_or_else(|| text("value-unknown"));
    report.field(text("label-birthdate"), day(birthdate.reveal()));
    report.field(text("label-sex"), sex_word(*sex.reveal(), context));
    report.field(text("label-card-expires"), day(expires.reveal()));
    for line in written {
        report.line(line);
    }
    Ok(report)
}

fn new_challenge() -> [u8; 32] {
    let mut challenge = [0; 32];
    OsRng.fill_bytes(&mut challenge);
    challenge
}

/// What `--photo` is to be written as; the name of the file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PhotoForm {
    AsTheCardHasIt,
    Png,
}

impl PhotoForm {
    /// Found out before a secret is asked for.
    fn of(path: Option<&Path>) -> Result<Self, CliError> {
        let is = |form: &str| path.and_then(Path::extension).is_some_and(|it| it.eq_ignore_ascii_case(form));
        let as_it_is = path.is_none_or(|path| path.extension().is_none()) || is("jp2");
        match (as_it_is, is("png"), cfg!(feature = "photo")) {
            (true, ..) => Ok(Self::AsTheCardHasIt),
            (false, false, _) => Err(CliError::new(Reason::Usage).because("cause-photo-form", &[])),
            (false, true, true) => Ok(Self::Png),
            (false, true, false) => Err(CliError::new(Reason::Usage).because("cause-built-without-photo", &[])),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::AsTheCardHasIt => "jp2",
            Self::Png => "png",
        }
    }
}

#[cfg(feature = "photo")]
fn as_png(face: &CardFace) -> Result<Personal<Vec<u8>>, CliError> {
    face.photo_as_png().map_err(|error| CliError::new(error.reason()).because("cause-photo-not-decoded", &[]))
}

#[cfg(not(feature = "photo"))]
fn as_png(_: &CardFace) -> Result<Personal<Vec<u8>>, CliError> {
    Err(CliError::new(Reason::Usage).because("cause-built-without-photo", &[]))
}

fn keys(arguments: &GenuinenessArguments) -> Result<CardVerifiableKeys, CliError> {
    let mut keys = CardVerifiableKeys::known();
    for path in &arguments.card_verifiable_keys {
        let bytes = files::read(path)?;
        keys = keys.with_file(&String::from_utf8_lossy(&bytes)).map_err(|_| {
            let file = path.display().to_string();
            CliError::new(Reason::MalformedData).because("cause-card-verifiable-keys", &[("file", file.into())])
        })?;
    }
    Ok(keys)
}

/// These data are vouched for by keys, and not by the certificates that `--anchor` is about.
fn unknown_key() -> (Reason, Sentence) {
    (Reason::IssuerNotTrusted, Sentence::Message("hint-card-verifiable-keys", Vec::new()))
}

fn verdict(vouching: Option<Vouching>) -> Verdict {
    let mut verdict = Verdict::new();
    match vouching {
        None => verdict.record(Check::not_run(CheckId::Genuineness)),
        Some(Vouching { signature, genuineness, taint, .. }) => {
            signature.into_iter().chain([genuineness]).for_each(|check| verdict.record(check));
            taint.into_iter().for_each(|taint| verdict.taint(taint));
        }
    }
    verdict
}

/// JIS X 0303; what is not on record there is shown as it is not known.
fn sex_word(digit: char, context: &Context) -> String {
    let word = match digit {
        '1' => "male",
        '2' => "female",
        '9' => "not_applicable",
        _ => "unknown",
    };
    context.text("sex-word", &[("word", word.into())])
}
