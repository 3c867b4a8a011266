//! Two authorities, the documents that are bent, and how they are bent and signed.
//!
//! The documents are the seeds of the fuzz corpora, issued anew under authorities whose keys the judge holds.

use crate::change::{Dice, change};
use crate::judge::Judge;
use crate::tree::{Content, Node};
use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::time::UnixTime;
use std::path::Path;
use std::process::Command;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Certificate,
    List,
}

impl Kind {
    pub fn letter(self) -> u8 {
        match self {
            Self::Certificate => b'C',
            Self::List => b'L',
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::List => "list",
        }
    }
}

struct Authority {
    letter: u8,
    name: Node,
    serial: Node,
    key_identifier: Vec<u8>,
    algorithm: Node,
}

pub struct World {
    pub at: UnixTime,
    pub anchors: AnchorSet,
    /// One on the list that is bent, one not.
    pub leaves: Vec<Certificate>,
    authorities: Vec<Authority>,
    certificates: Vec<Node>,
    lists: Vec<Node>,
}

/// A document before its signature is there.
pub struct Draft {
    pub kind: Kind,
    /// Whose signature it gets.
    pub signer: u8,
    /// What is signed.
    pub signed: Vec<u8>,
    /// What stands in the document in its place.
    tbs: Vec<u8>,
    algorithm: Node,
    bent_outside: bool,
    donor: Node,
}

const CERTIFICATES: &[&str] = &[
    "digital-signature",
    "digital-signature",
    "digital-signature",
    "user-authentication",
    "user-authentication",
    "odd-leaf",
    "testcard",
    "authority",
    "constraints",
    "odd-delegate",
];

const LISTS: &[&str] = &["partition", "partition", "partition", "partition", "empty", "list", "delta"];

/// The serial number that the list has and one that it has not.
const SERIALS: [&[u8]; 2] = [&[7, 0, 0, 3], &[7, 0, 0, 4]];

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

fn time(text: &str) -> Node {
    Node::bytes(0x17, text.as_bytes())
}

fn find_extensions(tbs: &mut Node, tag: u8) -> Option<&mut Vec<Node>> {
    let wrapper = tbs.children_mut().iter_mut().find(|node| node.tag == tag)?;
    Some(wrapper.children_mut().first_mut()?.children_mut())
}

impl World {
    pub fn new(folder: &Path) -> Self {
        for (name, key) in [("ca0", "ec -pkeyopt ec_paramgen_curve:P-256"), ("ca1", "rsa:2048")] {
            openssl(
                folder,
                &format!(
                    "req -x509 -newkey {key} -nodes -keyout {name}.key -outform DER -out {name}.der -sha256 -days 9000 \
                     -subj /C=JP/O=TEST/CN={name} -addext keyUsage=critical,keyCertSign,cRLSign"
                ),
            );
        }
        let mut anchors = AnchorSet::none();
        let mut authorities = Vec::new();
        for (letter, name) in [(b'0', "ca0"), (b'1', "ca1")] {
            let der = std::fs::read(folder.join(format!("{name}.der"))).unwrap();
            let tree = Node::read(&der).unwrap();
            let certificate = Certificate::from_der(&der).unwrap();
            authorities.push(Authority {
                letter,
                name: tree.children()[0].children()[5].clone(),
                serial: tree.children()[0].children()[1].clone(),
                key_identifier: certificate.extensions().subject_key_identifier.clone().unwrap(),
                algorithm: tree.children()[1].clone(),
            });
            anchors = anchors.with_certificate(certificate, None);
        }
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
        let seeds = |target: &str, names: &[&str]| -> Vec<Node> {
            let read = |name: &&str| std::fs::read(corpus.join(target).join(format!("seed-{name}"))).unwrap();
            names.iter().map(|name| Node::read(&read(name)).unwrap().children()[0].clone()).collect()
        };
        Self {
            // Near enough that the seeds' own dates are right, too.
            at: "2026-12-01T00:00:00Z".parse().unwrap(),
            anchors,
            leaves: Vec::new(),
            authorities,
            certificates: seeds("certificate", CERTIFICATES),
            lists: seeds("crl", LISTS),
        }
    }

    /// The same with the two leaves that lists are asked about, written into `folder` for the judge.
    pub fn with_signed_leaves(mut self, folder: &Path, judge: &mut Judge) -> Self {
        for (serial, name) in SERIALS.into_iter().zip(["listed", "unlisted"]) {
            let mut tbs = self.issued(Kind::Certificate, &self.certificates[0], 0);
            tbs.children_mut()[1] = Node::bytes(2, serial);
            let der = self.sign(judge, 0, &tbs);
            std::fs::write(folder.join(format!("{name}.der")), &der).unwrap();
            self.leaves.push(Certificate::from_der(&der).unwrap());
        }
        self
    }

    fn sign(&self, judge: &mut Judge, authority: usize, tbs: &Node) -> Vec<u8> {
        let authority = &self.authorities[authority];
        let signed = tbs.write();
        let signature = judge.ask(&[(authority.letter, &signed)]).remove(0);
        let signature = Node::bytes(3, &[&[0], signature.as_slice()].concat());
        document(&signed, &[authority.algorithm.clone(), signature])
    }

    /// Every document as it is before it is bent.
    pub fn straight(&self, judge: &mut Judge) -> Vec<(Kind, Vec<u8>)> {
        let mut documents = Vec::new();
        for authority in 0..2 {
            for tbs in &self.certificates {
                let tbs = self.issued(Kind::Certificate, tbs, authority);
                documents.push((Kind::Certificate, self.sign(judge, authority, &tbs)));
            }
        }
        // The others are of reasons and changes only; what the two say of those differs by design.
        for tbs in &self.lists[..5] {
            documents.push((Kind::List, self.sign(judge, 0, &self.issued(Kind::List, tbs, 0))));
        }
        documents
    }

    /// The signed part under one of the authorities, with dates that hold.
    fn issued(&self, kind: Kind, tbs: &Node, authority: usize) -> Node {
        let authority = &self.authorities[authority];
        let mut tbs = tbs.clone();
        let fields = tbs.children_mut();
        let extensions = match kind {
            Kind::Certificate => {
                fields[2] = authority.algorithm.clone();
                fields[3] = authority.name.clone();
                fields[4] = Node::nodes(0x30, vec![time("251101000000Z"), time("281101000000Z")]);
                0xA3
            }
            Kind::List => {
                fields[1] = authority.algorithm.clone();
                fields[2] = authority.name.clone();
                fields[3] = time("261130000000Z");
                fields[4] = time("261202000000Z");
                0xA0
            }
        };
        // As leaves of JPKI have it (certificates.md §6): key, issuer and serial number. The authorities issued themselves.
        let mut parts = vec![Node::bytes(0x80, &authority.key_identifier)];
        if kind == Kind::Certificate {
            parts.push(Node::nodes(0xA1, vec![Node::nodes(0xA4, vec![authority.name.clone()])]));
            parts.push(Node { tag: 0x82, ..authority.serial.clone() });
        }
        let identifier = Node::nodes(0x30, parts);
        for extension in find_extensions(&mut tbs, extensions).into_iter().flatten() {
            let nodes = extension.children_mut();
            if nodes[0].content == Content::Bytes(vec![0x55, 0x1D, 35]) {
                *nodes.last_mut().unwrap() = Node::nodes(4, vec![identifier.clone()]);
            }
        }
        tbs
    }

    /// A bent document that waits for its signature.
    pub fn draft(&self, dice: &mut Dice) -> Draft {
        let kind = if dice.below(5) < 3 { Kind::Certificate } else { Kind::List };
        let authority = usize::from(kind == Kind::Certificate && dice.below(16) == 0);
        let all = match kind {
            Kind::Certificate => &self.certificates,
            Kind::List => &self.lists,
        };
        let mut tbs = self.issued(kind, dice.one_of(all), authority);
        let donor = self.issued(kind, dice.one_of(all), authority);
        let how = dice.below(16);
        let bend = |tbs: &mut Node, dice: &mut Dice| {
            for _ in 0..1 + dice.below(2) * dice.below(3) {
                change(tbs, &donor, dice);
            }
        };
        // Mostly bent and then signed; now and then signed and then bent, or bent outside of what is signed.
        if how < 13 {
            bend(&mut tbs, dice);
        }
        let signed = tbs.write();
        if how == 13 {
            bend(&mut tbs, dice);
        }
        let Authority { letter, algorithm, .. } = &self.authorities[authority];
        let (algorithm, tbs) = (algorithm.clone(), tbs.write());
        Draft { kind, signer: *letter, signed, tbs, algorithm, bent_outside: how > 13, donor }
    }
}

impl Draft {
    pub fn finished(self, signature: &[u8], dice: &mut Dice) -> Vec<u8> {
        let signature = Node::bytes(3, &[&[0], signature].concat());
        let mut outside = Node::nodes(0x30, vec![self.algorithm, signature]);
        if self.bent_outside {
            // The numbers of an ECDSA signature are bent as numbers.
            if dice.below(2) == 0
                && let Content::Bytes(bytes) = &outside.children()[1].content
                && let Some(numbers) = Node::read(&bytes[1..])
            {
                outside.children_mut()[1].content = Content::Nodes(vec![0], vec![numbers]);
            }
            change(&mut outside, &self.donor, dice);
        }
        let parts = match outside.content {
            Content::Nodes(_, nodes) => nodes,
            Content::Bytes(_) => Vec::new(),
        };
        let mut bytes = document(&self.tbs, &parts);
        if self.bent_outside && dice.below(6) == 0 {
            match dice.below(3) {
                0 => bytes.push(0),
                1 => bytes.truncate(dice.below(bytes.len())),
                _ => bytes[0] = dice.throw() as u8,
            }
        }
        bytes
    }
}

fn document(tbs: &[u8], rest: &[Node]) -> Vec<u8> {
    let mut content = tbs.to_vec();
    for node in rest {
        content.extend(node.write());
    }
    Node::bytes(0x30, &content).write()
}
