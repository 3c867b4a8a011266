//! The table of rules in docs/traces.md, in the words of the message files, and the check that it is what they say.

use std::fmt::Write;

use honnin::trace::Rule;

use super::{Language, Messages};

const START: &str = "<!-- rules: made by UPDATE=1 cargo test --bin honnin traces_page -->\n";
const END: &str = "<!-- end of rules -->";

fn table() -> String {
    let mut table = "| rule | | source | what it says |\n|---|---|---|---|\n".to_owned();
    for rule in Rule::ALL {
        let say = |language| Messages::new(language).text("trace-rule", &[("rule", rule.id().into())]);
        let (en, ja) = (say(Language::En), say(Language::Ja));
        writeln!(table, "| `{}` | {} | {} | {en}<br>{ja} |", rule.id(), rule.severity().as_str(), rule.source())
            .unwrap();
    }
    table
}

#[test]
fn traces_page_lists_every_rule_in_both_languages() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/traces.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{START}{}{END}{after}", table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    let in_tree = std::fs::read_to_string(path).unwrap();
    assert!(
        in_tree == expected,
        "docs/traces.md is not what the texts say; run: UPDATE=1 cargo test --bin honnin traces_page"
    );
}
