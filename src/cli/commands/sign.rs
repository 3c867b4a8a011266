//! `sign`: the card signs a file, and a CMS SignedData comes out.

use serde_json::json;

use honnin::card::Key;
use honnin::crypto::sha256;
use honnin::holder;
use honnin::proof::{MAXIMUM_BYTES, Placement};
use honnin::reason::Reason;

use crate::cli::arguments::{KeyName, SignArguments};
use crate::cli::context::{Context, now};
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;
use crate::cli::sitting;

/// Signs `FILE` with a key of the card.
pub(crate) fn sign(context: &Context, arguments: &SignArguments) -> Result<Report, CliError> {
    let content = files::read(&arguments.file)?;
    if files::are_one(&arguments.file, &arguments.out) {
        let file = arguments.file.display().to_string();
        return Err(CliError::new(Reason::Usage).because("cause-out-is-input", &[("file", file.into())]));
    }
    if !arguments.detached && content.len() > MAXIMUM_BYTES {
        return Err(CliError::new(Reason::Usage).because("cause-too-large-to-attach", &[]));
    }
    // Before anybody types: an attempt and a signature are too dear to find out afterwards.
    files::check_writable(&arguments.out)?;
    let (key, key_word, discloses) = match arguments.key {
        KeyName::DigitalSignature => (Key::DigitalSignature, "digital_signature", "discloses-digital-signature"),
        KeyName::UserAuthentication => {
            (Key::UserAuthentication, "user_authentication", "discloses-user-authentication")
        }
    };
    let file = arguments.file.display().to_string();
    let digest = hex::encode(sha256(&content));
    let purpose = [
        context.text("purpose-sign", &[("file", file.into()), ("digest", digest.clone().into())]),
        context.text(discloses, &[]),
    ];
    let placement = if arguments.detached { Placement::Detached } else { Placement::Attached };
    let (mut opened, answer) = sitting::open_with_secret(context, key, &purpose)?;
    let caution = opened.caution;
    // signingTime says when it was signed, so it is the clock's and not `--at`'s.
    // Replayed, it is the recorded run's, whose digest the recording has.
    let at = opened.recorded_at.unwrap_or_else(now);
    context.tell("keep-the-card-still", &[]);
    let signed = opened
        .session
        .run(async |card| holder::sign(card, key, &answer.secret, caution, &content, placement, at).await);
    let signed = signed.map_err(|error| sitting::remark_on_kind(context, &mut opened.session, error.into()))?;
    let closed = opened.close()?;
    files::write_whole(&arguments.out, signed.cms.reveal())?;
    let out = arguments.out.display().to_string();
    let mut report = Report::new(json!({
        "key": key_word,
        "detached": arguments.detached,
        "content_sha256": digest,
        "signed_at": at,
        "out": out,
        "bytes": signed.cms.reveal().len(),
        "exchanges": closed.exchanges,
    }));
    report.warnings = answer.warnings;
    report.remark_on(&closed);
    report.line(context.text("written", &[("file", out.into()), ("bytes", signed.cms.reveal().len().into())]));
    Ok(report)
}
