//! Running programs and taking their measure: time on the clock, time on the processors, greatest memory.

#![allow(dead_code, clippy::print_stdout)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// The word that makes a benchmark measure one command instead of running as a whole.
const MEASURE: &str = "--measure-one";

/// What a run of a program took.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Whether it ended with one of the exit codes that were expected.
    pub succeeded: bool,
    /// From start to end.
    pub wall: Duration,
    /// On all processors together, in the program and in the kernel for it.
    pub cpu: Duration,
    /// The greatest resident memory, in KiB.
    pub peak_kib: u64,
    /// Standard output and standard error.
    pub text: String,
}

/// Runs as the helper that measures, if it was started as such; a benchmark calls this first.
///
/// The greatest memory of a child is only known for all children of a process together, so each has a process of its own.
pub fn measure_if_asked() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [first, result, program, arguments @ ..] = words.as_slice() else { return };
    if first != MEASURE {
        return;
    }
    let begun = Instant::now();
    let status = Command::new(program).args(arguments).status();
    let wall = begun.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN);
    let code = status.ok().and_then(|status| status.code()).unwrap_or(-1);
    let (cpu, peak) = usage.map_or((0, 0), |usage| {
        let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
        (micros(usage.user_time()) + micros(usage.system_time()), usage.max_rss())
    });
    let _ = std::fs::write(result, format!("{code} {} {cpu} {peak}", wall.as_micros()));
    std::process::exit(0);
}

/// Runs a program in a folder with these variables besides PATH and HOME; any of the exit codes counts as success.
pub fn run(
    program: &str,
    arguments: &[&str],
    folder: &Path,
    variables: &[(&str, &str)],
    codes: &[i64],
) -> Measured {
    let result = folder.join(".measured");
    let own = std::env::current_exe().expect("the path of this program");
    let mut command = Command::new(own);
    command.args([MEASURE, &result.to_string_lossy(), program]).args(arguments).current_dir(folder);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder);
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("this program runs once more");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let numbers = std::fs::read_to_string(&result).unwrap_or_default();
    let _ = std::fs::remove_file(&result);
    let numbers: Vec<i64> = numbers.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [code, wall, cpu, peak] = numbers[..] else { panic!("{program} could not be measured: {text}") };
    let micros = |number: i64| Duration::from_micros(number.unsigned_abs());
    let measured = Measured {
        succeeded: codes.contains(&code),
        wall: micros(wall),
        cpu: micros(cpu),
        peak_kib: peak.unsigned_abs(),
        text: text.into_owned(),
    };
    if !measured.succeeded {
        println!("{program} {arguments:?} ended with {code}:\n{}", last_lines(&measured.text));
    }
    measured
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

/// Returns the words that follow the name of the benchmark on the command line, without those that cargo adds.
pub fn words() -> Vec<String> {
    std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect()
}

/// Returns the numbers among the words, or these.
pub fn sizes(default: &[usize]) -> Vec<usize> {
    let given: Vec<usize> = words().iter().filter_map(|word| word.parse().ok()).collect();
    if given.is_empty() { default.to_vec() } else { given }
}

/// Prints a row of a Markdown table.
pub fn row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) {
    let cells: Vec<String> = cells.into_iter().map(|cell| cell.as_ref().to_owned()).collect();
    println!("| {} |", cells.join(" | "));
}

/// Prints the head of a Markdown table.
pub fn head(cells: &[&str]) {
    row(cells);
    row(cells.iter().map(|_| "---"));
}

/// Returns seconds for people.
pub fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        time if time < 0.1 => format!("{:.1} ms", time * 1e3),
        time if time < 1.0 => format!("{:.0} ms", time * 1e3),
        time => format!("{time:.2} s"),
    }
}

/// Returns mebibytes for people.
pub fn mebibytes(kib: u64) -> String {
    format!("{:.0} MiB", kib as f64 / 1024.0)
}

/// Returns how often the second goes into the first.
pub fn ratio(first: f64, second: f64) -> String {
    format!("{:.1}", first / second.max(1e-9))
}
