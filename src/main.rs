//! The program: hands the command line to `cli` and its answer to the shell.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    stockade::cli::main()
}
