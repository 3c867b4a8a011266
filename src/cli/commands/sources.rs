//! Sources of revocation information as the operator configures them (`--revocation-sources FILE`).

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use honnin::certificate::Certificate;
use honnin::reason::Reason;
use honnin::retrieval::{Attempt, Cache, Configuration, DirectoryCache, MemoryCache, Retrieved, Retriever};
use honnin::time::UnixTime;
use honnin::validation::VerifiedPath;
use honnin::verdict::Warning;

use crate::cli::arguments::ValidationArguments;
use crate::cli::context::now;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;

/// The sources, and what was asked of them in this run.
pub(crate) struct Sources {
    retriever: Retriever,
    attempts: RefCell<Vec<Attempt>>,
    /// The cache could not be opened.
    keeps_nothing: bool,
}

impl Sources {
    /// Reads the configuration.
    pub(crate) fn load(file: &Path, arguments: &ValidationArguments) -> Result<Self, CliError> {
        let text = String::from_utf8_lossy(&files::read(file)?).into_owned();
        let configuration = Configuration::from_toml(&text).map_err(|error| not_sources(file, error))?;
        let directory = arguments.revocation_cache.clone().or_else(standard_cache);
        let opened = directory.map(|directory| DirectoryCache::open(&directory));
        let keeps_nothing = !matches!(opened, Some(Ok(_)));
        let cache: Box<dyn Cache> = match opened {
            Some(Ok(cache)) => Box::new(cache),
            _ => Box::<MemoryCache>::default(),
        };
        let retriever = with_http(file, &configuration.clone(), Retriever::new(configuration, cache))?;
        Ok(Self { retriever, attempts: RefCell::default(), keeps_nothing })
    }

    /// Brings what there is to say about the certificates of a path.
    pub(crate) fn retrieve(&self, path: &VerifiedPath, signers: &[Certificate], at: UnixTime) -> Retrieved {
        let retrieved = self.retriever.retrieve_for(path, signers, at, now());
        self.attempts.borrow_mut().extend(retrieved.attempts.iter().cloned());
        retrieved
    }

    /// Adds `result.retrieval`, and a remark for every source that failed.
    pub(crate) fn tell(&self, report: &mut Report) {
        let attempts = self.attempts.borrow();
        if let Value::Object(result) = &mut report.result {
            let told: Vec<Value> = attempts.iter().map(attempt_json).collect();
            result.insert(
                "retrieval".to_owned(),
                json!({ "attempts": told, "health": self.retriever.health(), "usage": self.retriever.usage() }),
            );
        }
        if self.keeps_nothing {
            report.warnings.push(Warning::new("revocation_cache_unusable"));
        }
        for attempt in attempts.iter() {
            let Some(error) = attempt.outcome.failure() else { continue };
            let mut warning = Warning::new("revocation_source_failed")
                .with("source", attempt.source.as_str())
                .with("why", error.as_str());
            if let Some(until) = attempt.retry_at {
                warning = warning.with("retry_at", until.to_string());
            }
            report.warnings.push(warning);
        }
    }
}

#[cfg(feature = "http")]
fn with_http(file: &Path, configuration: &Configuration, retriever: Retriever) -> Result<Retriever, CliError> {
    use honnin::retrieval::{HttpSource, TlsRoots};
    let roots = match configuration.tls_roots() {
        None => TlsRoots::System,
        Some(roots) => {
            // Beside the configuration, wherever the program is run.
            let path = file.parent().unwrap_or(Path::new("")).join(roots);
            TlsRoots::from_pem(&files::read(&path)?).map_err(|error| not_sources(&path, error))?
        }
    };
    Ok(retriever.with_source(Box::new(HttpSource::new(roots))))
}

#[cfg(not(feature = "http"))]
fn with_http(_: &Path, _: &Configuration, retriever: Retriever) -> Result<Retriever, CliError> {
    Ok(retriever)
}

fn not_sources(file: &Path, error: impl std::fmt::Display) -> CliError {
    let arguments = [("file", file.display().to_string().into()), ("words", error.to_string().into())];
    CliError::new(Reason::MalformedData)
        .because("cause-revocation-sources", &arguments)
        .hinting("hint-revocation-sources", &[])
}

fn attempt_json(attempt: &Attempt) -> Value {
    let mut members = json!({
        "source": attempt.source, "document": attempt.kind.as_str(), "outcome": attempt.outcome.as_str(),
    });
    if let Some(error) = attempt.outcome.error() {
        members["why"] = error.as_str().into();
    }
    if let Some(until) = attempt.retry_at {
        members["retry_at"] = json!(until);
    }
    members
}

/// `$XDG_CACHE_HOME/honnin/revocation`, else below the home directory.
fn standard_cache() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).or_else(|| Some(set("HOME")?.join(".cache")))?;
    Some(base.join("honnin").join("revocation"))
}
