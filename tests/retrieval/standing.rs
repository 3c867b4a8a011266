//! An old signature judged later: revoked before it or after it, by the lists of then and by those of now.

use crate::world::{World, now};
use honnin::anchors::AnchorSet;
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::{
    Crl, Materials, Parameters, Profile, Reverification, RevocationReason, RevocationStatus, StandingAtSigning,
    reverify,
};
use honnin::verdict::Conclusion;

const HOUR: i64 = 3600;

/// Judged ten hours after the certificate was made.
fn judge(world: &World, lists: &[Vec<u8>], signed_at: UnixTime, start: UnixTime) -> Reverification {
    let anchors = AnchorSet::none().with_certificate(world.certificate("ca"), None);
    let crls: Vec<Crl> = lists.iter().map(|der| Crl::from_der(der).unwrap()).collect();
    let materials = Materials { crls: &crls, ..Materials::default() };
    let parameters = Parameters::new(start.plus_seconds(10 * HOUR), &anchors).with_profile(Profile::Rfc5280);
    reverify(&world.certificate("good"), &materials, &parameters, signed_at)
}

#[test]
fn before_and_after_are_told_apart() {
    let Some(world) = World::new() else { return };
    let start = now();
    let hour = |n: i64| start.plus_seconds(n * HOUR);
    let clean = world.list_between(1, hour(0), hour(4));
    let still_clean = world.list_between(2, hour(9), hour(12));
    // He moved house in the sixth hour.
    world.revoke_good_at(hour(6), "affiliationChanged");
    let moved = world.list_between(3, hour(9), hour(12));
    let reason = Some(RevocationReason::AffiliationChanged);
    let revoked_after = StandingAtSigning::RevokedAfter { at: hour(6), reason };

    // Signed in the second hour: in time, and revoked by now.
    for lists in [vec![clean.clone(), moved.clone()], vec![moved.clone()]] {
        let found = judge(&world, &lists, hour(2), start);
        assert_eq!(found.standing, revoked_after, "{} lists", lists.len());
        assert!(matches!(found.now.revocation, RevocationStatus::Revoked { .. }));
        assert_eq!(found.now.verdict.conclusion(), Conclusion::No(Reason::CertificateRevoked));
    }
    let with_both = judge(&world, &[clean.clone(), moved.clone()], hour(2), start);
    assert_eq!(with_both.then.verdict.conclusion(), Conclusion::Yes, "as of its own time it holds");
    let only_later = judge(&world, std::slice::from_ref(&moved), hour(2), start);
    assert_eq!(only_later.then.verdict.conclusion(), Conclusion::Undetermined(Reason::ValidityUnavailable));

    // Signed at the very second, and after it: too late, even if a list of that day does not know yet.
    for signed in [hour(6), hour(7)] {
        let found = judge(&world, std::slice::from_ref(&moved), signed, start);
        assert_eq!(found.standing, StandingAtSigning::RevokedBefore { at: hour(6), reason });
    }

    // Never revoked: the list of then says so, and so does a later one that could have named it.
    for lists in [vec![clean.clone(), still_clean.clone()], vec![clean.clone()], vec![still_clean]] {
        assert_eq!(judge(&world, &lists, hour(2), start).standing, StandingAtSigning::Good);
    }
    // A list from before the signature says nothing of it, and no list says nothing at all.
    let stale = judge(&world, std::slice::from_ref(&clean), hour(5), start);
    assert!(matches!(stale.standing, StandingAtSigning::Undetermined(_)), "{:?}", stale.standing);
    assert!(matches!(judge(&world, &[], hour(2), start).standing, StandingAtSigning::Undetermined(_)));
}

#[test]
fn a_list_from_after_expiry_does_not_clear_anybody() {
    // Expired certificates may leave the list, so its silence means nothing.
    let Some(world) = World::new() else { return };
    let start = now();
    let day = |n: i64| start.plus_seconds(n * 24 * HOUR);
    let anchors = AnchorSet::none().with_certificate(world.certificate("ca"), None);
    let crls = [Crl::from_der(&world.list_between(1, day(22), day(24))).unwrap()];
    let materials = Materials { crls: &crls, ..Materials::default() };
    let parameters = Parameters::new(day(23), &anchors).with_profile(Profile::Rfc5280);
    let found = reverify(&world.certificate("good"), &materials, &parameters, day(1));
    assert!(matches!(found.now.revocation, RevocationStatus::Good(_)), "{:?}", found.now.revocation);
    assert!(matches!(found.standing, StandingAtSigning::Undetermined(_)), "{:?}", found.standing);
    assert_eq!(found.now.verdict.conclusion(), Conclusion::No(Reason::CertificateExpired));
}
