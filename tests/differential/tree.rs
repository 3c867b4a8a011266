//! DER as a tree that can be bent: read once from good documents, written with lies where a change asks for one.

/// What a tag, with or without its lies, holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub tag: u8,
    pub content: Content,
    pub length: Length,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Bytes(Vec<u8>),
    /// Elements, behind so many bytes: none in a SEQUENCE, one in a BIT STRING, none in an OCTET STRING that wraps.
    Nodes(Vec<u8>, Vec<Node>),
}

/// How the length is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    Right,
    /// One octet more than needed.
    Long,
    /// Indefinite, with the end marked.
    Indefinite,
    /// Too large or too small by so much.
    Off(i8),
}

impl Node {
    pub fn bytes(tag: u8, bytes: &[u8]) -> Self {
        Self { tag, content: Content::Bytes(bytes.to_vec()), length: Length::Right }
    }

    pub fn nodes(tag: u8, nodes: Vec<Self>) -> Self {
        Self { tag, content: Content::Nodes(Vec::new(), nodes), length: Length::Right }
    }

    /// The one element that `bytes` are.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut nodes = read_all(bytes)?;
        if nodes.len() == 1 { nodes.pop() } else { None }
    }

    pub fn children(&self) -> &[Self] {
        match &self.content {
            Content::Nodes(_, nodes) => nodes,
            Content::Bytes(_) => &[],
        }
    }

    pub fn children_mut(&mut self) -> &mut Vec<Self> {
        match &mut self.content {
            Content::Nodes(_, nodes) => nodes,
            Content::Bytes(_) => panic!("no children"),
        }
    }

    pub fn write(&self) -> Vec<u8> {
        let content = match &self.content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::Nodes(before, nodes) => nodes.iter().fold(before.clone(), |mut all, node| {
                all.extend(node.write());
                all
            }),
        };
        let mut written = vec![self.tag];
        if self.length == Length::Indefinite {
            written.push(0x80);
            written.extend(content);
            written.extend([0, 0]);
            return written;
        }
        let told = match self.length {
            Length::Off(by) => content.len().saturating_add_signed(isize::from(by)),
            _ => content.len(),
        };
        let digits = told.to_be_bytes();
        let needed = digits.len() - digits.iter().take_while(|digit| **digit == 0).count();
        if told < 0x80 && self.length != Length::Long {
            written.push(told as u8);
        } else {
            let used = needed.max(1) + usize::from(self.length == Length::Long && told >= 0x80);
            written.push(0x80 | used as u8);
            written.extend(&digits[digits.len() - used..]);
        }
        written.extend(content);
        written
    }
}

fn read_all(mut bytes: &[u8]) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while let [tag, first, rest @ ..] = bytes {
        if tag & 0x1F == 0x1F {
            return None;
        }
        let (length, rest) = match first {
            0..=0x7F => (usize::from(*first), rest),
            0x81..=0x83 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
                (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        // What is wrapped in octets, extensions above all, is bent as well.
        let inner = match tag {
            tag if tag & 0x20 != 0 => Some((Vec::new(), read_all(content)?)),
            4 => read_all(content).filter(|nodes| !nodes.is_empty()).map(|nodes| (Vec::new(), nodes)),
            3 => content.split_first().filter(|(unused, _)| **unused == 0).and_then(|(_, bits)| {
                read_all(bits).filter(|nodes| nodes.len() == 1 && nodes[0].tag == 0x30).map(|nodes| (vec![0], nodes))
            }),
            _ => None,
        };
        let content = match inner {
            Some((before, nodes)) => Content::Nodes(before, nodes),
            None => Content::Bytes(content.to_vec()),
        };
        nodes.push(Node { tag: *tag, content, length: Length::Right });
        bytes = rest;
    }
    bytes.is_empty().then_some(nodes)
}
