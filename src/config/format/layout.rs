//! Decides the number of spaces before every token.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::scan::{Kind, Token};
use super::tidy::bracket_change;

const INDENT: usize = 2;

/// The tokens of a line in up to three cells: what stands first, an assignment from its equals sign on, a comment at the end.
struct Line {
    lead: Range<usize>,
    assignment: Range<usize>,
    comment: Range<usize>,
}

/// Sets the spaces of all tokens.
pub(super) fn lay_out(tokens: &mut [Token<'_>]) {
    let lines = lines(tokens);
    indent(tokens, &lines);
    for line in &lines {
        space(tokens, &line.lead);
        space(tokens, &line.assignment);
    }
    align(tokens, &lines, |line| &line.assignment, |line| line.lead.clone());
    align(tokens, &lines, |line| &line.comment, |line| line.lead.start..line.assignment.end);
}

fn ends_line(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Newline => true,
        Kind::Comment => token.text.ends_with('\n'),
        _ => false,
    }
}

fn lines(tokens: &[Token<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for at in 0..tokens.len() {
        if ends_line(&tokens[at]) {
            lines.push(cells(tokens, start..at + 1));
            start = at + 1;
        } else if tokens[at].kind == Kind::End {
            if start < at {
                lines.push(cells(tokens, start..at));
            }
            start = at + 1;
        }
    }
    lines
}

fn cells(tokens: &[Token<'_>], line: Range<usize>) -> Line {
    let mut end = line.end;
    if line.len() > 1 && tokens[end - 1].kind == Kind::Comment {
        end -= 1;
    }
    let comment = end..line.end;
    let mut middle = end;
    if let Some(equals) = (line.start + 1..end).find(|at| tokens[*at].kind == Kind::Equals) {
        // An assignment that opens more than it closes goes on below: aligning it would push everything to the right.
        if tokens[equals..end].iter().map(|token| bracket_change(token.kind)).sum::<i32>() == 0 {
            middle = equals;
        }
    }
    Line { lead: line.start..middle, assignment: middle..end, comment }
}

/// Sets the spaces at the start of each line: one level deeper for each line that opened more than it closed.
fn indent(tokens: &mut [Token<'_>], lines: &[Line]) {
    let mut levels: Vec<i32> = Vec::new();
    for line in lines {
        let Some(first) = tokens.get(line.lead.start) else { continue };
        if first.kind == Kind::Newline {
            tokens[line.lead.start].spaces = 0;
            continue;
        }
        let mut net = 0;
        for token in &tokens[line.lead.clone()] {
            net += bracket_change(token.kind);
            if token.kind == Kind::OpenHeredoc {
                break;
            }
        }
        net += tokens[line.assignment.clone()].iter().map(|token| bracket_change(token.kind)).sum::<i32>();
        let mut closed = -net;
        while closed > 0 {
            match levels.last_mut() {
                Some(opened) if *opened > closed => {
                    *opened -= closed;
                    closed = 0;
                }
                Some(opened) => {
                    closed -= *opened;
                    levels.pop();
                }
                None => break,
            }
        }
        tokens[line.lead.start].spaces = INDENT * levels.len();
        if net > 0 {
            levels.push(net);
        }
    }
}

/// Sets the spaces between the tokens of one cell.
fn space(tokens: &mut [Token<'_>], cell: &Range<usize>) {
    for at in cell.clone().skip(1) {
        let before = (at - 1 > cell.start).then(|| tokens[at - 2].kind);
        tokens[at].spaces = usize::from(is_spaced(before, &tokens[at - 1], tokens[at].kind));
    }
}

/// Tells whether a space stands between `token` and `after`; `before` is what stands before `token` in its cell.
fn is_spaced(before: Option<Kind>, token: &Token<'_>, after: Kind) -> bool {
    use Kind::*;
    match (token.kind, after) {
        (_, Newline) | (Identifier, OpenParenthesis) => false,
        (Identifier, DoubleColon) | (DoubleColon, Identifier) => false,
        (Dot, _) | (_, Dot | Comma | Ellipsis) => false,
        (Comma, _) => true,
        (QuotedText | HeredocText | OpenQuote | OpenHeredoc, _) => false,
        (_, QuotedText | HeredocText | CloseQuote | CloseHeredoc) => false,
        // `in` of a `for`: what follows is no index of a thing named `in`.
        (Identifier, _) if token.text == "in" && before == Some(Identifier) => true,
        (Identifier | Number, OpenBracket) => false,
        (CloseBrace | CloseBracket | CloseParenthesis | CloseTemplate, OpenBracket) => false,
        (Bang, _) => false,
        (Minus, _) => ends_operand(before),
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        (OpenInterpolation | OpenDirective, OpenBrace) | (CloseBrace, CloseTemplate) => true,
        (CloseTemplate, OpenInterpolation | OpenDirective) => false,
        (open, _) if bracket_change(open) > 0 => false,
        (_, close) if bracket_change(close) < 0 => false,
        _ => true,
    }
}

/// Tells whether a minus behind a token of this kind subtracts; otherwise it negates.
fn ends_operand(kind: Option<Kind>) -> bool {
    use Kind::*;
    let Some(kind) = kind else { return false };
    !matches!(
        kind,
        OpenParenthesis
            | OpenBrace
            | OpenBracket
            | Equals
            | Colon
            | Comma
            | Question
            | Arithmetic
            | Minus
            | Comparison
            | Logical
            | Bang
    )
}

/// Puts the cells of neighbouring lines that have one below each other.
fn align(
    tokens: &mut [Token<'_>],
    lines: &[Line],
    cell: impl Fn(&Line) -> &Range<usize>,
    before: impl Fn(&Line) -> Range<usize>,
) {
    let mut start = 0;
    while start < lines.len() {
        let length = lines[start..].iter().take_while(|line| !cell(line).is_empty()).count();
        let chain = &lines[start..start + length];
        let widths: Vec<usize> = chain.iter().map(|line| columns(&tokens[before(line)])).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for (line, width) in chain.iter().zip(widths) {
            tokens[cell(line).start].spaces = widest - width + 1;
        }
        start += length + 1;
    }
}

fn columns(tokens: &[Token<'_>]) -> usize {
    tokens.iter().map(|token| token.spaces + token.text.graphemes(true).count()).sum()
}
