//! Why a file cannot be used as a recording.

/// What is wrong with a line or a file; never its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// The file is empty or holds white space only.
    Empty,
    /// The file is larger than any session.
    FileTooLarge,
    /// A line is longer than any command or answer.
    LineTooLong,
    /// There are more lines than in any session.
    TooManyLines,
    /// The file is not text.
    NotText,
    /// None of the known formats.
    UnknownFormat,
    /// No JSON object.
    NotJson,
    /// A JSON object of a type that is not known.
    UnknownType,
    /// A field is missing or has another form.
    BadField,
    /// A version that is not known.
    UnknownVersion,
    /// The first line is not the header.
    NoHeader,
    /// A second header.
    SecondHeader,
    /// Neither hex nor hex around one blanked run.
    NotHex,
    /// A command is shorter than its header of four bytes.
    ShortCommand,
    /// An answer without a status word.
    ShortAnswer,
    /// A command has no answer, or an answer no command.
    NotPaired,
    /// No command was found in the file.
    NoExchange,
}

impl Defect {
    /// Every defect.
    pub const ALL: &'static [Self] = &[
        Self::Empty,
        Self::FileTooLarge,
        Self::LineTooLong,
        Self::TooManyLines,
        Self::NotText,
        Self::UnknownFormat,
        Self::NotJson,
        Self::UnknownType,
        Self::BadField,
        Self::UnknownVersion,
        Self::NoHeader,
        Self::SecondHeader,
        Self::NotHex,
        Self::ShortCommand,
        Self::ShortAnswer,
        Self::NotPaired,
        Self::NoExchange,
    ];

    /// Its name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::FileTooLarge => "file_too_large",
            Self::LineTooLong => "line_too_long",
            Self::TooManyLines => "too_many_lines",
            Self::NotText => "not_text",
            Self::UnknownFormat => "unknown_format",
            Self::NotJson => "not_json",
            Self::UnknownType => "unknown_type",
            Self::BadField => "bad_field",
            Self::UnknownVersion => "unknown_version",
            Self::NoHeader => "no_header",
            Self::SecondHeader => "second_header",
            Self::NotHex => "not_hex",
            Self::ShortCommand => "short_command",
            Self::ShortAnswer => "short_answer",
            Self::NotPaired => "not_paired",
            Self::NoExchange => "no_exchange",
        }
    }
}

/// Why a recording cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// A line, or the whole file, is not of the format.
    #[error("line {line} is not a line of a recording: {}", defect.as_str())]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        defect: Defect,
    },
    /// The file could not be read or written.
    #[error("the recording could not be read or written")]
    Io(#[from] std::io::Error),
}

pub(super) const fn malformed(line: usize, defect: Defect) -> TraceError {
    TraceError::Malformed { line, defect }
}
