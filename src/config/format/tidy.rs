//! Replaces outdated notations: `"${x}"` alone, quoted type names, bare labels.

use super::scan::{Kind, Token};

/// Returns the tokens with outdated notations replaced by today's.
pub(super) fn tidy(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut out = Vec::with_capacity(tokens.len());
    // The types of the blocks around the current position.
    let mut blocks: Vec<String> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Identifier if tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Equals) => {
                let is_type = blocks.len() == 1 && blocks[0] == "variable" && tokens[at].text == "type";
                out.extend_from_slice(&tokens[at..at + 2]);
                let start = at + 2;
                let end = expression_end(&tokens, start);
                let expression = &tokens[start..end];
                if is_type {
                    type_expression(expression, &mut out);
                } else {
                    value_expression(expression, &mut out);
                }
                at = end;
            }
            Kind::Identifier => {
                blocks.push(tokens[at].text.to_string());
                out.push(tokens[at].clone());
                at = labels(&tokens, at + 1, &mut out);
            }
            Kind::CloseBrace => {
                blocks.pop();
                out.push(tokens[at].clone());
                at += 1;
            }
            _ => {
                out.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// Copies the labels of a block and its opening brace, bare ones with quotes; returns the position behind the brace.
fn labels<'a>(tokens: &[Token<'a>], mut at: usize, out: &mut Vec<Token<'a>>) -> usize {
    while at < tokens.len() {
        let token = &tokens[at];
        at += 1;
        match token.kind {
            Kind::Identifier => {
                out.push(Token { spaces: 1, ..Token::new(Kind::OpenQuote, "\"") });
                out.push(Token::new(Kind::QuotedText, token.text.clone()));
                out.push(Token::new(Kind::CloseQuote, "\""));
            }
            // A comment between labels has no place in the canonical style.
            Kind::Comment if !token.text.ends_with('\n') => {}
            Kind::OpenBrace => {
                out.push(token.clone());
                break;
            }
            _ => out.push(token.clone()),
        }
    }
    at
}

/// Returns the position behind the last token of the expression that begins at `start`, trailing comments left out.
fn expression_end(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0i32;
    let mut end = start;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        let change = bracket_change(token.kind);
        if depth == 0 {
            let ends_line = matches!(token.kind, Kind::Newline | Kind::End)
                || (token.kind == Kind::Comment && token.text.ends_with('\n'));
            if ends_line || change < 0 {
                return end;
            }
        }
        depth += change;
        if token.kind != Kind::Comment {
            end = at + 1;
        }
    }
    end
}

/// Returns 1 for a token that opens something, -1 for one that closes something, else 0.
pub(super) fn bracket_change(kind: Kind) -> i32 {
    match kind {
        Kind::OpenBrace
        | Kind::OpenBracket
        | Kind::OpenParenthesis
        | Kind::OpenInterpolation
        | Kind::OpenDirective => 1,
        Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParenthesis | Kind::CloseTemplate => -1,
        _ => 0,
    }
}

/// Copies an expression; `"${x}"` becomes `x`.
fn value_expression<'a>(expression: &[Token<'a>], out: &mut Vec<Token<'a>>) {
    let Some(inside) = sole_interpolation(expression) else {
        out.extend_from_slice(expression);
        return;
    };
    let is_newline = |token: &Token<'_>| token.kind == Kind::Newline;
    let start = inside.iter().position(|token| !is_newline(token)).unwrap_or(inside.len());
    let end = inside.iter().rposition(|token| !is_newline(token)).map_or(start, |last| last + 1);
    let trimmed = &inside[start..end];
    let first = trimmed.first().map(|token| token.kind);
    let last = trimmed.last().map(|token| token.kind);
    let in_parentheses =
        first == Some(Kind::OpenParenthesis) && last == Some(Kind::CloseParenthesis) && trimmed.len() > 1;
    // Several lines need parentheses once the quotes no longer hold them together.
    if trimmed.iter().any(is_newline) && !in_parentheses {
        out.push(Token::new(Kind::OpenParenthesis, "("));
        out.extend_from_slice(trimmed);
        out.push(Token::new(Kind::CloseParenthesis, ")"));
    } else {
        out.extend_from_slice(trimmed);
    }
}

/// Returns what is inside `"${…}"` if the expression is surely one interpolation and nothing else.
fn sole_interpolation<'t, 'a>(expression: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let [open_quote, open, inside @ .., close, close_quote] = expression else { return None };
    let framed = open_quote.kind == Kind::OpenQuote
        && open.kind == Kind::OpenInterpolation
        && close.kind == Kind::CloseTemplate
        && close_quote.kind == Kind::CloseQuote;
    if !framed || inside.is_empty() {
        return None;
    }
    let mut quotes = 0i32;
    for token in inside {
        match token.kind {
            Kind::OpenQuote => quotes += 1,
            Kind::CloseQuote => quotes -= 1,
            Kind::OpenInterpolation | Kind::CloseTemplate | Kind::QuotedText if quotes <= 0 => return None,
            _ => {}
        }
    }
    Some(inside)
}

/// Copies a type constraint; collection types without an element type and quoted names become whole ones.
fn type_expression<'a>(expression: &[Token<'a>], out: &mut Vec<Token<'a>>) {
    let mut call = |name: &'static str, element: &'static str| {
        out.push(Token { spaces: 1, ..Token::new(Kind::Identifier, name) });
        out.push(Token::new(Kind::OpenParenthesis, "("));
        out.push(Token::new(Kind::Identifier, element));
        out.push(Token::new(Kind::CloseParenthesis, ")"));
    };
    match expression {
        [token] if token.kind == Kind::Identifier => match &*token.text {
            "list" => call("list", "any"),
            "map" => call("map", "any"),
            "set" => call("set", "any"),
            _ => out.push(token.clone()),
        },
        [open, text, close]
            if (open.kind, text.kind, close.kind)
                == (Kind::OpenQuote, Kind::QuotedText, Kind::CloseQuote) =>
        {
            match &*text.text {
                // The quoted names are older than `any`; they stood for collections of strings.
                "list" => call("list", "string"),
                "map" => call("map", "string"),
                "string" => out.push(Token::new(Kind::Identifier, "string")),
                _ => out.extend_from_slice(expression),
            }
        }
        _ => out.extend_from_slice(expression),
    }
}
