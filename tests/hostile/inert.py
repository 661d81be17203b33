"""Everything that paints a report, each with what tells whether more than text came out of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt

from sekisho.paint import overview, sheet
from sekisho.paint.export import export
from sekisho.paint.terminal import paint
from sekisho.scan.examine import Kin, Row
from sekisho.scan.groups import Groups
from sekisho.scan.tally import Tally

Report = dict[str, Any]
# What commands a terminal or turns text round, and what does not show.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
COLOURS = re.compile("\x1b\\[[0-9;]*m")


def plain_terminal(report: Report) -> str:
    """As it is written into a file."""
    file = io.StringIO()
    paint(report, file, 80)
    return found(UNSEEN, file.getvalue())


def coloured_terminal(report: Report) -> str:
    """As a terminal gets it: our own colours are the only commands."""
    file = io.StringIO()
    paint(report, file, 80)
    return found(UNSEEN, COLOURS.sub("", file.getvalue()))


def found(what: re.Pattern[str], text: str) -> str:
    match = what.search(text)
    return f"{text[max(0, match.start() - 40) : match.end() + 40]!r}" if match else ""


class Elements(HTMLParser):
    """Collects what is not to be in an exported page."""

    TAGS = frozenset(
        [
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "main",
            "section",
            "article",
            "header",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "div",
            "span",
            "ul",
            "ol",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "td",
            "th",
            "pre",
            "code",
            "mark",
            "s",
            "del",
            "b",
            "strong",
            "em",
            "small",
            "details",
            "summary",
            "bdi",
            "time",
            "dl",
            "dt",
            "dd",
            "svg",
            "g",
            "path",
            "rect",
            "polyline",
            "polygon",
            "ellipse",
            "desc",
            "circle",
            "line",
            "text",
            "br",
            "hr",
            "meter",
        ]
    )
    ATTRIBUTES = re.compile(r"(?!on|href$|src|style$|action$|srcdoc$|formaction$|ping$|data$|xlink)[a-z:-]+")

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in self.TAGS or any(not self.ATTRIBUTES.fullmatch(name) for name, _ in attributes):
            self.wrong.append(self.get_starttag_text() or tag)


def html(report: Report, publication: bool = False) -> str:
    """Elements and attributes of ours alone."""
    page = export(report, "html", publication=publication).text
    elements = Elements()
    elements.feed(page)
    return "; ".join(elements.wrong[:3]) or found(UNSEEN, page)


def article(report: Report) -> str:
    """The page for publication."""
    return html(report, publication=True)


RENDERER = MarkdownIt("commonmark", {"html": True})
COMPARISON = r"[a-z0-9-]+:[\w.'\[\]-]+ (?:=|LIKE) '(?:[^'\\]|\\.)*'"
PATTERN = re.compile(rf"\[{COMPARISON}(?: (?:AND|OR) {COMPARISON})*\]", re.DOTALL)
ACTS = frozenset(("html_block", "html_inline", "image", "link_open"))


def markdown(report: Report, publication: bool = False) -> str:
    """Rendered by CommonMark: no HTML, no picture, no link."""
    text = export(report, "markdown", publication=publication).text
    tokens = [inner for token in RENDERER.parse(text) for inner in [token, *(token.children or [])]]
    acting = [f"{token.type} {token.content} {token.attrs}" for token in tokens if token.type in ACTS]
    return "; ".join(acting[:3]) or found(UNSEEN, text) or found(re.compile(r"\bhttps?://\S+", re.IGNORECASE), text)


def as_json(report: Report) -> str:
    """The same report again, with nothing in the file that does not show."""
    text = export(report, "json").text
    return found(UNSEEN, text) if json.loads(text) == report else "another report"


def markdown_article(report: Report) -> str:
    """The Markdown for publication."""
    return markdown(report, publication=True)


def stix(report: Report) -> str:
    """What a bundle holds is quoted: patterns end where they should, and nothing in them commands a terminal."""
    text = export(report, "stix", now=1_800_000_000, publication=True).text
    for thing in json.loads(text)["objects"]:
        if not PATTERN.fullmatch(thing.get("pattern", "[a:b = 'c']")):
            return f"pattern {thing['pattern'][:200]}"
    return found(UNSEEN, text)


def row(report: Report) -> Row:
    """The report as a scan keeps it, its texts in every cell that may have a stranger's."""
    hostile = [text for text in strings(report) if len(text) < 5000][:60] or [""]
    subject, sender, network, path, link, *_ = hostile * 5
    kin = Kin(1_790_000_000, False, False, False, "", subject, "", (), (sender,))
    return Row(
        path,
        1,
        "",
        link,
        "danger",
        0.9,
        subject,
        ("self-spoof",),
        subject,
        sender,
        network,
        64500,
        network,
        "",
        link,
        (link, path),
        kin,
    )


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def csv_table(report: Report) -> str:
    """One record of as many cells as there are columns, and none that a spreadsheet reckons with."""
    text = sheet.record(row({"message": report["message"], "links": report["links"]}), 1, "en").decode("utf-8")
    records = list(csv.reader(io.StringIO(text, newline="")))
    if len(records) != 1 or len(records[0]) != len(next(csv.reader([sheet.head("en").decode("utf-8")]))):
        return f"records {text[:300]!r}"
    formulas = [cell for cell in records[0] if cell.lstrip()[:1] in tuple("=+-@＝＋－＠|%") and cell.strip()]
    return "; ".join(formulas[:3]) or found(UNSEEN, text.replace("\r\n", ""))


def scan_page(report: Report) -> str:
    """The overview of a scan: elements and attributes of ours alone."""
    tally = Tally()
    tally.add(row({"message": report["message"], "links": report["links"]}))
    page = overview.page(tally, Groups(), ["a\x1b[31m<b>.mbox"], "ja")
    elements = Elements()
    elements.feed(page)
    return "; ".join(elements.wrong[:3]) or found(UNSEEN, page)


# Everything that paints a report: what it left in that is not text, "" where nothing. A new painter joins by its line here.
PAINTERS: tuple[Callable[[Report], str], ...] = (
    plain_terminal,
    coloured_terminal,
    html,
    markdown,
    as_json,
    article,
    markdown_article,
    stix,
    csv_table,
    scan_page,
)
