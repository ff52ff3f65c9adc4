//! Files and paths. All reading goes through the environment, which also limits how much is read.

mod glob;

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;

use super::base64::STANDARD;
use super::define::{function, redacted, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::marks::Marks;

/// The parameter of a path; its marks reach the function, so that messages hide a secret path.
pub(super) const PATH: Parameter = Parameter::new("path", Shape::String).marked();
const PLAIN_PATH: Parameter = Parameter::new("path", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    function("file", &[PATH], Shape::String, |args, _, environment| {
        let path = PathArgument::of(&args[0]);
        Ok(Value::string(path.read_text(environment)?).with_marks(path.marks))
    }),
    function("filebase64", &[PATH], Shape::String, |args, _, environment| {
        let path = PathArgument::of(&args[0]);
        Ok(Value::string(STANDARD.encode(path.read(environment)?)).with_marks(path.marks))
    }),
    function("fileexists", &[PATH], Shape::Bool, file_exists),
    function(
        "fileset",
        &[PATH, Parameter::new("pattern", Shape::String).marked()],
        Shape::Set(&Shape::String),
        file_set,
    ),
    function("abspath", &[PLAIN_PATH], Shape::String, |args, _, environment| {
        Ok(Value::string(clean(&environment.working_folder.join(text(&args[0]))).to_string_lossy()))
    }),
    function("basename", &[PLAIN_PATH], Shape::String, |args, _, _| {
        let path = text(&args[0]);
        let trimmed = path.trim_end_matches('/');
        Ok(Value::string(match trimmed.rsplit('/').next() {
            Some("") | None => {
                if path.is_empty() {
                    "."
                } else {
                    "/"
                }
            }
            Some(name) => name,
        }))
    }),
    function("dirname", &[PLAIN_PATH], Shape::String, |args, _, _| {
        let path = text(&args[0]);
        let folder = path.rfind('/').map_or("", |at| &path[..=at]);
        Ok(Value::string(clean(Path::new(folder)).to_string_lossy()))
    }),
    function("pathexpand", &[PLAIN_PATH], Shape::String, |args, _, environment| {
        let expanded = expand(text(&args[0]), environment).map_err(ArgumentError::call)?;
        Ok(Value::string(expanded.to_string_lossy()))
    }),
];

/// A path given to a function, with the marks it came with.
pub(super) struct PathArgument {
    path: Arc<str>,
    /// The marks, which the result gets too.
    pub marks: Marks,
}

impl PathArgument {
    /// Returns the path in a known string.
    pub(super) fn of(value: &Value) -> Self {
        Self { path: text(value).into(), marks: value.marks }
    }

    pub(super) fn shown(&self) -> String {
        redacted(&self.path, self.marks)
    }

    fn resolve(&self, environment: &Environment) -> Result<PathBuf, String> {
        let expanded =
            expand(&self.path, environment).map_err(|error| format!("failed to expand ~: {error}"))?;
        Ok(clean(&environment.working_folder.join(expanded)))
    }

    /// Returns the bytes of the file.
    pub(super) fn read(&self, environment: &Environment) -> Result<Vec<u8>, ArgumentError> {
        let refused = |message: String| ArgumentError::argument(0, message);
        let path = self.resolve(environment).map_err(refused)?;
        environment.files.read(&path).map_err(|error| {
            refused(match error.kind() {
                ErrorKind::NotFound => format!(
                    "no file exists at {}; this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource",
                    self.shown()
                ),
                ErrorKind::IsADirectory if self.marks.is_empty() => {
                    let path = if self.path.is_empty() { "." } else { &*self.path };
                    format!("failed to read file: read {path}: is a directory")
                }
                _ => format!("failed to read file: {error}"),
            })
        })
    }

    /// Returns the bytes of the file; errors are of the call as a whole, as those of hashes are.
    pub(super) fn read_for_hash(&self, environment: &Environment) -> Result<Vec<u8>, ArgumentError> {
        let path = self.resolve(environment).map_err(ArgumentError::call)?;
        environment.files.read(&path).map_err(|error| {
            let name = if self.marks.is_empty() { self.path.to_string() } else { self.shown() };
            ArgumentError::call(match error.kind() {
                ErrorKind::NotFound => format!("open {name}: no such file or directory"),
                ErrorKind::IsADirectory => format!("read {name}: is a directory"),
                _ => format!("read {name}: {error}"),
            })
        })
    }

    /// Returns the file as text.
    pub(super) fn read_text(&self, environment: &Environment) -> Result<String, ArgumentError> {
        String::from_utf8(self.read(environment)?).map_err(|_| {
            ArgumentError::argument(
                0,
                format!(
                    "contents of {} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead",
                    self.shown()
                ),
            )
        })
    }
}

fn expand(path: &str, environment: &Environment) -> Result<PathBuf, String> {
    let Some(rest) = path.strip_prefix('~') else { return Ok(path.into()) };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Err("cannot expand user-specific home dir".to_owned());
    }
    let home = environment.home_folder.as_ref().ok_or("the home folder is not known")?;
    Ok(clean(&home.join(rest.trim_start_matches('/'))))
}

/// Takes `.`, `..` and doubled slashes out of a path by its text alone.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() { ".".into() } else { out }
}

fn file_exists(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let argument = PathArgument::of(&args[0]);
    let path = argument.resolve(environment).map_err(ArgumentError::call)?;
    match environment.files.exists(&path) {
        Ok(exists) => Ok(Value::from(exists).with_marks(argument.marks)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(Value::from(false).with_marks(argument.marks))
        }
        Err(error) => Err(ArgumentError::call(match error.kind() {
            ErrorKind::IsADirectory => format!("{} is a directory, not a file", argument.shown()),
            ErrorKind::InvalidInput => format!("{} is not a regular file", argument.shown()),
            _ => format!("failed to stat {}", argument.shown()),
        })),
    }
}

fn file_set(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let marks = args[0].marks | args[1].marks;
    let (folder, pattern) = (text(&args[0]), text(&args[1]));
    let whole = clean(&Path::new(folder).join(pattern.trim_start_matches('/')));
    let whole = whole.to_string_lossy();
    let failed = |problem: &dyn std::fmt::Display| {
        ArgumentError::call(format!("failed to glob pattern {}: {problem}", redacted(&whole, marks)))
    };
    let pattern = glob::Pattern::new(&whole).map_err(|error| failed(&error))?;
    let start = environment.working_folder.join(pattern.folder());
    let found = match environment.files.walk(&start, pattern.depth()) {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Vec::new(),
        Err(error) => return Err(failed(&error)),
    };
    let folder = clean(Path::new(folder));
    let matches = found.iter().filter(|path| pattern.matches(path)).map(|path| {
        let path = clean(&pattern.folder().join(path));
        Value::string(relative(&folder, &path).to_string_lossy())
    });
    Ok(Value::set(Type::String, matches.collect()).with_marks(marks))
}

/// Returns how to get to `path` from `folder`, both clean and from the same start.
fn relative(folder: &Path, path: &Path) -> PathBuf {
    let folder: Vec<_> = folder.components().filter(|part| *part != Component::CurDir).collect();
    let path: Vec<_> = path.components().collect();
    let common = folder.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = folder[common..].iter().map(|_| Component::ParentDir);
    up.chain(path[common..].iter().copied()).collect()
}
