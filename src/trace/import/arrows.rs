//! `> 00 A4 …` and `< 90 00`, as articles and `myna -vvv` write them. Which arrow is the command differs from tool to tool,
//! so the content decides.

use super::{Builder, Lines, hex_bytes};
use crate::trace::error::{Defect, TraceError, malformed};
use crate::trace::recording::Recording;

pub(super) fn is_it(line: &str) -> bool {
    arrow(line).is_some()
}

pub(super) fn parse(lines: &Lines<'_>) -> Result<Recording, TraceError> {
    let mut builder = Builder::new("arrows");
    let marked: Vec<_> =
        lines.filled().filter_map(|(number, line)| arrow(line).map(|(mark, bytes)| (number, mark, bytes))).collect();
    let Some((first, command, _)) = marked.first() else { return Err(malformed(1, Defect::NoExchange)) };
    let mut last_answer: Option<(usize, Vec<u8>)> = None;
    let _ = first;
    // A command is what comes first. Where that side only ever has two bytes, it is the side of the answers after all.
    let commands_are = if marked.iter().all(|(_, mark, bytes)| mark != command || bytes.len() < 4) {
        if *command == '>' { '<' } else { '>' }
    } else {
        *command
    };
    for (number, mark, bytes) in marked {
        if mark == commands_are {
            if let Some((at, answer)) = last_answer.take() {
                builder.answer(at, &answer)?;
            }
            builder.command(number, &bytes)?;
        } else {
            // Long answers are written over several lines.
            match &mut last_answer {
                Some((_, answer)) => answer.extend(bytes),
                None => last_answer = Some((number, bytes)),
            }
        }
    }
    if let Some((at, answer)) = last_answer {
        builder.answer(at, &answer)?;
    }
    Ok(builder.finish())
}

/// The arrow and the bytes of a line, which may have words before the arrow.
fn arrow(line: &str) -> Option<(char, Vec<u8>)> {
    let at = line.find(['>', '<'])?;
    let mark = line.get(at..)?.chars().next()?;
    let rest = line.get(at..)?.trim_start_matches([mark, '=', '-', ' ']);
    let rest = rest.trim_start_matches(':').trim();
    hex_bytes(rest).filter(|bytes| bytes.len() >= 2).map(|bytes| (mark, bytes))
}
