//! Durations as Go writes them: `90s`, `1m30s`, `1.5h`, `500ms`.

use std::time::Duration;

/// Reads a duration; a bare `0` is one too. Nothing when the text is none, is negative or is beyond what fits.
pub fn parse(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut seconds = 0.0_f64;
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end =
            rest.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(rest.len());
        seconds += number
            * match &rest[..end] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" | "μs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &rest[end..];
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, milliseconds) in
            [("0", 0), ("0s", 0), ("1h30m", 5_400_000), ("1.5s", 1500), ("250ms", 250), ("1h.5s", 3_600_500)]
        {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for wrong in ["", "5", "30", "5 minutes", "-5m", "m", "5x", "1h30", "é", "."] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
