//! Markdown to HTML, on the server alone. Whoever describes a repository may not be trusted by those who read it: so HTML
//! in the text is shown as text, links lead only to where a link may, and nothing is loaded from anywhere.

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

/// CommonMark, with tables and struck-out text.
pub fn render(text: &str) -> String {
    let mut cleaner = Cleaner::default();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events.filter_map(|event| cleaner.clean(event)));
    out
}

/// What is open at one place of the text.
#[derive(Default)]
struct Cleaner {
    /// Links and images that are open, and whether each is written as a link.
    links: Vec<bool>,
}

impl Cleaner {
    fn clean<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        Some(match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::Heading { level, .. }) => {
                let (id, classes, attrs) = (None, Vec::new(), Vec::new());
                Event::Start(Tag::Heading { level: lowered(level), id, classes, attrs })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
            // An alignment would be written as a style, which our pages do not allow.
            Event::Start(Tag::Table(columns)) => Event::Start(Tag::Table(vec![Alignment::None; columns.len()])),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => return self.open(link_type, &dest_url),
            // An image would tell its server who reads the page. Its description stands for it, and leads there.
            Event::Start(Tag::Image { link_type, dest_url, .. }) => return self.open(link_type, &dest_url),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                return self.links.pop().unwrap_or_default().then_some(Event::Html(CowStr::Borrowed("</a>")));
            }
            other => other,
        })
    }

    /// Opens a link, unless it leads where none may, or stands in another one.
    fn open<'a>(&mut self, kind: LinkType, to: &str) -> Option<Event<'a>> {
        let to = if kind == LinkType::Email { format!("mailto:{to}") } else { to.to_owned() };
        let inside = self.links.contains(&true);
        let shown = !inside && is_allowed(&to);
        self.links.push(shown);
        let tag = || format!("<a href=\"{}\" rel=\"noopener noreferrer nofollow\">", escaped(&to));
        shown.then(|| Event::Html(tag().into()))
    }
}

/// The page's own headings stand above.
const fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// Whether a link may lead there. Browsers overlook blanks and line breaks within a scheme, so that none may be there.
fn is_allowed(to: &str) -> bool {
    let Some((scheme, _)) = to.split_once(':') else { return false };
    ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && !to.chars().any(|sign| sign.is_control() || sign.is_whitespace())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every tag and attribute that may be written at all.
    const TAGS: [&str; 24] = [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
        "div",
    ];

    /// What stands between `<` and `>`: nothing but what we write ourselves.
    fn assert_harmless(text: &str) {
        let html = render(text);
        for part in html.split('<').skip(1) {
            let tag = part.split('>').next().unwrap_or_default().trim_end_matches('/').trim();
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let name = name.trim_start_matches('/');
            assert!(TAGS.contains(&name), "{name:?} of {text:?}: {html}");
            let link = attributes.strip_prefix("href=\"").and_then(|rest| rest.split_once('"'));
            match link {
                Some((to, rest)) => {
                    assert_eq!(rest, " rel=\"noopener noreferrer nofollow\"", "{html}");
                    let to = to.to_ascii_lowercase();
                    assert!(["http:", "https:", "mailto:"].iter().any(|scheme| to.starts_with(scheme)), "{html}");
                }
                None => {
                    let known = attributes.is_empty()
                        || (attributes.starts_with("class=\"language-") && attributes.matches('"').count() == 2)
                        || attributes.starts_with("start=\"");
                    assert!(known, "{attributes:?} of {text:?}: {html}");
                }
            }
        }
    }

    #[test]
    fn text_is_laid_out_below_the_pages_own_headings() {
        let html =
            render("# Title\n\nSome *text* with `code`, ~~old~~.\n\n- one\n- two\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n");
        for part in
            ["<h3>Title</h3>", "<em>text</em>", "<code>code</code>", "<del>old</del>", "<li>one</li>", "<td>1</td>"]
        {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_harmless("# a\n\n|:-:|\n|:-:|\n| 1 |\n\n```rust x\nfn\n```\n\n3. three\n\n---\n\n> said");
    }

    #[test]
    fn links_lead_only_where_they_may() {
        let one = |text: &str| render(text).trim().to_owned();
        let rel = "rel=\"noopener noreferrer nofollow\"";
        let here = format!("<p><a href=\"https://a.example/?x=1&amp;y=2\" {rel}>here</a></p>");
        assert_eq!(one("[here](https://a.example/?x=1&y=2 \"title\")"), here);
        assert_eq!(
            one("<ann@example.com>"),
            format!("<p><a href=\"mailto:ann@example.com\" {rel}>ann@example.com</a></p>")
        );
        for text in [
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java&#10;script:alert(1))",
            "[x](<java\tscript:alert(1)>)",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox)",
            "[x](/manage/users)",
            "[x](//evil.example)",
            "[x][r]\n\n[r]: javascript:alert(1)",
        ] {
            assert_eq!(one(text), "<p>x</p>", "{text}");
        }
        let image = one("![logo](https://a.example/logo.png)");
        assert_eq!(image, format!("<p><a href=\"https://a.example/logo.png\" {rel}>logo</a></p>"));
        let badge = one("[![build](https://a.example/b.svg)](https://a.example/)");
        assert_eq!(badge, format!("<p><a href=\"https://a.example/\" {rel}>build</a></p>"));
    }

    #[test]
    fn html_is_shown_as_it_was_typed() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "text <b onclick=alert(1)>bold</b>",
            "<svg/onload=alert(1)>",
            "<!-- comment --><iframe src=//evil.example></iframe>",
            "<details open ontoggle=alert(1)>",
            "[x](https://a.example/\"onmouseover=\"alert(1))",
            "[x](<https://a.example/\"><script>alert(1)</script>>)",
            "![\" onerror=\"alert(1)](x)",
            "```\"><script>alert(1)</script>\nx\n```",
            "`<script>`",
            "<a href=\"javascript:alert(1)\">x</a>",
            "\u{0}<scr\u{0}ipt>",
            "<https://a.example/<script>>",
        ] {
            assert_harmless(text);
        }
        assert_eq!(render("<b>x</b>").trim(), "<p>&lt;b&gt;x&lt;/b&gt;</p>");
    }
}
