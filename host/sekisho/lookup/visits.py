"""A link followed to its end from this computer, because the reader asked for exactly that.

Each step is one GET (a HEAD is answered otherwise) without cookies, referrer or anything of the step before. Nothing runs, nothing else of
a page is fetched. The answer is one record:

    {"chain": [{"url", "how": link|redirect|refresh|meta|script, "status", "ip", "certificate": None or what is wrong with it}],
     "outcome", "title", "brands": [names], "password": bool, "asks": [password|card|pin|code]}

`outcome`: page, file (no page of text), or why it went no further: loop, hops, scheme, port, inside (an address that is not the world's), own
(the reader's own), certificate, or a reason of questions.Failed.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import Any
from urllib.parse import urljoin

from sekisho import gate
from sekisho.lookup import NoAnswerError
from sekisho.lookup.transport import REDIRECTS, Response
from sekisho.lookup.world import World
from sekisho.mail import impersonal, page, url
from sekisho.mail.ip import is_reachable
from sekisho.questions import Answer, Question
from sekisho.tables import brands

MAX_HOPS = 10  # requests
MAX_PAGE = 512 << 10
ALTOGETHER, STEP = 18.0, 8.0  # seconds, for a visit and for one step of it
GRACE = 0.5  # for what came of a page that is cut by the clock
# What most browsers in the world send. A name of our own would tell the owner that a reader of such mail uses Sekisho, and most cloaks show
# their page to browsers alone. The same for everybody: nothing of this computer or its reader is in it.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ja,en-US;q=0.9,en;q=0.8",  # the languages of the mails that Sekisho is made for, not the reader's
}
_PAGES = ("text/html", "application/xhtml+xml")
# OpenSSL's verify codes (x509_vfy.h), by what a person would call them.
_CERTIFICATES = {
    9: "future",
    10: "expired",
    18: "self-signed",
    19: "unknown",
    20: "unknown",
    21: "unknown",
    62: "name",
    64: "name",
}


async def look_up(question: Question, world: World) -> Answer:
    """Follow the link that the question names. What was seen until it went no further is the answer, too."""
    chain: list[dict[str, Any]] = []
    record: dict[str, Any] = {
        "chain": chain,
        "outcome": "hops",
        "title": "",
        "brands": [],
        "password": False,
        "asks": [],
    }
    end = time.monotonic() + ALTOGETHER
    target, how = question.name, "link"
    while len(chain) < MAX_HOPS:
        asked, why = _request(target, world)
        if any(step["url"] == asked for step in chain):
            record["outcome"] = "loop"
            break
        step: dict[str, Any] = {"url": asked, "how": how, "status": None, "ip": None, "certificate": None}
        chain.append(step)
        if why:
            record["outcome"] = why
            break
        until = min(end, time.monotonic() + STEP)
        try:
            response = await asyncio.wait_for(
                world.transport.page(asked, HEADERS, MAX_PAGE, until), max(GRACE, until + GRACE - time.monotonic())
            )
        except (TimeoutError, asyncio.TimeoutError):
            record["outcome"] = "timeout"
            break
        except NoAnswerError as failure:
            record["outcome"], step["certificate"] = _failure(failure)
            break
        step["status"], step["ip"] = response.status, response.ip
        target, how = _onward(response, record)
        if not target:
            break
        target = _joined(asked, target)
    last = url.parse(chain[-1]["url"])
    return Answer((record,), last.host if last else "", world.now())


def _request(target: str, world: World) -> tuple[str, str]:
    """A target as it is requested, and why it must not be: "" when it may."""
    parsed = url.parse(target)
    if parsed is None or parsed.scheme not in impersonal.PORTS:
        return target, "scheme"
    place = impersonal.place(parsed)
    if not place:
        return target, "malformed" if not parsed.port or impersonal.known_port(parsed) else "port"
    asked = place + impersonal.encoded(
        (parsed.path.replace("\\", "/") or "/") + (f"?{parsed.query}" if parsed.query else "")
    )
    if parsed.ip:
        return asked, "" if is_reachable(parsed.ip) else "inside"
    return asked, "own" if gate.own(parsed.host, world.settings) else ""


def _joined(base: str, target: str) -> str:
    target = target.strip().replace("\\", "/")[: url.MAX_URL]
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _onward(response: Response, record: dict[str, Any]) -> tuple[str, str]:
    """Where an answer leads, and how; what a page says that leads nowhere goes into the record."""
    headers = response.headers
    if response.status in REDIRECTS and headers.get("location", "").strip():
        return _text(headers["location"]), "redirect"
    kind = headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    seen = page.read(response.body, headers.get("content-type", "")) if kind in _PAGES else None
    target = page.refresh(_text(headers.get("refresh", "")))
    if target:
        return target, "refresh"
    if seen is None:
        record["outcome"] = "file"
        return "", ""
    if seen.onward:
        return seen.onward, seen.how
    named = [brand for brand in (brands.named_in(seen.title), brands.named_in(seen.text)) if brand is not None]
    record |= {
        "outcome": "page",
        "title": seen.title,
        "brands": list(dict.fromkeys(brand.name for brand in named)),
        "password": "password" in seen.asks,
        "asks": list(seen.asks),
    }
    return "", ""


def _text(header: str) -> str:
    """A header's value: servers write UTF-8 where HTTP has bytes."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _failure(failure: NoAnswerError) -> tuple[str, str | None]:
    cause = failure.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "certificate", _CERTIFICATES.get(cause.verify_code, "other")
    return "inside" if failure.reason == "blocked" else failure.reason, None
