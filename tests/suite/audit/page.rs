//! The page: small, with nothing to fetch, and deaf to whatever stands in a name.

use ddrofs::audit;

use super::fleet::{Fleet, PLAIN};

/// Every `href`, `src` and the like of the page.
fn references(page: &str) -> Vec<&str> {
    let attributes = ["href=\"", "src=\"", "action=\"", "srcset=\"", "data=\"", "poster=\""];
    let found =
        attributes.iter().flat_map(|attribute| page.match_indices(attribute).map(move |at| (at, attribute)));
    found
        .map(|((at, _), attribute)| {
            let rest = &page[at + attribute.len()..];
            &rest[..rest.find('"').unwrap()]
        })
        .collect()
}

#[test]
fn a_page_of_a_thousand_services_is_small() {
    let page = audit::page(&Fleet::of(1000).audit());
    assert_eq!(page.matches("<tbody id=\"s").count(), 1000);
    assert!(page.len() <= 1536 * 1024, "{} bytes", page.len());
}

#[test]
fn nothing_is_fetched() {
    let page = audit::page(&Fleet::of(64).audit());
    let references = references(&page);
    assert!(references.len() > 100, "{references:?}");
    let abroad: Vec<_> = references.iter().filter(|reference| !reference.starts_with('#')).collect();
    assert!(abroad.is_empty(), "{abroad:?}");
    for fetching in
        ["url(", "@import", "<link", "<img", "<iframe", "<object", "<base", "fetch(", "XMLHttpRequest"]
    {
        assert!(!page.contains(fetching), "{fetching}");
    }
    assert!(page.contains("default-src 'none'; script-src 'sha256-"));
}

#[test]
fn every_link_of_the_page_has_its_target() {
    let page = audit::page(&Fleet::of(64).audit());
    for reference in references(&page) {
        let id = format!(" id=\"{}\"", reference.trim_start_matches('#'));
        assert_eq!(page.matches(&id).count(), 1, "{reference}");
    }
}

#[test]
fn a_name_is_shown_and_never_obeyed() {
    let long = "x".repeat(10_000);
    let names = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'onmouseover='alert(1)",
        "</style><script>alert(1)</script>",
        "\u{202e}gnp.exe",
        "]]>--><!--",
        &long,
    ];
    let mut fleet = Fleet::empty();
    for (number, name) in names.iter().enumerate() {
        let text = PLAIN.replacen("\"app\"", &serde_json_text(name), 1);
        let arn = fleet.revision(&format!("family-{number}"), 1, &text);
        fleet.service(&format!("cluster {name}"), name, &arn);
        fleet.task("prod", "1", name, &arn);
        fleet.unread(name, name);
    }
    let audit = fleet.audit();
    let page = audit::page(&audit);
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    assert!(!page.contains("<img") && !page.contains('\u{202e}') && !page.contains(&"x".repeat(300)));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!audit::table(&audit).contains('\u{202e}'));
    assert!(audit.to_json().unwrap().contains(&long), "the JSON has the whole name");
}

fn serde_json_text(text: &str) -> String {
    ddrofs::document::to_json(&ddrofs::document::Node::from(text)).unwrap()
}

#[test]
fn equal_audits_give_equal_pages() {
    assert_eq!(audit::page(&Fleet::of(16).audit()), audit::page(&Fleet::of(16).audit()));
}
