//! Trees laid out as systems have them, and what is read from each.

use std::path::Path;

use honnin::doctor::{Sandbox, UsbFact};

use super::Probe;

struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, content) in files {
            let path = tree.0.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        tree
    }

    #[cfg(unix)]
    fn link(self, from: &str, to: &str) -> Self {
        let from = self.0.path().join(from);
        std::fs::create_dir_all(from.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(Path::new(to), from).unwrap();
        self
    }

    fn probe(&self) -> Probe {
        Probe { root: self.0.path().to_owned(), real: false }
    }
}

#[cfg(unix)]
#[test]
fn readers_on_usb_are_found_with_the_driver_that_has_them() {
    let usb = "sys/bus/usb/devices";
    let file = |path: &str| format!("{usb}/{path}");
    let tree = Tree::new(&[
        (&file("1-1/idVendor"), "072f\n"),
        (&file("1-1/idProduct"), "2200\n"),
        (&file("1-1/product"), "ACR122U PICC Interface\n"),
        (&file("1-1/serial"), "SERIAL-OF-THE-DEVICE\n"),
        (&file("1-1:1.0/bInterfaceClass"), "0b\n"),
        // Another device whose name begins alike.
        (&file("1-11/idVendor"), "1d6b\n"),
        (&file("1-11/idProduct"), "0002\n"),
        (&file("1-11:1.0/bInterfaceClass"), "09\n"),
        (&file("1-2/idVendor"), "054c\n"),
        (&file("1-2/idProduct"), "06c3\n"),
        (&file("1-2:1.0/bInterfaceClass"), "ff\n"),
        (&file("usb1/idVendor"), "garbage\n"),
    ])
    .link(&file("1-1:1.0/driver"), "../../../../bus/usb/drivers/pn533_usb");
    let found = tree.probe().usb();
    let acs = UsbFact {
        vendor: 0x072F,
        product: 0x2200,
        name: Some("ACR122U PICC Interface".to_owned()),
        ccid: true,
        kernel_driver: Some("pn533_usb".to_owned()),
    };
    let sony = UsbFact { vendor: 0x054C, product: 0x06C3, name: None, ccid: false, kernel_driver: None };
    assert_eq!(found, [acs, sony]);
    assert!(!format!("{found:?}").contains("SERIAL"));
}

#[test]
fn drivers_tell_their_version_and_the_log_who_was_first() {
    let list = "<key>CFBundleShortVersionString</key>\n\t<string>1.4.34</string>";
    let tree = Tree::new(&[
        ("usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist", list),
        ("usr/lib/x86_64-linux-gnu/pcsc/drivers/ifd-acsccid.bundle/Contents/Info.plist", ""),
        ("proc/modules", "pn533_usb 20480 0 - Live 0x0\nnfcsim 1 0 - Live 0x0\nnfc 1 1 pn533, Live 0x0\n"),
        ("run/log/pcscd.log", "ccid_usb.c:672:OpenUSBByName() Can't claim interface 1/3: LIBUSB_ERROR_BUSY\n"),
    ]);
    let found = tree.probe().drivers(true);
    assert_eq!(found.ccid_version, "1.4.34".parse().ok());
    assert!(found.ccid && found.acs && found.interface_taken);
    assert_eq!(found.nfc_modules, ["pn533_usb", "nfc"]);
    assert!(!tree.probe().drivers(false).interface_taken, "the log is asked only where it matters");
    assert_eq!(Tree::new(&[]).probe().drivers(true), honnin::doctor::DriverFacts::default());
}

#[test]
fn sandboxes_wsl_and_hidden_processes_are_told_by_their_marks() {
    for (files, sandbox) in [
        (&[(".flatpak-info", "")][..], Some(Sandbox::Flatpak)),
        (&[(".dockerenv", "")], Some(Sandbox::Container)),
        (&[("run/.containerenv", "")], Some(Sandbox::Container)),
        (&[], None),
    ] {
        assert_eq!(Tree::new(files).probe().system().sandbox, sandbox);
    }
    let wsl = Tree::new(&[("proc/version", "Linux version 5.15.90.1-microsoft-standard-WSL2 (gcc)")]);
    assert!(wsl.probe().system().wsl && !wsl.probe().system().hides_processes);
    for (mounts, hidden) in [
        ("proc /proc proc rw,nosuid,hidepid=2 0 0\n", true),
        ("proc /proc proc rw,hidepid=invisible,gid=4 0 0\n", true),
        ("proc /proc proc rw,hidepid=0 0 0\n", false),
        ("proc /srv/proc proc rw,hidepid=2 0 0\n", false),
        ("proc /proc proc rw 0 0\n", false),
    ] {
        assert_eq!(Tree::new(&[("proc/mounts", mounts)]).probe().system().hides_processes, hidden, "{mounts}");
    }
    assert!(Tree::new(&[("run/pcscd/pcscd.comm", "")]).probe().system().service_socket);
}

#[test]
fn programs_that_use_the_service_are_named_once_and_the_service_itself_is_not() {
    let maps = "7f00 r-xp 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libpcsclite.so.1.0.0\n";
    let tree = Tree::new(&[
        ("proc/12/maps", maps),
        ("proc/12/comm", "scdaemon\n"),
        ("proc/13/maps", maps),
        ("proc/13/comm", "scdaemon\n"),
        ("proc/14/maps", maps),
        ("proc/14/comm", "pcscd\n"),
        ("proc/15/maps", "7f00 r-xp /usr/lib/libc.so.6\n"),
        ("proc/15/comm", "bash\n"),
        ("proc/self/maps", maps),
        ("proc/self/comm", "self\n"),
    ]);
    assert_eq!(tree.probe().programs(), ["scdaemon"]);
}

#[test]
fn the_system_is_named_for_a_support_packet() {
    let tree = Tree::new(&[
        ("etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
        ("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n"),
    ]);
    let name = tree.probe().name();
    assert_eq!(name.release.as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
    assert_eq!(name.kernel.as_deref(), Some("6.1.0-18-amd64"));
}
