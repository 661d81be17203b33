"""What a gateway took out of the message, as its text says, and where to read about it."""

from __future__ import annotations

import re

from sekisho.facts.removed import Removed
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, fold, listing, sentence

MAX_SHOWN = 10
# As in the extension's pages.js: the makers' own descriptions, found by the virus' name.
PAGES = {
    "Fortinet": ("www.fortiguard.com", "search?q="),
    "Trend Micro": ("www.trendmicro.com", "vinfo/us/threat-encyclopedia/search/"),
    "Microsoft": ("www.microsoft.com", "en-us/wdsi/threats/malware-encyclopedia-description?Name="),
    "Kaspersky": ("threats.kaspersky.com", "en/?s="),
}


def told(view: View) -> list[Primitive]:
    """A list with one entry a file; empty when no text says that anything was removed."""
    removed = view.facts.removed[:MAX_SHOWN]
    return [listing([_one(one, view) for one in removed])] if removed else []


def _one(one: Removed, view: View) -> list[Primitive]:
    words, notice = view.words, one.notice
    file, product = notice.file or words("removed.file"), notice.product or words("removed.product")
    named = words("joiner").join(words(code) for code in one.named)
    out: list[Primitive] = [
        sentence(words("removed.says", file=file, virus=notice.virus, product=product)),
        sentence(words("removed.named", virus=notice.virus, named=named)),
        sentence(words("removed.gone"), "muted"),
    ]
    if notice.product in PAGES:
        host, path = PAGES[notice.product]
        page = action(
            words("removed.page", virus=notice.virus, site=host),
            "open_page",
            {"url": f"https://{host}/{path}{_escaped(notice.virus)}"},
            words("removed.page.note", site=host),
        )
        out.append(fold(words("removed.pages"), [page]))
    return out


def _escaped(name: str) -> str:
    """A name as a part of a URL (RFC 3986 §2.3)."""
    return re.sub(r"[^A-Za-z0-9._\-]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8")), name)
