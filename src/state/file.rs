//! Replaces the bytes of a locked file in place, so that no crash loses both the old and the new.
//!
//! The usual way, a new file renamed over the old one, is not open to us: a Terraform that waits for the
//! lock has the old file open and would write into the unlinked one. So the new content goes to a side
//! file first; once that is whole and synced, the file is overwritten from its start and cut to length. It
//! never has zero bytes on the way, because Terraform takes zero bytes for an empty state.
//!
//! The side file remembers what it was to replace. After a crash that tells apart the three cases: the file is
//! untouched or half written (the side file wins), or another program wrote since (the file wins).

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The unit in which a write can be torn by a crash.
const PAGE: usize = 4096;

/// Called before each step of a write; an error stands for a crash at that point. Tests inject one.
pub(crate) type StepHook<'a> = &'a mut dyn FnMut() -> io::Result<()>;

#[derive(Serialize, Deserialize)]
struct SideHeader {
    format: u64,
    base_length: u64,
    base_pages: Vec<String>,
}

/// Returns the path of the side file: `.terraform.tfstate.new` for `terraform.tfstate`.
pub(crate) fn side_path(path: &Path) -> PathBuf {
    with_name(path, ".new")
}

fn with_name(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}{suffix}"))
}

/// Writes the folder's entries to the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Replaces the content of `file`, which lies at `path` and whose lock the caller holds.
pub(crate) fn replace(file: &File, path: &Path, content: &[u8], step: StepHook<'_>) -> io::Result<()> {
    let base = read_all(file)?;
    let header = SideHeader { format: 1, base_length: base.len() as u64, base_pages: page_digests(&base) };
    drop(base);
    let side = side_path(path);
    let unfinished = with_name(path, ".new.part");
    step()?;
    {
        let mut out = File::create(&unfinished)?;
        copy_permissions(file, &out)?;
        step()?;
        serde_json::to_writer(&mut out, &header).map_err(io::Error::other)?;
        out.write_all(b"\n")?;
        for chunk in content.chunks(1 << 20) {
            step()?;
            out.write_all(chunk)?;
        }
        step()?;
        out.sync_all()?;
    }
    step()?;
    std::fs::rename(&unfinished, &side)?;
    step()?;
    sync_folder(path)?;
    overwrite(file, content, step)?;
    step()?;
    std::fs::remove_file(&side)?;
    step()?;
    sync_folder(path)
}

/// The state can hold secrets; the side file is no more readable than the state.
fn copy_permissions(from: &File, to: &File) -> io::Result<()> {
    to.set_permissions(from.metadata()?.permissions())
}

fn overwrite(file: &File, content: &[u8], step: StepHook<'_>) -> io::Result<()> {
    let mut offset = 0;
    for chunk in content.chunks(16 * PAGE) {
        step()?;
        file.write_all_at(chunk, offset)?;
        offset += chunk.len() as u64;
    }
    step()?;
    file.set_len(content.len() as u64)?;
    step()?;
    file.sync_all()
}

/// What the side file says about a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// No complete side file: the file speaks for itself.
    Nothing,
    /// The side file's content is the newest.
    Content(Vec<u8>),
    /// Another program wrote the file after the side file was made.
    Superseded,
}

/// Returns what a complete side file means for a file with these bytes.
pub(crate) fn pending(path: &Path, current: &[u8]) -> io::Result<Pending> {
    let bytes = match std::fs::read(side_path(path)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Pending::Nothing),
        Err(error) => return Err(error),
    };
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(Pending::Superseded) };
    let Ok(header) = serde_json::from_slice::<SideHeader>(&bytes[..end]) else {
        return Ok(Pending::Superseded);
    };
    let content = &bytes[end + 1..];
    let ours = header.format == 1 && is_ours(current, content, &header);
    Ok(if ours { Pending::Content(content.to_vec()) } else { Pending::Superseded })
}

/// Returns whether every page of the file is one of the content's or one of the base's.
fn is_ours(current: &[u8], content: &[u8], header: &SideHeader) -> bool {
    let longest = content.len().max(usize::try_from(header.base_length).unwrap_or(usize::MAX));
    if current.len() > longest {
        return false;
    }
    current.chunks(PAGE).enumerate().all(|(number, page)| {
        let start = number * PAGE;
        let of_content = content.get(start..(start + page.len()).min(content.len())).unwrap_or_default();
        // The page where the new content ends goes on with the old one's bytes until the file is cut.
        let begins_as_content = !of_content.is_empty() && page.starts_with(of_content);
        let torn_end = begins_as_content && start + page.len() >= content.len();
        page == of_content
            || torn_end
            || header.base_pages.get(number).is_some_and(|known| *known == digest(page))
    })
}

/// Brings a half-written file to its end. The caller holds the lock.
///
/// Returns whether a write was completed.
pub(crate) fn recover(file: &File, path: &Path, step: StepHook<'_>) -> io::Result<bool> {
    let completed = match pending(path, &read_all(file)?)? {
        Pending::Nothing => return Ok(false),
        Pending::Superseded => {
            // Kept for a person to look at rather than removed: it was the truth once.
            std::fs::rename(side_path(path), with_name(path, ".superseded"))?;
            false
        }
        Pending::Content(content) => {
            overwrite(file, &content, step)?;
            step()?;
            std::fs::remove_file(side_path(path))?;
            true
        }
    };
    step()?;
    sync_folder(path)?;
    Ok(completed)
}

/// Returns all bytes of a file, from its start.
pub(crate) fn read_all(file: &File) -> io::Result<Vec<u8>> {
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

fn page_digests(bytes: &[u8]) -> Vec<String> {
    bytes.chunks(PAGE).map(digest).collect()
}

fn digest(page: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, page);
    digest.as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> File {
        File::options().read(true).write(true).create(true).truncate(false).open(path).unwrap()
    }

    fn text(seed: u8, length: usize) -> Vec<u8> {
        (0..length).map(|position| b'a' + ((position / 7 + usize::from(seed) * 3) % 26) as u8).collect()
    }

    fn crash_after(steps: usize) -> impl FnMut() -> io::Result<()> {
        let mut left = steps;
        move || {
            if left == 0 {
                return Err(io::Error::other("crash"));
            }
            left -= 1;
            Ok(())
        }
    }

    #[test]
    fn a_crash_at_every_step_leaves_the_old_or_the_new_and_never_nothing() {
        for (old_length, new_length) in
            [(0, 10), (10, 100_000), (100_000, 10), (90_000, 90_000), (5000, 4096)]
        {
            for steps in 0.. {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("terraform.tfstate");
                let (old, new) = (text(1, old_length), text(2, new_length));
                std::fs::write(&path, &old).unwrap();
                let finished = replace(&open(&path), &path, &new, &mut crash_after(steps)).is_ok();
                let torn = std::fs::read(&path).unwrap();
                assert!(old_length == 0 || !torn.is_empty());
                for again in 0.. {
                    let file = open(&path);
                    if recover(&file, &path, &mut crash_after(again)).is_ok() {
                        break;
                    }
                }
                let now = std::fs::read(&path).unwrap();
                assert!(now == old || now == new, "{old_length} to {new_length}, {steps} steps: neither");
                assert!(!side_path(&path).exists());
                if finished {
                    assert_eq!(now, new);
                    break;
                }
            }
        }
    }

    #[test]
    fn what_another_program_wrote_after_a_crash_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terraform.tfstate");
        let (old, new) = (text(1, 20_000), text(2, 21_000));
        for steps in 0..40 {
            std::fs::write(&path, &old).unwrap();
            let _ = replace(&open(&path), &path, &new, &mut crash_after(steps));
            let mut other = old.clone();
            other[15_000..15_010].fill(b'#');
            std::fs::write(&path, &other).unwrap();
            recover(&open(&path), &path, &mut || Ok(())).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), other, "after {steps} steps");
        }
    }
}
