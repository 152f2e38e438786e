//! Certificate authorities beside those of the system.

use std::path::PathBuf;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::configuration::Configuration;
use super::environment::{file_path, variable};
use super::error::{EcsError, ErrorKind};
use super::profiles::setting_of_profile;

/// A file with certificate authorities, and the setting that names it.
struct CaBundle {
    setting: &'static str,
    path: PathBuf,
}

/// The certificate authorities to trust as well, as PEM that can be read: of the file that the configuration names, else the
/// environment, else the profile. The SDK reads none of them, and the other AWS tools do.
pub(super) async fn further_authorities(configuration: &Configuration) -> Result<Option<Vec<u8>>, EcsError> {
    let bundle = match named(configuration.custom_ca_bundle.as_deref(), variable("AWS_CA_BUNDLE")) {
        Some(bundle) => Some(bundle),
        None => setting_of_profile(configuration, "ca_bundle")
            .await
            .map(|path| CaBundle { setting: "`ca_bundle` of the profile", path: file_path(&path) }),
    };
    bundle.map(|bundle| read(&bundle)).transpose()
}

fn named(configured: Option<&str>, environment: Option<String>) -> Option<CaBundle> {
    match configured {
        Some(path) => Some(CaBundle { setting: "`custom_ca_bundle`", path: file_path(path) }),
        None => environment.map(|path| CaBundle { setting: "AWS_CA_BUNDLE", path: PathBuf::from(path) }),
    }
}

fn read(bundle: &CaBundle) -> Result<Vec<u8>, EcsError> {
    let refused = |message: String| EcsError::local(ErrorKind::Configuration, "Configure", message);
    let place = format!("{} {}", bundle.setting, bundle.path.display());
    let pem = std::fs::read(&bundle.path).map_err(|error| {
        refused(match bundle.path.is_dir() {
            true => format!("{place} is a folder, and a file with certificates in PEM is needed"),
            false => format!("{place} cannot be read: {error}"),
        })
    })?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| refused(format!("{place} is not PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(refused(match pem.is_empty() {
            true => format!("{place} is empty, and holds no certificate"),
            false => format!("{place} holds no certificate"),
        }));
    }
    // The SDK panics at PEM armour around something else.
    for (number, certificate) in (1..).zip(certificates) {
        RootCertStore::empty().add(certificate).map_err(|error| {
            refused(format!("block {number} of {place} is not a certificate that can be trusted: {error}"))
        })?;
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_a_certificate_is_refused_with_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let refused = |path: PathBuf| {
            let failed = read(&CaBundle { setting: "AWS_CA_BUNDLE", path }).unwrap_err();
            assert_eq!(failed.kind, ErrorKind::Configuration);
            assert!(failed.message.contains("AWS_CA_BUNDLE "), "{failed}");
            failed.message
        };
        assert!(refused(path.clone()).contains("cannot be read"));
        assert!(refused(folder.path().to_owned()).contains("is a folder"));
        for (content, said) in [
            ("", "is empty"),
            ("nothing here", "holds no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "block 1 of"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", "is not PEM"),
        ] {
            std::fs::write(&path, content).unwrap();
            let message = refused(path.clone());
            assert!(message.contains(said) && message.contains("ca.pem"), "{message}");
        }
    }

    #[test]
    fn the_configured_bundle_is_taken_before_that_of_the_environment() {
        let named = |configured: Option<&str>| {
            named(configured, Some("/etc/ca.pem".to_owned())).map(|bundle| (bundle.setting, bundle.path))
        };
        assert_eq!(named(Some("own.pem")), Some(("`custom_ca_bundle`", PathBuf::from("own.pem"))));
        assert_eq!(named(None), Some(("AWS_CA_BUNDLE", PathBuf::from("/etc/ca.pem"))));
    }
}
