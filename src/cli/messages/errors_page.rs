//! docs/errors.md: every code in both languages, made from the message files and compared with what is in the tree.
//!
//! `UPDATE=1 cargo test errors_page` writes it anew.

use std::fmt::Write;

use honnin::doctor::Node;
use honnin::policy::rules_behind;
use honnin::reason::Reason;

use super::{Language, Messages};

const HEAD: &str = "\
# Errors

Every code a person or a program can meet: what happened, and what to do next. This page is generated from
`src/cli/messages/*.ftl` and the table of `src/reason` (`UPDATE=1 cargo test errors_page`); the same texts come from
`honnin explain CODE`. Codes never change their meaning and are never translated. Commands of the contract that this
version does not have yet are unknown to it: they end with `usage`. Rule numbers are those of `docs/rules.md`, the
nearest first; a reason that no rule speaks of has none.

このページは自動生成です。同じ説明は `honnin explain CODE --lang ja` で読めます。コードの意味は変わりません。

| exit | meaning |
|---|---|
| 0 | yes, done |
| 1 | checked, and the answer is no |
| 2 | usage |
| 3 | undetermined: a required check could not be made |
| 10 · 11 · 12 · 13 · 14 · 15 · 16 | no PC/SC service · not permitted · no reader · no card · not a supported card · busy · communication broke |
| 20 · 21 · 22 · 23 | secret wrong · blocked · last or unknown try refused · no way to ask, cancelled, or a secret that cannot be right |
| 30 · 31 · 32 | malformed data · input or output · server |
| 70 | a defect of this program |
| 130 | interrupted |
";

fn page() -> String {
    let en = Messages::new(Language::En);
    let ja = Messages::new(Language::Ja);
    let mut page = HEAD.to_owned();
    page.push_str("\n## Codes\n");
    for reason in Reason::ALL.iter().copied() {
        let (class, exit, http, retry) = (reason.class().as_str(), reason.exit(), en.http(reason), reason.retry());
        writeln!(page, "\n### {reason}\n\nclass {class} · exit {exit} · HTTP {http} · retry: {retry}").unwrap();
        let numbers: Vec<_> = rules_behind(reason).iter().map(ToString::to_string).collect();
        let rules = if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") };
        let (who, counted) = (en.who_acts(reason), reason.counted());
        writeln!(page, "· who acts: {who} · counts as failure: {counted} · rules: {rules}\n").unwrap();
        for messages in [&en, &ja] {
            let (title, detail, hint) = (messages.title(reason), messages.detail(reason), messages.hint(reason));
            writeln!(page, "- **{title}** — {detail} {}", next(messages, hint)).unwrap();
        }
    }
    page.push_str("\n## Nodes of `honnin doctor`\n");
    for node in Node::ALL {
        writeln!(page, "\n### {node}\n").unwrap();
        for messages in [&en, &ja] {
            let text = |part| messages.text(&format!("doctor-{node}-{part}"), &[]);
            writeln!(page, "- {} {}", text("cause"), next(messages, text("action"))).unwrap();
        }
    }
    page
}

fn next(messages: &Messages, hint: String) -> String {
    messages.text("explain-next", &[("hint", hint.into())])
}

#[test]
fn errors_page_is_what_the_message_files_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
        std::fs::write(path, &page).unwrap();
    }
    let in_tree = std::fs::read_to_string(path).unwrap_or_default();
    assert!(in_tree == page, "docs/errors.md is not what the texts say; run: UPDATE=1 cargo test errors_page");
}
