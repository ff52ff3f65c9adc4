//! The table of calls that `-stats` asks for.

use std::time::Duration;

use crate::apply::{ActionStatistics, Saves};

const HEAD: [&str; 11] = [
    "action",
    "region",
    "calls",
    "throttled",
    "retried",
    "failed",
    "sent",
    "received",
    "mean",
    "longest",
    "over",
];

/// Returns the table: a row for each action and region, and their sum.
pub fn statistics(actions: &[ActionStatistics], saves: Option<Saves>) -> String {
    let saved = saves.map(|Saves { count, took }| {
        format!("\nThe state was saved {count} times, which took {:.3} s in all.\n", took.as_secs_f64())
    });
    calls(actions) + &saved.unwrap_or_default()
}

fn calls(actions: &[ActionStatistics]) -> String {
    if actions.is_empty() {
        return "\nNo calls to the clouds.\n".to_owned();
    }
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(actions.iter().map(|each| row(&format!("{} {}", each.service, each.action), each)));
    if actions.len() > 1 {
        rows.push(row("total", &total(actions)));
    }
    let widths: Vec<usize> =
        (0..HEAD.len()).map(|at| rows.iter().map(|row| row[at].len()).max().unwrap_or(0)).collect();
    let mut text = "\nCalls to the clouds:\n\n".to_owned();
    for row in rows {
        let mut line = String::from("  ");
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Names stand on the left, numbers on the right.
            line.push_str(&if at < 2 { format!("{cell:width$}  ") } else { format!("{cell:>width$}  ") });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn total(actions: &[ActionStatistics]) -> ActionStatistics {
    actions.iter().fold(ActionStatistics::default(), |mut sum, each| {
        sum.calls += each.calls;
        sum.throttled += each.throttled;
        sum.retried += each.retried;
        sum.failed += each.failed;
        sum.bytes_sent += each.bytes_sent;
        sum.bytes_received += each.bytes_received;
        sum.answering += each.answering;
        sum.longest = sum.longest.max(each.longest);
        sum
    })
}

fn row(name: &str, each: &ActionStatistics) -> [String; 11] {
    [
        name.to_owned(),
        each.region.clone(),
        each.calls.to_string(),
        each.throttled.to_string(),
        each.retried.to_string(),
        each.failed.to_string(),
        bytes(each.bytes_sent),
        bytes(each.bytes_received),
        time(each.mean()),
        time(each.longest),
        // Actions overlap, so their spans have no sum.
        if each.span.is_zero() { String::new() } else { time(each.span) },
    ]
}

fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

fn time(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        seconds => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_action_and_their_sum() {
        let action = |action: &str, calls, bytes_sent| ActionStatistics {
            service: "cbs".into(),
            action: action.into(),
            region: "ap-guangzhou".into(),
            calls,
            bytes_sent,
            answering: Duration::from_millis(20) * u32::try_from(calls).unwrap(),
            longest: Duration::from_millis(35),
            span: Duration::from_millis(51_240),
            ..ActionStatistics::default()
        };
        let text =
            statistics(&[action("CreateDiskBackup", 1000, 312_000), action("DescribeDisks", 1, 90)], None);
        assert_eq!(
            text,
            "
Calls to the clouds:

  action                region        calls  throttled  retried  failed      sent  received   mean  longest    over
  cbs CreateDiskBackup  ap-guangzhou   1000          0        0       0  312.0 kB       0 B  20 ms    35 ms  51.2 s
  cbs DescribeDisks     ap-guangzhou      1          0        0       0      90 B       0 B  20 ms    35 ms  51.2 s
  total                                1001          0        0       0  312.1 kB       0 B  20 ms    35 ms
"
        );
        assert_eq!(statistics(&[], None), "\nNo calls to the clouds.\n");
        let saves = Saves { count: 3, took: Duration::from_millis(42) };
        let text = statistics(&[], Some(saves));
        assert!(text.ends_with("\nThe state was saved 3 times, which took 0.042 s in all.\n"), "{text}");
    }
}
