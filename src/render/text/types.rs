//! Types as the console's function `type` prints them.

use super::style::safe;
use crate::lang::Type;

/// Returns a type in Terraform's notation, objects and tuples over several lines.
pub fn type_of(ty: &Type) -> String {
    print(ty, 0)
}

fn print(ty: &Type, level: usize) -> String {
    match ty {
        Type::Dynamic | Type::Bool | Type::Number | Type::String => ty.friendly(),
        Type::List(element) => collection("list", element, level),
        Type::Set(element) => collection("set", element, level),
        Type::Map(element) => collection("map", element, level),
        Type::Tuple(elements) if elements.is_empty() => "tuple([])".to_owned(),
        Type::Tuple(elements) => {
            let lines = elements.iter().map(|element| print(element, level + 1));
            format!("tuple([\n{}{}])", block(lines, level + 1), blanks(level))
        }
        Type::Object(object) if object.attributes.is_empty() => "object({})".to_owned(),
        Type::Object(object) => {
            let attributes = object.attributes.iter();
            let lines = attributes.map(|(name, ty)| format!("{}: {}", safe(name), print(ty, level + 1)));
            format!("object({{\n{}{}}})", block(lines, level + 1), blanks(level))
        }
    }
}

fn collection(name: &str, element: &Type, level: usize) -> String {
    let is_structure = matches!(element, Type::Tuple(_) | Type::Object(_));
    if !is_structure {
        return format!("{name}({})", print(element, level));
    }
    let line = print(element, level + 1);
    format!("{name}(\n{}{})", block([line].into_iter(), level + 1), blanks(level))
}

fn block(lines: impl Iterator<Item = String>, level: usize) -> String {
    lines.map(|line| format!("{}{line},\n", blanks(level))).collect()
}

fn blanks(level: usize) -> String {
    "    ".repeat(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_print_as_terraforms_console_prints_them() {
        let object = Type::object([("a", Type::Number), ("b c", Type::tuple([Type::Bool, Type::Dynamic]))]);
        assert_eq!(
            type_of(&object),
            "object({\n    a: number,\n    b c: tuple([\n        bool,\n        dynamic,\n    ]),\n})"
        );
        let nested = Type::tuple([Type::list(Type::tuple([Type::Number])), Type::map(Type::Dynamic)]);
        assert_eq!(
            type_of(&nested),
            "tuple([\n    list(\n        tuple([\n            number,\n        ]),\n    ),\n    map(dynamic),\n])"
        );
        assert_eq!(type_of(&Type::list(Type::list(Type::Number))), "list(list(number))");
        assert_eq!(type_of(&Type::tuple([])), "tuple([])");
    }
}
