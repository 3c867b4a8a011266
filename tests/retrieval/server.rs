//! A server of forty lines that does what a test tells it, well or badly.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Heads of the requests that came, as text.
type Seen = Arc<Mutex<Vec<String>>>;

pub(crate) struct Server {
    address: SocketAddr,
    seen: Seen,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Answers every connection with what `behave` writes, given the head of the request and how many came before.
    pub(crate) fn new(behave: impl Fn(&str, usize, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, stop) = (Seen::default(), Arc::new(AtomicBool::new(false)));
        let (their_seen, their_stop) = (Arc::clone(&seen), Arc::clone(&stop));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if their_stop.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(mut stream) = stream else { continue };
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let before = {
                    let mut seen = their_seen.lock().unwrap();
                    seen.push(head.clone());
                    seen.len() - 1
                };
                behave(&head, before, &mut stream);
            }
        });
        Self { address, seen, stop }
    }

    /// One that answers every request with these bytes.
    pub(crate) fn saying(answer: Vec<u8>) -> Self {
        Self::new(move |_, _, stream| {
            let _ = stream.write_all(&answer);
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for the next connection.
        let _ = TcpStream::connect(self.address);
    }
}

/// A whole answer, its length told truly.
pub(crate) fn response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// A list as it should come.
pub(crate) fn list(body: &[u8]) -> Vec<u8> {
    response("200 OK", &[("Content-Type", "application/pkix-crl"), ("ETag", "\"one\"")], body)
}
