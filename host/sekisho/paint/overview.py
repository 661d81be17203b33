"""What a mailbox comes to, as a page to keep (one file, no script, nothing loaded) and as a few lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sekisho.paint.export import inert
from sekisho.paint.inert import visible
from sekisho.paint.overview_words import words_in
from sekisho.report import LEVELS
from sekisho.scan.groups import Groups
from sekisho.scan.tally import MAX_WORST, Counts, Tally, most
from sekisho.tables.countries import name as country_name

MAX_ROWS = 25
MAX_MONTHS = 120
MAX_LINES = 5
MAX_CAMPAIGNS = 50
MAX_NAMES = 8  # domains or networks of a campaign
_WORST_FIRST = tuple(reversed(LEVELS))

_STYLE = """
:root{color-scheme:light dark;font:16px/1.6 system-ui,"Hiragino Sans","Noto Sans JP","Yu Gothic UI",sans-serif;
--danger:light-dark(#c62828,#ff8a80);--caution:light-dark(#b26a00,#ffb454);--clear:light-dark(#9db4cc,#5b7590)}
body{max-width:72rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}section{margin:2rem 0}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;border-bottom:1px solid color-mix(in srgb,currentcolor 18%,transparent)}
th{font-size:.9em}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.when{white-space:nowrap}.muted{opacity:.75}.wide{min-width:12rem}
svg{display:block;width:100%;height:.9rem;margin-top:.35rem}td.chart{width:30%;min-width:8rem}
rect.danger{fill:var(--danger)}rect.caution{fill:var(--caution)}rect.clear{fill:var(--clear)}
b.danger{color:var(--danger)}b.caution{color:var(--caution)}
.key{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.5rem}.key svg{display:inline-block;width:1em;height:.8em;margin:0 .4em 0 0}
@media print{body{max-width:none;margin:0;font-size:10pt}tr{break-inside:avoid}.table{overflow:visible}}
@media (forced-colors:active){rect{stroke:CanvasText;stroke-width:.5;vector-effect:non-scaling-stroke}rect.danger{fill:CanvasText}rect.caution{fill:GrayText}rect.clear{fill:Canvas}}
"""


def page(tally: Tally, groups: Groups, paths: Sequence[str], locale: str) -> str:
    """The page in one language."""
    words = words_in(locale)

    def text(value: object) -> str:
        return escape(inert(value))

    def section(key: str, body: str) -> str:
        return f"<section><h2>{words[key]}</h2>\n{body}\n</section>" if body else ""

    def bar(counts: Sequence[int], most_messages: int) -> str:
        """Its length is the share of the longest one's; its parts are the verdicts'."""
        made, at = "", 0.0
        for level in _WORST_FIRST:
            width = 100 * counts[LEVELS.index(level)] / max(most_messages, 1)
            if width:
                made += f'<rect class="{level}" x="{at:.2f}" width="{width:.2f}" height="8"/>'
            at += width
        return f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{made}</svg>'

    def table(named: Sequence[tuple[str, Sequence[int]]], heading: str) -> str:
        if not named:
            return ""
        longest = max(sum(counts) for _, counts in named)
        head = (
            f'<tr><th scope="col">{words[heading]}</th><th scope="col" class="number">{words["warned"]}</th>'
            f'<th scope="col" class="number">{words["all"]}</th><td></td></tr>'
        )
        rows = "\n".join(
            f'<tr><th scope="row">{text(name)}</th><td class="number">{sum(counts[1:]):,}</td>'
            f'<td class="number">{sum(counts):,}</td><td class="chart">{bar(counts, longest)}</td></tr>'
            for name, counts in named
        )
        return f'<div class="table"><table>{head}\n{rows}</table></div>'

    def countries(counts: Counts) -> list[tuple[str, list[int]]]:
        return [(country_name(code, locale), value) for code, value in most(counts, MAX_ROWS)]

    levels = [tally.levels[level] for level in LEVELS]
    key = "".join(
        f'<li><svg viewBox="0 0 10 8" aria-hidden="true"><rect class="{level}" width="10" height="8"/></svg>'
        f"{words[f'level.{level}']}: {tally.levels[level]:,}</li>"
        for level in _WORST_FIRST
    )
    networks = most(tally.networks, MAX_ROWS)
    rest = tally.messages - sum(sum(counts) for _, counts in networks)
    listed = table(networks, "name")
    if listed and rest:
        listed += f'<p class="muted">{words["elsewhere"].format(count=f"{rest:,}")}</p>'
    title = words["title"]
    sections = [
        section("verdicts", f'{bar(levels, tally.messages)}<ul class="key">{key}</ul>'),
        section("campaigns", _campaigns(groups, words)),
        section("worst", _worst(tally, locale, words)),
        section("networks", listed),
        section("countries", table(countries(tally.countries), "country")),
        section("brands", table(most(tally.brands, MAX_ROWS), "name")),
        section("months", table(sorted(tally.months.items())[-MAX_MONTHS:], "month")),
        section("what", "<ul>" + "".join(f"<li>{text(path)}</li>" for path in paths) + "</ul>"),
    ]
    said = words["messages"].format(count=f"{tally.messages:,}", warned=f"{tally.warned:,}")
    return (
        f'<!DOCTYPE html>\n<html lang="{locale}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n<p>{said}</p>\n" + "\n".join(filter(None, sections)) + f"\n<p>{words['limits']}</p>"
        f"<p>{words['private']}</p></body></html>\n"
    )


def _campaigns(groups: Groups, words: dict[str, str]) -> str:
    found = groups.campaigns()[:MAX_CAMPAIGNS]
    if not found:
        return ""
    columns = ("campaign", "subject", "warned", "messages.number", "senders", "recipients", "when", "links", "networks")
    head = "".join(f'<th scope="col">{words[one]}</th>' for one in columns)
    rows = "\n".join(
        f'<tr><td>{group.number}</td><th scope="row">{escape(inert(group.first.subject))}</th>'
        + "".join(
            f'<td class="number">{number:,}</td>'
            for number in (group.warned, group.messages, len(group.senders), len(group.recipients))
        )
        + f'<td class="when">{escape(inert(group.since[:10]))} – {escape(inert(group.until[:10]))}</td>'
        + "".join(f"<td>{escape(inert(_some(names)))}</td>" for names in (group.links, group.networks))
        + "</tr>"
        for group in found
    )
    return (
        f'<p class="muted">{words["campaign.what"]}</p><div class="table"><table><tr>{head}</tr>\n{rows}</table></div>'
    )


def _some(names: set[str]) -> str:
    told = sorted(names)
    return ", ".join(told[:MAX_NAMES]) + (f" … (+{len(told) - MAX_NAMES:,})" if len(told) > MAX_NAMES else "")


def _worst(tally: Tally, locale: str, words: dict[str, str]) -> str:
    def cell(value: str, kind: str = "") -> str:
        return f"<td{kind}>{escape(inert(value))}</td>"

    worst = tally.worst
    if not worst:
        return f"<p>{words['worst.none']}</p>"
    columns = ("verdict", "date", "sender", "subject", "said", "origin", "where")
    head = "".join(f'<th scope="col">{words[one]}</th>' for one in columns)
    rows = "\n".join(
        f'<tr><td><b class="{row.level}">{words[f"level.{row.level}"]}</b></td>'
        + cell(row.date[:10], ' class="when"')
        + cell(row.sender)
        + cell(row.subject)
        + cell(row.headline, ' class="wide"')
        + cell(" ".join(filter(None, (row.ip, row.network, country_name(row.country, locale)))))
        + cell(f"{row.path}:{row.number}")
        + "</tr>"
        for row in worst
    )
    shown = f'<p class="muted">{words["shown"].format(count=len(worst))}</p>' if len(worst) == MAX_WORST else ""
    return f'{shown}<div class="table"><table><tr>{head}</tr>\n{rows}</table></div>'


def lines(tally: Tally, groups: Groups, locale: str) -> list[str]:
    """The same in a few lines, where more than one message has warning signs: where those come from, and as whom."""
    words = words_in(locale)
    if tally.warned < 2:
        return []
    kinds: list[tuple[str, list[tuple[str, list[int]]]]] = [
        ("networks", most(tally.networks, MAX_LINES)),
        ("countries", [(country_name(code, locale), count) for code, count in most(tally.countries, MAX_LINES)]),
        ("brands", most(tally.brands, MAX_LINES)),
    ]
    out: list[str] = []
    for group in groups.campaigns()[:MAX_LINES]:
        out += [] if out else [words["campaigns"]]
        named_so = {"subject": visible(group.first.subject).replace("\n", " "), "since": group.since[:10]}
        out.append(
            "  "
            + words["line.campaign"].format(
                **named_so, until=group.until[:10], all=f"{group.messages:,}", warned=f"{group.warned:,}"
            )
        )
    for key, named in kinds:
        told = [
            "  " + words["line"].format(name=visible(name), warned=f"{sum(counts[1:]):,}", all=f"{sum(counts):,}")
            for name, counts in named
            if sum(counts[1:])
        ]
        if told:
            out += [words[key], *told]
    return out
