"""A report as a document to keep or to hand on: one HTML file, Markdown, the JSON itself, or a STIX bundle for a response team.
Links are defanged, text is only text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.paint import chart
from sekisho.paint.inert import UNSEEN, visible
from sekisho.paint.paper import blocks, clipped
from sekisho.paint.road import GATE, POINTS, standing
from sekisho.paint.road import STYLE as ROAD_STYLE
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

MAX_NAME = 60  # characters of the subject in the name of a file


NOBODY = Settings()


class ExportError(ValueError):
    """The report can't be written: it is not of the form `sekisho.report/1`."""


class Kept(NamedTuple):
    """A document, and a name for its file: printable, without any sign that a file system minds."""

    media_type: str
    text: str
    name: str


def export(
    report: dict[str, Any],
    form: str,
    settings: Settings = NOBODY,
    now: int = 0,
    *,
    publication: bool = False,
) -> Kept:
    """A report in one of FORMATS. `publication`: without what is the reader's own, as an article (`publication.py`). `settings` say
    what is his own; `now` is in seconds since 1970. Raises ExportError when it is no report."""
    if not isinstance(report.get("panel"), list) or not isinstance(report.get("message"), dict):
        raise ExportError("this is no report: it has no panel")
    media_type, write = FORMATS[form]
    try:
        if publication or form == "stix":
            from sekisho.paint import article
            from sekisho.paint.publication import for_strangers

            report = for_strangers(report, settings, public=publication)
            report["panel"] = article.blocks(report, settings.locale)
        if form == "stix":
            from sekisho.paint.stix import bundle

            report = {**report, "stix": bundle(report, now, public=publication)}
        return Kept(media_type, write(report), file_name(report, form))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise ExportError("this is no report: its panel is not of the form in PROTOCOL.md") from error


def file_name(report: dict[str, Any], form: str) -> str:
    """Date and subject, then the form: letters and digits of any script and hyphens, nothing that leads to another folder."""
    subject = "".join(char if char.isalnum() else "-" for char in str(report["message"].get("subject") or ""))
    words = "-".join(word for word in subject.split("-") if word)[:MAX_NAME].strip("-")
    date = str(report["timing"].get("arrived") or report["message"].get("date") or "")[:10]
    return "-".join(part for part in ("sekisho", date, words) if part) + SUFFIXES[form]


_LIVE = re.compile(r"\b(h)tt(ps?://)", re.IGNORECASE)


def inert(text: Any) -> str:
    """Foreign text with invisible characters written out and URLs that no program makes a link of."""
    return _LIVE.sub(r"\1xx\2", visible(str(text)))


# ------------------------------------------------------------------ HTML

_STYLE = """
:root{color-scheme:light dark;font:16px/1.6 system-ui,"Hiragino Sans","Noto Sans JP","Yu Gothic UI",sans-serif}
body{max-width:52rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
section{margin:1.5rem 0}section.danger{border-left:.4rem solid #c62828;padding-left:1rem}
section.caution{border-left:.4rem solid #e69500;padding-left:1rem}section.clear{border-left:.4rem solid #3367a8;padding-left:1rem}
table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}
.muted{opacity:.75}.strong{font-weight:700}.warn{color:light-dark(#8a4b00,#ffb454)}.danger>h2{color:light-dark(#b71c1c,#ff8a80)}
@media print{body{max-width:none;margin:0}h2,h3{break-after:avoid}li,tr{break-inside:avoid}details::details-content{display:block;block-size:auto;content-visibility:visible}}
pre,code{white-space:pre-wrap;font-family:ui-monospace,monospace;font-size:.9em;margin:.1rem 0}
mark{background:#ffe082;color:#1a1a1a}.imitation,.userinfo{color:light-dark(#a11425,#ffa7b0);text-decoration:line-through 2px}
.link{border:1px solid color-mix(in srgb,currentcolor 25%,transparent);border-radius:.4rem;padding:.5rem .8rem}.link p{margin:.15rem 0}
.link p>code .registrable,.link p>code .ip{font-size:1.25em;font-weight:700;border-bottom:3px solid}.link p>code{opacity:.95}
.placeholder,.port{border:1px dashed;padding:0 .2em}.recipient{border:2px solid;padding:0 .2em;font-weight:700}
.nested{text-decoration:underline wavy 1px}.token{font-style:italic;opacity:.75}.legend{margin:.2rem 0;padding-left:1.2rem;font-size:.9em}
.badge{border:1px solid;border-radius:.3rem;padding:0 .4rem;font-size:.85em}
"""


def _html(report: dict[str, Any]) -> str:
    from html import escape

    def text(value: Any) -> str:
        return escape(inert(value))

    def body(items: list[dict[str, Any]]) -> str:
        return "\n".join(one(item) for item in items)

    def one(item: dict[str, Any]) -> str:
        kind = item["kind"]
        if kind == "heading":
            return f"<h3>{text(item['text'])}</h3>"
        if kind == "badge":
            return f'<p><span class="badge">{text(item["text"])}</span></p>'
        if kind == "list":
            tag = "ol" if item.get("ordered") else "ul"
            return f"<{tag}>" + "".join(f"<li>{body(entry)}</li>" for entry in item["items"]) + f"</{tag}>"
        if kind == "table":
            head = "".join(f'<th scope="col">{text(cell)}</th>' for cell in item["columns"])
            rows = "".join(row(cells, not item["columns"]) for cells in item["rows"])
            return f"<table>{f'<tr>{head}</tr>' if head else ''}{rows}</table>"
        if kind == "bars":
            most = max((int(bar["value"]) for bar in item["bars"]), default=0) or 1
            drawn = "".join(
                f'<tr><th scope="row">{text(bar["label"])}</th><td><meter aria-hidden="true" max="{most}" value="{int(bar["value"])}"></meter>'
                f" {int(bar['value'])}</td></tr>"
                for bar in item["bars"]
            )
            return f'<table class="bars" aria-label="{text(item["text"])}">{drawn}</table>'
        if kind == "marked":
            return "<pre>" + "".join(span(part) for part in item["spans"]) + "</pre>"
        if kind == "fold":
            return f"<details><summary>{text(item['summary'])}</summary>{body(item['body'])}</details>"
        if kind == "timeline":
            stops = "".join(stop(entry) for entry in item["stops"])
            return f'<ol class="timeline" aria-label="{text(item["text"])}">{stops}</ol>'
        if kind == "map":
            places = "".join(
                f'<li class="stands-{chart.standing(point.get("standing"))}">{body(point["body"])}</li>'
                for point in item["points"]
            )
            drawn = chart.drawing({**item, "text": inert(item["text"])})
            return f'{drawn}<ol class="places">{places}</ol>'
        if kind == "dissection":
            parts = "".join(
                f'<span class="{text(part["role"])}">{text(shown)}</span>'
                for part, shown in _defanged(item["segments"])
            )
            owner = f"<p>→ <strong>{text(item['owner'])}</strong></p>" if item.get("owner") else ""
            legend = "".join(
                f'<li><code class="{text(part["role"])}">{text(clipped(shown))}</code> {text(part["note"])}</li>'
                for part, shown in _defanged(item["segments"])
                if part.get("note")
            )
            legend = f'<ul class="legend">{legend}</ul>' if legend else ""
            note = f'<p class="warn">{text(item["note"])}</p>' if item.get("note") else ""
            return f'<div class="link">{owner}<p><code>{parts}</code></p>{legend}{note}</div>'
        return f'<p class="{text(item.get("tone") or "plain")}">{text(item.get("text") or "")}</p>'

    def stop(entry: dict[str, Any]) -> str:
        stands = standing(entry)
        time = f'<p class="time">{text(entry["time"])}</p>' if entry["time"] else ""
        gap = f'<p class="gap">↓ {text(entry["gap"])}</p>' if entry["gap"] else ""
        point = f'<span class="point" aria-hidden="true">{GATE if stands == "checkpoint" else POINTS[stands]}</span>'
        return f'<li class="stop {stands}">{point}{time}{body(entry["body"])}{gap}</li>'

    def row(cells: list[str], headed: bool) -> str:
        made = [f"<td>{text(cell)}</td>" for cell in cells]
        if headed and cells:
            made[0] = f'<th scope="row">{text(cells[0])}</th>'
        return f"<tr>{''.join(made)}</tr>"

    def span(part: dict[str, Any]) -> str:
        if part["role"] == "plain":
            return text(part["text"])
        tag = "mark" if part["role"] == "mark" else "b"
        title = f' title="{text(part["note"])}"' if part.get("note") else ""
        return f"<{tag}{title}>{text(part['text'])}</{tag}>"

    sections = "\n".join(
        f'<section class="{text(block.get("level") or "")}"><h2>{text(block.get("title") or "")}</h2>{body(block["body"])}</section>'
        for block in blocks(report)
    )
    title = text(report["message"].get("subject") or "Sekisho")
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}{ROAD_STYLE}{chart.STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{sections}\n</body></html>\n"
    )


# ------------------------------------------------------------------ Markdown

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@&:=^$])")


def _markdown(report: dict[str, Any]) -> str:
    def text(value: Any) -> str:
        return _SPECIAL.sub(r"\\\1", " ".join(inert(value).split()))

    def code(value: str) -> str:
        """A fenced code block that nothing inside can end. An indented one after a list would be a paragraph of its last item."""
        shown = inert(value)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
        return f"{fence}\n{shown}\n{fence}"

    def one(item: dict[str, Any]) -> list[str]:
        kind = item["kind"]
        if kind == "heading":
            return [f"### {text(item['text'])}"]
        if kind == "list":
            return [
                entry_lines(entry, f"{number}." if item.get("ordered") else "-")
                for number, entry in enumerate(item["items"], 1)
            ]
        if kind == "table":
            columns = item["columns"] or [""] * max((len(cells) for cells in item["rows"]), default=1)
            rows = [columns, ["---"] * len(columns), *item["rows"]]
            return [
                "\n".join(
                    "| " + " | ".join(cell if place == 1 else text(cell) for cell in cells) + " |"
                    for place, cells in enumerate(rows)
                )
            ]
        if kind == "bars":
            rows = [["", ""], ["---", "---"], *([text(bar["label"]), str(bar["value"])] for bar in item["bars"])]
            return ["\n".join("| " + " | ".join(cells) + " |" for cells in rows)]
        if kind == "marked":
            return [code("".join(part["text"] for part in item["spans"]))]
        if kind == "fold":
            return [f"**{text(item['summary'])}**", *(line for child in item["body"] for line in one(child))]
        if kind == "timeline":
            return [line for entry in item["stops"] for line in stop(entry)]
        if kind == "map":
            return [entry_lines(point["body"], f"{number}.") for number, point in enumerate(item["points"], 1)]
        if kind == "dissection":
            pieces = _defanged(item["segments"])
            legend = [
                f"- {struck(part, text(clipped(shown)))} {text(part['note'])}"
                for part, shown in pieces
                if part.get("note")
            ]
            return [
                *([f"→ **{text(item['owner'])}**"] if item.get("owner") else []),
                code("".join(shown for _, shown in pieces)),
                *(["\n".join(legend)] if legend else []),
                *([text(item["note"])] if item.get("note") else []),
            ]
        said = text(item.get("text") or "")
        return [f"**{said}**" if item.get("tone") == "strong" and said else said]

    def struck(part: dict[str, str], shown: str) -> str:
        return f"~~{shown}~~" if part["role"] in ("imitation", "userinfo") else f"**{shown}**"

    def stop(entry: dict[str, Any]) -> list[str]:
        stands = standing(entry)
        lines = [line for child in entry["body"] for line in one(child)]
        if stands == "checkpoint":
            return ["---", *lines, "---"]
        head = f"{POINTS[stands]} {text(entry['time'])}" if entry["time"] else POINTS[stands]
        gap = [f"↓ {text(entry['gap'])}"] if entry["gap"] else []
        if lines and not lines[0].startswith("`"):  # a code block stands by itself
            head, lines = f"{head} {lines[0]}", lines[1:]
        return [indented([head, *lines, *gap], "-")]

    def entry_lines(entry: list[dict[str, Any]], bullet: str) -> str:
        return indented([line for child in entry for line in one(child)], bullet)

    def indented(paragraphs: list[str], bullet: str) -> str:
        lines = "\n\n".join(paragraphs).split("\n")
        pad = " " * (len(bullet) + 1)
        return "\n".join(
            (f"{bullet} " if place == 0 else pad if line else "") + line for place, line in enumerate(lines)
        )

    out = [f"# {text(report['message'].get('subject') or 'Sekisho')}"]
    for block in blocks(report):
        out.append(f"## {text(block.get('title') or '')}")
        out += [line for item in block["body"] for line in one(item)]
    return "\n\n".join(out) + "\n"


def _defanged(segments: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """Each segment of a link with its text made unclickable: dots of the host in brackets."""
    hosts = ("subdomain", "registrable", "ip", "imitation", "separator")
    return [(part, part["text"].replace(".", "[.]") if part["role"] in hosts else part["text"]) for part in segments]


def _json(value: Any) -> str:
    """The value itself; in the file, what does not show or commands a terminal is written as its escape."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], text)


def _stix(report: dict[str, Any]) -> str:
    return _json(report["stix"])


FORMATS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "html": ("text/html", _html),
    "markdown": ("text/markdown", _markdown),
    "json": ("application/json", _json),
    "stix": ("application/stix+json;version=2.1", _stix),
}
SUFFIXES = {"html": ".html", "markdown": ".md", "json": ".json", "stix": ".stix.json"}
