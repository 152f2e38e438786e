//! Markdown as the Registry reads it: front matter, headings and code blocks. Knows no schemas.

/// A page that grows from top to bottom, its parts separated by one empty line.
pub(super) struct Page(String);

impl Page {
    /// A page with its front matter. The description is cut to its first paragraph and loses its mark-up, because the
    /// Registry shows it as plain text in lists and search results.
    pub(super) fn new(title: &str, description: &str) -> Self {
        Page::within("", title, description)
    }

    /// The same under a heading of its own in the Registry's list of pages.
    pub(super) fn within(subcategory: &str, title: &str, description: &str) -> Self {
        Page::with(&format!("subcategory: \"{subcategory}\"\n"), title, description)
    }

    /// The first page of all, which is in no list: the Registry refuses a `subcategory` there.
    pub(super) fn index(title: &str, description: &str) -> Self {
        Page::with("", title, description)
    }

    fn with(subcategory: &str, title: &str, description: &str) -> Self {
        let plain = plain(first_paragraph(description));
        Page(format!("---\npage_title: \"{title}\"\n{subcategory}description: |-\n  {plain}\n---\n"))
    }

    /// Adds a heading.
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.text(&format!("{} {text}", "#".repeat(level)));
    }

    /// Adds a part that is Markdown already; an empty one adds nothing.
    pub(super) fn text(&mut self, markdown: &str) {
        let markdown = markdown.trim();
        if !markdown.is_empty() {
            self.0.push('\n');
            self.0.push_str(markdown);
            self.0.push('\n');
        }
    }

    /// Adds an example, where there is one.
    pub(super) fn example(&mut self, source: Option<&str>) {
        if let Some(source) = source {
            self.heading(2, "Example Usage");
            self.text(&code("terraform", source));
        }
    }

    /// The whole page.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A fenced code block. The fence is longer than any run of backticks inside.
pub(super) fn code(language: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}", text.trim_matches('\n').trim_end())
}

/// One line: paragraphs and line breaks become spaces, so that the text can stand in a list or a table.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_paragraph(text: &str) -> &str {
    let text = text.trim();
    text.split("\n\n").next().unwrap_or(text)
}

/// The text without backticks, emphasis and link targets, in one line.
fn plain(markdown: &str) -> String {
    let mut plain = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        match link.split_once("](").and_then(|(text, tail)| Some((text, tail.split_once(')')?.1))) {
            Some((text, after)) if !text.contains(']') => {
                plain.push_str(text);
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = link;
            }
        }
    }
    plain.push_str(rest);
    one_line(&plain.replace("**", "").replace('`', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_in_the_front_matter_is_the_first_paragraph_without_markup() {
        let page =
            Page::new("title", "Uses `a` and **b**,\nsee [the guide](https://example.com) [sic].\n\nMore.");
        assert_eq!(
            page.finish(),
            "---\npage_title: \"title\"\nsubcategory: \"\"\ndescription: |-\n  \
             Uses a and b, see the guide [sic].\n---\n"
        );
    }

    #[test]
    fn a_fence_is_longer_than_the_backticks_inside() {
        assert_eq!(code("text", "a ``` b\n"), "````text\na ``` b\n````");
    }

    #[test]
    fn brackets_that_are_no_link_stay() {
        assert_eq!(plain("a[0] and [b] and [c](d) (e)"), "a[0] and [b] and c (e)");
    }

    #[test]
    fn an_empty_part_adds_no_empty_lines() {
        let mut page = Page(String::new());
        page.text("");
        page.text("a");
        assert_eq!(page.finish(), "\na\n");
    }
}
