//! Changes that know what they change: lengths, tags, numbers, times, texts, flags, order, whole elements from elsewhere.

use crate::tree::{Content, Length, Node};

/// SplitMix64: the same numbers in every run.
#[derive(Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.throw() % end.max(1) as u64) as usize
    }

    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

impl Dice {
    fn octets(&mut self, of: &[&'static [u8]]) -> &'static [u8] {
        of[self.below(of.len())]
    }
}

pub fn count(node: &Node) -> usize {
    1 + node.children().iter().map(count).sum::<usize>()
}

/// The `number`th node in the order in which they are written.
pub fn nth(node: &mut Node, number: usize) -> &mut Node {
    fn find<'a>(node: &'a mut Node, left: &mut usize) -> Option<&'a mut Node> {
        if *left == 0 {
            return Some(node);
        }
        *left -= 1;
        match &mut node.content {
            Content::Nodes(_, nodes) => nodes.iter_mut().find_map(|node| find(node, left)),
            Content::Bytes(_) => None,
        }
    }
    let number = number % count(node);
    find(node, &mut { number }).expect("as many as were counted")
}

const TAGS: &[u8] = &[
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1A, 0x1C, 0x1E, 0x24, 0x30,
    0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0x10, 0x1F, 0x70,
];

const UTC_TIMES: &[&str] = &[
    "260101000000Z",
    "270101000000Z",
    "2601010000Z",
    "260101000000+0900",
    "260132000000Z",
    "260230000000Z",
    "261301000000Z",
    "260101240000Z",
    "260101006000Z",
    "260101000060Z",
    "000101000000Z",
    "490101000000Z",
    "500101000000Z",
    "991231235959Z",
    "2601010000000",
    "26010100000Z",
    "260101000000z",
    " 60101000000Z",
    "",
    "261201000000Z",
    "261130235959Z",
    "261201000001Z",
];

const GENERALIZED_TIMES: &[&str] = &[
    "20260101000000Z",
    "20270101000000Z",
    "20491231235959Z",
    "20500101000000Z",
    "99991231235959Z",
    "202601010000Z",
    "20260101000000.5Z",
    "20260101000000+0000",
    "20260101000000",
    "00000101000000Z",
    "00010101000000Z",
    "19491231235959Z",
    "20260229000000Z",
    "20240229000000Z",
    "20261201000000Z",
    "2026120100Z",
];

/// Content octets of identifiers that mean something somewhere.
const IDENTIFIERS: &[&[u8]] = &[
    &[0x55, 0x1D, 9],
    &[0x55, 0x1D, 14],
    &[0x55, 0x1D, 15],
    &[0x55, 0x1D, 16],
    &[0x55, 0x1D, 17],
    &[0x55, 0x1D, 18],
    &[0x55, 0x1D, 19],
    &[0x55, 0x1D, 20],
    &[0x55, 0x1D, 21],
    &[0x55, 0x1D, 24],
    &[0x55, 0x1D, 27],
    &[0x55, 0x1D, 28],
    &[0x55, 0x1D, 29],
    &[0x55, 0x1D, 30],
    &[0x55, 0x1D, 31],
    &[0x55, 0x1D, 32],
    &[0x55, 0x1D, 32, 0],
    &[0x55, 0x1D, 33],
    &[0x55, 0x1D, 35],
    &[0x55, 0x1D, 36],
    &[0x55, 0x1D, 37],
    &[0x55, 0x1D, 46],
    &[0x55, 0x1D, 54],
    &[0x2B, 6, 1, 5, 5, 7, 1, 1],
    &[0x55, 4, 3],
    &[0x55, 4, 6],
    &[0x55, 4, 10],
    &[0x2A, 3, 4],
    &[0x2A, 0x80, 3],
    &[0x2A, 0x83],
    &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11],
    &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 5],
    &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2],
    &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3],
    &[],
];

const NUMBERS: &[&[u8]] = &[
    &[0],
    &[1],
    &[2],
    &[3],
    &[0x7F],
    &[0, 0x80],
    &[0x80],
    &[0xFF],
    &[0, 1],
    &[0xFF, 0x80],
    &[],
    &[0x11; 20],
    &[0x11; 21],
    &[0, 0x91, 0x22],
    &[7, 0, 0, 3],
    &[7, 0, 0, 4],
    &[0x7F, 0xFF, 0xFF, 0xFF, 0xFF],
];

/// Changes `root` once. `donor` gives elements; changes that turn out to be none are some of them.
pub fn change(root: &mut Node, donor: &Node, dice: &mut Dice) {
    let nodes = count(root);
    let number = dice.below(nodes);
    match dice.below(16) {
        0..=5 => change_value(nth(root, number), dice),
        6 => nth(root, number).tag = *dice.one_of(TAGS),
        7 => nth(root, number).tag ^= 1 << dice.below(8),
        8 => {
            nth(root, number).length =
                *dice.one_of(&[Length::Long, Length::Indefinite, Length::Off(1), Length::Off(-1), Length::Off(3)]);
        }
        9..=12 => change_order(nth(root, number), dice),
        13 => {
            let mut donor = donor.clone();
            let many = count(&donor);
            let given = nth(&mut donor, dice.below(many)).clone();
            *nth(root, number) = given;
        }
        14 => {
            let mut donor = donor.clone();
            let many = count(&donor);
            let given = nth(&mut donor, dice.below(many)).clone();
            if let Content::Nodes(_, nodes) = &mut nth(root, number).content {
                let at = dice.below(nodes.len() + 1);
                nodes.insert(at, given);
            }
        }
        _ => change_extension(root, dice),
    }
}

/// Order, number and presence of what an element holds.
fn change_order(node: &mut Node, dice: &mut Dice) {
    let Content::Nodes(_, nodes) = &mut node.content else { return change_value(node, dice) };
    if nodes.is_empty() {
        return;
    }
    let (one, other) = (dice.below(nodes.len()), dice.below(nodes.len()));
    match dice.below(5) {
        0 | 1 => drop(nodes.remove(one)),
        2 => nodes.insert(other, nodes[one].clone()),
        3 => nodes.swap(one, other),
        _ => nodes.truncate(one),
    }
}

/// Criticality, value and identifier of an extension: { OID, BOOLEAN?, OCTET STRING }.
fn change_extension(root: &mut Node, dice: &mut Dice) {
    let many = count(root);
    let begin = dice.below(many);
    let is_extension = |node: &Node| {
        let nodes = node.children();
        node.tag == 0x30 && matches!(nodes, [oid, .., value] if oid.tag == 6 && value.tag == 4)
    };
    let Some(at) = (0..many).map(|step| (begin + step) % many).find(|at| is_extension(nth(root, *at))) else { return };
    let extension = nth(root, at);
    let nodes = extension.children_mut();
    let flag = nodes.iter().position(|node| node.tag == 1);
    match (dice.below(4), flag) {
        (0, Some(at)) => drop(nodes.remove(at)),
        (0, None) => nodes.insert(1, Node::bytes(1, &[0xFF])),
        (1, Some(at)) => nodes[at] = Node::bytes(1, dice.octets(&[&[0], &[1], &[0xFF], &[], &[0, 0]])),
        (1, None) => nodes.insert(1, Node::bytes(1, &[0])),
        (2, _) => nodes[0] = Node::bytes(6, dice.octets(IDENTIFIERS)),
        _ => {
            let last = nodes.len() - 1;
            change_value(&mut nodes[last], dice);
        }
    }
}

/// What an element says, by what it is.
fn change_value(node: &mut Node, dice: &mut Dice) {
    let Content::Bytes(bytes) = &mut node.content else { return change_order(node, dice) };
    let special = dice.below(3) > 0;
    match node.tag {
        1 if special => *bytes = dice.one_of(&[vec![0], vec![1], vec![0xFF], vec![], vec![0, 0]]).clone(),
        2 | 10 if special => *bytes = dice.octets(NUMBERS).to_vec(),
        3 if special && !bytes.is_empty() => match dice.below(4) {
            0 => bytes[0] = *dice.one_of(&[0, 1, 3, 5, 6, 7, 8, 0xFF]),
            1 => {
                *bytes = dice
                    .one_of(&[vec![0], vec![7, 0x80], vec![6, 0xC0], vec![2, 4], vec![1, 6], vec![0, 0xFF], vec![]])
                    .clone()
            }
            2 => bytes.push(0),
            _ => {
                if let Some(last) = bytes.last_mut() {
                    *last ^= 1 << dice.below(8);
                }
            }
        },
        6 if special => *bytes = dice.octets(IDENTIFIERS).to_vec(),
        0x17 | 0x18 if special => {
            let general = dice.below(3) == 0;
            node.tag = if general { 0x18 } else { 0x17 };
            let text = if general { dice.one_of(GENERALIZED_TIMES) } else { dice.one_of(UTC_TIMES) };
            *bytes = text.as_bytes().to_vec();
            // Now and then with the other's tag.
            if dice.below(12) == 0 {
                node.tag ^= 0x0F;
            }
        }
        0x0C | 0x13 | 0x14 | 0x16 | 0x1E | 0x81 | 0x82 | 0x86 if special => match dice.below(6) {
            0 => node.tag = *dice.one_of(&[0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E]),
            1 => *bytes = bytes.to_ascii_uppercase(),
            2 => bytes.insert(dice.below(bytes.len() + 1), b' '),
            3 => bytes.extend_from_slice(dice.octets(&[&[0x80], &[0xE3, 0x81, 0x82], &[0], b"*", &[0xC3, 0xA9], b"@"])),
            4 => bytes.clear(),
            _ => *bytes = b"TEST".to_vec(),
        },
        _ => {
            let at = dice.below(bytes.len());
            match dice.below(5) {
                0 | 1 if !bytes.is_empty() => bytes[at] = dice.throw() as u8,
                2 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
                3 => bytes.truncate(at),
                _ => bytes.insert(at, dice.throw() as u8),
            }
        }
    }
}
