//! SELECT, READ BINARY, READ RECORD and GET DATA (card.md §§1.5, 2).

use super::card::SimulatedCard;
use super::command::{Command, Outcome, Stop};
use super::model::{Access, AccessWord, ElementaryFile, FileId};

/// The issuer security domain, selected when power comes (card.md §2).
const ISSUER_SECURITY_DOMAIN: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];

/// Found in the issuer security domain, and not readable (card.md §2).
const HIDDEN: FileId = FileId(0x001E);

/// Told in applications too, and by some cards in them only (card.md §1.2).
const CONTACT_ATR: FileId = FileId(0x5F51);

impl SimulatedCard {
    pub(super) fn select(&mut self, command: &Command<'_>) -> Outcome {
        match (command.p1, command.p2) {
            (0x04, 0x00 | 0x0C) => self.select_application(command.body()?.data),
            (0x02, 0x00 | 0x0C) => self.select_file(command.body()?.data),
            // Takes the command and stays where it is; nothing is found below an MF that is not there (card.md §2).
            (0x00, 0x00 | 0x0C) => match (command.body()?.data, self.session.application) {
                ([], Some(_)) => Ok(Vec::new()),
                ([], None) => Err(0x6A86.into()),
                _ => Err(0x6A82.into()),
            },
            _ => Err(0x6A86.into()),
        }
    }

    fn select_application(&mut self, name: &[u8]) -> Outcome {
        if name.is_empty() || name.len() > 16 {
            return Err(0x6700.into());
        }
        let aids = || self.file.applications.iter().enumerate().map(|(at, application)| (Some(at), &*application.aid));
        let all = || std::iter::once((None, &ISSUER_SECURITY_DOMAIN[..])).chain(aids());
        // JICSAP 4.2: a name matches from its left; the whole name first, so that a short one cannot shadow it.
        let found = all().find(|(_, aid)| *aid == name).or_else(|| all().find(|(_, aid)| aid.starts_with(name)));
        let (application, _) = found.ok_or(Stop::Status(0x6A82))?;
        if application != self.session.application {
            self.session.application = application;
            self.session.file = None;
            self.session.verified.clear();
        }
        Ok(Vec::new())
    }

    fn select_file(&mut self, identifier: &[u8]) -> Outcome {
        let &[high, low] = identifier else { return Err(0x6700.into()) };
        let id = FileId(u16::from_be_bytes([high, low]));
        if !self.exists(id) {
            return Err(0x6A82.into());
        }
        self.session.file = Some(id);
        Ok(Vec::new())
    }

    /// True when the selected application has a file, PIN or key with this identifier.
    pub(super) fn exists(&self, id: FileId) -> bool {
        self.current_application().map_or(id == HIDDEN, |application| {
            application.files.iter().any(|file| file.id == id)
                || application.pins.iter().any(|pin| pin.id == id)
                || application.keys.iter().any(|key| key.id == id)
        })
    }

    /// Makes the file with this short identifier current, or stays with the current one for 0.
    pub(super) fn address(&mut self, short_identifier: u8) -> Result<FileId, Stop> {
        if short_identifier == 0 {
            return self.session.file.ok_or(Stop::Status(0x6986));
        }
        if self.file.switches.refuse_short_identifiers {
            return Err(0x6A86.into());
        }
        self.make_current(FileId(u16::from(short_identifier)))
    }

    /// Makes this file of the selected application current.
    pub(super) fn make_current(&mut self, id: FileId) -> Result<FileId, Stop> {
        if !self.exists(id) {
            return Err(0x6A82.into());
        }
        self.session.file = Some(id);
        Ok(id)
    }

    /// The readable file `id` of the selected application; a PIN or a key is the wrong structure.
    fn readable(&self, id: FileId, records: bool) -> Result<&ElementaryFile, Stop> {
        let found = self.current_application().and_then(|it| it.files.iter().find(|file| file.id == id));
        let file = found.filter(|file| file.records.is_empty() != records).ok_or(Stop::Status(0x6981))?;
        let open = match &file.read {
            Access::Word(AccessWord::Free) => true,
            Access::Word(AccessWord::Never) => false,
            Access::AnyOf(pins) => pins.iter().any(|pin| self.session.verified.contains(pin)),
        };
        if open { Ok(file) } else { Err(0x6982.into()) }
    }

    pub(super) fn read_binary(&mut self, command: &Command<'_>) -> Outcome {
        let by_short_identifier = command.p1 & 0x80 != 0;
        if by_short_identifier && (command.p1 & 0x60 != 0 || command.p1 == 0x80) {
            return Err(0x6A86.into());
        }
        let expected = command.expected_only()?;
        if self.file.switches.longest_read.is_some_and(|longest| expected > longest) {
            return Err(0x6700.into());
        }
        let (short_identifier, offset) = if by_short_identifier {
            (command.p1 & 0x1F, usize::from(command.p2))
        } else {
            (0, usize::from(u16::from_be_bytes([command.p1, command.p2])))
        };
        let id = self.address(short_identifier)?;
        let file = self.readable(id, false)?;
        let left = file.physical_size().checked_sub(offset).filter(|left| *left > 0).ok_or(Stop::Status(0x6B00))?;
        let length = self.fit(expected, left)?;
        let written = file.content.as_deref().unwrap_or_default();
        Ok((offset..offset.saturating_add(length)).map(|at| written.get(at).copied().unwrap_or(0xFF)).collect())
    }

    pub(super) fn read_record(&mut self, command: &Command<'_>) -> Outcome {
        // Only "record number in P1" (ISO/IEC 7816-4 table 49) has been seen.
        if command.p2 & 0x07 != 0x04 || command.p2 >> 3 == 0x1F {
            return Err(0x6A86.into());
        }
        let expected = command.expected_only()?;
        let id = self.address(command.p2 >> 3)?;
        let file = self.readable(id, true)?;
        let record = usize::from(command.p1).checked_sub(1).and_then(|at| file.records.get(at));
        let record = record.ok_or(Stop::Status(0x6A83))?;
        let length = self.fit(expected, record.len())?;
        Ok(record.iter().take(length).copied().collect())
    }

    pub(super) fn get_data(&mut self, command: &Command<'_>) -> Outcome {
        let expected = command.expected_only()?;
        let tag = FileId(u16::from_be_bytes([command.p1, command.p2]));
        let here = match self.session.application {
            None => tag != CONTACT_ATR || !self.file.switches.contact_atr_in_applications_only,
            Some(_) => tag == CONTACT_ATR,
        };
        if !here {
            return Err(0x6A88.into());
        }
        let object = self.file.data_objects.iter().find(|object| object.tag == tag);
        let content = &object.ok_or(Stop::Status(0x6A88))?.content;
        if content.len() > expected {
            return Err(0x6700.into());
        }
        Ok(content.clone())
    }

    /// How many of `left` bytes go out: as many as asked for, or `6Cxx` where that switch is on.
    fn fit(&self, expected: usize, left: usize) -> Result<usize, Stop> {
        match u8::try_from(left) {
            Ok(exact) if expected > left && self.file.switches.answer_6cxx => {
                Err(Stop::Status(u16::from_be_bytes([0x6C, exact])))
            }
            _ => Ok(expected.min(left)),
        }
    }
}
