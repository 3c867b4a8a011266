//! The service of these tests, killed and started again.

use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The service that runs now, where it is one that a test started.
static STARTED: Mutex<Option<Child>> = Mutex::new(None);

/// Ends the service at once, as a crash does.
pub(crate) fn kill() {
    match STARTED.lock().unwrap().take() {
        Some(mut service) => {
            service.kill().unwrap();
            service.wait().unwrap();
        }
        None => {
            let first = std::env::var("WITH_PCSCD_PID").expect("scripts/with-pcscd tells the daemon's process");
            let _ = Command::new("kill").args(["-KILL", &first]).stderr(Stdio::null()).status();
        }
    }
}

/// Starts the service: with the virtual reader, or with none.
pub(crate) fn start(with_reader: bool) {
    let log = std::path::PathBuf::from(std::env::var("WITH_PCSCD_LOG").unwrap());
    let folder = log.parent().unwrap();
    let none = folder.join("no-readers");
    std::fs::create_dir_all(&none).unwrap();
    let config = if with_reader { folder.join("reader.conf.d") } else { none };
    for left_over in ["/run/pcscd/pcscd.comm", "/run/pcscd/pcscd.pid"] {
        let _ = std::fs::remove_file(left_over);
    }
    let mut command = Command::new("pcscd");
    command.args(["--foreground", "--error", "--config"]).arg(config);
    let help = Command::new("pcscd").arg("--help").output().unwrap();
    if String::from_utf8_lossy(&help.stdout).contains("--disable-polkit") {
        command.arg("--disable-polkit");
    }
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
    let service = command.env("PATH", path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    *STARTED.lock().unwrap() = Some(service);
    let until = Instant::now() + Duration::from_secs(10);
    while !std::path::Path::new("/run/pcscd/pcscd.comm").exists() {
        assert!(Instant::now() < until, "the service did not come up again");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(100));
}

/// Ends the service and starts it again.
pub(crate) fn restart(with_reader: bool) {
    kill();
    start(with_reader);
}
