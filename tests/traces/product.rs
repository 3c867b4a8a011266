//! Each procedure on each kind of card with each fault: what came of it, as lines that hold only what differs from the
//! recording without a fault. The grammar is in `fixtures/traces/README.md`.
//!
//! A line is made by today's client on the simulated card, and expands to a whole recording, which is replayed and judged.

use super::conformance::needs_what_is_blanked;
use super::making::{honnin, made_on};
use super::scenarios::{self, Scenario};
use super::{cards, corpus};
use honnin::simulator::{Disturbance, Lie, Switches, Trouble};
use honnin::trace::{Content, Entry, Exchange, Pattern, Recording, check, read, to_json_lines};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A fault by the name it has in the files.
struct Fault {
    name: &'static str,
    what: fn() -> Trouble,
    places: Places,
}

/// At which commands a fault is tried.
#[derive(Clone, Copy, PartialEq)]
enum Places {
    /// On the adult's card at every command; on the others at the first, the one that counts and the last.
    Every,
    /// On the adult's card at three commands, on the others at the one that counts.
    Some,
    /// At the first command: what is so from the beginning.
    First,
}

const FAULTS: &[Fault] = &[
    Fault { name: "removed_before", what: || Trouble::RemovedBefore, places: Places::Every },
    Fault { name: "removed_during", what: || Trouble::RemovedDuring, places: Places::Every },
    Fault { name: "removed_after", what: || Trouble::RemovedAfter, places: Places::Every },
    Fault { name: "reset_before", what: || Trouble::ResetBefore, places: Places::Every },
    Fault { name: "answer_lost", what: || Trouble::AnswerLost, places: Places::Every },
    Fault { name: "held_by_another", what: || Trouble::HeldByAnother, places: Places::First },
    Fault { name: "answer_6F00", what: || Trouble::Answer(vec![0x6F, 0x00]), places: Places::Some },
    Fault { name: "answer_90", what: || Trouble::Answer(vec![0x90]), places: Places::Some },
    Fault { name: "answer_FFFF", what: || Trouble::Answer(vec![0xFF, 0xFF]), places: Places::Some },
    Fault { name: "answer_9000", what: || Trouble::Answer(vec![0x90, 0x00]), places: Places::Some },
    Fault { name: "answer_6110", what: || Trouble::Answer(vec![0x61, 0x10]), places: Places::Some },
    Fault { name: "answer_6C10", what: || Trouble::Answer(vec![0x6C, 0x10]), places: Places::Some },
    Fault { name: "cut_short", what: || Trouble::CutShort, places: Places::Some },
    Fault { name: "length_too_long", what: || Trouble::Length(Lie::TooLong), places: Places::Some },
    Fault { name: "length_too_short", what: || Trouble::Length(Lie::TooShort), places: Places::Some },
    Fault { name: "length_indefinite", what: || Trouble::Length(Lie::Indefinite), places: Places::Some },
    Fault { name: "length_huge", what: || Trouble::Length(Lie::Huge), places: Places::Some },
    // Not the answer that is changed: the card has a switch for it, and does not execute the command.
    Fault { name: FIRST_6F00, what: || Trouble::Answer(vec![0x6F, 0x00]), places: Places::First },
];

const FIRST_6F00: &str = "first_command_6F00";

/// One run to be made.
struct Case {
    base: Scenario,
    fault: &'static Fault,
    at: usize,
}

/// The recording of a run without a fault.
fn undisturbed(scenario: &Scenario) -> Recording {
    let path = corpus().join(format!("{}.jsonl", scenario.name));
    read(&std::fs::read(path).unwrap()).unwrap().1
}

/// The commands, answered or not.
fn commands(recording: &Recording) -> Vec<&Pattern> {
    recording.entries.iter().filter_map(|entry| entry.content.tx()).collect()
}

/// The command at which most is at stake: a signature, a change, a secret; else the first that reads.
fn what_counts(commands: &[&Pattern]) -> usize {
    let is = |fits: fn(&[u8]) -> bool| commands.iter().position(|tx| fits(tx.before()));
    let secret = commands.iter().position(|tx| tx.is_blanked() && tx.before().get(1) == Some(&0x20));
    let found = is(|tx| tx.starts_with(&[0x80, 0x2A])).or(is(|tx| tx.starts_with(&[0x00, 0x24]))).or(secret);
    found.or(is(|tx| tx.starts_with(&[0x00, 0xB0]))).map_or(1, |index| index + 1)
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for base in scenarios::undisturbed() {
        let recording = undisturbed(&base);
        let sent = commands(&recording);
        let (last, counts) = (sent.len(), what_counts(&sent));
        for fault in FAULTS {
            let mut places = match (fault.places, base.persona == "adult") {
                (Places::First, _) => vec![1],
                (Places::Every, true) => (1..=last).collect(),
                (Places::Every, false) => vec![1, counts, last],
                (Places::Some, true) => vec![1, counts, (counts + 1).min(last), last],
                (Places::Some, false) => vec![counts],
            };
            places.retain(|at| *at <= last);
            places.dedup();
            cases.extend(places.into_iter().map(|at| Case { base: base.clone(), fault, at }));
        }
    }
    cases
}

impl Case {
    fn words(&self) -> String {
        format!("{} {} {}", self.base.name, self.fault.name, self.at)
    }

    /// The run with its fault: as a line, without the names of the cards.
    fn line(&self) -> String {
        let mut card = cards::card(self.base.persona);
        disturb(&mut card.switches, self.fault, self.at);
        let (recording, ended) = made_on(&self.base, card);
        let code = ended.json["problem"]["code"].as_str().unwrap_or("-").to_owned();
        let findings = recording.header.findings.join(",");
        let findings = if findings.is_empty() { "-" } else { &findings };
        let session = differing(&recording, &undisturbed(&self.base));
        format!("{}\t{}\t{}\t{code}\t{findings}\t{session}", self.fault.name, self.at, ended.exit)
    }
}

fn disturb(switches: &mut Switches, fault: &Fault, at: usize) {
    if fault.name == FIRST_6F00 {
        switches.first_command_6f00 = true;
    } else {
        switches.disturbance = Some(Disturbance { at: at.try_into().unwrap(), what: (fault.what)() });
    }
}

/// The session in terms of the one without a fault.
fn differing(recording: &Recording, base: &Recording) -> String {
    let mut tokens: Vec<String> = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    let mut next = 0;
    let close = |run: &mut Option<(usize, usize)>, tokens: &mut Vec<String>| {
        if let Some((from, to)) = run.take() {
            tokens.push(if from == to { from.to_string() } else { format!("{from}-{to}") });
        }
    };
    for entry in &recording.entries {
        let after = |fits: &dyn Fn(&Content) -> bool| {
            let order = (next..base.entries.len()).chain(0..next);
            order.into_iter().find(|index| fits(&base.entries[*index].content))
        };
        if let Some(index) = after(&|content| *content == entry.content) {
            match &mut run {
                Some((_, to)) if *to == index => *to = index + 1,
                _ => {
                    close(&mut run, &mut tokens);
                    run = Some((index + 1, index + 1));
                }
            }
            next = index + 1;
            continue;
        }
        close(&mut run, &mut tokens);
        let known = entry.content.tx().and_then(|tx| after(&|content| content.tx() == Some(tx)));
        if let Some(index) = known {
            next = index + 1;
        }
        let named = |tx: &Pattern| known.map_or_else(|| format!(":{}", tx.to_text()), |index| (index + 1).to_string());
        tokens.push(match &entry.content {
            Content::Event(event) => format!("+{event}"),
            Content::LinkError { tx, error } => format!("{}!{error}", named(tx)),
            Content::Exchange(exchange) => {
                let before = known.map(|index| &base.entries[index].content);
                format!("{}{}", named(&exchange.tx), answered(exchange, before))
            }
        });
    }
    close(&mut run, &mut tokens);
    if tokens.is_empty() { "-".to_owned() } else { tokens.join(" ") }
}

/// An answer, where possible in terms of the one without a fault.
fn answered(exchange: &Exchange, before: Option<&Content>) -> String {
    if let (Some(Content::Exchange(before)), Some(now)) = (before, exchange.rx.bytes())
        && let Some(was) = before.rx.bytes()
        && was.len() > 8
    {
        let (data, status) = (now.len() - 2, &was[was.len() - 2..]);
        if data > 0 && now.len() < was.len() && now[..data] == was[..data] && now.ends_with(status) {
            return format!("/{data}");
        }
        let differs = now.iter().zip(was).rposition(|(now, was)| now != was);
        if let Some(end) = differs.filter(|end| now.len() == was.len() && *end < 16) {
            return format!("^{}", hex::encode_upper(&now[..=end]));
        }
    }
    format!("={}", exchange.rx.to_text())
}

/// The whole recording of a session in terms of another.
fn expanded(session: &str, base: &Recording) -> Recording {
    let mut contents = Vec::new();
    for token in session.split(' ').filter(|token| *token != "-") {
        let at = |number: &str| base.entries[number.parse::<usize>().unwrap() - 1].content.clone();
        if let Some(event) = token.strip_prefix('+') {
            contents.push(Content::Event(event.to_owned()));
            continue;
        }
        let Some(mark) = token.find(['!', '/', '^', '=']) else {
            let (from, to) = token.split_once('-').unwrap_or((token, token));
            for number in from.parse::<usize>().unwrap()..=to.parse().unwrap() {
                contents.push(at(&number.to_string()));
            }
            continue;
        };
        let (who, mark, what) = (&token[..mark], token.as_bytes()[mark], &token[mark + 1..]);
        let tx = match who.strip_prefix(':') {
            Some(text) => Pattern::parse(text).unwrap(),
            None => at(who).tx().unwrap().clone(),
        };
        let was = || match at(who) {
            Content::Exchange(exchange) => exchange.rx.bytes().unwrap().to_vec(),
            other => panic!("{token}: {other:?}"),
        };
        let rx = match mark {
            b'!' => {
                contents.push(Content::LinkError { tx, error: what.to_owned() });
                continue;
            }
            b'/' => {
                let was = was();
                Pattern::exact(&[&was[..what.parse().unwrap()], &was[was.len() - 2..]].concat())
            }
            b'^' => {
                let start = hex::decode(what).unwrap();
                Pattern::exact(&[&start[..], &was()[start.len()..]].concat())
            }
            _ => Pattern::parse(what).unwrap(),
        };
        contents.push(Content::Exchange(Exchange { tx, rx, t_us: None, note: None }));
    }
    let entries = contents.into_iter().enumerate().map(|(index, content)| Entry { line: index + 2, content });
    Recording { header: base.header.clone(), entries: entries.collect() }
}

/// What is in `fixtures/traces/disturbed/`: for each procedure its lines, each with the cards in front.
fn file_of(procedure: &str) -> std::path::PathBuf {
    corpus().join("disturbed").join(format!("{procedure}.tsv"))
}

fn procedure_of(scenario: &Scenario) -> &str {
    scenario.name.split_once('/').unwrap().1
}

/// The lines on file, by the words of their case.
fn on_file() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(corpus().join("disturbed")).unwrap() {
        let path = entry.unwrap().path();
        let procedure = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for line in std::fs::read_to_string(&path).unwrap().lines().filter(|line| !line.starts_with('#')) {
            let (names, rest) = line.split_once('\t').unwrap();
            let mut fields = rest.split('\t');
            let (fault, at) = (fields.next().unwrap(), fields.next().unwrap());
            for card in names.split(',') {
                let words = format!("{card}/{procedure} {fault} {at}");
                assert!(found.insert(words, rest.to_owned()).is_none(), "{}: {line}", path.display());
            }
        }
    }
    found
}

/// One case in `one_in` by its words, every one in the long run.
fn chosen(one_in: u64) -> Vec<Case> {
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    // FNV-1a: the sample depends on nothing but the words.
    let hash = |words: &str| {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        words.bytes().fold(0xCBF2_9CE4_8422_2325, step) >> 7
    };
    cases().into_iter().filter(|case| long || hash(&case.words()).is_multiple_of(one_in)).collect()
}

/// Does the work for each case, several at a time, and gives the results in their order.
fn for_each<T: Send>(cases: &[Case], work: impl Fn(&Case) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else { break };
                    let result = work(case);
                    done.lock().unwrap().insert(index, result);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

#[test]
fn the_product_is_what_the_client_and_the_simulated_card_make_of_each_fault() {
    if std::env::var_os("UPDATE").is_some() {
        write_anew();
    }
    let known = on_file();
    let cases = chosen(150);
    let lines = for_each(&cases, Case::line);
    let mut differing = Vec::new();
    for (case, line) in cases.iter().zip(&lines) {
        let words = case.words();
        if known.get(&words) != Some(line) {
            differing.push(format!("{words}:\n  {}\n  {line}", known.get(&words).map_or("", String::as_str)));
        }
    }
    assert!(differing.is_empty(), "run UPDATE=1 cargo test --test traces product:\n{}", differing.join("\n"));
    assert!(cases.len() > 30, "{} cases are no sample", cases.len());
}

fn write_anew() {
    let cases = cases();
    let lines = for_each(&cases, Case::line);
    let mut files: BTreeMap<String, Vec<(String, Vec<&str>)>> = BTreeMap::new();
    for (case, line) in cases.iter().zip(lines) {
        let rows = files.entry(procedure_of(&case.base).to_owned()).or_default();
        match rows.iter_mut().find(|(known, _)| *known == line) {
            Some((_, names)) => names.push(case.base.persona),
            None => rows.push((line, vec![case.base.persona])),
        }
    }
    std::fs::create_dir_all(corpus().join("disturbed")).unwrap();
    for (procedure, rows) in files {
        let mut text = String::from("# cards\tfault\tat\texit\tcode\tfindings\tsession\n");
        for (line, names) in rows {
            text.push_str(&format!("{}\t{line}\n", names.join(",")));
        }
        std::fs::write(file_of(&procedure), text).unwrap();
    }
}

#[test]
fn the_product_is_whole_and_nothing_is_left_over() {
    let known = on_file();
    let wanted: Vec<_> = cases().iter().map(Case::words).collect();
    let missing: Vec<_> = wanted.iter().filter(|words| !known.contains_key(*words)).collect();
    assert!(missing.is_empty(), "{} are missing, {:?} among them", missing.len(), missing.first());
    assert_eq!(known.len(), wanted.len(), "a line stands for no case");
    let read_me = std::fs::read_to_string(corpus().join("README.md")).unwrap();
    let said = format!("{},{:03} sessions", known.len() / 1000, known.len() % 1000);
    assert!(read_me.contains(&said), "fixtures/traces/README.md does not say {said}");
}

#[test]
fn every_line_expands_to_a_session_that_is_judged_as_it_says() {
    let known = on_file();
    for case in cases() {
        let base = undisturbed(&case.base);
        let line = &known[&case.words()];
        let fields: Vec<_> = line.split('\t').collect();
        let recording = expanded(fields[5], &base);
        assert_eq!(differing(&recording, &base), fields[5], "{}: there and back", case.words());
        let found: Vec<_> = check(&recording).iter().map(|finding| finding.rule.id()).collect();
        let expected: Vec<_> = fields[4].split(',').filter(|rule| *rule != "-").collect();
        assert_eq!(found, expected, "{}", case.words());
        // VERIFY, CHANGE and signatures go out once, whatever happens to them.
        for instruction in [[0x00, 0x20], [0x00, 0x24], [0x80, 0x2A]] {
            let sent = commands(&recording).into_iter();
            let sent =
                sent.filter(|tx| tx.before().starts_with(&instruction) && (tx.is_blanked() || instruction[0] != 0));
            assert!(sent.count() <= 1, "{}: {line}", case.words());
        }
    }
}

#[test]
fn every_line_is_replayed_to_its_end() {
    let known = on_file();
    let cases = chosen(150);
    let wrong = for_each(&cases, |case| {
        let base = undisturbed(&case.base);
        let fields: Vec<_> = known[&case.words()].split('\t').collect();
        let directory = tempfile::tempdir().unwrap();
        let recording = expanded(fields[5], &base);
        std::fs::write(directory.path().join("trace.jsonl"), to_json_lines(&recording)).unwrap();
        std::fs::write(directory.path().join("keys.json"), cards::keys(case.base.persona)).unwrap();
        let arguments = [&["trace", "replay", "trace.jsonl", "--"], &*case.base.arguments].concat();
        let ended = honnin(directory.path(), &arguments, case.base.secret.as_deref());
        let found = (ended.exit.to_string(), ended.json["problem"]["code"].as_str().unwrap_or("-").to_owned());
        let masked = found.1 == "masked_data_needed" && recording.entries.iter().any(needs_what_is_blanked);
        let right = found == (fields[2].to_owned(), fields[3].to_owned())
            && ended.json["result"]["differences"] == serde_json::json!([]);
        (!right && !masked).then(|| format!("{}: {} {:?}", case.words(), fields[3], ended.json))
    });
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
