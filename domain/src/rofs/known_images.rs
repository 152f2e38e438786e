//! Which paths well-known images write to when they run as they come: facts that no task definition tells.
//!
//! An image is known by registry and path, never by its last name alone: a repository of one's own may be called nginx
//! as well. A mirror or a pull-through cache counts where it keeps the whole path below a prefix
//! (`…/docker-hub/library/nginx`). Paths that an image declares as `VOLUME` are left out, because the container runtime
//! makes them writable, and so is what it makes itself (`/dev/shm`, `/etc/hosts`, `/proc`).
//!
//! Read and found to write nothing of their own, or into their own `VOLUME` only (2026-11): redis, valkey, memcached,
//! prometheus, haproxy, the X-Ray daemon, aws-for-fluent-bit without init- in its tag, php with fpm. Nor do images that
//! only bring a language or a shell (node, python, ruby, amazoncorretto, alpine, busybox): what runs in them decides.

use super::evidence::{Evidence, Status};
use super::image_reference::Image;

/// An image and what it writes.
pub(crate) struct KnownImage {
    /// How people call it.
    pub(crate) called: &'static str,
    /// Registry and path of each place where its maker puts it. A registry that ends with a dot stands for all that
    /// start so.
    names: &'static [(&'static str, &'static str)],
    /// Which of its tags.
    tags: Tags,
    /// First words of a command with which the image still runs its program; none where it writes whatever it runs.
    programs: &'static [&'static str],
    /// Where its configuration is: who mounts one of their own may have moved the paths.
    pub(crate) configuration: &'static [&'static str],
    /// What it writes.
    pub(crate) writes: &'static [Write],
}

/// A path that an image writes to.
pub(crate) struct Write {
    /// The path to mount.
    pub(crate) path: &'static str,
    /// Other names of the same directory, or the part of it that is needed.
    pub(crate) or: &'static [&'static str],
    /// What is written there.
    pub(crate) what: &'static str,
    /// What happens where that fails.
    pub(crate) without: &'static str,
    /// Variables, or parts of a command, that move it or switch it off.
    pub(crate) moved_by: &'static [&'static str],
    /// The variable, or part of a command, with which alone it is written.
    pub(crate) only_with: Option<&'static str>,
    /// Whether it is written whatever the configuration says.
    pub(crate) always: bool,
    /// Where this was seen.
    pub(crate) evidence: Evidence,
}

enum Tags {
    All,
    With(&'static str),
    Without(&'static [&'static str]),
}

impl Write {
    const fn new(
        path: &'static str,
        what: &'static str,
        without: &'static str,
        source: &'static str,
        status: Status,
    ) -> Self {
        let evidence = Evidence { source, seen: "2026-11", status };
        Self { path, or: &[], what, without, moved_by: &[], only_with: None, always: false, evidence }
    }

    const fn or(self, or: &'static [&'static str]) -> Self {
        Self { or, ..self }
    }

    const fn moved_by(self, moved_by: &'static [&'static str]) -> Self {
        Self { moved_by, ..self }
    }

    const fn always(self) -> Self {
        Self { always: true, ..self }
    }

    const fn only_with(self, only_with: &'static str) -> Self {
        Self { only_with: Some(only_with), ..self }
    }
}

const STOPS: &str = "the container stops at start";
/// Where the documentation asks for the directory and does not say what happens.
const AS_DOCUMENTED: &str = "the server does not work as documented";

/// Adding an image is adding a row here.
pub(crate) static KNOWN_IMAGES: &[KnownImage] = &[
    KnownImage {
        called: "nginx",
        names: &[("docker.io", "library/nginx"), ("public.ecr.aws", "nginx/nginx")],
        tags: Tags::All,
        programs: &["nginx", "nginx-debug"],
        configuration: &["/etc/nginx"],
        writes: &[
            Write::new(
                "/var/cache/nginx",
                "buffers of requests and answers",
                STOPS,
                NGINX,
                Status::Verified,
            ),
            Write::new(
                "/var/run",
                "nginx.pid",
                STOPS,
                NGINX,
                Status::Verified,
            )
            .or(&["/run"]),
        ],
    },
    KnownImage {
        called: "nginx-unprivileged",
        names: &[
            ("docker.io", "nginxinc/nginx-unprivileged"),
            ("public.ecr.aws", "nginx/nginx-unprivileged"),
            ("ghcr.io", "nginxinc/nginx-unprivileged"),
        ],
        tags: Tags::All,
        programs: &["nginx", "nginx-debug"],
        configuration: &["/etc/nginx"],
        writes: &[Write::new(
            "/tmp",
            "nginx.pid and buffers of requests and answers",
            STOPS,
            "Docker-nginx-unprivileged, Dockerfile-debian.template and README.",
            Status::Verified,
        )],
    },
    KnownImage {
        called: "httpd",
        names: &[("docker.io", "library/httpd")],
        tags: Tags::All,
        programs: &["httpd-foreground", "httpd"],
        configuration: &["/usr/local/apache2/conf"],
        writes: &[Write::new(
            "/usr/local/apache2/logs",
            "httpd.pid",
            STOPS,
            "Docker-library httpd, 2.4/httpd-foreground, and issue 166.",
            Status::Verified,
        )
        .moved_by(&["PidFile"])],
    },
    KnownImage {
        called: "aws-appmesh-envoy",
        names: &[
            ("840364872350.dkr.ecr.", "aws-appmesh-envoy"),
            ("public.ecr.aws", "appmesh/aws-appmesh-envoy"),
        ],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[Write::new(
            "/tmp",
            "the configuration that Envoy starts with",
            STOPS,
            "Aws-app-mesh-controller-for-k8s issue 351; aws-app-mesh-roadmap issues 265 and 433.",
            Status::Verified,
        )],
    },
    KnownImage {
        called: "fluentd",
        names: &[("docker.io", "fluent/fluentd")],
        tags: Tags::All,
        programs: &["fluentd"],
        configuration: &["/fluentd/etc"],
        writes: &[
            Write::new(
                "/fluentd/log",
                "the records, as the configuration of the image says",
                "no record is kept",
                "Fluentd-docker-image, v1.19/debian/fluent.conf and Dockerfile.",
                Status::Verified,
            )
            .moved_by(&["FLUENTD_CONF"]),
            // Its supervisor makes the directory before it reads any output of the configuration.
            Write::new(
                "/tmp",
                "the directory of locks that its workers share since 1.15.1",
                STOPS,
                "Fluentd issue 3924; fluentd-kubernetes-daemonset issue 1453; logging-operator issue 1517.",
                Status::Verified,
            )
            .moved_by(&["TMPDIR", "--no-supervisor"])
            .always(),
        ],
    },
    KnownImage {
        called: "cloudwatch-agent",
        names: &[
            ("docker.io", "amazon/cloudwatch-agent"),
            ("public.ecr.aws", "cloudwatch-agent/cloudwatch-agent"),
        ],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[Write::new(
            "/opt/aws/amazon-cloudwatch-agent/etc",
            "the configuration in the form that the agent reads",
            STOPS,
            "Amazon-cloudwatch-agent, start-amazon-cloudwatch-agent.go, path_linux.go and Dockerfile, which end the start when \
             the configuration cannot be translated to a file there; issue 276.",
            Status::Believed,
        )],
    },
    KnownImage {
        called: "consul",
        names: &[
            ("docker.io", "library/consul"),
            ("docker.io", "hashicorp/consul"),
            ("public.ecr.aws", "hashicorp/consul"),
        ],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[Write::new(
            "/consul/config",
            "what CONSUL_LOCAL_CONFIG holds",
            STOPS,
            "Consul, .release/docker/docker-entrypoint.sh.",
            Status::Verified,
        )
        .only_with("CONSUL_LOCAL_CONFIG")
        .moved_by(&["CONSUL_CONFIG_DIR"])],
    },
    KnownImage {
        called: "vault",
        names: &[
            ("docker.io", "library/vault"),
            ("docker.io", "hashicorp/vault"),
            ("public.ecr.aws", "hashicorp/vault"),
        ],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[Write::new(
            "/vault/config",
            "what VAULT_LOCAL_CONFIG holds",
            STOPS,
            "Vault, .release/docker/docker-entrypoint.sh.",
            Status::Verified,
        )
        .only_with("VAULT_LOCAL_CONFIG")],
    },
    KnownImage {
        called: "postgres",
        names: &[("docker.io", "library/postgres")],
        tags: Tags::All,
        programs: &["postgres"],
        configuration: &[],
        writes: &[Write::new(
            "/var/run/postgresql",
            "the socket and its lock",
            STOPS,
            "Docker-library postgres issue 154; mattermost docker issue 125.",
            Status::Verified,
        )
        .or(&["/run/postgresql"])
        .moved_by(&["unix_socket_directories"])],
    },
    KnownImage {
        called: "mysql",
        names: &[("docker.io", "library/mysql")],
        tags: Tags::All,
        programs: &["mysqld"],
        configuration: &["/etc/my.cnf", "/etc/mysql"],
        writes: &[
            Write::new(
                "/var/run/mysqld",
                "the socket, its lock and mysqld.pid",
                STOPS,
                "Docker-library mysql, 8.4/Dockerfile.oracle.",
                Status::Verified,
            )
            .or(&["/run/mysqld"])
            .moved_by(&["--socket"]),
            Write::new(
                "/tmp",
                "temporary files of InnoDB",
                STOPS,
                "Docker-library mysql issues 97 and 1004.",
                Status::Verified,
            )
            .moved_by(&["--tmpdir", "TMPDIR"]),
        ],
    },
    KnownImage {
        called: "mariadb",
        names: &[("docker.io", "library/mariadb")],
        tags: Tags::All,
        programs: &["mariadbd", "mysqld"],
        configuration: &["/etc/mysql"],
        writes: &[
            Write::new(
                "/run/mysqld",
                "the socket and its lock",
                STOPS,
                "Mariadb-docker, 11.4/Dockerfile.",
                Status::Verified,
            )
            .or(&["/var/run/mysqld"])
            .moved_by(&["--socket"]),
            Write::new(
                "/tmp",
                "temporary files of InnoDB",
                STOPS,
                "Dockhippie mariadb issue 34, the same server without write access to /tmp.",
                Status::Verified,
            )
            .moved_by(&["--tmpdir", "TMPDIR"]),
        ],
    },
    KnownImage {
        called: "mongo",
        names: &[("docker.io", "library/mongo")],
        tags: Tags::All,
        programs: &["mongod", "mongos"],
        configuration: &["/etc/mongo"],
        writes: &[Write::new(
            "/tmp",
            "the socket of mongod",
            STOPS,
            "Docker-library mongo issue 323, where a tmpfs at /tmp is what a read-only container is given.",
            Status::Verified,
        )
        .moved_by(&["--nounixsocket", "--unixSocketPrefix", "--config"])],
    },
    KnownImage {
        called: "elasticsearch",
        names: &[("docker.io", "library/elasticsearch"), ("docker.elastic.co", "elasticsearch/elasticsearch")],
        tags: Tags::All,
        programs: &["elasticsearch", "eswrapper"],
        configuration: &[],
        writes: &[
            Write::new(
                "/usr/share/elasticsearch/data",
                "the indexes",
                STOPS,
                "Elasticsearch issues 71157 and 95542.",
                Status::Verified,
            )
            .moved_by(&["path.data"]),
            Write::new(
                "/usr/share/elasticsearch/logs",
                "logs of the garbage collector",
                STOPS,
                "Elasticsearch issue 71157.",
                Status::Verified,
            )
            .moved_by(&["path.logs"]),
            Write::new(
                "/tmp",
                "temporary files of the start script",
                STOPS,
                "Elasticsearch issue 95542.",
                Status::Verified,
            ),
        ],
    },
    KnownImage {
        called: "tomcat",
        names: &[("docker.io", "library/tomcat")],
        tags: Tags::All,
        programs: &["catalina.sh"],
        configuration: &[],
        writes: &[
            Write::new(
                "/usr/local/tomcat/logs",
                "logs of Tomcat and of each application",
                "Tomcat writes an error instead of each line",
                "Docker-library tomcat issue 264.",
                Status::Verified,
            )
            .moved_by(&["CATALINA_BASE"]),
            Write::new(
                "/usr/local/tomcat/temp",
                "temporary files of the applications",
                "uploads and whatever needs a temporary file fail",
                "Docker-library tomcat issue 150.",
                Status::Verified,
            )
            .moved_by(&["CATALINA_TMPDIR", "CATALINA_BASE"]),
            Write::new(
                "/usr/local/tomcat/work",
                "the compiled pages of the applications",
                "pages in JSP fail",
                "Docker-library tomcat, Dockerfile, which makes the directory writable for every user, and issue 35.",
                Status::Verified,
            )
            .moved_by(&["CATALINA_BASE"]),
        ],
    },
    KnownImage {
        called: "php with Apache",
        names: &[("docker.io", "library/php")],
        tags: Tags::With("apache"),
        programs: &["apache2-foreground"],
        configuration: &["/etc/apache2"],
        writes: &[RUN_OF_APACHE, TMP_OF_PHP],
    },
    KnownImage {
        called: "wordpress",
        names: &[("docker.io", "library/wordpress")],
        tags: Tags::Without(&["fpm", "cli"]),
        programs: &["apache2-foreground"],
        configuration: &["/etc/apache2"],
        writes: &[RUN_OF_APACHE, TMP_OF_PHP],
    },
    KnownImage {
        called: "eclipse-temurin",
        names: &[("docker.io", "library/eclipse-temurin")],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[Write::new(
            "/tmp",
            "the truststore that USE_SYSTEM_CA_CERTS asks for",
            "the certificates are not trusted",
            "Docker-library docs, eclipse-temurin/content.md.",
            Status::Verified,
        )
        .only_with("USE_SYSTEM_CA_CERTS")],
    },
    KnownImage {
        called: "jetty",
        names: &[("docker.io", "library/jetty")],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[
            Write::new("/tmp/jetty", "temporary files of the applications", STOPS, JETTY, Status::Verified)
                .moved_by(&["TMPDIR"]),
            Write::new("/run/jetty", "the state of the server", AS_DOCUMENTED, JETTY, Status::Verified)
                .or(&["/var/run/jetty"])
                .moved_by(&["JETTY_RUN"]),
        ],
    },
    KnownImage {
        called: "open-liberty",
        names: &[("docker.io", "library/open-liberty")],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[
            Write::new("/opt/ol/wlp/output", "the output of the server", AS_DOCUMENTED, OPEN_LIBERTY, Status::Verified)
                .moved_by(&["WLP_OUTPUT_DIR"]),
            Write::new("/logs", "logs", AS_DOCUMENTED, OPEN_LIBERTY, Status::Verified).moved_by(&["LOG_DIR"]),
        ],
    },
    KnownImage {
        called: "websphere-liberty",
        names: &[("docker.io", "library/websphere-liberty")],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[
            Write::new("/opt/ibm/wlp/output", "the output of the server", AS_DOCUMENTED, WEBSPHERE, Status::Verified)
                .moved_by(&["WLP_OUTPUT_DIR"]),
            Write::new("/logs", "logs", AS_DOCUMENTED, WEBSPHERE, Status::Verified).moved_by(&["LOG_DIR"]),
        ],
    },
    KnownImage {
        called: "traefik",
        names: &[("docker.io", "library/traefik")],
        tags: Tags::All,
        programs: &["traefik"],
        configuration: &[],
        writes: &[Write::new(
            "/plugins-storage",
            "the plugins that it downloads",
            "all plugins are switched off",
            "Traefik issues 9911 and 9492; traefik-helm-chart issues 280 and 1562; Dockerfile of traefik-library-image, which \
             sets no working directory.",
            Status::Verified,
        )
        .only_with("experimental.plugins")],
    },
    KnownImage {
        called: "grafana",
        names: &[
            ("docker.io", "grafana/grafana"),
            ("docker.io", "grafana/grafana-oss"),
            ("docker.io", "grafana/grafana-enterprise"),
        ],
        tags: Tags::All,
        programs: &[],
        configuration: &[],
        writes: &[
            Write::new(
                "/var/lib/grafana",
                "the database and the plugins",
                STOPS,
                "Grafana, packaging/docker/run.sh and Dockerfile, and issues 4724 and 15021, where the database cannot be opened.",
                Status::Verified,
            )
            // A database elsewhere is no file of this one's.
            .moved_by(&["GF_PATHS_DATA", "GF_DATABASE_TYPE", "GF_DATABASE_URL"]),
            Write::new(
                "/tmp",
                "plugins while they are installed",
                "no plugin can be installed",
                "Grafana issue 20950; kube-prometheus issue 1623; grafana-operator pull requests 1043 and 2574.",
                Status::Verified,
            )
            // Heard until 12.4.
            .moved_by(&["TMPDIR"]),
        ],
    },
    KnownImage {
        called: "keycloak",
        names: &[("quay.io", "keycloak/keycloak"), ("docker.io", "keycloak/keycloak")],
        tags: Tags::All,
        programs: &["start"],
        configuration: &["/opt/keycloak/conf"],
        writes: &[Write::new(
            "/opt/keycloak/data/tmp",
            "the files of themes, compressed",
            "each file of a theme is answered with HTTP status 500",
            "Keycloak issue 37533; quarkus issue 46388.",
            Status::Verified,
        )
        .moved_by(&[
            "spi-resource-encoding",
            "KC_SPI_RESOURCE_ENCODING_GZIP_ENABLED",
            "KC_SPI_RESOURCE_ENCODING__GZIP__ENABLED",
        ])],
    },
];

const NGINX: &str = "Docker-library docs, nginx/content.md, running in read-only mode.";
const JETTY: &str = "Docker-library docs, jetty/content.md, read-only container.";
const OPEN_LIBERTY: &str = "Docker-library docs, open-liberty/content.md, running in read-only mode.";
const WEBSPHERE: &str = "Docker-library docs, websphere-liberty/content.md, running in read-only mode.";

const RUN_OF_APACHE: Write = Write::new(
    "/var/run",
    "apache2.pid and locks",
    STOPS,
    "Docker-library php, apache2-foreground, which makes /run/lock/apache2 as well, and issue 250; docker-library docs, \
     wordpress/content.md; containers-roadmap issue 736.",
    Status::Verified,
)
.or(&["/run"])
.moved_by(&["APACHE_RUN_DIR", "APACHE_PID_FILE"]);

const TMP_OF_PHP: Write = Write::new(
    "/tmp",
    "uploads and sessions",
    "uploads and sessions fail",
    "Docker-library docs, wordpress/content.md, static image.",
    Status::Verified,
);

/// The well-known image of that reference.
pub(crate) fn known_image(image: &Image<'_>) -> Option<&'static KnownImage> {
    let place = registry_and_path(image.repository);
    KNOWN_IMAGES.iter().find(|known| known.is(image, place))
}

/// Distributions and languages: images that hold nothing of the Agent's, and that run a command as it is written
/// (their Dockerfiles in Docker's official images, read 2026-11).
const BASES: [&str; 14] = [
    "alpine",
    "almalinux",
    "amazonlinux",
    "bash",
    "busybox",
    "debian",
    "fedora",
    "golang",
    "node",
    "oraclelinux",
    "python",
    "rockylinux",
    "ruby",
    "ubuntu",
];

/// Whether an image is a distribution or a language as its maker publishes it.
pub(crate) fn is_base_image(image: &Image<'_>) -> bool {
    let (registry, path) = registry_and_path(image.repository);
    let name = match (registry, path) {
        ("public.ecr.aws", "amazonlinux/amazonlinux") => "amazonlinux",
        ("public.ecr.aws", path) => path.strip_prefix("docker/library/").unwrap_or_default(),
        ("docker.io", path) => path.strip_prefix("library/").unwrap_or(path),
        _ => return false,
    };
    BASES.contains(&name)
}

impl KnownImage {
    fn is(&self, image: &Image<'_>, place: (&str, &str)) -> bool {
        is_at(place, self.names)
            && match self.tags {
                Tags::All => true,
                Tags::With(part) => image.tag.is_some_and(|tag| tag.contains(part)),
                Tags::Without(parts) => {
                    !image.tag.is_some_and(|tag| parts.iter().any(|part| tag.contains(part)))
                }
            }
    }

    /// Whether it still runs its program with a command that begins with this word.
    pub(crate) fn runs_with(&self, first_word: Option<&str>) -> bool {
        let Some(word) = first_word else { return true };
        let program = word.rsplit('/').next().unwrap_or(word);
        self.programs.is_empty() || word.starts_with('-') || self.programs.contains(&program)
    }
}

/// Whether an image is at one of these places, or in a mirror that keeps the whole path.
pub(super) fn is_one_of(image: &Image<'_>, names: &[(&str, &str)]) -> bool {
    is_at(registry_and_path(image.repository), names)
}

/// The same of the registry of an image and its path there.
fn is_at((registry, path): (&str, &str), names: &[(&str, &str)]) -> bool {
    names.iter().any(|(of, upstream)| {
        let at_its_maker = *of == registry || (of.ends_with('.') && registry.starts_with(of));
        let official = upstream.strip_prefix("library/").filter(|_| *of == "docker.io");
        let below_a_prefix = || {
            path.strip_suffix(upstream).is_some_and(|prefix| prefix.ends_with('/')) && upstream.contains('/')
        };
        (at_its_maker && (path == *upstream || official == Some(path))) || below_a_prefix()
    })
}

/// The registry, Docker Hub where none is named, and the path in it.
fn registry_and_path(repository: &str) -> (&str, &str) {
    match repository.split_once('/') {
        Some(("docker.io" | "index.docker.io" | "registry-1.docker.io", path)) => ("docker.io", path),
        Some((registry, path)) if registry.contains(['.', ':']) || registry == "localhost" => {
            (registry, path)
        }
        _ => ("docker.io", repository),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(reference: &str) -> Option<&'static str> {
        let image = Image::parse(reference).unwrap();
        known_image(&image).map(|known| known.called)
    }

    #[test]
    fn an_image_is_known_by_registry_and_path_and_in_mirrors_that_keep_the_path() {
        for reference in [
            "nginx",
            "nginx:1.29.3",
            "library/nginx",
            "docker.io/nginx@sha256:ab",
            "docker.io/library/nginx:1.29.3-alpine",
            "public.ecr.aws/nginx/nginx:1.29",
            "public.ecr.aws/docker/library/nginx:1.29",
            "111122223333.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/library/nginx:1.29",
            "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/nginx/nginx:1.29",
        ] {
            assert_eq!(called(reference), Some("nginx"), "{reference}");
        }
        assert_eq!(
            called("840364872350.dkr.ecr.us-west-2.amazonaws.com/aws-appmesh-envoy:v1.29"),
            Some("aws-appmesh-envoy")
        );
    }

    #[test]
    fn an_image_of_ones_own_is_not_known_whatever_its_name() {
        for reference in [
            "111122223333.dkr.ecr.eu-central-1.amazonaws.com/nginx:1.29",
            "111122223333.dkr.ecr.eu-central-1.amazonaws.com/nginx/nginx:1.29",
            "111122223333.dkr.ecr.eu-central-1.amazonaws.com/grafana/grafana",
            "111122223333.dkr.ecr.eu-central-1.amazonaws.com/aws-appmesh-envoy",
            "ghcr.io/shop/nginx",
            "shop/nginx",
            "bitnami/nginx",
            "localhost:5000/nginx",
            "nginx-shop",
        ] {
            assert_eq!(called(reference), None, "{reference}");
        }
    }

    #[test]
    fn tags_tell_variants_apart() {
        assert_eq!(called("php:8.4-apache"), Some("php with Apache"));
        assert_eq!(called("php:8.4-fpm"), None);
        assert_eq!(called("wordpress:6.8"), Some("wordpress"));
        assert_eq!(called("wordpress:6.8-fpm"), None);
        assert_eq!(called("quay.io/keycloak/keycloak:26.6.1"), Some("keycloak"));
        assert_eq!(called("quay.io/shop/keycloak:26.6.1"), None);
    }

    #[test]
    fn rows_say_where_they_were_seen_and_write_nothing_that_is_always_writable() {
        for write in KNOWN_IMAGES.iter().flat_map(|known| known.writes) {
            assert!(
                write.evidence.source.ends_with('.') && write.evidence.seen == "2026-11",
                "{}",
                write.path
            );
            for path in [write.path].iter().chain(write.or) {
                assert!(path.starts_with('/') && !path.ends_with('/'), "{path}");
                let free = ["/dev", "/proc", "/sys", "/etc/hosts", "/etc/resolv.conf"];
                assert!(!free.iter().any(|free| path.starts_with(free)), "{path}");
            }
            let said = [write.what, write.without];
            assert!(said.iter().all(|text| !text.is_empty() && !text.ends_with('.')), "{}", write.path);
        }
    }
}
