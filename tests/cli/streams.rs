//! What a snapshot cannot show: closed pipes, full disks, colours, and texts too long to pin.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::honnin;

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let mut child = honnin().arg("man").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!first.is_empty());
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_reads_at_all_is_no_error() {
    for arguments in ["man", "explain usage", "explain usage --json", "completions bash", "--help", "--version"] {
        // The writing end of a pipe whose reader has left: certain to fail, however little is written.
        let script = format!("{{ sleep 0.2; \"$0\" {arguments}; echo status=$? >&2; }} | true");
        let output = Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_honnin")]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "status=0\n", "{arguments}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for arguments in [&["man"][..], &["explain", "usage", "--json"], &["--help"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = honnin().args(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(31), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with("error: A file or device failed [io_error]\n  There is no space left"), "{error}");
    }
}

#[test]
fn completions_exist_for_every_shell() {
    for (shell, mark) in [
        ("bash", "_honnin()"),
        ("zsh", "#compdef honnin"),
        ("fish", "complete -c honnin"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[honnin]"),
    ] {
        let output = honnin().args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{shell}");
        assert!(script.contains(mark) && script.contains("pin-from") && script.contains("explain"), "{shell}");
    }
}

#[test]
fn the_manual_page_names_every_command() {
    let output = honnin().arg("man").output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(honnin().arg("--help").output().unwrap().stdout).unwrap();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<_> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"explain"), "{help}");
    for command in commands {
        assert!(page.contains(&format!(".SS \"honnin {command}")), "{command} is not on the page");
    }
    assert!(page.contains(".TH honnin 1"), "{page}");
}

/// What a command shows on a terminal of its own.
#[cfg(target_os = "linux")]
fn on_a_terminal(settings: &str, arguments: &str) -> String {
    let inner = format!("env {settings} '{}' {arguments}", env!("CARGO_BIN_EXE_honnin"));
    let mut command = Command::new("script");
    command.args(["-q", "-c", &inner, "/dev/null"]).env_remove("NO_COLOR").env("LC_ALL", "C").stdin(Stdio::null());
    let output = command.output().expect("script(1), part of util-linux, gives the test a terminal");
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn colour_only_on_a_terminal_that_wants_it() {
    // Standard output is full, so that there is an error to colour.
    let failing = "explain usage >/dev/full";
    assert!(on_a_terminal("TERM=xterm", failing).contains("\u{1b}[1;31merror:\u{1b}[0m A file or device failed"));
    for settings in ["TERM=xterm NO_COLOR=1", "TERM=dumb"] {
        let shown = on_a_terminal(settings, failing);
        assert!(shown.starts_with("error: A file or device failed [io_error]"), "{settings}: {shown:?}");
        assert!(!shown.contains('\u{1b}'), "{settings}: {shown:?}");
    }
    assert!(on_a_terminal("TERM=xterm NO_COLOR=", failing).contains('\u{1b}'), "an empty NO_COLOR says nothing");
}
