//! The `snapform` program.
fn main() {}
