//! Datadog's sites: the domain that an Agent sends to, as `DD_SITE` and the `site` setting name it.

/// The sites of Datadog's documentation (Getting Started with Datadog Sites, read 2026-11).
pub const SITES: [&str; 7] = [
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "datadoghq.eu",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "ddog-gov.com",
];

/// Sites that stand in Datadog's public code and not in its list for users (read 2026-11).
const SEEN_IN_CODE: [&str; 3] = ["uk1.datadoghq.com", "us2.ddog-gov.com", "datad0g.com"];

/// What people write for a site in place of its domain: names of Datadog's documentation, and domains built from them.
const NAMES: [(&str, &str); 12] = [
    ("us", "datadoghq.com"),
    ("us1", "datadoghq.com"),
    ("us1.datadoghq.com", "datadoghq.com"),
    ("us3", "us3.datadoghq.com"),
    ("us5", "us5.datadoghq.com"),
    ("eu", "datadoghq.eu"),
    ("eu1", "datadoghq.eu"),
    ("eu.datadoghq.com", "datadoghq.eu"),
    ("eu1.datadoghq.com", "datadoghq.eu"),
    ("ap1", "ap1.datadoghq.com"),
    ("ap2", "ap2.datadoghq.com"),
    ("us1-fed", "ddog-gov.com"),
];

/// What a text is, taken for a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// One of Datadog's sites.
    Known,
    /// The address of a site with something around it, such as `https://app.datadoghq.eu`, or its name, such as `EU`, and
    /// the site that is meant.
    Around(&'static str),
    /// No domain: a URL, quotes, spaces, nothing.
    NoDomain,
    /// A domain that is a slip of the pen away from a site.
    NearlyKnown(&'static str),
    /// A domain that nobody knows as one of Datadog's.
    Unknown,
}

/// What a text is, taken for a site. The Agent puts its own host names before the text as it stands, so only the bare
/// domain works.
pub fn site(text: &str) -> Site {
    if known(text) {
        return Site::Known;
    }
    let bare = bare_domain(text);
    if let Some(site) = SITES.into_iter().find(|site| *site == bare) {
        return Site::Around(site);
    }
    if let Some((_, site)) = NAMES.into_iter().find(|(name, _)| *name == bare) {
        return if bare.contains('.') { Site::NearlyKnown(site) } else { Site::Around(site) };
    }
    let host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
    if text.is_empty() || !text.bytes().all(host) {
        return Site::NoDomain;
    }
    match SITES.into_iter().find(|site| is_slip(site, &bare)) {
        Some(site) => Site::NearlyKnown(site),
        None => Site::Unknown,
    }
}

fn known(text: &str) -> bool {
    SITES.contains(&text) || SEEN_IN_CODE.contains(&text)
}

/// The domain without what people copy along with it: a scheme, a path, quotes, spaces, and the hosts of Datadog's web
/// pages and API.
fn bare_domain(text: &str) -> String {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || "\"'`".contains(letter));
    let text = text.to_ascii_lowercase();
    let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = host.split(['/', ':', '?']).next().unwrap_or_default().trim_end_matches('.');
    let before = ["app.", "api.", "www.", "http-intake.logs.", "trace.agent.", "agent-intake.logs."];
    let host = before.iter().find_map(|before| host.strip_prefix(before)).unwrap_or(host);
    host.to_owned()
}

/// Whether a domain is a slip away from a site: the part that tells one site from another has to be right, because it may
/// be a site that is newer than this list.
fn is_slip(site: &str, written: &str) -> bool {
    let (region, domain) = parts(site);
    let (written_region, written_domain) = parts(written);
    region == written_region && distance_is_small(domain, written_domain)
}

/// The region before a site's domain, and the domain.
fn parts(site: &str) -> (&str, &str) {
    match site.split_once('.') {
        Some((region, domain)) if domain.contains('.') => (region, domain),
        _ => ("", site),
    }
}

fn distance_is_small(one: &str, other: &str) -> bool {
    const LONGEST: usize = 32;
    other.len() <= LONGEST && strsim::damerau_levenshtein(one, other) <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_told_from_what_is_around_them_and_from_slips() {
        for text in ["datadoghq.com", "us5.datadoghq.com", "ddog-gov.com", "uk1.datadoghq.com"] {
            assert_eq!(site(text), Site::Known, "{text}");
        }
        for (text, meant) in [
            ("https://app.datadoghq.com", "datadoghq.com"),
            ("https://us5.datadoghq.com/", "us5.datadoghq.com"),
            ("app.datadoghq.eu", "datadoghq.eu"),
            ("api.datadoghq.com", "datadoghq.com"),
            ("\"datadoghq.eu\"", "datadoghq.eu"),
            ("datadoghq.eu ", "datadoghq.eu"),
            ("Datadoghq.EU", "datadoghq.eu"),
            ("datadoghq.com:443", "datadoghq.com"),
            ("http-intake.logs.datadoghq.com", "datadoghq.com"),
            ("EU", "datadoghq.eu"),
            ("us5", "us5.datadoghq.com"),
        ] {
            assert_eq!(site(text), Site::Around(meant), "{text}");
        }
        for (text, meant) in [
            ("datadog.com", "datadoghq.com"),
            ("datadohq.com", "datadoghq.com"),
            ("datadoghq.con", "datadoghq.com"),
            ("us5.datadoghq.co", "us5.datadoghq.com"),
            ("ddog-gov.co", "ddog-gov.com"),
            ("us1.datadoghq.com", "datadoghq.com"),
            ("eu.datadoghq.com", "datadoghq.eu"),
        ] {
            assert_eq!(site(text), Site::NearlyKnown(meant), "{text}");
        }
        for text in ["", "my site", "https://intake.example.com", "EU!"] {
            assert_eq!(site(text), Site::NoDomain, "{text}");
        }
        // A region may be newer than the list.
        for text in ["eu2.datadoghq.com", "intake.example.com", &"x".repeat(100)] {
            assert_eq!(site(text), Site::Unknown, "{text}");
        }
    }
}
