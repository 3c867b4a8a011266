//! Asking for 照合番号B by its parts, as they are printed on the card.

use zeroize::Zeroizing;

use honnin::holder::{EraDate, NumberBError, number_b};
use honnin::reason::Reason;
use honnin::secret::{Secret, SecretKind};

use super::{Answer, Prompt, Question, Typed, checked, explanation, script, source, typed};
use crate::cli::context::Context;
use crate::cli::error::CliError;

/// Asks for birth date, year of expiry and security code. The date in the Japanese calendar is shown before the last of
/// them is asked, so before anything is sent.
///
/// A source that a script names gives the three on a line each, or on one line with blanks between, or the fourteen digits.
///
/// # Errors
/// As [`ask`](super::ask).
pub(crate) fn ask_number_b(context: &Context, question: &Question<'_>) -> Result<Answer, CliError> {
    let mut warnings = Vec::new();
    if let Some(from) = script(context) {
        let lines = source::lines(from, &mut warnings, |lines| whole(lines).is_some() || parts(lines).len() >= 3)?;
        if let Some(number) = whole(&lines) {
            return checked(SecretKind::NumberB, number, warnings);
        }
        let parts = parts(&lines);
        let [birth_date, year, code] = parts.as_slice() else { return Err(wrong(NumberBError::SecurityCode)) };
        let era = EraDate::from_gregorian(birth_date).map_err(wrong)?;
        let secret = number_b(era, year, code).map_err(wrong)?;
        return Ok(Answer { secret, warnings });
    }
    let mut lines = explanation(question, &context.messages);
    lines.push(context.text("prompt-number-b", &[]));
    let birth_date = typed(context, &Prompt { lines, label: context.text("prompt-birth-date", &[]) }, &mut warnings)?;
    let era = EraDate::from_gregorian(&text(&birth_date)).map_err(wrong)?;
    let shown = context.text(
        "number-b-era",
        &[
            ("era", era.era.japanese().into()),
            ("year", era.year.into()),
            ("month", i16::from(era.month).into()),
            ("day", i16::from(era.day).into()),
        ],
    );
    let prompt = Prompt { lines: vec![shown], label: context.text("prompt-expiry-year", &[]) };
    let year = typed(context, &prompt, &mut warnings)?;
    let prompt = Prompt { lines: Vec::new(), label: context.text("prompt-security-code", &[]) };
    let code = typed(context, &prompt, &mut warnings)?;
    let secret: Secret = number_b(era, &text(&year), &text(&code)).map_err(wrong)?;
    Ok(Answer { secret, warnings })
}

/// The fourteen digits, where a script has them in one piece.
fn whole(lines: &[Typed]) -> Option<&[u8]> {
    match lines {
        [only] if only.len() == 14 && only.iter().all(u8::is_ascii_digit) => Some(only),
        _ => None,
    }
}

fn parts(lines: &[Typed]) -> Vec<Zeroizing<String>> {
    let words =
        |line: &Typed| text(line).split_whitespace().map(|word| Zeroizing::new(word.to_owned())).collect::<Vec<_>>();
    lines.iter().flat_map(words).collect()
}

/// What is not text becomes signs that are no digits.
fn text(typed: &Typed) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(typed).into_owned())
}

fn wrong(error: NumberBError) -> CliError {
    let failure = CliError::new(Reason::PinFormatInvalid).with("pin", "number_b");
    match error {
        NumberBError::BirthDate => failure.with("part", "birth_date").because("cause-birth-date", &[]),
        NumberBError::ExpiryYear => failure.with("part", "expiry_year").because("cause-expiry-year", &[]),
        _ => failure.with("part", "security_code").because("cause-security-code", &[]),
    }
}
