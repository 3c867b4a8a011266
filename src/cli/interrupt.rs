//! Ctrl-C, SIGTERM, SIGHUP and SIGQUIT: never with the terminal mute, never with the card left unlocked.
//!
//! While a person types, the terminal is restored and the program ends. While a card session is open the signal only
//! asks: the session sees [`requested`] between two exchanges, locks the card and gives up, and a second Ctrl-C does not
//! skip the locking; the fourth ends the program, for readers that hang. At any other time the program ends at once.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What an interrupted program still says before it ends.
type Farewell = Box<dyn Fn() + Send>;

/// How a terminal is put back as it was; told whether a signal is the cause.
type Restore = Box<dyn FnOnce(bool) + Send>;

static ASKED: AtomicUsize = AtomicUsize::new(0);
static REQUESTED: AtomicBool = AtomicBool::new(false);
static SESSIONS: Mutex<Sessions> = Mutex::new(Sessions { open: 0, is_ending: false });
static RESTORE: Mutex<Option<Restore>> = Mutex::new(None);
static OUTPUT: AtomicU8 = AtomicU8::new(FREE);

/// So many signals only ask; the next one ends the program even where a reader hangs and the card cannot be locked.
const INSISTENCE: usize = 3;

const FREE: u8 = 0;
const TAKEN_BY_THE_RUN: u8 = 1;
const TAKEN_BY_THE_SIGNAL: u8 = 2;

/// The card sessions, and whether there may be another. Behind one lock: a program about to end at once must not open a card in
/// its last moment, since nobody would lock it.
struct Sessions {
    open: usize,
    is_ending: bool,
}

fn sessions() -> MutexGuard<'static, Sessions> {
    SESSIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Exit code of an interrupted run (cli.md).
const EXIT: i32 = 130;

/// Starts to listen. `farewell` says that the run was interrupted, unless its report is already being written.
pub(crate) fn listen(farewell: Farewell) {
    on_each_signal(move || {
        let again = ASKED.fetch_add(1, Ordering::SeqCst);
        if !may_end(again) {
            REQUESTED.store(true, Ordering::SeqCst);
            return;
        }
        restore_terminal(true);
        if OUTPUT.compare_exchange(FREE, TAKEN_BY_THE_SIGNAL, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            farewell();
        }
        std::process::exit(EXIT);
    });
}

/// Whether a signal that came after `again` others ends the program at once; if so, no card session begins any more.
fn may_end(again: usize) -> bool {
    let mut sessions = sessions();
    sessions.is_ending |= sessions.open == 0 || again >= INSISTENCE;
    sessions.is_ending
}

/// Has a thread of its own call `handler` for every signal that asks the program to end. Where the system refuses that, a
/// signal still ends the program: no reason to do nothing at all.
#[cfg(unix)]
fn on_each_signal(handler: impl Fn() + Send + 'static) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT]) {
        std::thread::spawn(move || signals.forever().for_each(|_| handler()));
    }
}

#[cfg(not(unix))]
fn on_each_signal(handler: impl Fn() + Send + 'static) {
    let _ = ctrlc::set_handler(handler);
}

/// Whether somebody asked to stop during a card session. The session looks at it between two exchanges.
pub(crate) fn requested() -> &'static AtomicBool {
    &REQUESTED
}

/// A card session is open for as long as this lives: a signal asks it to stop instead of ending the program.
#[derive(Debug)]
#[must_use]
pub(crate) struct Session(());

/// Announces a card session. In a program that a signal ends just now this never returns.
pub(crate) fn session() -> Session {
    loop {
        {
            let mut sessions = sessions();
            if !sessions.is_ending {
                sessions.open += 1;
                return Session(());
            }
        }
        wait_for_the_end();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        sessions().open -= 1;
    }
}

/// A person is typing a secret for as long as this lives: a signal puts the terminal back first.
#[derive(Debug)]
#[must_use]
pub(crate) struct Typing(());

/// Announces that echo is about to be switched off; `restore` switches it on again.
pub(crate) fn typing(restore: impl FnOnce(bool) + Send + 'static) -> Typing {
    *RESTORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(restore));
    Typing(())
}

impl Drop for Typing {
    fn drop(&mut self) {
        restore_terminal(false);
    }
}

fn restore_terminal(by_signal: bool) {
    if let Some(restore) = RESTORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        restore(by_signal);
    }
}

/// Takes the output for the run's own report. Where the signal was first, this never returns: its exit is on its way.
pub(crate) fn take_output() {
    if OUTPUT.swap(TAKEN_BY_THE_RUN, Ordering::SeqCst) == TAKEN_BY_THE_SIGNAL {
        wait_for_the_end();
    }
}

/// Waits for the handler to end the program.
pub(crate) fn wait_for_the_end() {
    // Two seconds are for ever here, and still an end should the handler not be there.
    std::thread::sleep(std::time::Duration::from_secs(2));
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::{Command, Output};
    use std::time::{Duration, Instant};

    use super::*;

    fn interrupt_myself() {
        let signal = std::env::var("TEST_SIGNAL").unwrap();
        let status = Command::new("kill").args([&signal, &std::process::id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    fn in_a_process(test: &str, signal: &str) -> Output {
        let name = format!("cli::interrupt::tests::{test}");
        Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", &name, "--nocapture"])
            .env("TEST_SIGNAL", signal)
            .output()
            .unwrap()
    }

    fn within_two_seconds(mut holds: impl FnMut() -> bool) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(2) {
            if holds() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// Signals belong to a process, so this one is started for the test below: a session is asked for while a signal ends the
    /// program.
    #[test]
    #[ignore = "runs only as the child of the other test"]
    fn process_that_ends() {
        listen(Box::new(|| {
            println!("farewell");
            // As long as a busy machine may take from the decision to the end.
            std::thread::sleep(Duration::from_millis(300));
        }));
        interrupt_myself();
        assert!(within_two_seconds(|| sessions().is_ending));
        let _open = session();
        println!("a card was opened");
    }

    #[test]
    fn no_session_begins_in_a_program_that_ends() {
        let output = in_a_process("process_that_ends", "-INT");
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(130), "{told}");
        assert!(told.contains("farewell") && !told.contains("a card was opened"), "{told}");
    }

    /// Signals belong to a process, so this one is started for the test below.
    #[test]
    #[ignore = "runs only as the child of the other test"]
    fn interrupted_process() {
        listen(Box::new(|| println!("farewell")));
        let open = session();
        assert!(!requested().load(Ordering::SeqCst));
        interrupt_myself();
        println!("asked={}", within_two_seconds(|| requested().load(Ordering::SeqCst)));
        interrupt_myself();
        std::thread::sleep(Duration::from_millis(200));
        println!("locked");
        drop(open);
        interrupt_myself();
        println!("survived={}", within_two_seconds(|| false));
    }

    #[test]
    fn a_session_locks_the_card_first_however_often_it_is_interrupted() {
        for signal in ["-INT", "-TERM", "-HUP", "-QUIT"] {
            let output = in_a_process("interrupted_process", signal);
            let told = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.code(), Some(130), "{signal}: {told}");
            assert!(told.contains("asked=true\nlocked\nfarewell"), "{signal}: {told}");
            assert!(!told.contains("survived"), "{signal}: {told}");
        }
    }
}
