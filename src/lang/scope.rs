//! What an expression sees of the world around it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, SourceRange};

use super::address::Resource;
use super::budget::{Budget, Limits};
use super::value::Value;

/// The object that a reference begins with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    /// `var.NAME`.
    Variable(Arc<str>),
    /// `local.NAME`.
    Local(Arc<str>),
    /// `module.NAME`.
    Module(Arc<str>),
    /// `TYPE.NAME` or `data.TYPE.NAME`.
    Resource(Resource),
    /// `each.key`.
    EachKey,
    /// `each.value`.
    EachValue,
    /// `count.index`.
    CountIndex,
    /// `self`.
    SelfObject,
    /// `path.module`, `path.root`, `path.cwd`: the word behind the dot.
    Path(Arc<str>),
    /// `terraform.workspace` and other words behind `terraform.`.
    Terraform(Arc<str>),
}

/// The objects, files and times that an expression may use.
pub trait Scope {
    /// Returns the value of a whole object: for a resource with `count` a tuple of its instances, with
    /// `for_each` an object of them; for a module call likewise, of objects of outputs.
    ///
    /// # Errors
    /// An object that does not exist here, or whose own evaluation failed.
    fn lookup(&self, root: &Root, range: SourceRange) -> Result<Value, Diagnostics>;

    /// Returns what functions need.
    fn environment(&self) -> &Environment;
}

/// Reads local files for functions such as `file`; the planner itself does no I/O.
pub trait Files: Send + Sync {
    /// Returns the bytes of a file.
    ///
    /// # Errors
    /// Those of the file system, and files larger than a limit.
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>>;

    /// Tells whether a regular file exists; another kind of object is an error.
    ///
    /// # Errors
    /// Those of the file system, and a path that is there but is not a regular file.
    fn exists(&self, path: &Path) -> std::io::Result<bool>;

    /// Returns the paths, relative to `folder` and with `/` between names, of all regular files below it, at least those of at
    /// most `depth` names.
    ///
    /// # Errors
    /// Those of the file system, and more files than anybody means.
    fn walk(&self, folder: &Path, depth: Option<usize>) -> std::io::Result<Vec<String>>;
}

/// A disk without files, for what is evaluated without one.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &Path) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn exists(&self, _: &Path) -> std::io::Result<bool> {
        Ok(false)
    }

    fn walk(&self, _: &Path, _: Option<usize>) -> std::io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Whether functions that differ in each call (`timestamp`, `uuid`, `bcrypt`) give a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// They are unknown: their value comes at apply.
    Plan,
    /// They give a value, as in apply and in the console.
    Apply,
}

/// What functions need besides their arguments.
#[derive(Clone)]
pub struct Environment {
    /// The file system.
    pub files: Arc<dyn Files>,
    /// The folder that relative paths of file functions start from.
    pub working_folder: PathBuf,
    /// What `~` stands for in `pathexpand`.
    pub home_folder: Option<PathBuf>,
    /// What `plantimestamp()` returns; unknown when absent (as in `validate`).
    pub plan_timestamp: Option<jiff::Timestamp>,
    /// What `timestamp()` returns during apply.
    pub now: jiff::Timestamp,
    /// Whether functions that differ in each call give a value.
    pub phase: Phase,
    /// How much may be made.
    pub budget: Arc<Budget>,
}

impl Environment {
    /// Returns the same environment for another pass over the configuration, of whose budget nothing is spent.
    #[must_use]
    pub fn renewed(&self) -> Environment {
        Environment { budget: Arc::new(self.budget.renewed()), ..self.clone() }
    }

    /// Returns the same environment for what evaluates the same things again and again: each expression is limited, their
    /// sum is not.
    #[must_use]
    pub fn without_run_limits(&self) -> Environment {
        let limits = Limits {
            run_elements: u64::MAX,
            run_bytes: u64::MAX,
            run_rounds: u64::MAX,
            ..*self.budget.limits()
        };
        Environment { budget: Arc::new(Budget::new(limits)), ..self.clone() }
    }
}
