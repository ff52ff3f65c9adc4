//! The world as an aligned table.

use unicode_width::UnicodeWidthStr;

use super::world::Row;

const HEADS: [&str; 6] = ["KIND", "REGION", "ID", "PARENT", "NAME", "STATUS"];

/// Returns the rows as text with aligned columns, one line each, below a line of heads.
pub(crate) fn table(rows: &[Row]) -> String {
    let cells = |row: &Row| {
        [&row.kind, &row.region, &row.id, &row.parent, &row.name, &row.status].map(|cell| {
            let text: String =
                cell.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect();
            if text.is_empty() { "-".to_owned() } else { text }
        })
    };
    let mut lines = vec![HEADS.map(str::to_owned)];
    lines.extend(rows.iter().map(cells));
    let mut widths = [0; 6];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let mut row = String::new();
        for (width, cell) in widths.iter().zip(line) {
            row.push_str(cell);
            row.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
