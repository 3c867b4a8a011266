//! RSN-27: the order of the engine, and what is left of a verdict after its first decisive answer.

use crate::verdict::{Check, CheckId, Status, Verdict};

/// The order in which the engine asks (RSN-27; audience belongs to the challenge, profile to the certificate's purpose).
///
/// Reports keep the order of the contract; this is only about who comes first.
pub const ORDER: [CheckId; 12] = [
    CheckId::Format,
    CheckId::Challenge,
    CheckId::Audience,
    CheckId::Algorithm,
    CheckId::Path,
    CheckId::Purpose,
    CheckId::Profile,
    CheckId::ValidityPeriod,
    CheckId::Signature,
    CheckId::Revocation,
    CheckId::Attributes,
    CheckId::Policy,
];

/// Every check of [`ORDER`] with its status, cut after the first that failed or could not be made: later ones are `not_run`,
/// never `passed`. A check that was not run decides nothing here; whoever decides asks for all of them.
pub(super) fn settle(found: &Verdict) -> Verdict {
    let mut settled = Verdict::new();
    let mut decided = false;
    for id in ORDER {
        let check = if decided { None } else { found.check(id).cloned() };
        let check = check.unwrap_or_else(|| Check::not_run(id));
        decided |= matches!(check.status, Status::Failed(_) | Status::Undetermined(_));
        settled.record(check);
    }
    settled.taints.clone_from(&found.taints);
    settled.warnings.clone_from(&found.warnings);
    settled
}

/// Whether nothing before this check, in the engine's order, was decisive.
pub(super) fn is_open_at(check: CheckId, found: &Verdict) -> bool {
    ORDER.iter().take_while(|id| **id != check).all(|id| {
        let status = found.check(*id).map_or(Status::NotRun, |check| check.status);
        !matches!(status, Status::Failed(_) | Status::Undetermined(_))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Reason;
    use crate::verdict::Conclusion;

    #[test]
    fn the_first_decisive_failure_wins_rsn_27() {
        let mut found = Verdict::new();
        for id in ORDER {
            found.record(Check::passed(id));
        }
        found.record(Check::failed(CheckId::Path, Reason::IssuerNotTrusted));
        // Signature stands before path in reports and after it in the engine.
        found.record(Check::failed(CheckId::Signature, Reason::SignatureInvalid));
        let settled = settle(&found);
        assert_eq!(settled.conclusion(), Conclusion::No(Reason::IssuerNotTrusted));
        for (id, expected) in [
            (CheckId::Algorithm, Status::Passed),
            (CheckId::Purpose, Status::NotRun),
            (CheckId::Signature, Status::NotRun),
            (CheckId::Revocation, Status::NotRun),
            (CheckId::Attributes, Status::NotRun),
        ] {
            assert_eq!(settled.check(id).unwrap().status, expected, "{id:?}");
        }
    }

    #[test]
    fn an_outage_stops_the_line_too_rsn_20() {
        let mut found = Verdict::new();
        for id in ORDER {
            found.record(Check::passed(id));
        }
        found.record(Check::undetermined(CheckId::Revocation, Reason::ValidityUnavailable));
        let settled = settle(&found);
        assert_eq!(settled.conclusion(), Conclusion::Undetermined(Reason::ValidityUnavailable));
        assert_eq!(settled.check(CheckId::Signature).unwrap().status, Status::Passed);
        assert_eq!(settled.check(CheckId::Attributes).unwrap().status, Status::NotRun);
    }

    #[test]
    fn a_check_that_was_never_made_is_not_run() {
        let mut found = Verdict::new();
        found.record(Check::passed(CheckId::Format));
        found.record(Check::passed(CheckId::Signature));
        let settled = settle(&found);
        assert_eq!(settled.checks().len(), ORDER.len());
        assert_eq!(settled.check(CheckId::Challenge).unwrap().status, Status::NotRun);
        assert_eq!(settled.check(CheckId::Policy).unwrap().status, Status::NotRun);
    }
}
