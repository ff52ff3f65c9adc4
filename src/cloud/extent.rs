//! How far the list of an action may go before it is not believed any more.
//!
//! A list that never ends, or that shows what nobody asked for, is the work of a broken service, a cache or a proxy. Without an end
//! of our own it would be read for minutes, and nothing could be concluded from it.

use std::collections::BTreeSet;

use super::error::{CloudError, ErrorClass};
use super::fields::Fields;

/// Most objects on one parent. The most that is documented is 256 manual and 1,000 automatic snapshots of an ECS disk, 1,024
/// backup points of a CBS disk, 100 snapshots of a CFS file system; accounts are granted more, but not ten times as much.
const ON_PARENT: usize = 12_560;

/// So many objects that were not asked for are taken for a slip of the service; they are sorted out one by one.
const STRANGERS: usize = 100;

/// Fields that name an object or its parent.
const NAMES: [&str; 7] =
    ["DiskBackupId", "SnapshotId", "DiskId", "SourceDiskId", "FileSystemId", "DesktopId", "SourceDesktopId"];

/// What a list was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extent {
    named: BTreeSet<String>,
}

impl Extent {
    /// Returns the extent of a list of these objects, or of the objects on these parents; of everything when none is named.
    pub(crate) fn of(named: impl IntoIterator<Item = String>) -> Extent {
        Extent { named: named.into_iter().collect() }
    }

    /// Returns how many objects of a page were not asked for. An object that names neither itself nor its parent is none of them.
    pub(crate) fn strangers(&self, page: &[Fields]) -> usize {
        if self.named.is_empty() {
            return 0;
        }
        let is_stranger = |fields: &&Fields| {
            let mut names = NAMES.iter().filter_map(|name| fields.filled(name)).peekable();
            names.peek().is_some() && !names.any(|name| self.named.contains(&name))
        };
        page.iter().filter(is_stranger).count()
    }

    /// Says whether a list that showed so many objects, and so many that were not asked for, may go on.
    ///
    /// # Errors
    /// It went too far.
    pub(crate) fn check(
        &self,
        (service, action): (&str, &str),
        shown: usize,
        strangers: usize,
    ) -> Result<(), CloudError> {
        let message = if strangers > STRANGERS {
            format!(
                "the list shows {strangers} objects that were not asked for; nothing is concluded from it"
            )
        } else if !self.named.is_empty() && shown > ON_PARENT.saturating_mul(self.named.len()) {
            format!(
                "the list does not end: it shows {shown} objects, and no parent keeps more than {ON_PARENT}; nothing is \
                 concluded from it"
            )
        } else {
            return Ok(());
        };
        Err(CloudError::new(ErrorClass::Ambiguous, service, action, message)
            .with_remedy("Check the provider's endpoints and any proxy in between."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_strangers_are_let_pass_and_a_list_of_them_is_not() {
        let of = |disk: &str| Fields::read(format!(r#"{{"DiskId":"{disk}"}}"#).as_bytes()).unwrap();
        let extent = Extent::of(["disk-1".to_owned()]);
        let page = [of("disk-1"), of("disk-2"), Fields::read(b"{}").unwrap()];
        assert_eq!(extent.strangers(&page), 1);
        assert_eq!(Extent::default().strangers(&page), 0);
        let action = ("cbs", "DescribeDiskBackups");
        assert!(extent.check(action, ON_PARENT, STRANGERS).is_ok());
        assert!(extent.check(action, 200, STRANGERS + 1).unwrap_err().message.contains("not asked for"));
        assert!(extent.check(action, ON_PARENT + 1, 0).unwrap_err().message.contains("does not end"));
        assert!(Extent::default().check(action, 10 * ON_PARENT, 0).is_ok());
    }
}
