//! What exists in the emulated clouds: typed objects in [`Table`]s, by account and region.
//!
//! States are computed from times when they are read ([`Life`]); every change is collected and
//! handed to the store at the end of a request.
//!
//! Adding a kind: a struct with [`Object`] in `alibaba` or `tencent`, and its line in [`World`].

mod account;
mod alibaba;
mod life;
mod table;
mod tencent;

use serde_json::{Map, Value};

pub use account::{AccessKey, Account, Cloud};
pub use alibaba::{ClientToken, Desktop, DesktopDisk, EcdSnapshot, EcsDisk, EcsSnapshot};
pub use life::{Life, Phase};
pub(crate) use table::{AnyTable, Write};
pub use table::{Object, Place, Row, Table};
pub use tencent::{
    CbsDisk, CfsSnapshot, DiskBackup, FileSystem, TcaplusCluster, TcaplusGroup, TcaplusSnapshot, TcaplusTable,
};

/// Why an object could not be read, changed or saved.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// Saved or given JSON does not fit the kind.
    #[error("an object of kind {kind} cannot be read")]
    Decode {
        /// The kind.
        kind: String,
        /// What the decoder says.
        source: serde_json::Error,
    },
    /// An object cannot be written as JSON.
    #[error("an object of kind {kind} cannot be written")]
    Encode {
        /// The kind.
        kind: String,
        /// What the encoder says.
        source: serde_json::Error,
    },
    /// The kind does not exist.
    #[error("there is no kind {0}; the kinds are {1}")]
    Kind(String, String),
    /// The kind has no such field.
    #[error("an object of kind {0} has no field {1}; its fields are {2}")]
    Field(String, String, String),
    /// A field that cannot be understood.
    #[error("{field} of an object of kind {kind} is {value}; it must be {expected}")]
    Form {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
        /// What was given.
        value: String,
        /// What it must be.
        expected: String,
    },
    /// An object without an id.
    #[error("an object of kind {0} needs an id")]
    NoId(String),
    /// A change of what identifies an object.
    #[error("the id and the place of an object of kind {0} cannot be changed; delete it and seed a new one")]
    Identity(String),
}

impl WorldError {
    fn decode(kind: &str) -> impl Fn(serde_json::Error) -> Self {
        let kind = kind.to_owned();
        move |source| Self::Decode { kind: kind.clone(), source }
    }

    fn encode(kind: &str) -> impl Fn(serde_json::Error) -> Self {
        let kind = kind.to_owned();
        move |source| Self::Encode { kind: kind.clone(), source }
    }
}

macro_rules! world {
    ($($(#[$doc:meta])* $field:ident: $kind:ty,)*) => {
        /// Everything that exists, one table per kind.
        #[derive(Clone, Default)]
        pub struct World {
            $($(#[$doc])* pub $field: Table<$kind>,)*
        }

        impl World {
            fn tables(&self) -> Vec<&dyn AnyTable> {
                vec![$(&self.$field),*]
            }

            fn tables_mut(&mut self) -> Vec<&mut dyn AnyTable> {
                vec![$(&mut self.$field),*]
            }
        }
    };
}

world! {
    /// Accounts of both vendors.
    accounts: Account,
    /// Key pairs and sessions of both vendors.
    access_keys: AccessKey,
    /// ECS disks.
    ecs_disks: EcsDisk,
    /// ECS snapshots.
    ecs_snapshots: EcsSnapshot,
    /// Remembered client tokens.
    client_tokens: ClientToken,
    /// Cloud desktops.
    desktops: Desktop,
    /// Snapshots of cloud desktops.
    ecd_snapshots: EcdSnapshot,
    /// CFS file systems.
    file_systems: FileSystem,
    /// CFS snapshots.
    cfs_snapshots: CfsSnapshot,
    /// CBS disks.
    cbs_disks: CbsDisk,
    /// CBS disk backup points.
    disk_backups: DiskBackup,
    /// TcaplusDB clusters.
    tcaplus_clusters: TcaplusCluster,
    /// TcaplusDB table groups.
    tcaplus_groups: TcaplusGroup,
    /// TcaplusDB tables.
    tcaplus_tables: TcaplusTable,
    /// TcaplusDB snapshots.
    tcaplus_snapshots: TcaplusSnapshot,
}

impl World {
    /// Returns the names of all kinds.
    pub fn kinds() -> Vec<&'static str> {
        Self::default().tables().iter().map(|table| table.kind()).collect()
    }

    /// Returns true when nothing exists.
    pub fn is_empty(&self) -> bool {
        self.tables().iter().all(|table| table.is_empty())
    }

    /// Adds an object given as JSON, replacing one of the same place and id.
    ///
    /// # Errors
    /// The kind is unknown or the value does not fit it.
    pub fn add(&mut self, kind: &str, value: &Value) -> Result<(), WorldError> {
        self.table_mut(kind)?.add(value)
    }

    /// Changes fields of the objects with an id, in whatever account and region; false when there is none.
    ///
    /// # Errors
    /// The kind is unknown, the values do not fit it, or the id would change.
    pub fn change(&mut self, kind: &str, id: &str, set: &Value) -> Result<bool, WorldError> {
        self.table_mut(kind)?.change(id, set)
    }

    /// Removes the objects with an id at once; false when there is none.
    ///
    /// # Errors
    /// The kind is unknown.
    pub fn delete(&mut self, kind: &str, id: &str) -> Result<bool, WorldError> {
        Ok(self.table_mut(kind)?.drop_object(id))
    }

    /// Returns all objects as JSON: kind → list.
    ///
    /// # Errors
    /// An object cannot be written as JSON.
    pub fn to_json(&self) -> Result<Value, WorldError> {
        let mut kinds = Map::new();
        for table in self.tables() {
            kinds.insert(table.kind().to_owned(), Value::Array(table.values()?));
        }
        Ok(Value::Object(kinds))
    }

    /// Returns one row per object, kind by kind, in the order of creation.
    pub fn rows(&self, now_ms: i64) -> Vec<Row> {
        self.tables().iter().flat_map(|table| table.rows(now_ms)).collect()
    }

    /// Removes what has left by a time.
    pub(crate) fn purge(&mut self, now_ms: i64) {
        self.tables_mut().into_iter().for_each(|table| table.purge(now_ms));
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        self.tables_mut().into_iter().for_each(AnyTable::clear);
    }

    /// Returns the changes since the last call.
    pub(crate) fn take_writes(&mut self) -> Result<Vec<Write>, WorldError> {
        let mut writes = Vec::new();
        for table in self.tables_mut() {
            writes.append(&mut table.take_writes()?);
        }
        Ok(writes)
    }

    /// Puts a saved object back.
    pub(crate) fn load(&mut self, key: &str, bytes: &[u8]) -> Result<(), WorldError> {
        let kind = key.split('\u{0}').next().unwrap_or_default();
        self.table_mut(kind)?.load(bytes)
    }

    /// Returns an error unless there is such a kind.
    pub(crate) fn check_kind(&mut self, kind: &str) -> Result<(), WorldError> {
        self.table_mut(kind).map(drop)
    }

    fn table_mut(&mut self, kind: &str) -> Result<&mut dyn AnyTable, WorldError> {
        let unknown = || WorldError::Kind(kind.to_owned(), Self::kinds().join(", "));
        self.tables_mut().into_iter().find(|table| table.kind() == kind).ok_or_else(unknown)
    }
}
