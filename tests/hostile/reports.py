"""Reports in which every text that may be a stranger's is an attempt on whatever paints it.

Standard library alone, so that the extension's tests can ask for them too: `python3 tests/hostile/reports.py 500` prints a line of JSON
for each: `{"report", "html"}`, with the HTML export where the report has the form of one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

FRAMES = Path(__file__).resolve().parents[1] / "frames"
SEED = 20261122
MAX_ITEMS = 5  # of each list: what holds of five holds of a hundred
# What the host writes by itself, whatever the mail: everything else in a report is a text that may be a stranger's.
OURS = frozenset(
    (
        "schema",
        "kind",
        "block",
        "level",
        "tone",
        "role",
        "standing",
        "action",
        "severity",
        "anchor",
        "id",
        "finding",
        "where",
        "trust",
        "reading",
        "state",
        "whose",
        "confidence",
        "opened",
        "sha256",
        "precision",
        "total_from",
        "asn",
        "form",
        "result",
        "method",
        "rule",
        "ip",
        "by_ip",
        "prefix",
        "date",
        "arrived",
        "at",
        "as_of",
        "country",
    )
)
CANARY = "//canary.example/"
ATTEMPTS = (
    "<script>canary('script')</script>",
    "<img src=x onerror=canary('image')>",
    f"<img src=https:{CANARY}image.png>",
    f'"><iframe src="https:{CANARY}frame"></iframe>',
    "'\"><svg/onload=canary(`svg`)>",
    f"</style><style>@import 'https:{CANARY}style.css';*{{display:none}}</style>",
    "</title></textarea></code></pre></td></table><script>canary(1)</script>",
    "<base href=javascript:canary(2)//><a href=x id=panel>x</a>",
    "<form id=panel action=javascript:canary(3)><input name=innerHTML></form>",
    "--><!--<script>canary(4)//-->",
    "&lt;script&gt;canary(5)&lt;/script&gt;&#60;img src=x onerror=canary(6)&#62;",
    "javascript:canary('url')",
    " \tjava\nscript:canary('folded url')",
    "data:text/html,<script>canary('data')</script>",
    "data:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==",
    f"![picture](https:{CANARY}picture.png)",
    f"[words](https:{CANARY}link) <https:{CANARY}auto> https:{CANARY}bare",
    f"![p][r]\n\n[r]: https:{CANARY}reference",
    f"[x](<javascript:canary()> 'title')[^1]\n\n[^1]: <img src=https:{CANARY}note>",
    "```\n</code></pre><script>canary(7)</script>\n```\n~~~html",
    "# heading\n- [ ] list\n> quote\n\n    code\n\n***\n| a | b |\n|---|---|",
    "`` ` ``` ~~ * _ \\ \\` \\[ ]( \\<script>canary(8)</script>",
    "[bold red]rich[/] [link=https://canary.example]click[/link] [blink]:smiley:[/blink]",
    "[/][/][[bold]] \\[red]",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b]8;;https://canary.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H\x1b[?1049h\x9b31m\x1bP+q544e\x1b\\\x1b]52;c;Y2FuYXJ5\x07",
    "line\rover it\x08\x08\x08\x7f\x00\x0b\x0c\x85",
    "\u202egpj.exe\u202c \u2066isolated\u2069 \u200f\u061c\u200e",
    "ze\u200bro\u200cwi\u200dth\u2060 \ufeff\u00ad\u180e \U000e0041\U000e007f",
    "\u2028line\u2029paragraph\x1c\x1d\x1e",
    '=HYPERLINK("https://canary.example","click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '\t=1+1,"quoted"\r\n=2+2;\'',
    "To: victim@reader.example\r\nBcc: everybody@canary.example\r\n\r\nbody",
    "{{constructor.constructor('canary()')()}} ${canary()} <%= canary() %> %s %n {0} {count} $1",
    "__proto__",
    "constructor",
    "a" * 300 + "." + "b" * 300,
    "\ud83d\ude00\ud83d \udc00\uffff\ufffe",
    "Z\u0351\u036b\u0343\u036a\u0302" * 40,
    "http://user:pass@127.0.0.1:1/ file:///etc/passwd \\\\canary.example\\share mailto:x@canary.example",
    "//canary.example/ www.canary.example canary.example",
    "",
    " ",
)


def reports(count: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """So many, each another mixture; every two hundred and fiftieth has a word of a million characters, every fifth also bends what the host alone writes."""
    random = Random(seed)
    frames = [json.loads(path.read_text("utf-8")) for path in sorted(FRAMES.glob("*.json"))]
    for number in range(count):
        bent = number % 5 == 4
        frame = frames[number % len(frames)]
        if number % 8:  # of most only some blocks: a hundred reports of everything say no more than ten
            frame = {**frame, "panel": [frame["panel"][0], *random.sample(frame["panel"][1:], 2)]}
        report = _hostile(frame, random, bent)
        if number % 250 == 50:
            report["panel"][1]["body"].append({"kind": "sentence", "text": "w" * 1_000_000})
            report["message"]["subject"] = "<script>canary('long')</script>" * 30_000
        report["panel"].append(_block(random))
        yield report


def _text(random: Random) -> str:
    return "".join(random.choice(ATTEMPTS) for _ in range(random.choice((1, 1, 1, 2, 3))))


def _hostile(value: Any, random: Random, bent: bool, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _hostile(item, random, bent, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_hostile(item, random, bent, key) for item in value[:MAX_ITEMS]]
    if isinstance(value, str) and (key not in OURS or (bent and key != "schema" and random.random() < 0.2)):
        return _text(random) if random.random() < 0.8 else value
    return value


def _block(random: Random) -> dict[str, Any]:
    """Every kind of primitive, and some that do not exist; actions that carry what they should not."""

    def text() -> str:
        return _text(random)

    span = [
        {"text": text(), "role": role, "finding": None, "note": text()} for role in ("mark", "plain", "rdns", "nowhere")
    ]
    roles = [
        "scheme",
        "userinfo",
        "subdomain",
        "registrable",
        "port",
        "path",
        "query",
        "fragment",
        "ip",
        "imitation",
        "placeholder",
        "recipient",
        "nested",
        "token",
        "separator",
    ]
    segments = [{"text": text(), "role": role, "note": text()} for role in [*roles, "nowhere"]]
    carried = [
        ("open_page", {"url": "javascript:canary('open_page')"}),
        ("open_page", {"url": "https://canary.example/"}),
        ("open_page", {"url": "https://urlscan.io/domain/a.example#" + text()}),
        ("copy", {"text": text()}),
        ("ask_more", {"visit": [{"toString": "canary"}]}),
        ("relay", {"relay": text(), "on": "yes"}),
        ("__proto__", {}),
        ("constructor", {"text": text()}),
        (text(), {"text": text()}),
    ]
    return {
        "block": random.choice(["links", "panel", "<x>", "__proto__", "source"]),
        "title": text(),
        "level": None,
        "body": [
            {"kind": "heading", "text": text()},
            {"kind": "sentence", "text": text(), "anchor": text(), "tone": text()},
            {
                "kind": "list",
                "items": [[{"kind": "sentence", "text": text()}], [{"kind": "badge", "text": text(), "level": "high"}]],
                "ordered": True,
            },
            {"kind": "table", "columns": [text(), text()], "rows": [[text(), text()], [text(), text()]]},
            {"kind": "table", "columns": [], "rows": [[text(), text()]]},
            {"kind": "marked", "spans": span},
            {"kind": "fold", "summary": text(), "open": False, "body": [{"kind": "sentence", "text": text()}]},
            {
                "kind": "timeline",
                "text": text(),
                "stops": [
                    {
                        "standing": "claimed",
                        "time": text(),
                        "gap": text(),
                        "anchor": text(),
                        "body": [{"kind": "sentence", "text": text()}],
                    }
                ],
            },
            {"kind": "dissection", "url": text(), "segments": segments, "owner": text(), "note": text()},
            *(
                {"kind": "action", "text": text(), "action": action, "arguments": given, "note": text()}
                for action, given in carried
            ),
            {"kind": "bars", "text": text(), "bars": [{"label": text(), "value": 3}, {"label": text(), "value": 0}]},
            {"kind": "more", "text": text()},
            {"kind": "script", "text": text()},
        ],
    }


def main(count: int) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "host"))
    from sekisho.paint.export import ExportError, export

    for report in reports(count):
        try:
            html = export(report, "html")[1]
        except ExportError:
            html = ""
        # ASCII alone: a lone surrogate is a text in JSON, and none in UTF-8.
        print(json.dumps({"report": report, "html": html}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
