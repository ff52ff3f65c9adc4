//! The canonical style of configuration files.
//!
//! In: source text that parses. Out: the same text with canonical white space, equal to what Terraform's own formatter writes.
//! The road: `scan` cuts the text into tokens, `tidy` replaces outdated notations, `layout` decides the spaces.

mod layout;
mod scan;
mod tidy;

/// Returns `source` in canonical style. The text must be free of syntax errors; otherwise the result is of no use.
pub fn format(source: &str) -> String {
    let mut tokens = tidy::tidy(scan::scan(source));
    layout::lay_out(&mut tokens);
    let mut out = String::with_capacity(source.len() + source.len() / 16);
    for token in &tokens {
        out.extend(std::iter::repeat_n(' ', token.spaces));
        out.push_str(&token.text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn equals_signs_and_comments_of_neighbouring_lines_are_aligned() {
        assert_eq!(
            format("a=\"apple\"# foo\nbungle=(# woo parens\n\"bonce\"\n)# baz\nzebra=\"striped\"# baz\n"),
            "a = \"apple\" # foo\nbungle = (  # woo parens\n  \"bonce\"\n)                 # baz\nzebra = \"striped\" # baz\n"
        );
        assert_eq!(
            format("𝒜 = 1 # foo\nbungle = \"🇬🇧\" # baz\nzebra = \"striped\" # baz\n"),
            "𝒜      = 1         # foo\nbungle = \"🇬🇧\"       # baz\nzebra  = \"striped\" # baz\n"
        );
    }

    #[test]
    fn brackets_indent_by_the_line_not_by_the_bracket() {
        assert_eq!(format("x = [[\n[\na\n]\n]]\n"), "x = [[\n  [\n    a\n  ]\n]]\n");
        assert_eq!(format("b {\nc {\na=1\n}\n}"), "b {\n  c {\n    a = 1\n  }\n}");
    }

    #[test]
    fn spaces_between_operators_calls_and_templates_are_canonical() {
        assert_eq!(format("a=foo(1,- 2,a*b,! c, d ...)\n"), "a = foo(1, -2, a * b, !c, d...)\n");
        assert_eq!(format("a=\"hello ${ name }  ${~ x ~}\"\n"), "a = \"hello ${name}  ${~x~}\"\n");
        assert_eq!(format("a = [for x in[y]:x if x!=1]\n"), "a = [for x in [y] : x if x != 1]\n");
        assert_eq!(format("a = core :: upper( \"x\" )\n"), "a = core::upper(\"x\")\n");
    }

    #[test]
    fn heredocs_keep_every_byte_of_their_text() {
        let text = "a = <<-EOT\n   one ${ x }\n\ttwo $${y} %%{z}\n     EOT\nlonger_name = 1\n";
        assert_eq!(
            format(text),
            "a           = <<-EOT\n   one ${x}\n\ttwo $${y} %%{z}\n     EOT\nlonger_name = 1\n"
        );
    }

    #[test]
    fn outdated_notations_are_replaced() {
        assert_eq!(format("a = \"${b.c}\"\n"), "a = b.c\n");
        assert_eq!(format("a = \"${b}${c}\"\n"), "a = \"${b}${c}\"\n");
        assert_eq!(
            format("variable \"x\" {\n  type = \"list\"\n}\n"),
            "variable \"x\" {\n  type = list(string)\n}\n"
        );
        assert_eq!(format("variable \"x\" {\n  type = map\n}\n"), "variable \"x\" {\n  type = map(any)\n}\n");
        assert_eq!(format("resource foo bar {\n}\n"), "resource \"foo\" \"bar\" {\n}\n");
    }
}
