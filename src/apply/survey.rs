//! Looks at the providers and parents of a plan, for [`plan::survey`](crate::plan::survey) to judge it by.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use crate::cloud::{CloudError, ErrorClass, Life, Reader};
use crate::lang::Value;
use crate::lang::address::ProviderAddress;
use crate::plan::survey::{Needed, Parent, Points, Survey, Unseen};
use crate::schema::parent::{joined, parent_attributes};
use crate::schema::types;

use super::observe::explain;

type Found = Vec<(Parent, Result<Points, Unseen>)>;

/// Asks for the account of each provider, and then, in as few calls as the clouds allow, for what the parents hold.
pub async fn survey(reader: &dyn Reader, needed: &Needed) -> Survey {
    let places = needed.providers.iter().map(|provider| async move {
        let place = reader.place(provider).await;
        let place = place.map(|place| (place.account, place.region)).map_err(|error| explain(&error));
        (provider.clone(), place)
    });
    let places: BTreeMap<_, _> = join_all(places).await.into_iter().collect();
    let mut groups: BTreeMap<(&ProviderAddress, &'static str), Vec<(&Parent, Value)>> = BTreeMap::new();
    for (parent, object) in &needed.parents {
        if places.get(&parent.provider).is_some_and(Result::is_ok) {
            groups
                .entry((&parent.provider, parent.type_name))
                .or_default()
                .push((parent, object.unmarked_deep()));
        }
    }
    let parents = groups.into_iter().map(|((provider, type_name), group)| async move {
        look(reader, provider, type_name, &group, &needed.growing).await
    });
    Survey { places, parents: join_all(parents).await.into_iter().flatten().collect() }
}

async fn look(
    reader: &dyn Reader,
    provider: &ProviderAddress,
    type_name: &str,
    group: &[(&Parent, Value)],
    growing: &BTreeSet<Parent>,
) -> Found {
    let Some(resource_type) = types::resource(type_name) else { return Vec::new() };
    let objects: Vec<Value> = group.iter().map(|(_, object)| object.clone()).collect();
    let (fuller, growing_objects): (Vec<&Parent>, Vec<Value>) = group
        .iter()
        .filter(|(parent, _)| growing.contains(*parent))
        .map(|(parent, object)| (*parent, object.clone()))
        .unzip();
    let (listed, room) = tokio::join!(
        reader.on_parents(provider, resource_type, &objects),
        reader.room(provider, resource_type, &growing_objects)
    );
    let (listed, room) = match (listed, room) {
        (Ok(listed), Ok(room)) => (listed, room),
        // An unknown parent is for the create to report.
        (Err(error), _) | (_, Err(error)) if error.class == ErrorClass::Missing => return Vec::new(),
        (Err(error), _) | (_, Err(error)) => {
            let unseen = unseen(&error);
            return group.iter().map(|(parent, _)| ((*parent).clone(), Err(unseen.clone()))).collect();
        }
    };
    let mut points: BTreeMap<String, Points> = BTreeMap::new();
    for object in listed.iter().filter(|object| object.life != Life::Leaving) {
        let Some(parent) = joined(parent_attributes(type_name), &object.value) else { continue };
        let points = points.entry(parent).or_default();
        points.all.insert(object.id.clone());
        if object.life == Life::Usable {
            points.usable.insert(object.id.clone());
        }
    }
    let most: BTreeMap<&Parent, Option<u64>> = fuller.into_iter().zip(room).collect();
    group
        .iter()
        .map(|(parent, _)| {
            let most = most.get(parent).copied().flatten();
            let held = points.remove(&*parent.id).unwrap_or_default();
            ((*parent).clone(), Ok(Points { most, ..held }))
        })
        .collect()
}

fn unseen(error: &CloudError) -> Unseen {
    Unseen { denied: error.class == ErrorClass::Denied, why: explain(error) }
}
