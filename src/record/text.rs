//! A record as an inspector reads it.

use super::archive::{AmendedField, KeptRecord};
use super::bundle::BundleError;
use super::document::write_document;
use crate::evidence::CertificateKind;
use crate::secret::Personal;
use std::fmt::Write as _;

/// Stands above every export.
pub(super) const EXPORT_HEADING: &str = "確認記録(犯罪による収益の移転防止に関する法律 第6条)\n\
    内部限り・個人情報を含みます。目的外の利用と提供は禁じられています。\n";

/// One record in labelled lines, with its amendments, and its document behind them.
pub(super) fn record_text(kept: &KeptRecord) -> Result<String, BundleError> {
    let record = &kept.record;
    let declared = |text: &Option<Personal<String>>| text.as_ref().map_or("(なし)", |text| text.reveal()).to_owned();
    let kind = match record.certificate.kind {
        CertificateKind::DigitalSignature => "署名用電子証明書",
        CertificateKind::UserAuthentication => "利用者証明用電子証明書",
        CertificateKind::Other => "その他の電子証明書",
    };
    let ended = kept.relation_ended_at.map_or("(継続中)".to_owned(), |at| at.in_japan());
    let until = kept.retain_until().map_or("取引関係終了の日から7年間".to_owned(), |at| at.in_japan());
    let lines = [
        ("案件番号", record.case.to_string()),
        ("顧客番号", record.account.to_string()),
        ("氏名", record.particulars.name.reveal().clone()),
        ("生年月日", record.particulars.birthdate.reveal().clone()),
        ("住居", record.particulars.address.reveal().clone()),
        ("確認の方法", record.method.clone()),
        ("法令の版", record.policy.law_revision_id.clone()),
        ("方針", format!("{}/{}", record.policy.id, record.policy.revision)),
        ("確認した者", record.verifier.clone()),
        ("記録を作成した者", concat!("honnin/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("受領日時", record.received_at.in_japan()),
        ("確認日時", record.confirmed_at.in_japan()),
        ("取引の種類", "アカウント種別の変更(現金からマネー)".to_owned()),
        ("本人確認書類等", kind.to_owned()),
        ("発行者", record.certificate.issuer.clone()),
        ("発行の番号", record.certificate.serial.reveal().clone()),
        ("有効性の確認日時", record.revocation.checked_at.in_japan()),
        ("取引を行う目的", declared(&record.purpose)),
        ("職業", declared(&record.occupation)),
        ("取引関係の終了日時", ended),
        ("保存期限", until),
    ];
    let mut text = String::from("\n");
    // Writing to a String does not fail.
    for (label, value) in lines {
        let _ = writeln!(text, "{label}: {value}");
    }
    for amendment in &kept.amendments {
        let field = match amendment.field {
            AmendedField::Name => "氏名",
            AmendedField::Address => "住居",
            AmendedField::Purpose => "取引を行う目的",
            AmendedField::Occupation => "職業",
            AmendedField::Note => "備考",
        };
        let (number, at, by) = (amendment.number, amendment.at.in_japan(), &amendment.by);
        let _ = writeln!(text, "追記{number}({at}、{by}) {field}: {}", amendment.value.reveal());
    }
    let document = String::from_utf8_lossy(&write_document(record)?).into_owned();
    let _ = writeln!(text, "{document}");
    Ok(text)
}
