//! The world on disk: one transaction per request that changed something.

use std::fs::File;
use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::world::Write;

const OBJECTS: TableDefinition<&str, &[u8]> = TableDefinition::new("objects");
const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
const META_KEY: &str = "meta";

/// Locked while a process has the store open.
const LOCK_FILE: &str = "world.lock";
/// Holds the address of the server that has the store open.
pub(crate) const ADDRESS_FILE: &str = "world.address";

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open.
    #[error("the sandbox store {} is in use by another process", .0.display())]
    Busy(PathBuf),
    /// The folder or its lock file cannot be used.
    #[error("the sandbox store {} cannot be opened", path.display())]
    File {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database refuses.
    #[error("the sandbox store does not work")]
    Database(#[source] Box<redb::Error>),
}

fn database(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(Box::new(error.into()))
}

/// An open store. The lock ends with the value.
pub(crate) struct Store {
    database: Database,
    // Held for its lifetime only.
    _lock: File,
}

/// Everything saved: objects by key, and the bytes of the rest.
pub(crate) struct Saved {
    pub objects: Vec<(String, Vec<u8>)>,
    pub meta: Option<Vec<u8>>,
}

impl Store {
    /// Opens the store of a folder, creating both. Waits while another process has it, unless told not to.
    pub fn open(folder: &Path, no_wait: bool) -> Result<Self, StoreError> {
        let file = |source| StoreError::File { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(file)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(LOCK_FILE))
            .map_err(file)?;
        if no_wait {
            lock.try_lock().map_err(|error| match error {
                std::fs::TryLockError::WouldBlock => StoreError::Busy(folder.to_owned()),
                std::fs::TryLockError::Error(source) => file(source),
            })?;
        } else {
            lock.lock().map_err(file)?;
        }
        // Left by a server that was killed.
        let _ = std::fs::remove_file(folder.join(ADDRESS_FILE));
        let database = Database::create(folder.join("world.redb")).map_err(database)?;
        Ok(Self { database, _lock: lock })
    }

    /// Reads everything.
    pub fn load(&self) -> Result<Saved, StoreError> {
        // Opening for writing creates the tables of a new store.
        let write = self.database.begin_write().map_err(database)?;
        write.open_table(OBJECTS).map_err(database)?;
        write.open_table(META).map_err(database)?;
        write.commit().map_err(database)?;
        let read = self.database.begin_read().map_err(database)?;
        let mut objects = Vec::new();
        let table = read.open_table(OBJECTS).map_err(database)?;
        for entry in table.iter().map_err(database)? {
            let (key, value) = entry.map_err(database)?;
            objects.push((key.value().to_owned(), value.value().to_vec()));
        }
        let meta = read.open_table(META).map_err(database)?;
        let meta = meta.get(META_KEY).map_err(database)?.map(|value| value.value().to_vec());
        Ok(Saved { objects, meta })
    }

    /// Saves changes in one synced transaction.
    pub fn commit(&self, writes: &[Write], meta: Option<&[u8]>) -> Result<(), StoreError> {
        let write = self.database.begin_write().map_err(database)?;
        {
            let mut objects = write.open_table(OBJECTS).map_err(database)?;
            for (key, value) in writes {
                match value {
                    Some(bytes) => objects.insert(key.as_str(), bytes.as_slice()).map_err(database)?,
                    None => objects.remove(key.as_str()).map_err(database)?,
                };
            }
            if let Some(meta) = meta {
                let mut table = write.open_table(META).map_err(database)?;
                table.insert(META_KEY, meta).map_err(database)?;
            }
        }
        write.commit().map_err(database)
    }
}
