//! Where Terraform's YAML reader has other habits than ours.
//!
//! It is a port of libyaml, which knows YAML 1.1: what goes on over several lines between brackets or quotes may be indented
//! in any way there, a tab may follow a colon, and none may follow a dash. The text is brought into the form in which ours
//! reads the same; what Terraform refuses is refused.

/// What a line goes on with that began in one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Block structure: a line of its own.
    Block,
    /// Brackets or braces, so deep.
    Flow(usize),
    /// A quoted scalar that began so deep in brackets.
    Quoted(u8, usize),
    /// A block scalar of a node at this column; the start of the document is left of all columns.
    Scalar(isize),
}

const NO_TOKEN: &str = "found character that cannot start any token";

/// Returns the text as ours reads it.
///
/// # Errors
/// Terraform refuses the text: the problem, and its line where it names one.
pub(super) fn adapted(source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(source.len() + 16);
    let mut within = Within::Block;
    let mut in_head = true;
    // The rightmost column at which a node of block structure began.
    let mut deepest = 0;
    for (at, line) in source.split_inclusive('\n').enumerate() {
        let content = line.trim_end_matches(['\n', '\r']);
        let bare = content.trim_start_matches(' ');
        let indent = (content.len() - bare.len()) as isize;
        let blank = bare.trim().is_empty();
        match within {
            Within::Scalar(parent) if blank || indent > parent => {
                out.push_str(line);
                continue;
            }
            Within::Scalar(_) => within = Within::Block,
            Within::Flow(_) | Within::Quoted(..) if !blank => {
                let missing = usize::try_from(deepest + 1 - indent).unwrap_or_default();
                out.push_str(&" ".repeat(missing));
            }
            _ => {}
        }
        if within == Within::Block {
            if in_head && let Some(directive) = content.strip_prefix('%') {
                refuse_directive(directive)?;
            } else if !blank && !bare.starts_with('#') {
                in_head = content.trim_end() == "...";
            }
            if content.starts_with('\t') {
                return Err(on_line(at, NO_TOKEN));
            }
        }
        within = line_of(line, at, within, &mut deepest, &mut out)?;
    }
    Ok(out)
}

fn on_line(at: usize, problem: &str) -> String {
    // Terraform counts from the line before, and names no first line.
    if at == 0 { problem.to_owned() } else { format!("on line {}, column 1: {problem}", at + 1) }
}

fn refuse_directive(directive: &str) -> Result<(), String> {
    let mut words = directive.split_whitespace();
    match (words.next(), words.next()) {
        (Some("YAML"), Some("1.1")) | (Some("TAG"), _) => Ok(()),
        (Some("YAML"), _) => Err("found incompatible YAML document".to_owned()),
        _ => Err("found unknown directive name".to_owned()),
    }
}

/// Copies a line and returns what the next one is within.
fn line_of(
    line: &str,
    at: usize,
    mut within: Within,
    deepest: &mut isize,
    out: &mut String,
) -> Result<Within, String> {
    let bytes = line.as_bytes();
    let mut here = 0;
    // Whether a token may begin here, and the column of the node that a block scalar would belong to.
    let (mut fresh, mut node) = (true, -1_isize);
    let mut key = None;
    while here < bytes.len() {
        let byte = bytes[here];
        let space_before = here == 0 || bytes[here - 1].is_ascii_whitespace();
        let space_after = bytes.get(here + 1).is_none_or(u8::is_ascii_whitespace);
        let mut taken = 1;
        match (within, byte) {
            (Within::Quoted(quote, depth), byte) if byte == quote => {
                if quote == b'\'' && bytes.get(here + 1) == Some(&b'\'') {
                    taken = 2;
                } else {
                    within = if depth > 0 { Within::Flow(depth) } else { Within::Block };
                    fresh = false;
                }
            }
            (Within::Quoted(b'"', _), b'\\') => taken = 2,
            (Within::Quoted(..), _) => {}
            (_, b'#') if space_before => {
                out.push_str(&line[here..]);
                return Ok(within);
            }
            (_, b' ' | b'\t' | b'\n' | b'\r') => {}
            (_, b'"' | b'\'') if fresh => {
                key.get_or_insert(here);
                within = Within::Quoted(byte, if let Within::Flow(depth) = within { depth } else { 0 });
            }
            (Within::Flow(depth), b'[' | b'{') => within = Within::Flow(depth + 1),
            (Within::Flow(depth), b']' | b'}') => {
                within = if depth > 1 { Within::Flow(depth - 1) } else { Within::Block };
                fresh = false;
            }
            (Within::Flow(_), b',' | b':') => fresh = true,
            (Within::Flow(_), _) => fresh = false,
            (_, b'[' | b'{') if fresh => {
                key.get_or_insert(here);
                within = Within::Flow(1);
            }
            (_, b'-' | b'?') if fresh && space_after => {
                if bytes.get(here + 1) == Some(&b'\t') {
                    return Err(on_line(at, NO_TOKEN));
                }
                node = here as isize;
                key = None;
            }
            (_, b':') if space_after && (key.is_some() || fresh) => {
                node = key.take().unwrap_or(here) as isize;
                fresh = true;
                if bytes.get(here + 1) == Some(&b'\t') {
                    out.push_str(": ");
                    here += 2;
                    continue;
                }
            }
            (_, b'|' | b'>') if fresh => {
                out.push_str(&line[here..]);
                return Ok(Within::Scalar(node));
            }
            (_, b'!' | b'&') if fresh => {
                // A tag or an anchor stands before a token.
                key.get_or_insert(here);
                taken = bytes[here..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            }
            _ => {
                if line[here..].starts_with("---")
                    && here == 0
                    && bytes.get(3).is_none_or(u8::is_ascii_whitespace)
                {
                    taken = 3;
                } else {
                    key.get_or_insert(here);
                    fresh = false;
                }
            }
        }
        *deepest = node.max(key.map_or(-1, |key| key as isize)).max(*deepest);
        let mut end = (here + taken).min(bytes.len());
        while !line.is_char_boundary(end) {
            end += 1;
        }
        out.push_str(&line[here..end]);
        here = end;
    }
    Ok(within)
}
