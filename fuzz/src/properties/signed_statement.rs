//! CMS SignedData, as a signed statement comes.

use honnin::proof::{MAXIMUM_SIGNERS, SignedStatement};

pub fn hold(data: &[u8]) {
    let Ok(statement) = SignedStatement::parse(data) else { return };
    assert!((1..=MAXIMUM_SIGNERS).contains(&statement.signers().len()));
    // Everything it hands out stands in what came.
    let stands = |part: &[u8]| part.is_empty() || data.windows(part.len()).any(|window| window == part);
    assert!(statement.content().is_none_or(stands));
    assert!(statement.certificates().all(stands));
    for signer in statement.signers() {
        assert!(
            signer.certificate().is_ok_and(|one| statement.certificates().any(|other| other == one))
                || signer.certificate().is_err()
        );
    }
    if let Ok(verified) = statement.verify(None) {
        assert_eq!(Some(verified.content()), statement.content());
        assert_eq!(verified.signers().len(), statement.signers().len());
        for (verified, claimed) in verified.signers().iter().zip(statement.signers()) {
            assert_eq!(Ok(verified.certificate()), claimed.certificate());
            assert_eq!(Ok(verified.algorithm()), claimed.algorithm());
        }
        // Another content beside the attached one is never taken for it.
        assert!(statement.verify(Some(&[verified.content(), b"x"].concat())).is_err());
    } else if let Ok(each) = statement.verify_each(None) {
        assert!(each.iter().any(Result::is_err));
    }
    assert!(format!("{statement:?}").contains("redacted") || statement.content().is_none());
}
