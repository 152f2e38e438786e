//! Puts a text in place of a file's, as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written. It is as it was.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotWritten {
    #[error("it is read-only")]
    ReadOnly,
    #[error("it is not a regular file, but a pipe or a device")]
    NoFile,
    #[error("it is a link to {0}, which is outside what was named")]
    Outside(PathBuf),
    #[error("it was changed meanwhile; run the command again")]
    Changed,
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Writes a file that had these bytes when it was read. `named`: the folder that was named, or the one of the file.
pub(super) fn replace(path: &Path, named: &Path, read: &[u8], text: &str) -> Result<(), NotWritten> {
    let file = fs::canonicalize(path)?;
    let is_inside = |folder: &Path| fs::canonicalize(folder).is_ok_and(|folder| file.starts_with(folder));
    if !is_inside(named) && !is_inside(Path::new(".")) {
        return Err(NotWritten::Outside(file));
    }
    let metadata = fs::metadata(&file)?;
    if !metadata.is_file() {
        return Err(NotWritten::NoFile);
    }
    if metadata.permissions().readonly() {
        return Err(NotWritten::ReadOnly);
    }
    let beside = Beside::of(&file)?;
    let mut out = beside.file.try_clone()?;
    out.write_all(text.as_bytes())?;
    fs::set_permissions(&beside.path, metadata.permissions())?;
    keep_owner(&beside.path, &metadata)?;
    out.sync_all()?;
    // The moment between this look and the next line is all that is left to another program.
    if fs::read(&file)? != read {
        return Err(NotWritten::Changed);
    }
    fs::rename(&beside.path, &file)?;
    Ok(())
}

/// A file beside another one, which is gone in the end unless it took that one's place.
struct Beside {
    path: PathBuf,
    file: File,
}

impl Beside {
    fn of(file: &Path) -> io::Result<Self> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut number = 0;
        loop {
            let path = file.with_file_name(format!(".{name}.{}.{number}.ddrofs", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { path, file }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After the renaming there is none any more.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn keep_owner(path: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let own = fs::metadata(path)?;
    if (own.uid(), own.gid()) == (metadata.uid(), metadata.gid()) {
        return Ok(());
    }
    std::os::unix::fs::chown(path, Some(metadata.uid()), Some(metadata.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), "old").unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        fs::read_dir(folder).unwrap().map(name).collect()
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_stays_and_nothing_is_left_beside_it() {
        let folder = folder();
        let file = folder.path().join("a.json");
        let result = replace(&file, folder.path(), b"older", "new");
        assert!(matches!(result, Err(NotWritten::Changed)), "{result:?}");
        assert_eq!(
            (fs::read_to_string(&file).unwrap().as_str(), names(folder.path())),
            ("old", vec!["a.json".to_owned()])
        );
        replace(&file, folder.path(), b"old", "new").unwrap();
        assert_eq!(
            (fs::read_to_string(&file).unwrap().as_str(), names(folder.path())),
            ("new", vec!["a.json".to_owned()])
        );
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_a_read_only_file_is_not_written() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder();
        let file = folder.path().join("a.json");
        let mode = |mode: u32| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o640);
        replace(&file, folder.path(), b"old", "new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        mode(0o440);
        assert!(matches!(replace(&file, folder.path(), b"new", "newer"), Err(NotWritten::ReadOnly)));
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_one_to_elsewhere_is_not_followed() {
        use std::os::unix::fs::symlink;
        let (folder, elsewhere) = (folder(), folder());
        let link = folder.path().join("link.json");
        symlink("a.json", &link).unwrap();
        replace(&link, folder.path(), b"old", "new").unwrap();
        assert!(link.is_symlink() && fs::read_to_string(folder.path().join("a.json")).unwrap() == "new");
        let out = folder.path().join("out.json");
        symlink(elsewhere.path().join("a.json"), &out).unwrap();
        assert!(matches!(replace(&out, folder.path(), b"old", "new"), Err(NotWritten::Outside(_))));
        assert_eq!(fs::read_to_string(elsewhere.path().join("a.json")).unwrap(), "old");
    }
}
