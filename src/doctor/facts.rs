//! What a front end found out, without any judgement.

use super::model::DriverVersion;
use super::other_card::OtherCard;
use crate::holder::CardStatus;
use crate::time::UnixTime;

/// The operating system, as far as the tree asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// Linux, WSL included.
    #[default]
    Linux,
    /// Windows.
    Windows,
    /// macOS with its major version; 0 where that could not be found.
    Macos(u32),
    /// Another system with PC/SC.
    Other,
}

/// What keeps a program apart from the system it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sandbox {
    /// Flatpak.
    Flatpak,
    /// Snap.
    Snap,
    /// Docker, Podman and their like.
    Container,
}

/// The system around the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemFacts {
    /// Which system.
    pub platform: Platform,
    /// Whether the kernel is that of the Windows Subsystem for Linux.
    pub wsl: bool,
    /// What the program is shut into.
    pub sandbox: Option<Sandbox>,
    /// Whether the service's socket is there.
    pub service_socket: bool,
    /// Whether the session is remote or not the active one.
    pub remote_session: bool,
    /// Whether `/proc` hides processes, so that polkit cannot judge them.
    pub hides_processes: bool,
}

/// Whether the PC/SC service can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceFact {
    /// It answers.
    Running,
    /// The library that speaks to it is not there.
    LibraryMissing,
    /// It does not run.
    Absent,
    /// It refuses this session.
    NotPermitted,
}

/// A USB device that is a reader: of the smart-card class, or a model of the table. Its serial number is not asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbFact {
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// What it calls itself; not safe for a terminal.
    pub name: Option<String>,
    /// Whether it has an interface of the smart-card class.
    pub ccid: bool,
    /// The kernel's driver that has one of its interfaces.
    pub kernel_driver: Option<String>,
}

/// The drivers of readers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriverFacts {
    /// Whether libccid is installed.
    pub ccid: bool,
    /// Its version, where it tells.
    pub ccid_version: Option<DriverVersion>,
    /// Whether the driver of ACS is installed.
    pub acs: bool,
    /// Whether the service's log says that somebody else has a reader's interface.
    pub interface_taken: bool,
    /// Modules of the kernel's NFC that are loaded.
    pub nfc_modules: Vec<String>,
}

/// A reader and its slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReaderFact {
    /// Its name.
    pub name: String,
    /// Whether a card lies in it.
    pub card_present: bool,
    /// Whether that card does not answer to power.
    pub mute: bool,
    /// Whether another program holds it for itself.
    pub held_by_another: bool,
    /// Whether another program has it open too.
    pub shared_with_another: bool,
    /// How often a card came or went within three seconds.
    pub changes: u32,
    /// Whether a FeliCa card or one of Type A was seen in it.
    pub other_radio_seen: bool,
}

/// What came of looking at the card.
#[derive(Clone, Debug)]
pub enum CardFact {
    /// Another program let nobody else near it.
    HeldByAnother,
    /// The service lets this session see readers and not cards.
    NotPermitted,
    /// It does not answer as a JPKI card.
    NotSupported {
        /// What it may be instead.
        guess: Option<OtherCard>,
    },
    /// It was looked over.
    Read(CardStatus),
    /// It moved while it was looked over.
    Moved,
    /// The link broke on the way.
    LinkBroken,
}

/// One read of the authentication certificate's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockFact {
    /// So many bytes were asked for.
    pub length: u16,
    /// Whether they came.
    pub carried: bool,
    /// How long that took, in microseconds.
    pub microseconds: u64,
}

/// Everything the tree looks at.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The system's idea of now.
    pub now: UnixTime,
    /// The instant certificates are judged at.
    pub at: UnixTime,
    /// The system.
    pub system: SystemFacts,
    /// The service; [`ServiceFact::Running`] where the card is simulated.
    pub service: ServiceFact,
    /// The readers that PC/SC shows, empty when the service is not there.
    pub readers: Vec<ReaderFact>,
    /// The readers that USB shows.
    pub usb: Vec<UsbFact>,
    /// The drivers.
    pub drivers: DriverFacts,
    /// Other programs that use the service, by name.
    pub programs: Vec<String>,
    /// The card, when one could be opened.
    pub card: Option<CardFact>,
    /// How the link carried reads of several lengths; empty where that could not be tried.
    pub link: Vec<BlockFact>,
}

impl Facts {
    /// The facts before anything was looked at: a service that runs, and nothing else.
    pub fn at(now: UnixTime, at: UnixTime) -> Self {
        Self {
            now,
            at,
            system: SystemFacts::default(),
            service: ServiceFact::Running,
            readers: Vec::new(),
            usb: Vec::new(),
            drivers: DriverFacts::default(),
            programs: Vec::new(),
            card: None,
            link: Vec::new(),
        }
    }
}
