//! VERIFY, CHANGE REFERENCE DATA and CHANGE KEY (card.md §4).

use super::card::SimulatedCard;
use super::command::{Command, Outcome, Stop};
use super::model::{BlockedStatus, Change, FileId, LinkDrop, PinFile, QueryAnswer};

/// The longest PIN of the card; more is refused without spending an attempt.
const LONGEST_PIN: usize = 16;

impl SimulatedCard {
    pub(super) fn verify(&mut self, command: &Command<'_>) -> Outcome {
        if command.p1 != 0 || command.p2 & 0xE0 != 0x80 {
            return Err(0x6A86.into());
        }
        let body = command.body()?;
        let le_allowed = body.data.is_empty() && self.file.switches.accept_le_on_empty_verify;
        if (body.expected.is_some() && !le_allowed) || body.data.len() > LONGEST_PIN {
            return Err(0x6700.into());
        }
        let id = self.address(command.p2 & 0x1F)?;
        let left = self.pin(id)?.tries;
        if body.data.is_empty() {
            return self.query(id, left);
        }
        if left == 0 {
            return Err(self.blocked());
        }
        match self.drops_link() {
            Some(LinkDrop::NotCounted) => return Err(Stop::Dropped),
            Some(LinkDrop::Counted) => {
                self.count(id, left.saturating_sub(1))?;
                return Err(Stop::Dropped);
            }
            None => {}
        }
        let pin = self.pin(id)?;
        let right = if self.file.switches.fold_case {
            pin.secret.eq_ignore_ascii_case(body.data)
        } else {
            pin.secret == body.data
        };
        if right {
            let maximum = pin.maximum;
            self.count(id, maximum)?;
            self.session.verified.insert(id);
            return Ok(Vec::new());
        }
        let left = left.saturating_sub(1);
        self.session.verified.remove(&id);
        self.count(id, left)?;
        Err(counter(left))
    }

    fn query(&self, id: FileId, left: u8) -> Outcome {
        let switches = &self.file.switches;
        if self.session.verified.contains(&id) && switches.query_when_verified == QueryAnswer::Success {
            return Ok(Vec::new());
        }
        Err(if left == 0 && switches.query_tells_blocked { self.blocked() } else { counter(left) })
    }

    pub(super) fn change_reference_data(&mut self, command: &Command<'_>) -> Outcome {
        if (command.p1, command.p2) != (0x01, 0x80) {
            return Err(0x6A86.into());
        }
        self.change(command, Change::ReferenceData)
    }

    pub(super) fn change_key(&mut self, command: &Command<'_>) -> Outcome {
        if (command.p1, command.p2) != (0x00, 0x80) {
            return Err(0x6A86.into());
        }
        self.change(command, Change::Key)
    }

    fn change(&mut self, command: &Command<'_>, way: Change) -> Outcome {
        let body = command.body()?;
        if body.data.is_empty() || body.data.len() > LONGEST_PIN || body.expected.is_some() {
            return Err(0x6700.into());
        }
        let id = self.address(0)?;
        let allowed = self.pin(id)?.change == way;
        if !self.session.verified.contains(&id) {
            return Err(0x6982.into());
        }
        if !allowed {
            return Err(0x6985.into());
        }
        if let Some(pin) = self.pin_mut(id) {
            pin.secret = body.data.to_vec();
        }
        self.keep()?;
        Ok(Vec::new())
    }

    /// The PIN `id` of the selected application; another kind of file is the wrong structure.
    fn pin(&self, id: FileId) -> Result<&PinFile, Stop> {
        let application = self.current_application();
        application.and_then(|it| it.pins.iter().find(|pin| pin.id == id)).ok_or(Stop::Status(0x6981))
    }

    fn pin_mut(&mut self, id: FileId) -> Option<&mut PinFile> {
        let application = self.file.applications.get_mut(self.session.application?)?;
        application.pins.iter_mut().find(|pin| pin.id == id)
    }

    /// Sets the counter and writes it down before anything is answered.
    fn count(&mut self, id: FileId, tries: u8) -> Result<(), Stop> {
        match self.pin_mut(id) {
            Some(pin) if pin.tries != tries => pin.tries = tries,
            _ => return Ok(()),
        }
        self.keep()
    }

    fn blocked(&self) -> Stop {
        Stop::Status(match self.file.switches.blocked {
            BlockedStatus::Sw6983 => 0x6983,
            BlockedStatus::Sw6984 => 0x6984,
        })
    }
}

/// `63Cx`; the file's check keeps the count within one hex digit.
fn counter(left: u8) -> Stop {
    Stop::Status(0x63C0 | u16::from(left & 0x0F))
}
