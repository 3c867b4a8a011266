//! What outlives the power: counters and changed secrets, in a file beside the card so that the card's own file stays
//! as it was made.

use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::card::SimulatorError;
use super::model::{CardFile, FileId, PinFile};

/// Counters and secrets that differ from the card file's own.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    #[serde(default, rename = "pin")]
    pins: Vec<Changed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    /// AID of the application, in hex.
    application: String,
    id: FileId,
    tries: u8,
    /// The changed secret, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// The file beside a card and what the card was like when it was made.
pub(super) struct StateFile {
    path: PathBuf,
    original: Vec<(Vec<u8>, PinFile)>,
}

impl StateFile {
    /// The state of the card in `card_path`: its name with `.state` behind it.
    pub(super) fn beside(card_path: &Path, original: &CardFile) -> Self {
        let mut path = card_path.as_os_str().to_owned();
        path.push(".state");
        let pins = |application: &super::model::Application| {
            let aid = application.aid.clone();
            application.pins.iter().map(|pin| (aid.clone(), pin.clone())).collect::<Vec<_>>()
        };
        Self { path: path.into(), original: original.applications.iter().flat_map(pins).collect() }
    }

    /// Puts the kept counters and secrets into `file`.
    pub(super) fn apply(&self, file: &mut CardFile) -> Result<(), SimulatorError> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(SimulatorError::Read { path: self.path.clone(), source }),
        };
        let foreign = || SimulatorError::StateMismatch { path: self.path.clone() };
        let state: State = toml::from_str(&text).map_err(|_| foreign())?;
        for changed in state.pins {
            let aid = hex::decode(&changed.application).map_err(|_| foreign())?;
            let application = file.application_mut(&aid).ok_or_else(foreign)?;
            let pin = application.pins.iter_mut().find(|pin| pin.id == changed.id).ok_or_else(foreign)?;
            if changed.tries > pin.maximum {
                return Err(foreign());
            }
            pin.tries = changed.tries;
            if let Some(secret) = changed.secret {
                pin.secret = hex::decode(secret).map_err(|_| foreign())?;
            }
        }
        Ok(())
    }

    /// Writes down what differs from the card as made; nothing differs, no file. The new file is complete before it
    /// takes the old one's name.
    pub(super) fn save(&self, file: &CardFile) -> std::io::Result<()> {
        let changed = |(aid, was): &(Vec<u8>, PinFile)| {
            let now = file.application(aid)?.pins.iter().find(|pin| pin.id == was.id)?;
            let secret = (now.secret != was.secret).then(|| hex::encode_upper(&now.secret));
            (now.tries != was.tries || secret.is_some()).then(|| Changed {
                application: hex::encode_upper(aid),
                id: was.id,
                tries: now.tries,
                secret,
            })
        };
        let state = State { pins: self.original.iter().filter_map(changed).collect() };
        if state.pins.is_empty() {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let text = toml::to_string(&state).map_err(std::io::Error::other)?;
        let mut new = self.path.clone().into_os_string();
        new.push(format!(".{}", std::process::id()));
        let written = write_whole(Path::new(&new), &text).and_then(|()| std::fs::rename(&new, &self.path));
        if written.is_err() {
            // The failure above is the one to tell.
            let _ = std::fs::remove_file(&new);
        }
        written
    }
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut out = std::fs::File::create(path)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}
