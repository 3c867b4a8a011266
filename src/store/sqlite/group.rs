//! Writes that arrive while another is being made durable share the next transaction (group commit).
//!
//! Making a transaction durable costs the same for one write as for fifty. So writers line up; whoever of them is first
//! makes the writes of everybody who waits, each in a savepoint of its own, and all of them durable at once. Nobody is
//! answered before that. A write that is refused leaves no trace and does not touch its neighbours.

use super::error::translate;
use crate::kyc::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// At most so many writes in one transaction: how long the first of them may have to wait.
const LARGEST_GROUP: usize = 128;

/// At most so long, and no longer than the last group took, does a group wait for those who were in that one and are still on
/// their way: without them it would be durable no sooner than the next, which has to wait for it.
const LONGEST_WAIT: Duration = Duration::from_millis(20);

/// The connection, and who waits to write through it.
pub(super) struct Writer<W, D, S = ()> {
    connection: Mutex<Connection>,
    line: Mutex<Line<W, D>>,
    /// A writer joined the line.
    joined: Condvar,
    /// A group was made.
    made: Condvar,
    make: Box<Make<W, D, S>>,
    finish: Box<Finish<S>>,
}

/// Makes one write within a transaction. What the writes of one transaction share begins empty with each, and is as it was
/// before a write that is refused.
type Make<W, D, S> = dyn Fn(&Connection, &mut S, &W) -> Result<D, StoreError> + Send + Sync;

/// Ends a transaction that holds all of a group's writes.
type Finish<S> = dyn Fn(&Connection, S) -> Result<(), StoreError> + Send + Sync;

/// Who waits. Nobody holds the connection for waiting: those of the last group would have to wait for it to learn that they are
/// done, and could not be back in time for the next.
struct Line<W, D> {
    waiting: Vec<Arc<Job<W, D>>>,
    /// Whether one of the writers makes a group just now.
    is_led: bool,
    last: Last,
}

/// The last group.
#[derive(Clone, Copy, Default)]
struct Last {
    size: usize,
    took: Duration,
}

struct Job<W, D> {
    work: W,
    answer: Mutex<Option<Result<D, StoreError>>>,
}

impl<W, D> Job<W, D> {
    fn new(work: W) -> Arc<Self> {
        Arc::new(Self { work, answer: Mutex::new(None) })
    }

    fn taken(&self) -> Option<Result<D, StoreError>> {
        lock(&self.answer).take()
    }
}

/// A thread that panicked left no half-made state: its transaction was rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lead of one group, given back however it ends.
struct Lead<'a, W, D, S> {
    writer: &'a Writer<W, D, S>,
    group: Vec<Arc<Job<W, D>>>,
    start: Instant,
}

impl<W, D, S> Drop for Lead<'_, W, D, S> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for job in &self.group {
                lock(&job.answer).get_or_insert(Err(StoreError::Broken { code: "WriterLost".to_owned() }));
            }
        }
        let mut line = lock(&self.writer.line);
        line.last = Last { size: self.group.len(), took: self.start.elapsed() };
        line.is_led = false;
        drop(line);
        self.writer.made.notify_all();
    }
}

impl<W, D, S: Clone + Default> Writer<W, D, S> {
    /// Writes through `connection` with `make`, which is called within a transaction, and `finish`, which is called once at its end.
    pub(super) fn new(
        connection: Connection,
        make: impl Fn(&Connection, &mut S, &W) -> Result<D, StoreError> + Send + Sync + 'static,
        finish: impl Fn(&Connection, S) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Self {
        let line = Line { waiting: Vec::new(), is_led: false, last: Last::default() };
        Self {
            connection: Mutex::new(connection),
            line: Mutex::new(line),
            joined: Condvar::new(),
            made: Condvar::new(),
            make: Box::new(make),
            finish: Box::new(finish),
        }
    }

    /// The connection, to read.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        lock(&self.connection)
    }

    /// Makes one write, perhaps together with others; durable when it returns.
    pub(super) fn write(&self, work: W) -> Result<D, StoreError> {
        let job = Job::new(work);
        let mut line = lock(&self.line);
        line.waiting.push(Arc::clone(&job));
        self.joined.notify_one();
        loop {
            if let Some(answer) = job.taken() {
                return answer;
            }
            if line.is_led {
                line = self.made.wait(line).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let lead = self.gather(line);
            self.make_all(&mut lock(&self.connection), &lead.group);
            drop(lead);
            // Its own write may have been too late for this group.
            line = lock(&self.line);
        }
    }

    /// Takes the lead, and waits a moment for the writers of the last group: answered together, they come back together, and
    /// whoever of them is first would otherwise go alone. A writer without company waits for nobody.
    fn gather<'a>(&'a self, mut line: MutexGuard<'a, Line<W, D>>) -> Lead<'a, W, D, S> {
        line.is_led = true;
        let Last { size, took } = line.last;
        let patience = took.min(LONGEST_WAIT);
        let (mut line, _) = self
            .joined
            .wait_timeout_while(line, patience, |line| line.waiting.len() < size)
            .unwrap_or_else(PoisonError::into_inner);
        let size = line.waiting.len().min(LARGEST_GROUP);
        let group = line.waiting.drain(..size).collect();
        Lead { writer: self, group, start: Instant::now() }
    }

    fn make_all(&self, connection: &mut Connection, group: &[Arc<Job<W, D>>]) {
        let mut answers = Vec::with_capacity(group.len());
        let outcome = (|| {
            let mut transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
            let mut shared = S::default();
            for job in group {
                let before = shared.clone();
                // Rolled back where it is not committed.
                let savepoint = transaction.savepoint().map_err(translate)?;
                let answer = (self.make)(&savepoint, &mut shared, &job.work);
                match &answer {
                    Ok(_) => savepoint.commit().map_err(translate)?,
                    Err(error) if savepoint.is_autocommit() => return Err(rolled_back(error)),
                    Err(_) => {
                        savepoint.finish().map_err(translate)?;
                        shared = before;
                    }
                }
                answers.push(answer);
            }
            (self.finish)(&transaction, shared)?;
            transaction.commit().map_err(translate)
        })();
        match outcome {
            Ok(()) => {
                for (job, answer) in group.iter().zip(answers) {
                    *lock(&job.answer) = Some(answer);
                }
            }
            // Nothing of the group was written.
            Err(error) => {
                for job in group {
                    *lock(&job.answer) = Some(Err(error.clone()));
                }
            }
        }
    }
}

/// SQLite itself rolled the whole transaction back (a full disk does that): whatever came next would be committed on its
/// own, while those before it are gone. What ended it is told to everybody, unless it was about one write alone.
fn rolled_back(error: &StoreError) -> StoreError {
    match error {
        StoreError::Broken { .. } => error.clone(),
        _ => StoreError::Broken { code: "RolledBack".to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers into a table that takes none twice; the answer counts the rows.
    fn insert(connection: &Connection, _: &mut (), number: &i64) -> Result<i64, StoreError> {
        connection.execute("INSERT INTO log (number) VALUES (?1)", [number]).map_err(translate)?;
        connection.execute("INSERT INTO number (number) VALUES (?1)", [number]).map_err(translate)?;
        connection.query_row("SELECT count(*) FROM number", [], |row| row.get(0)).map_err(translate)
    }

    fn writer() -> Writer<i64, i64> {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE log (number INTEGER); CREATE TABLE number (number INTEGER PRIMARY KEY)")
            .unwrap();
        Writer::new(connection, insert, |_, ()| Ok(()))
    }

    fn count<D>(writer: &Writer<i64, D>, table: &str) -> i64 {
        writer.connection().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn every_writer_is_answered_for_its_own_write() {
        let writer = writer();
        let refused: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|thread| {
                    let writer = &writer;
                    // Each number is written by two threads; one of them is refused.
                    scope.spawn(move || (0..50).filter(|it| writer.write(thread / 2 * 100 + it).is_err()).count())
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(refused, 16 / 2 * 50);
        assert_eq!((count(&writer, "number"), count(&writer, "log")), (400, 400), "a refused write leaves no trace");
    }

    #[test]
    fn a_refused_write_does_not_touch_its_neighbours() {
        let writer = writer();
        let group: Vec<_> = [1, 2, 1, 3].map(Job::new).into();
        writer.make_all(&mut writer.connection(), &group);
        let answers: Vec<_> = group.iter().map(|job| job.taken().unwrap()).collect();
        assert_eq!(answers, [Ok(1), Ok(2), Err(StoreError::Conflict), Ok(3)]);
        assert_eq!(count(&writer, "log"), 3);
    }

    #[test]
    fn what_ends_a_group_is_done_once_and_with_it() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE log (number INTEGER); CREATE TABLE number (number INTEGER PRIMARY KEY);
                 CREATE TABLE groups (size INTEGER)",
            )
            .unwrap();
        let writer = Writer::new(connection, insert, |connection, ()| {
            let sql = "INSERT INTO groups SELECT count(*) FROM number";
            connection.execute(sql, []).map(drop).map_err(translate)
        });
        let group: Vec<_> = [1, 2, 1, 3].map(Job::new).into();
        writer.make_all(&mut writer.connection(), &group);
        let sizes = "SELECT group_concat(size) FROM groups";
        let sizes: String = writer.connection().query_row(sizes, [], |row| row.get(0)).unwrap();
        assert_eq!(sizes, "3");
    }

    #[test]
    fn what_the_writes_of_a_group_share_knows_nothing_of_a_refused_one() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE number (number INTEGER PRIMARY KEY); CREATE TABLE shared (numbers TEXT)")
            .unwrap();
        let writer = Writer::new(
            connection,
            |connection: &Connection, seen: &mut Vec<i64>, number: &i64| {
                seen.push(*number);
                connection.execute("INSERT INTO number (number) VALUES (?1)", [number]).map_err(translate)
            },
            |connection, seen| {
                let seen: Vec<String> = seen.iter().map(i64::to_string).collect();
                let sql = "INSERT INTO shared (numbers) VALUES (?1)";
                connection.execute(sql, [seen.join(" ")]).map(drop).map_err(translate)
            },
        );
        for numbers in [[1, 2, 1], [3, 2, 4]] {
            writer.make_all(&mut writer.connection(), &numbers.map(Job::new));
        }
        let connection = writer.connection();
        let mut statement = connection.prepare("SELECT numbers FROM shared ORDER BY rowid").unwrap();
        let shared: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(shared, ["1 2", "3 4"]);
    }

    #[test]
    fn a_group_that_cannot_be_made_durable_is_refused_whole() {
        let writer = writer();
        // A deferred constraint is looked at when the transaction ends.
        writer
            .connection()
            .execute_batch(
                "PRAGMA foreign_keys = ON; DROP TABLE log;
                 CREATE TABLE log (number INTEGER REFERENCES missing (id) DEFERRABLE INITIALLY DEFERRED);
                 CREATE TABLE missing (id INTEGER PRIMARY KEY)",
            )
            .unwrap();
        let group: Vec<_> = [1, 2].map(Job::new).into();
        writer.make_all(&mut writer.connection(), &group);
        for job in &group {
            assert!(job.taken().unwrap().is_err());
        }
        assert_eq!(count(&writer, "number"), 0);
    }

    #[test]
    fn a_group_that_sqlite_rolled_back_itself_is_refused_whole() {
        let writer = writer();
        // As a full disk does it: not the statement alone, the whole transaction.
        writer
            .connection()
            .execute_batch(
                "CREATE TRIGGER full BEFORE INSERT ON number WHEN new.number = 13
                 BEGIN SELECT RAISE(ROLLBACK, 'full'); END",
            )
            .unwrap();
        let group: Vec<_> = [1, 13, 3, 4].map(Job::new).into();
        writer.make_all(&mut writer.connection(), &group);
        for job in &group {
            assert!(matches!(job.taken(), Some(Err(StoreError::Broken { .. }))), "{}", job.work);
        }
        assert_eq!((count(&writer, "number"), count(&writer, "log")), (0, 0), "nothing was committed on its own");
        assert_eq!(writer.write(5), Ok(1), "the next group begins anew");
    }
    #[test]
    fn whoever_waits_for_a_leader_that_panicked_is_told_and_the_next_writer_leads() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE number (number INTEGER PRIMARY KEY)").unwrap();
        let writer = Writer::new(
            connection,
            |connection: &Connection, (): &mut (), number: &i64| {
                assert_ne!(*number, 13, "a write that panics");
                connection.execute("INSERT INTO number (number) VALUES (?1)", [number]).map_err(translate)
            },
            |_, ()| Ok(()),
        );
        let group: Vec<_> = [1, 13, 3].map(Job::new).into();
        let waiting = group.clone();
        let lost = std::thread::scope(|scope| {
            let leader = scope.spawn(|| {
                lock(&writer.line).is_led = true;
                let lead = Lead { writer: &writer, group, start: Instant::now() };
                writer.make_all(&mut lock(&writer.connection), &lead.group);
            });
            leader.join().is_err()
        });
        assert!(lost);
        for job in &waiting {
            assert_eq!(job.taken(), Some(Err(StoreError::Broken { code: "WriterLost".to_owned() })), "{}", job.work);
        }
        assert_eq!(count(&writer, "number"), 0);
        assert_eq!(writer.write(5), Ok(1));
    }
}
