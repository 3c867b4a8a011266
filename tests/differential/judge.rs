//! The other opinion: `judge.c`, compiled against this machine's OpenSSL and asked over a pipe.

use std::io::{BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

pub struct Judge {
    process: Child,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    /// Compiles it into `folder`; `None` where there is no compiler or no libcrypto to compile against.
    pub fn compile(folder: &Path) -> Option<()> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/judge.c");
        let mut compiler = Command::new("cc");
        let output = compiler.args(["-O2", "-o"]).arg(folder.join("judge")).arg(source).arg("-lcrypto").output();
        output.is_ok_and(|output| output.status.success()).then_some(())
    }

    pub fn start(folder: &Path, at: i64) -> Self {
        let mut process = Command::new(folder.join("judge"))
            .arg(folder)
            .arg(at.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::with_capacity(1 << 16, process.stdout.take().unwrap());
        Self { process, answers }
    }

    /// Asks all and then hears all: one wait for many questions. Few enough that neither pipe can fill up for good.
    pub fn ask(&mut self, questions: &[(u8, &[u8])]) -> Vec<Vec<u8>> {
        let mut bytes = Vec::new();
        for (letter, question) in questions {
            bytes.push(*letter);
            bytes.extend_from_slice(&u32::try_from(question.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(question);
        }
        bytes.extend_from_slice(&[b'F', 0, 0, 0, 0]);
        let mut input = self.process.stdin.take().unwrap();
        let answers = std::thread::scope(|scope| {
            scope.spawn(|| {
                input.write_all(&bytes).unwrap();
                input.flush().unwrap();
            });
            questions.iter().map(|_| self.hear()).collect()
        });
        self.process.stdin = Some(input);
        answers
    }

    fn hear(&mut self) -> Vec<u8> {
        let mut head = [0; 4];
        self.answers.read_exact(&mut head).expect("the judge is gone");
        let mut answer = vec![0; u32::from_be_bytes(head) as usize];
        self.answers.read_exact(&mut answer).expect("the judge is gone");
        answer
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
