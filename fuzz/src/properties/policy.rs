//! Policy files.

use honnin::policy::{Policy, PolicyError};

pub fn hold(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines = text.lines().count() + 1;
    match Policy::parse(text) {
        Ok(policy) => {
            assert_eq!(Policy::parse(text), Ok(policy.clone()));
            assert!(policy.effective_to.is_none_or(|end| policy.effective_from < end), "in force at no time");
            // Comments and space say nothing.
            assert_eq!(Policy::parse(&format!("# a remark\n{text}\n\n# the end\n")), Ok(policy));
        }
        Err(PolicyError::Shape { line, .. }) => assert!(line <= lines, "line {line} of {lines}"),
        Err(_) => {}
    }
}
