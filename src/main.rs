//! The program: hands the command line to `cli` and its answer to the shell.
#![forbid(unsafe_code)]

/// musl's own allocator is made small, not fast.
#[cfg(target_env = "musl")]
#[global_allocator]
static HEAP: stockade::sys::heap::Heap = stockade::sys::heap::Heap::new();

fn main() -> std::process::ExitCode {
    stockade::cli::main()
}
