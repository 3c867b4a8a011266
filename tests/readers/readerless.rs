//! The nodes about USB and drivers, beside a pcscd without readers and in laid-out trees of sysfs.

use super::service;
use super::tree::doctor;
use std::process::Command;

/// The service without the virtual reader, and trees of sysfs around it.
#[test]
#[ignore = "run by the_tree_over_a_pcscd_without_readers"]
fn without_readers_usb_tells_why() {
    service::restart(false);
    let usb = |vendor: &str, product: &str, class: &str, driver: Option<&str>| {
        let root = tempfile::tempdir().unwrap();
        let device = root.path().join("sys/bus/usb/devices/1-1");
        let interface = root.path().join("sys/bus/usb/devices/1-1:1.0");
        std::fs::create_dir_all(&device).unwrap();
        std::fs::create_dir_all(&interface).unwrap();
        std::fs::write(device.join("idVendor"), vendor).unwrap();
        std::fs::write(device.join("idProduct"), product).unwrap();
        std::fs::write(interface.join("bInterfaceClass"), class).unwrap();
        if let Some(driver) = driver {
            let target = format!("../../../../bus/usb/drivers/{driver}");
            std::os::unix::fs::symlink(target, interface.join("driver")).unwrap();
        }
        root
    };
    let driver = |root: &tempfile::TempDir, version: &str| {
        let folder = root.path().join("usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents");
        std::fs::create_dir_all(&folder).unwrap();
        let list = format!("<key>CFBundleShortVersionString</key><string>{version}</string>");
        std::fs::write(folder.join("Info.plist"), list).unwrap();
    };
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(doctor(empty.path()).nodes(), ["R1"]);
    assert_eq!(doctor(usb("072f", "2200", "0b", Some("pn533_usb")).path()).nodes()[0], "R2");
    assert_eq!(doctor(usb("04e6", "5116", "0b", None).path()).nodes(), ["R3"]);
    let old = usb("054c", "0dc8", "0b", None);
    driver(&old, "1.4.34");
    assert_eq!(doctor(old.path()).nodes(), ["R3"]);
    driver(&old, "1.4.35");
    assert_eq!(doctor(old.path()).nodes(), ["R1"], "a driver that should do");
    let told = doctor(usb("054c", "06c3", "ff", None).path());
    assert_eq!((told.exit, told.nodes()), (Some(12), vec!["R4"]), "{}", told.json);
    assert!(told.json["problem"]["detail"].as_str().unwrap().contains("Sony RC-S380"));
    let wsl = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(wsl.path().join("proc")).unwrap();
    std::fs::write(wsl.path().join("proc/version"), "Linux version 5.15-microsoft-standard-WSL2").unwrap();
    assert_eq!(doctor(wsl.path()).nodes(), ["E5"]);
    // What was seen of a model is told by `readers --known`.
    let root = usb("072f", "2200", "0b", None);
    let output = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(["readers", "--known", "--json"])
        .env("HONNIN_PROBE_ROOT", root.path())
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let known = json["result"]["known"].as_array().unwrap();
    let seen: Vec<_> = known.iter().filter(|model| model["seen"] == true).map(|model| &model["name"]).collect();
    assert_eq!((output.status.code(), seen), (Some(0), vec![&serde_json::Value::from("ACS ACR122U")]));
    // And without a service at all.
    service::kill();
    let told = doctor(empty.path());
    assert_eq!((told.exit, told.nodes()), (Some(10), vec!["E2"]));
}
