//! The program `honnin`: a thin shell around the library. Everything is in `cli`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
