//! Looks at the providers and parents of a plan, for [`plan::survey`](crate::plan::survey) to judge it by.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use crate::cloud::{CloudError, ErrorClass, Life, Place, Reader};
use crate::lang::Value;
use crate::lang::address::ProviderAddress;
use crate::plan::lost_state::name_of;
use crate::plan::no_parent::Sight;
use crate::plan::survey::{Needed, Parent, Points, Survey, Unnamed, Unseen};
use crate::schema::parent::{joined, parent_attributes};
use crate::schema::{ResourceType, types};

use super::observe::explain;

/// What parents hold, and which of them were not seen.
type Found = (Vec<(Parent, Result<Points, Unseen>)>, Vec<(Parent, Sight)>);

/// Asks for the account of each provider, and then, in as few calls as the clouds allow, for what the parents hold.
pub async fn survey(reader: &dyn Reader, needed: &Needed) -> Survey {
    let places = needed
        .providers
        .iter()
        .map(|provider| async move { (provider.clone(), reader.place(provider).await) });
    let mut unnamed = BTreeMap::new();
    let places = join_all(places).await.into_iter().map(|(provider, place)| {
        if let Ok(Place { unnamed: Some(why), key, .. }) = &place {
            unnamed.insert(provider.clone(), Unnamed { why: why.clone(), lasts: key.is_some() });
        }
        let place = place.map(|place| (place.account, place.region)).map_err(|error| explain(&error));
        (provider, place)
    });
    let places: BTreeMap<_, _> = places.collect();
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
    let mut survey = Survey { places, unnamed, ..Survey::default() };
    for (points, unseen) in join_all(parents).await {
        survey.parents.extend(points);
        survey.unseen.extend(unseen);
    }
    survey
}

async fn look(
    reader: &dyn Reader,
    provider: &ProviderAddress,
    type_name: &str,
    group: &[(&Parent, Value)],
    growing: &BTreeSet<Parent>,
) -> Found {
    let Some(resource_type) = types::resource(type_name) else { return Found::default() };
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
    // A parent that does not exist holds nothing.
    let listed = match listed {
        Err(error) if error.class == ErrorClass::Missing => Ok(Vec::new()),
        other => other,
    };
    let mut points: BTreeMap<String, Points> = BTreeMap::new();
    for object in listed.iter().flatten().filter(|object| object.life != Life::Leaving) {
        let Some(parent) = joined(parent_attributes(type_name), &object.value) else { continue };
        let points = points.entry(parent).or_default();
        points.all.insert(object.id.clone());
        if object.life == Life::Usable {
            points.usable.insert(object.id.clone());
        }
        if let Some(name) = name_of(type_name, &object.value) {
            points.names.insert(object.id.clone(), name);
        }
    }
    // Whatever holds a point is there.
    let empty: Vec<(&Parent, Value)> = group
        .iter()
        .filter(|(parent, _)| growing.contains(*parent) && !points.contains_key(&*parent.id))
        .map(|(parent, object)| (*parent, object.clone()))
        .collect();
    let not_seen = look_for(reader, provider, resource_type, empty).await;
    let room = match room {
        Err(error) if error.class == ErrorClass::Missing => Ok(Vec::new()),
        other => other,
    };
    let room = match (listed, room) {
        (Ok(_), Ok(room)) => room,
        (Err(error), _) | (_, Err(error)) => {
            let unseen = unseen(&error);
            let parents = group.iter().map(|(parent, _)| ((*parent).clone(), Err(unseen.clone())));
            return (parents.collect(), not_seen);
        }
    };
    let most: BTreeMap<&Parent, Option<u64>> = fuller.into_iter().zip(room).collect();
    let held = group.iter().map(|(parent, _)| {
        let most = most.get(parent).copied().flatten();
        let held = points.remove(&*parent.id).unwrap_or_default();
        ((*parent).clone(), Ok(Points { most, ..held }))
    });
    (held.collect(), not_seen)
}

/// Looks for parents on which nothing lies; returns those that were not seen.
async fn look_for(
    reader: &dyn Reader,
    provider: &ProviderAddress,
    resource_type: &'static ResourceType,
    parents: Vec<(&Parent, Value)>,
) -> Vec<(Parent, Sight)> {
    if parents.is_empty() {
        return Vec::new();
    }
    let (parents, objects): (Vec<&Parent>, Vec<Value>) = parents.into_iter().unzip();
    match reader.shown_parents(provider, resource_type, &objects).await {
        Ok(None) => Vec::new(),
        Ok(Some(shown)) => {
            let missing = parents.into_iter().filter(|parent| !shown.contains(&*parent.id));
            missing.map(|parent| (parent.clone(), Sight::NotShown)).collect()
        }
        Err(error) => {
            let sight = Sight::Unread { denied: error.class == ErrorClass::Denied, why: explain(&error) };
            parents.into_iter().map(|parent| (parent.clone(), sight.clone())).collect()
        }
    }
}

fn unseen(error: &CloudError) -> Unseen {
    Unseen { denied: error.class == ErrorClass::Denied, why: explain(error) }
}
