//! The `snapform` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    snapform::cli::main()
}
