//! The one type that values of several types can all have.

use super::super::types::Type;
use super::convertible;

/// Returns the type to which values of all given types convert; nothing if there is none.
pub fn unify(types: &[Type]) -> Option<Type> {
    let first = types.first()?;
    if types.iter().all(|ty| ty == first) {
        return Some(first.clone());
    }
    let count = |is: fn(&Type) -> bool| types.iter().filter(|ty| is(ty)).count();
    let dynamic = count(|ty| *ty == Type::Dynamic);
    let lists = count(|ty| matches!(ty, Type::List(_)));
    let sets = count(|ty| matches!(ty, Type::Set(_)));
    let maps = count(|ty| matches!(ty, Type::Map(_)));
    let tuples = count(|ty| matches!(ty, Type::Tuple(_)));
    let objects = count(|ty| matches!(ty, Type::Object(_)));
    let all = types.len();
    if maps > 0 && maps + dynamic == all {
        return collection(types, Type::map, dynamic > 0);
    }
    if maps > 0 && maps + objects + dynamic == all {
        if dynamic > 0 {
            return Some(Type::Dynamic);
        }
        if let Some(map) = elements(types).map(Type::map)
            && types.iter().all(|ty| convertible(ty, &map))
        {
            return Some(map);
        }
    }
    if lists > 0 && lists + dynamic == all {
        return collection(types, Type::list, dynamic > 0);
    }
    if lists > 0 && lists + tuples + dynamic == all {
        if dynamic > 0 {
            return Some(Type::Dynamic);
        }
        if let Some(list) = elements(types).map(Type::list)
            && types.iter().all(|ty| convertible(ty, &list))
        {
            return Some(list);
        }
    }
    if sets > 0 && sets + dynamic == all {
        return collection(types, Type::set, dynamic > 0);
    }
    if objects > 0 && objects + dynamic == all {
        return if dynamic > 0 { Some(Type::Dynamic) } else { unify_objects(types) };
    }
    if tuples > 0 && tuples + dynamic == all {
        return if dynamic > 0 { Some(Type::Dynamic) } else { unify_tuples(types) };
    }
    if objects > 0 && tuples > 0 {
        return None;
    }
    let mut candidates: Vec<&Type> = types.iter().collect();
    candidates.sort_by_key(|ty| preference(ty));
    candidates.into_iter().find(|want| types.iter().all(|ty| convertible(ty, want))).cloned()
}

/// Smaller is preferred: what everything else converts to with the least loss.
fn preference(ty: &Type) -> u8 {
    match ty {
        Type::String => 0,
        Type::List(_) => 1,
        Type::Set(_) => 2,
        Type::Map(_) => 3,
        Type::Tuple(_) | Type::Object(_) => 4,
        Type::Number | Type::Bool => 5,
        Type::Dynamic => 6,
    }
}

fn collection(types: &[Type], make: fn(Type) -> Type, has_dynamic: bool) -> Option<Type> {
    if has_dynamic {
        return Some(Type::Dynamic);
    }
    elements(types).map(make)
}

/// Returns the type that all elements of all given collections, tuples and objects can have.
fn elements(types: &[Type]) -> Option<Type> {
    let mut inner = Vec::new();
    for ty in types {
        match ty {
            Type::List(element) | Type::Set(element) | Type::Map(element) => inner.push((**element).clone()),
            Type::Tuple(items) => inner.extend(items.iter().cloned()),
            Type::Object(object) => inner.extend(object.attributes.values().cloned()),
            _ => return None,
        }
    }
    unify(&inner)
}

fn unify_objects(types: &[Type]) -> Option<Type> {
    let objects: Vec<_> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Object(object) => Some(object),
            _ => None,
        })
        .collect();
    let first = objects.first()?;
    if !objects.iter().all(|object| object.attributes.keys().eq(first.attributes.keys())) {
        return elements(types).map(Type::map);
    }
    let mut attributes = Vec::new();
    for name in first.attributes.keys() {
        let across: Vec<Type> = objects.iter().map(|object| object.attributes[name].clone()).collect();
        attributes.push((name.clone(), unify(&across)?));
    }
    Some(Type::object(attributes))
}

fn unify_tuples(types: &[Type]) -> Option<Type> {
    let tuples: Vec<_> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Tuple(items) => Some(items),
            _ => None,
        })
        .collect();
    let first = tuples.first()?;
    if !tuples.iter().all(|tuple| tuple.len() == first.len()) {
        return elements(types).map(Type::list);
    }
    let mut items = Vec::new();
    for at in 0..first.len() {
        let across: Vec<Type> = tuples.iter().map(|tuple| tuple[at].clone()).collect();
        items.push(unify(&across)?);
    }
    Some(Type::tuple(items))
}
