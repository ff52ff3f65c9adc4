use proptest::prelude::*;

use super::*;
use crate::diagnostic::SourceId;

fn expression(text: &str) -> Expression {
    let (expression, found) = parse_expression(SourceId(0), text);
    assert!(!found.has_errors(), "{text}: {found:?}");
    expression.expect("an expression")
}

fn summary(text: &str) -> String {
    let (_, found) = parse_body(SourceId(0), text);
    found.iter().next().map_or_else(String::new, |first| first.summary.clone())
}

fn round_trip(text: &str) {
    let tree = expression(text);
    let printed = tree.to_string();
    assert_eq!(expression(&printed), tree, "{text} printed as {printed}");
}

#[test]
fn printed_trees_parse_to_the_same_tree() {
    for text in [
        "1 + 2 * 3",
        "-x.y",
        "!(a && b) || c",
        "a.b[0].c[\"d\"][e.f]",
        "a[*].b[0].c",
        "a.*.b.0[1]",
        "{ a = 1, \"b\" = 2, (c) = 3, \"x${d}\" = 4 }",
        "[for k, v in x : v if v != null]",
        "{for k, v in x : k => v... if k > 2}",
        "f(a, [b, c]...)",
        "core::f()",
        "a ? b : c ? d : e",
        "\"a${b}c%{if d}e%{else}f%{endif}%{for g, h in i}${h}%{endfor}$${j}\\n\\\"\\\\\"",
        "<<EOT\n  a ${b}\n c\nEOT\n",
        "f(x)[0].y",
        "\"$\"",
        "\"100%\"",
        "{ a = 1, a = 2 }",
        "{ \"a\\n\" = 1, \"b\\n\" = 2 }",
    ] {
        round_trip(text);
    }
}

#[test]
fn ranges_point_into_the_text_behind_strings_and_heredocs() {
    let text = "a = \"x ${y.z} é\"\nb = <<-E\n   ${q}\n  E\nc = d.e\n";
    let (body, found) = parse_body(SourceId(0), text);
    assert!(found.is_empty(), "{found:?}");
    let of = |name: &str| {
        let range = body.attributes[name].expression.range;
        &text[range.start as usize..range.end as usize]
    };
    assert_eq!(of("a"), "\"x ${y.z} é\"");
    assert_eq!(of("c"), "d.e");
    let (references, _) = crate::lang::reference::references_of_body(&body);
    let texts: Vec<&str> =
        references.iter().map(|r| &text[r.whole.start as usize..r.whole.end as usize]).collect();
    assert_eq!(texts, ["y.z", "d.e"]);
}

#[test]
fn every_broken_structure_has_its_own_error() {
    let text = "a = 1 +\nb = 2\nc = [1 2]\nblock {\n  d = 3\n}\ne = }\n";
    let (body, found) = parse_body(SourceId(0), text);
    let lines: Vec<usize> = found
        .iter()
        .map(|d| text[..d.subject.expect("a range").start as usize].matches('\n').count() + 1)
        .collect();
    assert_eq!(lines, [1, 3, 7]);
    assert!(body.attributes.contains_key("b"));
    assert_eq!(body.blocks.len(), 1);
}

#[test]
fn errors_have_the_words_of_terraform() {
    for (text, expected) in [
        ("output \"o\" {\n", "Unclosed configuration block"),
        ("a = \"x\n", "Invalid multi-line string"),
        ("a = <<E\nx\n", "Unterminated template string"),
        ("a = 3 *\n", "Invalid expression"),
        ("a = [1 2]\n", "Missing item separator"),
        ("a = f(1 2)\n", "Missing argument separator"),
        ("a = {b}\n", "Missing key/value separator"),
        ("a = 1\na = 2\n", "Attribute redefined"),
        ("b \"c\"\n{\n}\n", "Invalid block definition"),
        ("a = 'b'\n", "Invalid character"),
        ("a = \"%{if b}\"\n", "Unexpected end of template"),
        ("a = \"\\q\"\n", "Invalid escape sequence"),
        ("a = 1 2\n", "Missing newline after argument"),
        ("a = b ? c\n", "Missing false expression in conditional"),
    ] {
        assert_eq!(summary(text), expected, "{text}");
    }
}

#[test]
fn hostile_text_is_refused_in_time_and_without_overflow() {
    let deep = |open: &str, close: &str, count: usize| {
        format!("a = {}1{}\n", open.repeat(count), close.repeat(count))
    };
    for text in [
        deep("(", ")", 100_000),
        deep("[", "]", 100_000),
        deep("{ a = ", "}", 100_000),
        deep("\"${", "}\"", 100_000),
        deep("f(", ")", 100_000),
        deep("-", "", 100_000),
        deep("!", "", 100_000),
        deep("x ? 1 : ", "", 100_000),
        deep("1 + ", "", 100_000),
        deep("a[", "]", 100_000),
        format!("a = \"{}x{}\"\n", "%{if true}".repeat(10_000), "%{endif}".repeat(10_000)),
        format!("a = <<E\n{}x\n{}E\n", "%{for a in b}\n".repeat(10_000), "%{endfor}\n".repeat(10_000)),
        "/* ".repeat(1_000_000),
        "b {\n".repeat(100_000),
        "a = \0\n".to_owned(),
        "a = \"\\".to_owned(),
        "a = <<".to_owned(),
        "a = \"${".to_owned(),
        "\u{feff}\u{feff}a = 1\n".to_owned(),
        format!("a = {{\n{}}}\n", (0..20_000).map(|n| format!("k{n} = {n}\n")).collect::<String>()),
    ] {
        let (_, found) = parse_body(SourceId(0), &text);
        assert!(found.has_errors(), "{}", &text[..text.len().min(20)]);
    }
}

#[test]
fn depth_is_reported_once() {
    let (_, found) = parse_body(SourceId(0), &format!("{}{}", "b {\n".repeat(1000), "}\n".repeat(1000)));
    assert_eq!(found.iter().count(), 1);
    let nested = format!("{}x{}", "%{if true}".repeat(200), "%{endif}".repeat(200));
    assert!(!parse_template(SourceId(0), &nested).1.has_errors());
}

#[test]
fn long_texts_are_read_in_time_that_grows_with_their_length() {
    let lines = "some words\n".repeat(50_000);
    let (body, found) = parse_body(SourceId(0), &format!("a = <<E\n{lines}E\n"));
    assert!(found.is_empty());
    let text = body.attributes["a"].expression.as_literal_text();
    assert_eq!(text.as_deref(), Some(&*lines));
}

#[test]
fn json_bodies_have_blocks_where_they_are_asked_for() {
    let text =
        r#"{"resource": {"t": {"n": {"count": 2, "name": "a${b.c}"}}}, "//": "comment", "x": [1, null]}"#;
    let (body, found) = json::parse_body(SourceId(0), text);
    assert!(found.is_empty());
    let (body, found) = body.resolve(&[BlockShape { name: "resource", labels: 2 }]);
    assert!(found.is_empty());
    assert_eq!(body.attributes.keys().map(|name| &**name).collect::<Vec<_>>(), ["x"]);
    assert_eq!(body.blocks[0].labels.iter().map(|label| &*label.text).collect::<Vec<_>>(), ["t", "n"]);
    let (inner, _) = body.blocks[0].body.resolve(&[]);
    let (references, _) = crate::lang::reference::references(&inner.attributes["name"].expression);
    let range = references[0].whole;
    assert_eq!(&text[range.start as usize..range.end as usize], "b.c");
}

fn any_expression() -> impl Strategy<Value = String> {
    let name = "[a-z][a-z0-9_]{0,5}".prop_filter("no word of the grammar", |name| {
        !["for", "in", "if", "true", "false", "null"].contains(&name.as_str())
    });
    let leaf = prop_oneof![
        name.clone(),
        Just("null".to_owned()),
        Just("true".to_owned()),
        (0u32..1_000_000).prop_map(|number| number.to_string()),
        "[0-9]{1,4}\\.[0-9]{1,4}",
        "[a-zé \\$%~.]{0,8}".prop_map(|text| format!("{text:?}")),
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let name = name.clone();
        prop_oneof![
            (inner.clone(), inner.clone(), "==|!=|<|>|<=|>=|\\+|-|\\*|/|%|&&|\\|\\|")
                .prop_map(|(a, b, operator)| format!("{a} {operator} {b}")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a}) ? {b} : {c}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            inner.clone().prop_map(|a| format!("\"x${{{a}}}%{{if {a}}}y%{{endif}}\"")),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            (name.clone(), prop::collection::vec(inner.clone(), 0..3))
                .prop_map(|(name, items)| format!("{name}({})", items.join(", "))),
            (name.clone(), inner.clone()).prop_map(|(name, a)| format!("{{ {name} = {a}, ({a}) = 1 }}")),
            (name.clone(), inner.clone()).prop_map(|(name, a)| format!("{name}[{a}].x[0][*].y")),
            (name.clone(), inner.clone(), inner.clone())
                .prop_map(|(name, a, b)| format!("[for {name} in {a} : {b} if {name}]")),
            (name, inner.clone(), inner)
                .prop_map(|(name, a, b)| format!("{{for {name} in {a} : {b} => {a}...}}")),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same_tree(text in any_expression()) {
        let (tree, found) = parse_expression(SourceId(0), &text);
        if let Some(tree) = tree.filter(|_| !found.has_errors()) {
            let printed = tree.to_string();
            let (again, found) = parse_expression(SourceId(0), &printed);
            prop_assert!(!found.has_errors(), "{} printed as {}: {:?}", text, printed, found);
            prop_assert_eq!(again, Some(tree));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[ -~\\n\\t{}\\[\\]()\"$%<=éß☃]{0,60}") {
        let _ = parse_body(SourceId(0), &text);
        let _ = parse_expression(SourceId(0), &text);
        let _ = parse_template(SourceId(0), &text);
        let _ = json::parse_body(SourceId(0), &text);
    }

    #[test]
    fn evaluation_never_panics(text in any_expression()) {
        if let (Some(tree), _) = parse_expression(SourceId(0), &text) {
            let _ = crate::lang::evaluate::evaluate_constant(&tree);
        }
    }
}
