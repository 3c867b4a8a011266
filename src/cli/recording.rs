//! The file of `--record`, which must not take back what the card did: a disk that fills up in the middle ends the
//! recording and not the run. What the card answered stays the answer, and the recording's end becomes a warning.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a recording of this run broke off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recording(Arc<AtomicBool>);

impl Recording {
    /// Whether it did.
    pub(crate) fn broke_off(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// `file`, whose failures are remembered here once the first line stands.
    pub(crate) fn over(&self, file: File) -> RecordingFile {
        RecordingFile { file, begun: false, recording: self.clone() }
    }
}

/// A file that fails its first line only.
pub(crate) struct RecordingFile {
    file: File,
    begun: bool,
    recording: Recording,
}

impl RecordingFile {
    /// Before the first line stands nothing was sent to a card, so a failure may still end the run.
    fn settle(&mut self, outcome: io::Result<()>) -> io::Result<()> {
        match outcome {
            Err(error) if !self.begun => Err(error),
            Err(_) => {
                self.recording.0.store(true, Ordering::SeqCst);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

impl Write for RecordingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Whole or not at all: after a gap nothing more is written, so what stands there is a true beginning.
        if !self.recording.broke_off() {
            let written = self.file.write_all(bytes);
            self.settle(written)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.settle(flushed)?;
        self.begun = true;
        Ok(())
    }
}
