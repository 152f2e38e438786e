//! Where the plugin listens: a unix socket in a folder of its own, or TCP on the loopback device.
//!
//! Knows neither TLS nor what is served.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use tokio::net::TcpListener;

use super::connection::Connection;

/// Where a client finds the plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// Path of a unix socket.
    Unix(PathBuf),
    /// Address on the loopback device.
    Tcp(SocketAddr),
}

impl Address {
    /// Name of the network as Go spells it.
    pub fn network(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }

    /// The address in that network as Go spells it.
    pub fn text(&self) -> String {
        match self {
            Self::Unix(path) => path.display().to_string(),
            Self::Tcp(address) => address.to_string(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.network(), self.text())
    }
}

/// A listening socket. Dropping it removes what it left in the file system.
#[derive(Debug)]
pub enum Listener {
    /// A unix socket in a folder that only its owner may enter.
    #[cfg(unix)]
    Unix(unix::SocketInFolder),
    /// TCP on the loopback device.
    Tcp(TcpListener),
}

impl Listener {
    /// Listens on TCP: on the first free port of the range, or on any if there is none given.
    pub async fn bind_tcp(ports: Option<RangeInclusive<u16>>) -> io::Result<Self> {
        let mut last_error = io::Error::new(io::ErrorKind::AddrNotAvailable, "the range of ports is empty");
        for port in ports.unwrap_or(0..=0) {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                Ok(listener) => return Ok(Self::Tcp(listener)),
                Err(error) => last_error = error,
            }
        }
        Err(last_error)
    }

    /// Where clients find it.
    pub fn address(&self) -> io::Result<Address> {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => Ok(Address::Unix(socket.path())),
            Self::Tcp(listener) => listener.local_addr().map(Address::Tcp),
        }
    }

    /// Waits for the next client.
    pub(super) async fn accept(&self) -> io::Result<Connection> {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => socket.accept().await.map(Connection::unix),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Small answers must not wait for an acknowledgement of the ones before.
                stream.set_nodelay(true)?;
                Ok(Connection::tcp(stream))
            }
        }
    }
}

#[cfg(unix)]
pub use unix::SocketInFolder;

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
    use std::path::{Path, PathBuf};
    use std::time::SystemTime;

    use tokio::net::{UnixListener, UnixStream};

    use super::Listener;

    /// Attempts at a folder name that nobody else has.
    const ATTEMPTS: u32 = 100;

    /// A unix socket in a folder of its own, so that its rights hold from the first moment.
    #[derive(Debug)]
    pub struct SocketInFolder {
        listener: UnixListener,
        folder: Folder,
    }

    impl SocketInFolder {
        /// Where the socket is.
        pub(super) fn path(&self) -> PathBuf {
            self.folder.socket()
        }

        pub(super) async fn accept(&self) -> io::Result<UnixStream> {
            self.listener.accept().await.map(|(stream, _)| stream)
        }
    }

    impl Listener {
        /// Listens on a unix socket in a new folder below `parent`, open to its owner and, if one is given, to a
        /// group.
        pub fn bind_unix(name: &str, parent: &Path, group: Option<&str>) -> io::Result<Self> {
            if !fits_handshake_line(parent) {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "the folder's path cannot be written into go-plugin's handshake line",
                ));
            }
            let folder = Folder::create(name, parent)?;
            let listener = UnixListener::bind(folder.socket())?;
            if let Some(group) = group {
                folder.open_to(group_id(group)?)?;
            }
            Ok(Self::Unix(SocketInFolder { listener, folder }))
        }
    }

    /// A folder of our own with a socket in it; both go when it is dropped.
    #[derive(Debug)]
    struct Folder(PathBuf);

    impl Folder {
        fn create(name: &str, parent: &Path) -> io::Result<Self> {
            // Creating is atomic and refuses what is there, so a guessable name gives nothing away.
            let process = std::process::id();
            let nanoseconds =
                SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().subsec_nanos();
            let mut last_error = io::Error::from(io::ErrorKind::AlreadyExists);
            for attempt in 0..ATTEMPTS {
                let path = parent.join(format!("{name}-{process}-{:x}", nanoseconds.wrapping_add(attempt)));
                match DirBuilder::new().mode(0o700).create(&path) {
                    Ok(()) => return Ok(Self(path)),
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last_error = error,
                    Err(error) => return Err(error),
                }
            }
            Err(last_error)
        }

        fn socket(&self) -> PathBuf {
            self.0.join("plugin")
        }

        /// Lets a group through the folder, without seeing what is in it, and to the socket.
        fn open_to(&self, group: u32) -> io::Result<()> {
            for (path, mode) in [(self.socket(), 0o660), (self.0.clone(), 0o710)] {
                chown(&path, None, Some(group))?;
                fs::set_permissions(&path, Permissions::from_mode(mode))?;
            }
            Ok(())
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // Nothing is left to tell a failure to, and the system clears its temporary folder.
            let _ = fs::remove_file(self.socket());
            let _ = fs::remove_dir(&self.0);
        }
    }

    /// Whether a path survives the line that tells Terraform where to connect: its fields end at a vertical bar.
    fn fits_handshake_line(path: &Path) -> bool {
        path.to_str().is_some_and(|text| !text.contains(|c: char| c == '|' || c.is_control()))
    }

    /// Number of a group that is given by number or by its name in `/etc/group`.
    fn group_id(group: &str) -> io::Result<u32> {
        if let Ok(id) = group.parse() {
            return Ok(id);
        }
        find_group(&fs::read_to_string("/etc/group")?, group).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("PLUGIN_UNIX_SOCKET_GROUP names the group {group:?}, which /etc/group does not list"),
            )
        })
    }

    fn find_group(list: &str, name: &str) -> Option<u32> {
        list.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok()).flatten()
        })
    }

    #[cfg(test)]
    mod tests {
        use std::os::unix::fs::MetadataExt;

        use super::*;

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().mode() & 0o777
        }

        #[tokio::test]
        async fn socket_lies_in_a_folder_for_its_owner_alone_and_goes_with_the_listener() {
            let parent = tempfile::tempdir().unwrap();
            let Listener::Unix(socket) = Listener::bind_unix("ddrofs", parent.path(), None).unwrap() else {
                panic!("not a unix socket");
            };
            assert!(fs::exists(socket.path()).unwrap());
            assert_eq!(mode(&socket.folder.0), 0o700);
            drop(socket);
            assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
        }

        #[tokio::test]
        async fn a_group_may_reach_the_socket_but_not_look_around() {
            let parent = tempfile::tempdir().unwrap();
            let own_group = fs::metadata(parent.path()).unwrap().gid().to_string();
            let Listener::Unix(socket) =
                Listener::bind_unix("ddrofs", parent.path(), Some(&own_group)).unwrap()
            else {
                panic!("not a unix socket");
            };
            assert_eq!(mode(&socket.folder.0), 0o710);
            assert_eq!(mode(&socket.path()), 0o660);
        }

        #[tokio::test]
        async fn an_unknown_group_is_an_error_that_names_it_and_leaves_nothing_behind() {
            let parent = tempfile::tempdir().unwrap();
            let error = Listener::bind_unix("ddrofs", parent.path(), Some("no-such-group-here")).unwrap_err();
            assert!(error.to_string().contains("no-such-group-here"), "{error}");
            assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
        }

        #[test]
        fn refuses_a_folder_whose_path_would_break_the_handshake_line() {
            assert!(Listener::bind_unix("ddrofs", Path::new("/tmp/a|b"), None).is_err());
            assert!(!fits_handshake_line(Path::new("/tmp/a|b")));
            assert!(fits_handshake_line(Path::new("/tmp/a b")));
        }

        #[test]
        fn finds_groups_by_whole_name() {
            let list = "root:x:0:\nterraform:x:998:alice,bob\n";
            assert_eq!(find_group(list, "terraform"), Some(998));
            assert_eq!(find_group(list, "terra"), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tcp_takes_the_next_port_when_one_is_busy() {
        let busy = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = busy.local_addr().unwrap().port();
        let error = Listener::bind_tcp(Some(port..=port)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);

        let listener = Listener::bind_tcp(Some(port..=port.saturating_add(50))).await.unwrap();
        let Address::Tcp(address) = listener.address().unwrap() else { panic!("not TCP") };
        assert!(address.ip().is_loopback());
        assert_ne!(address.port(), port);
    }
}
