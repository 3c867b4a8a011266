//! A card in the virtual reader, and programs that look at it.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A fresh card file, and the process that is the card while it lies in the reader.
pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    card: Option<Child>,
}

impl World {
    /// A holder of this kind, made by the program; the reader is still empty.
    pub(crate) fn of(persona: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let made = honnin(&["simulator", "new", "--persona", persona, "--out", dir.path().to_str().unwrap()]);
        assert!(made.status.success(), "{made:?}");
        Self { dir, card: None }
    }

    /// The same with the card in the reader.
    pub(crate) fn with_card(persona: &str) -> Self {
        let mut world = Self::of(persona);
        world.insert();
        world
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// Puts the card into the reader and waits until the service has seen it.
    pub(crate) fn insert(&mut self) {
        let child = Command::new(env!("CARGO_BIN_EXE_honnin"))
            .args(["simulator", "run", &self.path("card.toml"), "--vpcd", "--quiet"])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        self.card = Some(child);
        self.wait_for("present");
    }

    /// Turns a switch of the card, which must stand there as `was`. The card is not in the reader meanwhile.
    pub(crate) fn switch(&self, was: &str, is: &str) {
        let text = std::fs::read_to_string(self.path("card.toml")).unwrap();
        assert!(text.contains(was), "{was} is in the card's file");
        std::fs::write(self.path("card.toml"), text.replace(was, is)).unwrap();
    }

    /// Takes the card out, as a hand does: without a word.
    pub(crate) fn remove(&mut self) {
        if let Some(mut card) = self.card.take() {
            card.kill().unwrap();
            card.wait().unwrap();
        }
    }

    /// Waits until the first reader's slot is `state`.
    pub(crate) fn wait_for(&self, state: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let output = honnin(&["readers", "--json"]);
            let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            if json["result"]["readers"][0]["card"] == state {
                return;
            }
            assert!(Instant::now() < until, "the reader never became {state}: {json}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A file in PEM, as OpenSSL's command line wants it.
    pub(crate) fn pem(&self, der: &str) -> String {
        let out = self.path(&format!("{der}.pem"));
        run("openssl", &["x509", "-inform", "DER", "-in", &self.path(der), "-out", &out]);
        out
    }

    /// A file with this content.
    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        std::fs::write(self.dir.path().join(name), content).unwrap();
        self.path(name)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Our program.
pub(crate) fn honnin(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Our program with a secret from a variable, and its JSON.
pub(crate) fn honnin_with_secret(secret: &str, arguments: &[&str]) -> (Option<i32>, serde_json::Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(arguments)
        .args(["--pin-from", "env:HONNIN_TEST_SECRET", "--json"])
        .env("HONNIN_TEST_SECRET", secret)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Our program and its JSON.
pub(crate) fn json(arguments: &[&str]) -> (Option<i32>, serde_json::Value) {
    let output = honnin(&[arguments, &["--json"]].concat());
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Somebody else's program, which must succeed; what it wrote on both streams.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().expect(program);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

/// OpenSC's PKCS#11 module, wherever this system keeps it.
pub(crate) fn pkcs11_module() -> PathBuf {
    let library = std::fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok).map(|entry| entry.path());
    library
        .chain([PathBuf::from("/usr/lib")])
        .map(|folder| folder.join("opensc-pkcs11.so"))
        .find(|path| path.exists())
        .expect("opensc-pkcs11.so is installed")
}
