//! The text the holder signs: one form and no other.

use honnin::proof::{MAXIMUM_STATEMENT_BYTES, Statement};

pub fn hold(data: &[u8]) {
    let Ok(statement) = Statement::parse(data) else { return };
    assert!(data.len() <= MAXIMUM_STATEMENT_BYTES);
    assert_eq!(statement.as_bytes(), data);
    let challenge = statement.challenge();
    assert_eq!(challenge.statement().as_bytes(), data, "two forms of one challenge");
    for field in [challenge.case(), challenge.account(), challenge.audience(), challenge.purpose()] {
        assert!(super::is_safe(field) && field.trim() == field && !field.is_empty());
    }
    assert!(challenge.transaction().split('\n').all(super::is_safe));
}
