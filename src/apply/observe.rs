//! Reads what the planner asks for.
//!
//! Objects of one type and provider are read together; `gone` tells when one that is not found counts as gone.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::cloud::{CloudError, Known, Life, Reader, short};
use crate::lang::address::ProviderAddress;
use crate::plan::{Condition, ObjectRead, Observations, Observed, Reads};
use crate::schema::ResourceType;
use crate::schema::types;

use super::event::{Action, Event, EventSink, Subject};
use super::gone::{Patience, Seen, Sought, look};

/// Reads everything that is asked for and adds the answers.
pub async fn gather(
    reader: &dyn Reader,
    reads: &Reads,
    patience: Patience<'_>,
    events: &dyn EventSink,
    observations: &mut Observations,
) {
    let mut groups: BTreeMap<(&ProviderAddress, &str), Vec<&ObjectRead>> = BTreeMap::new();
    for read in &reads.objects {
        groups.entry((&read.provider, &read.type_name)).or_default().push(read);
    }
    let objects = groups.into_iter().map(|((provider, type_name), group)| async move {
        let found = match types::resource(type_name) {
            Some(resource_type) => {
                observe_group(reader, provider, resource_type, &group, patience, events).await
            }
            None => vec![Observed::Unread("The type is not known.".to_owned()); group.len()],
        };
        group.into_iter().map(|read| read.name.clone()).zip(found).collect::<Vec<_>>()
    });
    let data = reads.data.iter().map(|read| async move {
        let value = match types::data_source(&read.type_name) {
            Some(resource_type) => {
                let subject = Subject { address: read.address.clone(), deposed: None };
                let action = Action::Read;
                events.heard(&Event::ActionStarted { subject: subject.clone(), action, id: None });
                let started = tokio::time::Instant::now();
                let value = reader.read_data(&read.provider, resource_type, &read.config).await;
                if let Ok(value) = &value {
                    let id = value.get("id").and_then(|id| id.as_str()).map(Into::into);
                    events.heard(&Event::ActionCompleted { subject, action, id, elapsed: started.elapsed() });
                }
                value.map_err(|error| explain(&error))
            }
            None => Err("The type is not known.".to_owned()),
        };
        (read.address.clone(), (read.config.clone(), value))
    });
    let (objects, data) = tokio::join!(join_all(objects), join_all(data));
    observations.objects.extend(objects.into_iter().flatten());
    observations.data.extend(data);
}

async fn observe_group(
    reader: &dyn Reader,
    provider: &ProviderAddress,
    resource_type: &ResourceType,
    group: &[&ObjectRead],
    patience: Patience<'_>,
    events: &dyn EventSink,
) -> Vec<Observed> {
    let sought: Vec<Sought> = group
        .iter()
        .map(|read| Sought {
            known: Known { id: read.id.clone(), value: read.value.clone(), alone: false },
            origin: read.origin.clone(),
        })
        .collect();
    for read in group {
        events.heard(&Event::RefreshStarted { subject: subject(read), id: Some(read.id.clone()) });
    }
    let found = look(reader, provider, resource_type, &sought, patience).await;
    let answers: Vec<Observed> = found.into_iter().map(translate).collect();
    for (read, answer) in group.iter().zip(&answers) {
        let id = matches!(answer, Observed::Present { .. }).then(|| read.id.clone());
        events.heard(&Event::RefreshCompleted { subject: subject(read), id });
    }
    answers
}

fn subject(read: &ObjectRead) -> Subject {
    Subject { address: read.name.address.clone(), deposed: read.name.deposed.clone() }
}

fn translate(found: Seen) -> Observed {
    match found {
        Seen::Present(object) => Observed::Present {
            id: object.id,
            value: object.value,
            condition: match object.life {
                Life::Pending(_) => Condition::Pending,
                Life::Usable => Condition::Usable,
                Life::Failed(word) => Condition::Failed(short(&word)),
                Life::Leaving => Condition::Leaving,
                Life::Expired(date) => Condition::Expired(date),
            },
        },
        Seen::Gone => Observed::Absent,
        Seen::Unclear(why) => Observed::Unclear(why),
        Seen::Unread(error) => Observed::Unread(explain(&error)),
    }
}

/// Returns what happened, what to do and the id to ask the vendor with.
pub(super) fn explain(error: &CloudError) -> String {
    let mut text = error.to_string();
    if let Some(remedy) = &error.remedy {
        text.push_str("\n\n");
        text.push_str(remedy);
    }
    text
}
