//! Lists that come in pages by `MaxResults` and `NextToken`.

use super::client::{Client, Parameters};
use crate::cloud::error::CloudError;
use crate::cloud::extent::Extent;
use crate::cloud::fields::Fields;
use crate::cloud::object::Tokens;
use crate::cloud::retry::Repeat;

/// An action that lists objects in pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    /// The service that has it.
    pub service: &'static str,
    /// Its name.
    pub action: &'static str,
    /// The path of the list in its answer.
    pub items: &'static str,
}

impl Listing {
    /// Most objects on a page, of all actions that we use.
    pub const LIMIT: usize = 100;

    /// Reads one page; returns also the token of the next one.
    pub async fn page(
        &self,
        client: &Client,
        filter: Parameters,
        token: Option<String>,
    ) -> Result<(Vec<Fields>, Option<String>), CloudError> {
        let parameters = filter.with("MaxResults", Self::LIMIT.to_string()).maybe("NextToken", token);
        let answer = client.call(self.service, self.action, Repeat::Freely, parameters).await?;
        if !answer.fields.has_list(self.items) {
            return Err(answer.without(self.service, self.action, self.items));
        }
        Ok((answer.fields.list(self.items), answer.fields.filled("NextToken")))
    }

    /// Reads all pages and makes of each object what is to be kept of it.
    pub async fn all<T>(
        &self,
        client: &Client,
        filter: Parameters,
        make: impl Fn(&Fields) -> Option<T>,
    ) -> Result<Vec<T>, CloudError> {
        self.within(client, filter, usize::MAX, make).await.map(Option::unwrap_or_default)
    }

    /// Reads all pages like [`Listing::all`]; gives up with nothing when there are more than so many.
    pub async fn within<T>(
        &self,
        client: &Client,
        filter: Parameters,
        most: usize,
        make: impl Fn(&Fields) -> Option<T>,
    ) -> Result<Option<Vec<T>>, CloudError> {
        let mut all = Vec::new();
        let mut token = None;
        let mut tokens = Tokens::default();
        let extent =
            Extent::of(["DiskId", "DesktopId", "SnapshotId"].iter().filter_map(|name| filter.get(name)));
        let (mut shown, mut strangers) = (0, 0);
        for _ in 0..most {
            let (items, next) = self.page(client, filter.clone(), token).await?;
            shown += items.len();
            strangers += extent.strangers(&items);
            extent.check((self.service, self.action), shown, strangers)?;
            all.extend(items.iter().filter_map(&make));
            token = tokens.follow(self.service, self.action, next)?;
            if token.is_none() {
                return Ok(Some(all));
            }
        }
        Ok(None)
    }
}
