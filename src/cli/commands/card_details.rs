//! What `card status -v` adds: what the card tells about itself. What tells cards apart is only said to be there.

use serde_json::{Value, json};

use honnin::card::issuer_domain::{DataObject, DataObjectAnswer};
use honnin::holder::CardDetails;

use crate::cli::context::Context;
use crate::cli::output::Report;

/// Stands for a serial number, whatever it is.
const MASKED: &str = "masked";

/// The member `details` of the result.
pub(super) fn json(details: &CardDetails) -> Value {
    let common = details.common.as_ref().map(|common| {
        json!({
            "serial": MASKED, "municipality": common.municipality.reveal(), "expires": common.expires.reveal(),
        })
    });
    let objects: Vec<Value> = details
        .objects
        .iter()
        .map(|(object, answer)| {
            let content = match (object, answer) {
                (_, DataObjectAnswer::Absent | DataObjectAnswer::TooLong) => Value::Null,
                (DataObject::IdentificationNumber, _) => json!(MASKED),
                (DataObject::Municipality | DataObject::Expiry, DataObjectAnswer::Content(bytes)) => {
                    json!(String::from_utf8_lossy(bytes))
                }
                (_, DataObjectAnswer::Content(bytes)) => json!(hex::encode(bytes.as_slice())),
            };
            let state = match answer {
                DataObjectAnswer::Content(_) => "present",
                DataObjectAnswer::TooLong => "not_read",
                DataObjectAnswer::Absent => "absent",
            };
            json!({ "object": word(*object), "tag": hex::encode(object.tag()), "state": state, "content": content })
        })
        .collect();
    json!({
        "common_card": common,
        "contact_atr": details.contact_atr().map(hex::encode),
        "issuer_security_domain": objects,
    })
}

/// The lines for people.
pub(super) fn describe(report: &mut Report, details: &CardDetails, context: &Context) {
    let text = |key: &str| context.text(key, &[]);
    if let Some(common) = &details.common {
        let expires = common.expires.reveal().clone().unwrap_or_else(|| text("value-unknown"));
        report.field(text("label-card-serial"), text("value-masked"));
        report.field(text("label-municipality"), common.municipality.reveal());
        report.field(text("label-card-expires"), expires);
    }
    if let Some(atr) = details.contact_atr() {
        report.field(text("label-contact-atr"), hex::encode_upper(atr));
    }
    let present = details.objects.iter().filter(|(_, answer)| *answer != DataObjectAnswer::Absent);
    let tags: Vec<_> = present.map(|(object, _)| hex::encode_upper(object.tag())).collect();
    if !tags.is_empty() {
        report.field(text("label-issuer-objects"), tags.join(&text("list-separator")));
    }
}

const fn word(object: DataObject) -> &'static str {
    match object {
        DataObject::IssuerKey => "issuer_key",
        DataObject::IdentificationNumber => "identification_number",
        DataObject::RecognitionData => "recognition_data",
        DataObject::Municipality => "municipality",
        DataObject::Expiry => "expiry",
        DataObject::IntermediateKey => "intermediate_key",
        DataObject::UpperCertificate => "upper_certificate",
        DataObject::LowerCertificate => "lower_certificate",
        DataObject::ContactAtr => "contact_atr",
    }
}
