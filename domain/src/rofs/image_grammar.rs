//! What a text has to be to refer to an image: `[registry[:port]/]repository[:tag][@digest]`.
//!
//! Source: the grammar of distribution/reference, package documentation and `regexp.go` (2026-11), which Docker, containerd
//! and registries share.

/// Why a text refers to no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageFlaw {
    /// A blank, a tab or the end of a line in it or around it, or nothing else.
    Blank,
    /// It is a URL: it starts with `https://` or the like.
    Scheme,
    /// A character that no reference has.
    Character(char),
    /// Capital letters in the repository.
    UpperCase,
    /// Capital letters in front of the first slash, where there is neither a dot nor a port: no registry has such a name.
    UpperCaseRegistry,
    /// A part between slashes is empty, or has a separator at an end or two that do not go together.
    Component,
    /// Registry and repository have more than 255 characters.
    TooLong,
    /// A registry's port that is no number.
    Port,
    /// A colon with nothing behind it.
    EmptyTag,
    /// More than one tag.
    TwoTags,
    /// A tag of more than 128 characters, or with a dot or a hyphen in front.
    Tag,
    /// No `sha256:` with 64 hexadecimal digits behind the `@`, or another algorithm's.
    Digest,
}

/// Characters of registry and repository together, at most.
const NAME_LENGTH: usize = 255;

/// Characters of a tag, at most.
const TAG_LENGTH: usize = 128;

/// Digest algorithms and the count of their hexadecimal digits (opencontainers/go-digest, 2026-11).
const DIGESTS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// The parts of a text in the order in which they are written, whether they are well formed or not.
pub(super) struct Parts<'a> {
    /// Registry and repository.
    pub(super) repository: &'a str,
    /// What is behind the first colon of the last part.
    pub(super) tag: Option<&'a str>,
    /// What is behind the `@`.
    pub(super) digest: Option<&'a str>,
}

/// Takes a text apart.
pub(super) fn parts(text: &str) -> Parts<'_> {
    let (named, digest) = match text.bytes().position(|byte| byte == b'@') {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    // A colon before the last slash belongs to the registry's port.
    let last_part = named.bytes().rposition(|byte| byte == b'/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match named.bytes().skip(last_part).position(|byte| byte == b':') {
        Some(colon) => (&named[..last_part + colon], Some(&named[last_part + colon + 1..])),
        None => (named, None),
    };
    Parts { repository, tag, digest }
}

/// What is wrong with a reference that is not empty.
pub(crate) fn image_flaw(text: &str) -> Option<ImageFlaw> {
    // Asked so often that it goes by bytes, and no search is set up for what is a few letters long.
    let is_allowed = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':' | b'/' | b'@' | b'[' | b']')
    };
    let other = text.bytes().position(|byte| !is_allowed(byte)).and_then(|at| text[at..].chars().next());
    if other.is_some() && text.contains(char::is_whitespace) {
        return Some(ImageFlaw::Blank);
    }
    if text.as_bytes().windows(3).any(|three| three == b"://") {
        return Some(ImageFlaw::Scheme);
    }
    if let Some(letter) = other {
        return Some(ImageFlaw::Character(letter));
    }
    let Parts { repository, tag, digest } = parts(text);
    name_flaw(repository).or_else(|| tag.and_then(tag_flaw)).or_else(|| digest.and_then(digest_flaw))
}

fn name_flaw(name: &str) -> Option<ImageFlaw> {
    if name.len() > NAME_LENGTH {
        return Some(ImageFlaw::TooLong);
    }
    let (registry, path) = match name.split_once('/') {
        Some((first, path)) if is_registry(first) => (Some(first), path),
        _ => (None, name),
    };
    registry.and_then(registry_flaw).or_else(|| path.split('/').find_map(component_flaw))
}

/// Whether the first part is a registry's host, and no part of the repository's path.
fn is_registry(first: &str) -> bool {
    first == "localhost"
        || first.bytes().any(|byte| matches!(byte, b'.' | b':' | b'[') || byte.is_ascii_uppercase())
}

fn registry_flaw(registry: &str) -> Option<ImageFlaw> {
    let (host, port) = match registry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (registry, None),
    };
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some(ImageFlaw::Port);
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let is_address = address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        return (!is_address || address.is_empty()).then_some(ImageFlaw::Component);
    }
    let is_label = |label: &str| {
        let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let bytes = label.as_bytes();
        let ends = bytes.first().zip(bytes.last());
        ends.is_some_and(|(first, last)| *first != b'-' && *last != b'-') && label.bytes().all(is_of_it)
    };
    if !host.split('.').all(is_label) {
        return Some(ImageFlaw::Component);
    }
    let is_alone = port.is_none() && !host.contains('.') && host != "localhost";
    is_alone.then_some(ImageFlaw::UpperCaseRegistry)
}

/// A part of the path: small letters and digits, with `.`, `_`, `__` or hyphens between them.
fn component_flaw(component: &str) -> Option<ImageFlaw> {
    if component.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(ImageFlaw::UpperCase);
    }
    let is_of_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_separator =
        |text: &[u8]| matches!(text, b"." | b"_" | b"__") || text.iter().all(|byte| *byte == b'-');
    let bytes = component.as_bytes();
    let mut words_and_separators = bytes.chunk_by(|one, next| is_of_word(one) == is_of_word(next));
    let separators_are_right = words_and_separators.all(|part| is_of_word(&part[0]) || is_separator(part));
    let ends_are_right = bytes.first().is_some_and(is_of_word) && bytes.last().is_some_and(is_of_word);
    (!separators_are_right || !ends_are_right).then_some(ImageFlaw::Component)
}

fn tag_flaw(tag: &str) -> Option<ImageFlaw> {
    if tag.is_empty() {
        return Some(ImageFlaw::EmptyTag);
    }
    if tag.bytes().any(|byte| byte == b':') {
        return Some(ImageFlaw::TwoTags);
    }
    let has_brackets = tag.bytes().any(|byte| matches!(byte, b'[' | b']'));
    let is_right = tag.len() <= TAG_LENGTH && !tag.starts_with(['.', '-']) && !has_brackets;
    (!is_right).then_some(ImageFlaw::Tag)
}

fn digest_flaw(digest: &str) -> Option<ImageFlaw> {
    let is_right = digest.split_once(':').is_some_and(|(algorithm, digits)| {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        DIGESTS.contains(&(algorithm, digits.len())) && digits.bytes().all(is_hex)
    });
    (!is_right).then_some(ImageFlaw::Digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_as_registries_have_them_are_right() {
        let digest = "0".repeat(64);
        for text in [
            "nginx",
            "nginx:1.27",
            "library/nginx",
            "localhost/app",
            "localhost:5000/team/app:1.2",
            "Registry.Example.com/app:V1.2_rc-1",
            "REGISTRY:5000/app",
            "[2001:db8::1]:5000/app:1",
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/my-app__x--y.z_0:_tag",
            &format!("example.com/app@sha256:{digest}"),
            &format!("example.com/app:1.2@sha256:{digest}"),
            &format!("example.com/app@sha512:{digest}{digest}"),
            &format!("example.com/app:{}", "t".repeat(128)),
        ] {
            assert_eq!(image_flaw(text), None, "{text}");
        }
    }

    #[test]
    fn each_flaw_is_told() {
        let digits = "0".repeat(64);
        for (text, flaw) in [
            (" ", ImageFlaw::Blank),
            (" app:1", ImageFlaw::Blank),
            ("app:1\n", ImageFlaw::Blank),
            ("my app:1", ImageFlaw::Blank),
            ("https://example.com/app:1", ImageFlaw::Scheme),
            ("docker://app", ImageFlaw::Scheme),
            ("app:1+2", ImageFlaw::Character('+')),
            ("äpp:1", ImageFlaw::Character('ä')),
            ("app,1", ImageFlaw::Character(',')),
            ("App:1", ImageFlaw::UpperCase),
            ("example.com/App/web:1", ImageFlaw::UpperCase),
            ("Acme/app:1", ImageFlaw::UpperCaseRegistry),
            ("example.com//app", ImageFlaw::Component),
            ("/app", ImageFlaw::Component),
            ("example.com/app/", ImageFlaw::Component),
            ("-app", ImageFlaw::Component),
            ("app.", ImageFlaw::Component),
            ("a___b", ImageFlaw::Component),
            ("a..b", ImageFlaw::Component),
            (".example.com/app", ImageFlaw::Component),
            (":1.2", ImageFlaw::Component),
            ("@sha256:0", ImageFlaw::Component),
            ("example.com:port/app", ImageFlaw::Port),
            ("example.com:/app", ImageFlaw::Port),
            ("app:", ImageFlaw::EmptyTag),
            (&format!("app:@sha256:{digits}"), ImageFlaw::EmptyTag),
            ("app:1.4:2", ImageFlaw::TwoTags),
            ("app:-1", ImageFlaw::Tag),
            ("app:.1", ImageFlaw::Tag),
            (&format!("app:{}", "t".repeat(129)), ImageFlaw::Tag),
            (&"a".repeat(256), ImageFlaw::TooLong),
            ("app@sha256:abc", ImageFlaw::Digest),
            ("app@", ImageFlaw::Digest),
            ("app@1.2", ImageFlaw::Digest),
            (&format!("app@md5:{digits}"), ImageFlaw::Digest),
            (&format!("app@sha256:{}", "G".repeat(64)), ImageFlaw::Digest),
            (&format!("app@sha256:{digits}@sha256:{digits}"), ImageFlaw::Digest),
        ] {
            assert_eq!(image_flaw(text), Some(flaw), "{text}");
        }
    }
}
