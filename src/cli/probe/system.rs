//! The system around the program: which one, shut into what, and whether this session is the one at the machine.

use std::path::PathBuf;

use honnin::doctor::{Platform, Sandbox, SystemFacts};

use super::Probe;

/// The system and its version, as a support packet names them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct SystemName {
    /// Operating system and processor.
    pub(crate) system: &'static str,
    pub(crate) processor: &'static str,
    /// What the distribution calls itself.
    pub(crate) release: Option<String>,
    /// Version of the kernel.
    pub(crate) kernel: Option<String>,
}

impl Probe {
    /// The system as far as the tree asks.
    pub(crate) fn system(&self) -> SystemFacts {
        SystemFacts {
            platform: self.platform(),
            wsl: self.content("/proc/version").to_lowercase().contains("microsoft"),
            sandbox: self.sandbox(),
            service_socket: self.service_socket().exists(),
            // Whether the session is the active one costs another program's start, and matters to a refusal only.
            remote_session: std::env::var_os("SSH_CONNECTION").is_some_and(|value| !value.is_empty()),
            hides_processes: self.content("/proc/mounts").lines().any(|mount| {
                let mut fields = mount.split(' ').skip(1);
                fields.next() == Some("/proc")
                    && fields.nth(1).is_some_and(|options| {
                        options.split(',').any(|option| {
                            option.strip_prefix("hidepid=").is_some_and(|level| !matches!(level, "0" | "off"))
                        })
                    })
            }),
        }
    }

    /// Whether logind calls this session remote or not active.
    pub(crate) fn session_is_elsewhere(&self) -> bool {
        let session = std::env::var("XDG_SESSION_ID").unwrap_or_default();
        if session.is_empty() {
            return false;
        }
        let told = self.output("loginctl", &["show-session", &session, "-p", "Remote", "-p", "Active"]);
        told.lines().any(|line| matches!(line, "Remote=yes" | "Active=no"))
    }

    /// Names and versions for a support packet.
    pub(crate) fn name(&self) -> SystemName {
        let release = self.content("/etc/os-release");
        let release = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
        let kernel = self.content("/proc/sys/kernel/osrelease");
        let some = |text: &str| (!text.is_empty()).then(|| text.chars().take(80).collect());
        SystemName {
            system: std::env::consts::OS,
            processor: std::env::consts::ARCH,
            release: release.and_then(|name| some(name.trim_matches('"'))),
            kernel: some(kernel.trim()),
        }
    }

    fn platform(&self) -> Platform {
        match std::env::consts::OS {
            "linux" => Platform::Linux,
            "windows" => Platform::Windows,
            "macos" => {
                let list = self.content("/System/Library/CoreServices/SystemVersion.plist");
                let version =
                    list.split_once("<key>ProductVersion</key>").and_then(|(_, rest)| rest.split_once("<string>"));
                let major = version.and_then(|(_, rest)| rest.split(['.', '<']).next()?.parse().ok());
                Platform::Macos(major.unwrap_or(0))
            }
            _ => Platform::Other,
        }
    }

    fn sandbox(&self) -> Option<Sandbox> {
        if self.path("/.flatpak-info").exists() {
            Some(Sandbox::Flatpak)
        } else if self.real && std::env::var_os("SNAP_NAME").is_some() {
            Some(Sandbox::Snap)
        } else if self.path("/.dockerenv").exists() || self.path("/run/.containerenv").exists() {
            Some(Sandbox::Container)
        } else {
            None
        }
    }

    fn service_socket(&self) -> PathBuf {
        let named = std::env::var_os("PCSCLITE_CSOCK_NAME").map(PathBuf::from);
        named.unwrap_or_else(|| self.path("/run/pcscd/pcscd.comm"))
    }
}
