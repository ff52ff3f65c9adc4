//! Parser and evaluator on any text. `CONTRIBUTING.md` says how to run it.

#![no_main]

#[path = "../language.rs"]
mod language;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        language::read_and_evaluate(text);
    }
});
