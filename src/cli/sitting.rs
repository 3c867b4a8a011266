//! Opening the card that the global options name, and the sitting that asks a person for a secret.
//!
//! Tries are shown before a secret is typed, and nothing is held while a person types: look the card over on a shared
//! connection, close it, prompt, open exclusively (cli.md, "The sitting").

use std::path::Path;

use honnin::card::{
    self, Access, Application, CardError, Caution, Channel, ChannelError, ExtendedReads, Key, NotTyped, RetryCounter,
};
use honnin::holder;
use honnin::observation::FreeOnly;
use honnin::reason::Reason;
use honnin::secret::SecretKind;
use honnin::simulator::{SimulatedCard, SimulatorError};
use honnin::time::UnixTime;
use honnin::trace::{Header, Persona, reader_without_serial};
use honnin::transport::SimulatedChannel;
use honnin::transport::trace::{Recorder, Replay, Strictness};
use honnin::verdict::{Taint, Warning};

use super::arguments::{CardSource, ExtendedReading};
use super::context::{Context, now};
use super::error::CliError;
use super::files;
use super::interrupt;
use super::messages::Argument;
use super::narrator::narrated;
use super::reader_memory;
use super::recording::Recording;
use super::secrets::{self, Answer, Question};
use super::tally::Tally;
use super::trace_files::{open_recording, trace_error};

/// A card that is open: its session, and what is known of the way to it.
pub(crate) struct Opened {
    /// The session; dropping it leaves the card locked.
    pub(crate) session: card::Session<Box<dyn Channel>>,
    /// Name of the reader, where there is one.
    pub(crate) reader: Option<String>,
    /// Answer to reset, where somebody wanted to know it and one is known.
    pub(crate) atr: Option<Vec<u8>>,
    /// What makes results from this card unfit for a real person.
    pub(crate) taint: Option<Taint>,
    /// Which attempts may be spent on it.
    pub(crate) caution: Caution,
    /// What passed so far.
    pub(crate) tally: Tally,
    /// When this happened, for a recording that says so.
    pub(crate) recorded_at: Option<UnixTime>,
    // Declared last: a signal asks the session to stop for as long as the session lives.
    _announced: interrupt::Session,
}

/// What is left to tell of a card that was left locked.
pub(crate) struct Closed {
    /// Name of the reader, where there is one.
    pub(crate) reader: Option<String>,
    /// Answer to reset, where somebody wanted to know it and one is known.
    pub(crate) atr: Option<Vec<u8>>,
    /// What makes results from this card unfit for a real person.
    pub(crate) taint: Option<Taint>,
    /// Exchanges of the session, locking included.
    pub(crate) exchanges: usize,
    /// That the card could not be reached for locking.
    pub(crate) warning: Option<Warning>,
}

impl Opened {
    /// Leaves the card locked. A link that fails only then takes nothing back of what was read, signed or changed: that is
    /// a remark, not a failure. A recording that holds something else at this place is one.
    pub(crate) fn close(self) -> Result<Closed, CliError> {
        let before = self.session.exchanges();
        let (exchanges, warning) = match self.session.close() {
            Ok(exchanges) => (exchanges, None),
            Err(
                error @ CardError::Channel(
                    ChannelError::NotRecorded { .. }
                    | ChannelError::MaskedData { .. }
                    | ChannelError::RecordingFailed { .. },
                ),
            ) => return Err(error.into()),
            Err(_) => (before + 1, Some(Warning::new("card_not_reached_for_locking"))),
        };
        Ok(Closed { reader: self.reader, atr: self.atr, taint: self.taint, exchanges, warning })
    }
}

/// Opens the card of `--card`, recorded with `--record`.
pub(crate) fn open(context: &Context, access: Access) -> Result<Opened, CliError> {
    open_through(context, &Opening::of(access), |channel| channel)
}

/// The same for whoever wants to know the answer to reset, which is one more question to the service.
pub(crate) fn open_with_atr(context: &Context, access: Access) -> Result<Opened, CliError> {
    open_through(context, &Opening { wants_atr: true, ..Opening::of(access) }, |channel| channel)
}

/// The same for a session that cannot send what could cost something.
pub(crate) fn open_for_what_is_free(context: &Context) -> Result<Opened, CliError> {
    let guarded = |channel| Box::new(FreeOnly::new(channel)) as Box<dyn Channel>;
    let opening = Opening { reads: Reads::Short, wants_atr: true, ..Opening::of(Access::Exclusive) };
    open_through(context, &opening, guarded)
}

/// The same for a look at how reader and card carry reads: never in extended form, whatever was remembered or asked for.
pub(crate) fn open_in_short_form(context: &Context, access: Access) -> Result<Opened, CliError> {
    let opening = Opening { reads: Reads::Short, wants_atr: true, ..Opening::of(access) };
    open_through(context, &opening, |channel| channel)
}

/// How a card is opened.
#[cfg_attr(not(feature = "pcsc"), allow(dead_code, reason = "only a reader can be opened in more than one way"))]
struct Opening<'a> {
    access: Access,
    /// The reader of this very name and no other.
    known: Option<&'a str>,
    reads: Reads,
    /// Whether anybody wants to know the answer to reset.
    wants_atr: bool,
}

impl Opening<'_> {
    const fn of(access: Access) -> Self {
        Self { access, known: None, reads: Reads::AsAsked, wants_atr: false }
    }
}

/// In which form a session reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// In extended form where that was asked for, or worked on this reader before.
    AsAsked,
    /// In short form.
    Short,
}

/// The same with something between the session and the wire.
fn open_through(
    context: &Context,
    opening: &Opening<'_>,
    between: impl FnOnce(Box<dyn Channel>) -> Box<dyn Channel>,
) -> Result<Opened, CliError> {
    check_recording(context)?;
    let announced = interrupt::session();
    let Link { channel, reader, atr, taint, persona, recorded_at } = link(context, opening)?;
    let channel = between(channel);
    if let Some(reader) = reader.as_ref().filter(|_| context.global.verbose > 0) {
        context.tell("prompt-reader", &[("reader", reader.clone().into())]);
    }
    let channel = match &context.global.record {
        Some(path) => {
            // Some readers make up an ATR that holds the card's number of the moment.
            let tells_nothing = |atr: &&[u8]| persona == Persona::Synthetic || honnin::doctor::is_shareable(atr);
            let mut header = Header::new(atr.as_deref().filter(tells_nothing), persona)
                .of_this_program(recorded_at.unwrap_or_else(now));
            header.reader = reader.as_deref().map(reader_without_serial);
            recorded(channel, path, &header, &context.recording)?
        }
        None => channel,
    };
    let tally = Tally::telling(&context.unanswered);
    let channel = tally.of(channel);
    let channel = narrated(channel, context);
    let stop = || interrupt::requested().load(std::sync::atomic::Ordering::SeqCst);
    let session = card::Session::new(channel).stopped_by(stop);
    let session = match opening.reads {
        Reads::AsAsked => reading(context, session, reader.as_deref()),
        Reads::Short => session,
    };
    Ok(Opened { session, reader, atr, taint, caution: caution(context), tally, recorded_at, _announced: announced })
}

/// Has the session read in extended form where that was asked for, or worked on this reader before.
fn reading<C: Channel>(context: &Context, session: card::Session<C>, reader: Option<&str>) -> card::Session<C> {
    let wanted = match context.global.extended_reads {
        ExtendedReading::Remembered => reader.and_then(reader_memory::carries_extended_reads) == Some(true),
        ExtendedReading::Try => true,
        ExtendedReading::Never => false,
    };
    if !wanted {
        return session;
    }
    let reader = reader.map(str::to_owned);
    session.reading_extended(move |found| match (&reader, found) {
        (Some(reader), ExtendedReads::Worked) => reader_memory::remember_extended_reads(reader, true),
        (Some(reader), ExtendedReads::Refused) => reader_memory::remember_extended_reads(reader, false),
        _ => {}
    })
}

/// Opens the card exclusively with the secret of `key` in hand: given by `--pin-from`, or asked of a person who has been
/// shown the tries left and what the secret will disclose.
pub(crate) fn open_with_secret(context: &Context, key: Key, purpose: &[String]) -> Result<(Opened, Answer), CliError> {
    let kind = key.secret_kind();
    open_after(context, Needed::Key(key), kind, purpose, secrets::ask)
}

/// What a secret is needed for, and so where its tries are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needed {
    /// A key of the JPKI application.
    Key(Key),
    /// The PIN of the input support application.
    InputSupport,
    /// 照合番号B of the input support application.
    AttributesNumberB,
    /// 照合番号B of the surface application.
    FaceNumberB,
}

/// Opens the card exclusively with an answer in hand: given by `--pin-from`, or got with `ask` from a person who has been
/// shown the tries left and what the secret is for.
pub(crate) fn open_after<T>(
    context: &Context,
    needed: Needed,
    kind: SecretKind,
    purpose: &[String],
    ask: impl FnOnce(&Context, &Question<'_>) -> Result<T, CliError>,
) -> Result<(Opened, T), CliError> {
    check_recording(context)?;
    let shown = if secrets::asks_a_person(context) { tries(context, needed, kind)? } else { Tries::default() };
    if interrupt::requested().load(std::sync::atomic::Ordering::SeqCst) {
        return Err(Reason::Interrupted.into());
    }
    let tries_left = shown.left.map(u32::from);
    let question = Question { kind, reader: shown.reader.as_deref(), tries_left, purpose, pin_pad: shown.pin_pad };
    let answer = ask(context, &question)?;
    // The reader that the person was shown, and no other: two cards may lie in two readers.
    let opening = Opening { known: shown.reader.as_deref(), ..Opening::of(Access::Exclusive) };
    let mut opened = open_through(context, &opening, |channel| channel)?;
    opened.caution.shown_tries = shown.left;
    Ok((opened, answer))
}

/// The refusal of a card without a usable secret, with the remark that it may be of a kind that has none. What another
/// look at the card would add to a recording, or miss in one, is not looked at.
pub(crate) fn remark_on_kind<C: Channel>(
    context: &Context,
    session: &mut card::Session<C>,
    error: CliError,
) -> CliError {
    let about_a_secret = matches!(error.reason(), Reason::PinLocked | Reason::SigningCertificateAbsent);
    let recorded = context.global.record.is_some() || matches!(context.global.card, CardSource::Replayed(_));
    if !about_a_secret || recorded {
        return error;
    }
    match session.run(async |dialogue| holder::look_over(dialogue).await) {
        Ok(status) if status.may_be_face_authentication_card() => {
            error.warning(vec![Warning::new("possibly_face_authentication_card")])
        }
        _ => error,
    }
}

/// What `--allow-last-try` and `--allow-unknown-tries` permit.
fn caution(context: &Context) -> Caution {
    Caution {
        allow_last_try: context.global.allow_last_try,
        allow_unknown_tries: context.global.allow_unknown_tries,
        shown_tries: None,
    }
}

#[derive(Default)]
struct Tries {
    reader: Option<String>,
    left: Option<u8>,
    pin_pad: bool,
}

/// The first part of a sitting: what already forbids the attempt is told before anybody types.
fn tries(context: &Context, needed: Needed, kind: SecretKind) -> Result<Tries, CliError> {
    // A recording has no tries to lose, and holds the second part only.
    if matches!(context.global.card, CardSource::Replayed(_)) {
        return Ok(Tries::default());
    }
    let announced = interrupt::session();
    let Link { mut channel, reader, .. } = link(context, &Opening::of(Access::Shared))?;
    // A recording has no place for what is typed on a reader.
    let pin_pad = context.global.pin_from.is_none() && context.global.record.is_none() && channel.has_pin_pad();
    let stop = || interrupt::requested().load(std::sync::atomic::Ordering::SeqCst);
    let mut session = card::Session::new(channel).stopped_by(stop);
    let counter = match session.run(async |dialogue| counter_of(dialogue, needed).await) {
        Ok(Some(RetryCounter::Blocked)) => Err(CardError::SecretBlocked { kind }),
        other => other,
    };
    let counter = counter.map_err(|error| remark_on_kind(context, &mut session, error.into()))?;
    drop(session);
    drop(announced);
    let caution = caution(context);
    let left = match counter {
        Some(RetryCounter::Remaining(1)) if !caution.allow_last_try => {
            return Err(CardError::LastTryRefused { kind }.into());
        }
        Some(RetryCounter::Remaining(left)) => Some(left),
        Some(RetryCounter::NotReported) if !caution.allow_unknown_tries => {
            return Err(CardError::TriesUnknownRefused { kind }.into());
        }
        _ => None,
    };
    Ok(Tries { reader, left, pin_pad })
}

async fn counter_of(dialogue: &card::Dialogue, needed: Needed) -> Result<Option<RetryCounter>, CardError> {
    let absent = |application| CardError::ApplicationAbsent { application };
    match needed {
        Needed::Key(key) => {
            let found = card::survey(dialogue).await?;
            if key == Key::DigitalSignature && found.digital_signature_present == Some(false) {
                return Err(CardError::CertificateAbsent { which: key.certificate() });
            }
            let kind = key.secret_kind();
            Ok(found.counters.iter().find(|(found, _)| *found == kind).map(|(_, counter)| *counter))
        }
        Needed::InputSupport => {
            let counter = card::input_support::retry_counter(dialogue).await?;
            counter.map(Some).ok_or(absent(Application::InputSupport))
        }
        Needed::AttributesNumberB => {
            let counter = card::input_support::number_b_counter(dialogue).await?;
            counter.map(Some).ok_or(absent(Application::InputSupport))
        }
        Needed::FaceNumberB => {
            let counter = card::surface::retry_counter(dialogue).await?;
            counter.map(Some).ok_or(absent(Application::Surface))
        }
    }
}

struct Link {
    channel: Box<dyn Channel>,
    reader: Option<String>,
    atr: Option<Vec<u8>>,
    taint: Option<Taint>,
    persona: Persona,
    recorded_at: Option<UnixTime>,
}

fn link(context: &Context, opening: &Opening<'_>) -> Result<Link, CliError> {
    match &context.global.card {
        CardSource::Pcsc => pcsc_link(context, opening),
        CardSource::Simulated(path) => {
            let card = SimulatedCard::load(path).map_err(|error| simulator_error(path, error))?;
            let persona = if card.is_synthetic() { Persona::Synthetic } else { Persona::Unknown };
            let atr = Some(card.atr().to_vec());
            let channel = Box::new(SimulatedChannel::new(card));
            Ok(Link { channel, reader: None, atr, taint: Some(Taint::SimulatedCard), persona, recorded_at: None })
        }
        CardSource::Replayed(path) => {
            let replay = match &context.replay {
                Some(replay) => replay.clone(),
                None => Replay::new(open_recording(path)?.1, Strictness::Strict),
            };
            let header = replay.header();
            let atr = header.atr.as_deref().and_then(|atr| hex::decode(atr).ok());
            let (persona, recorded_at) = (header.persona, header.recorded_at);
            let taint = Some(Taint::Recording);
            Ok(Link { channel: Box::new(replay), reader: None, atr, taint, persona, recorded_at })
        }
    }
}

#[cfg(feature = "pcsc")]
fn pcsc_link(context: &Context, opening: &Opening<'_>) -> Result<Link, CliError> {
    use honnin::transport::pcsc::{PcscChannel, Service, SlotState, is_meant};

    let Opening { access, known, .. } = *opening;

    let failed = |error: ChannelError| CliError::from(CardError::from(error));
    let service = Service::connect().map_err(failed)?;
    let wanted = context.global.reader.as_deref();
    let link = |reader: String, channel: PcscChannel| {
        let wants_atr = opening.wants_atr || context.global.record.is_some();
        let atr = if wants_atr { channel.atr().ok() } else { None };
        let (channel, reader): (Box<dyn Channel>, _) = (Box::new(channel), Some(reader));
        Link { channel, reader, atr, taint: None, persona: Persona::Unknown, recorded_at: None }
    };
    let may_be = |name: &str| known.map_or_else(|| is_meant(name, wanted), |known| name == known);
    if let Some((reader, channel)) = service.open_only(may_be, access).map_err(failed)? {
        return Ok(link(reader, channel));
    }
    let readers = service.wait_for_card(wanted, context.global.timeout, interrupt::requested()).map_err(|error| {
        let there = service.readers().unwrap_or_default();
        match (error, wanted) {
            _ if interrupt::requested().load(std::sync::atomic::Ordering::SeqCst) => CliError::new(Reason::Interrupted),
            (ChannelError::NoReader, Some(wanted)) if !there.is_empty() => {
                let names: Vec<_> = there.iter().map(honnin::transport::pcsc::Reader::name).collect();
                CliError::new(Reason::NoReader)
                    .because(
                        "cause-no-such-reader",
                        &[("wanted", wanted.to_owned().into()), ("readers", names.join(", ").into())],
                    )
                    .hinting("hint-no-such-reader", &[])
            }
            (error, _) => failed(error),
        }
    })?;
    let answers = |reader: &&honnin::transport::pcsc::Reader| {
        let Ok(channel) = service.open(reader, Access::Shared) else { return false };
        card::Session::new(channel).run(async |dialogue| card::jpki::select(dialogue).await).is_ok()
    };
    let reader = match readers.as_slice() {
        all if known.is_some() => all
            .iter()
            .find(|reader| known.is_some_and(|name| reader.name() == name))
            .ok_or_else(|| failed(ChannelError::Removed))?,
        // With one card there is nothing to choose, and its own answer says what it is.
        [only] => only,
        several => several
            .iter()
            .find(answers)
            .or_else(|| several.iter().find(|reader| reader.slot == SlotState::Present))
            .or(several.first())
            .ok_or_else(|| CliError::new(Reason::NoCard))?,
    };
    let channel = service.open(reader, access).map_err(failed)?;
    Ok(link(reader.name(), channel))
}

#[cfg(not(feature = "pcsc"))]
fn pcsc_link(_: &Context, _: &Opening<'_>) -> Result<Link, CliError> {
    Err(CliError::new(Reason::NoPcscService).because("cause-built-without-pcsc", &[]))
}

fn recorded(
    channel: Box<dyn Channel>,
    path: &Path,
    header: &Header,
    recording: &Recording,
) -> Result<Box<dyn Channel>, CliError> {
    let file = recording.over(files::create_private(path)?);
    let recorder = Recorder::new(channel, file, header).map_err(|error| trace_error(path, error))?;
    Ok(Box::new(recorder))
}

/// That there is a place for what `--record` wants, before the card or a person is asked anything.
fn check_recording(context: &Context) -> Result<(), CliError> {
    let Some(path) = &context.global.record else { return Ok(()) };
    if is_the_card(context, path) {
        let file = path.display().to_string();
        return Err(CliError::new(Reason::Usage).because("cause-out-is-input", &[("file", file.into())]));
    }
    files::check_holds_nothing(path)
}

fn is_the_card(context: &Context, path: &Path) -> bool {
    match &context.global.card {
        CardSource::Pcsc => false,
        CardSource::Simulated(card) | CardSource::Replayed(card) => files::are_one(card, path),
    }
}

pub(crate) fn simulator_error(path: &Path, error: SimulatorError) -> CliError {
    match &error {
        SimulatorError::Read { path, source } => CliError::reading(path, source),
        SimulatorError::Write { path, source } => CliError::writing(path, source),
        SimulatorError::InUse { .. } => CliError::new(Reason::ReaderBusy),
        _ => CliError::new(Reason::MalformedData).because(
            "cause-card-file",
            &[("file", path.display().to_string().into()), ("words", error.to_string().into())],
        ),
    }
}

/// What another room says in English, and the name by which the Japanese texts know it.
fn in_the_words_of_a_room(what: &'static str) -> [Argument<'static>; 2] {
    [("what", what.replace(' ', "-").into()), ("words", what.into())]
}

impl From<CardError> for CliError {
    fn from(error: CardError) -> Self {
        let failure = Self::new(error.reason());
        let about = |failure: Self, kind, key, n: u8| {
            failure.with("pin", pin_word(kind)).because_of_secret(key, kind, &[("n", n.into())])
        };
        match error {
            CardError::SecretIncorrect { kind, remaining: Some(left) } => {
                about(failure.with("remaining", left), kind, "cause-pin-incorrect", left)
            }
            CardError::SecretIncorrect { kind, remaining: None } => failure.with("pin", pin_word(kind)),
            CardError::SecretBlocked { kind } => about(failure.with("remaining", 0), kind, "cause-pin-locked", 0),
            CardError::SecretBlockedNow { kind } => {
                about(failure.with("remaining", 0), kind, "cause-pin-locked-now", 0)
            }
            CardError::LastTryRefused { kind } => about(failure.with("remaining", 1), kind, "cause-last-try", 1),
            CardError::TriesUnknownRefused { kind } => about(failure, kind, "cause-tries-unknown", 0),
            CardError::NotTyped { kind, why } => {
                let why = match why {
                    NotTyped::TimedOut => "timed_out",
                    NotTyped::Cancelled => "cancelled",
                    NotTyped::WrongLength => "wrong_length",
                    NotTyped::NotUnderstood => "not_understood",
                };
                failure.with("pin", pin_word(kind)).because("cause-not-typed-on-reader", &[("why", why.into())])
            }
            CardError::ApplicationAbsent { .. } | CardError::SecretAbsent { .. } => {
                failure.because("cause-application-absent", &[])
            }
            CardError::FileAbsent => failure.because("cause-card-file-absent", &[]),
            CardError::AnotherCard => failure.because("cause-another-card", &[]),
            CardError::CertificateAbsent { .. } => failure.because("cause-no-signing-certificate", &[]),
            CardError::Channel(ChannelError::NotRecorded { line, recorded, asked }) => {
                // Whatever may be shown of both is the same, so it is their data.
                let key = if recorded == asked { "cause-not-recorded-data" } else { "cause-not-recorded" };
                failure
                    .with("line", line)
                    .because(key, &[("line", line.into()), ("recorded", recorded.into()), ("asked", asked.into())])
            }
            CardError::Channel(ChannelError::MaskedData { line }) => {
                failure.with("line", line).because("cause-masked-data", &[("line", line.into())])
            }
            CardError::Channel(ChannelError::Broken { code }) => {
                failure.because("cause-link-broken", &[("code", code.into())])
            }
            CardError::Channel(ChannelError::RecordingFailed { cause }) => {
                failure.because("cause-recording-failed", &[("words", cause.into())])
            }
            CardError::Refused { status, .. } => {
                failure.because("cause-card-refused", &[("status", status.to_string().into())])
            }
            CardError::UnexpectedAnswer { what } => {
                failure.because("cause-unexpected-answer", &in_the_words_of_a_room(what))
            }
            _ => failure,
        }
    }
}

impl From<honnin::holder::SittingError> for CliError {
    fn from(error: honnin::holder::SittingError) -> Self {
        match error {
            honnin::holder::SittingError::Card(error) => error.into(),
            honnin::holder::SittingError::CardData(error) => {
                Self::new(error.reason()).because("cause-card-data", &in_the_words_of_a_room(error.what))
            }
            other => Self::new(other.reason()).caused_by(other),
        }
    }
}

/// A secret as JSON names it.
pub(crate) const fn pin_word(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::UserAuthentication => "user_authentication",
        SecretKind::DigitalSignature => "digital_signature",
        SecretKind::InputSupport => "input_support",
        SecretKind::NumberB => "number_b",
    }
}
