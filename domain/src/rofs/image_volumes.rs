//! Which paths well-known images declare as `VOLUME`: an empty volume that a task mounts at exactly such a path gets the
//! content and the owner that the image has there (bind mounts in the Amazon ECS developer guide). An image of one's own may
//! declare others, which no task definition tells.

use super::image_reference::Image;
use super::known_images::is_one_of;

/// Registries and paths of an image, and the paths that it declares.
type Declaring = (&'static [(&'static str, &'static str)], &'static [&'static str]);

/// The images of whom it is known. Read in the Dockerfiles of docker-library's postgres, mysql, mongo and
/// rabbitmq and in mariadb-docker, in valkey-container and in an older one of prometheus, 2026-11; that of redis is only believed.
const DECLARED: [Declaring; 8] = [
    (&[("docker.io", "library/postgres")], &["/var/lib/postgresql", "/var/lib/postgresql/data"]),
    (&[("docker.io", "library/mysql")], &["/var/lib/mysql"]),
    (&[("docker.io", "library/mariadb")], &["/var/lib/mysql"]),
    (&[("docker.io", "library/mongo")], &["/data/db", "/data/configdb"]),
    (&[("docker.io", "library/rabbitmq")], &["/var/lib/rabbitmq"]),
    (&[("docker.io", "library/redis")], &["/data"]),
    (&[("docker.io", "valkey/valkey")], &["/data"]),
    (&[("docker.io", "prom/prometheus"), ("quay.io", "prometheus/prometheus")], &["/prometheus"]),
];

/// Whether a well-known image declares a volume at a path.
pub(crate) fn declares_volume(image: &Image<'_>, path: &str) -> bool {
    DECLARED.iter().any(|(names, paths)| is_one_of(image, names) && paths.contains(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_at_exactly_the_path_of_an_image_as_its_maker_publishes_it() {
        for (image, path, is_declared) in [
            ("postgres:17", "/var/lib/postgresql/data", true),
            ("public.ecr.aws/docker/library/redis:8", "/data", true),
            ("prom/prometheus:v3.5.0", "/prometheus", true),
            ("postgres:17", "/var/lib/postgresql/data/x", false),
            ("redis:8", "/tmp", false),
            ("example.com/redis:8", "/data", false),
        ] {
            assert_eq!(declares_volume(&Image::parse(image).unwrap(), path), is_declared, "{image} {path}");
        }
    }
}
