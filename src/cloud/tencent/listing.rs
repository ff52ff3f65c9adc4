//! Lists that come in pages by `Offset` and `Limit`.

use std::sync::Mutex;

use serde_json::{Value as Json, json};

use super::client::Client;
use crate::cloud::BoxFuture;
use crate::cloud::error::CloudError;
use crate::cloud::extent::Extent;
use crate::cloud::fields::Fields;
use crate::cloud::object::{self, Page};
use crate::cloud::retry::Repeat;

/// An action that lists objects in pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    /// The service that has it.
    pub service: &'static str,
    /// Its name.
    pub action: &'static str,
    /// The member of its answer that holds the objects.
    pub items: &'static str,
    /// The field of an object that names it.
    pub id: &'static str,
    /// The most objects on a page.
    pub limit: i64,
}

impl Listing {
    /// Reads one page. An answer without the list of objects is one only where it says that there are none.
    pub async fn page(&self, client: &Client, filter: &Json, offset: i64) -> Result<Page, CloudError> {
        let mut parameters = filter.clone();
        parameters["Offset"] = json!(offset);
        parameters["Limit"] = json!(self.limit);
        let answer = client.call(self.service, self.action, Repeat::Freely, &parameters).await?;
        let total = answer.fields.integer("TotalCount");
        if !answer.fields.has_list(self.items) && total != Some(0) {
            return Err(answer.without(self.service, self.action, self.items));
        }
        Ok((answer.fields.list(self.items), total))
    }

    /// Reads all pages and makes of each object what is to be kept of it.
    pub async fn all<T>(
        &self,
        client: &Client,
        filter: Json,
        make: impl Fn(&Fields) -> Option<T>,
    ) -> Result<Vec<T>, CloudError> {
        self.all_after(client, filter, None, make).await
    }

    /// Reads all pages, of which the first may have been read already.
    pub async fn all_after<T>(
        &self,
        client: &Client,
        filter: Json,
        first: Option<Page>,
        make: impl Fn(&Fields) -> Option<T>,
    ) -> Result<Vec<T>, CloudError> {
        let (filter, first) = (&filter, Mutex::new(first));
        let read = |offset| -> BoxFuture<'_, _> { Box::pin(self.page(client, filter, offset)) };
        let action = (self.service, self.action);
        object::all_pages(action, self.id, &extent(filter), object::after_first(&first, read), make).await
    }

    /// Hands over all pages, of which the first has been read already, up to the last one that is needed.
    pub async fn pages_while(
        &self,
        client: &Client,
        filter: Json,
        first: Page,
        take: impl FnMut(Vec<Fields>) -> bool,
    ) -> Result<(), CloudError> {
        let (filter, first) = (&filter, Mutex::new(Some(first)));
        let read = |offset| -> BoxFuture<'_, _> { Box::pin(self.page(client, filter, offset)) };
        let action = (self.service, self.action);
        object::pages_while(action, self.id, &extent(filter), object::after_first(&first, read), take).await
    }
}

/// Returns what a filter asks for: the ids of objects or of their parents, if it names them.
fn extent(filter: &Json) -> Extent {
    let ids = ["FileSystemId", "SnapshotId", "DiskBackupIds"].iter().filter_map(|name| filter.get(*name));
    let filters = filter.get("Filters").and_then(Json::as_array).into_iter().flatten();
    let of_disks = filters.filter(|each| each["Name"] == "disk-id").filter_map(|each| each.get("Values"));
    let named = ids.chain(of_disks).flat_map(|value| match value {
        Json::Array(values) => values.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        other => other.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
    });
    Extent::of(named)
}
