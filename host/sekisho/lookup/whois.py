"""Registrations of domains by WHOIS (RFC 3912): JPRS' own form in both its languages, and the "key: value" of everybody else."""

from __future__ import annotations

import asyncio
import re
from unicodedata import category

from sekisho.lookup import NoAnswerError
from sekisho.lookup.world import World
from sekisho.mail import domain as names
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Answer
from sekisho.tables.registries import WHOIS_ROOT

if TYPE_CHECKING:
    from typing import Any

PORT = 43
MAX_ANSWER = 200_000
MAX_LINES = 2000
MAX_VALUE = 300
_ISO_2022_JP = b"\x1b$"
_BUSY = (
    "limit exceeded",
    "quota exceeded",
    "too many requests",
    "rate limit",
    "excessive querying",
    "try again later",
    "access denied",
    "too many queries",
)
_NOBODY = re.compile(
    r"(?im)^(?:.{0,40}\b(?:no match(?:!!|ing)?|not found|no entries found|no data found|no object found|nothing found|is available for|"
    r"domain not found|status:\s*(?:free|available)|is free)\b)"
)
_JPRS = re.compile(r"(?m)^(?:[a-z]\. ?)?\[([^\]\n]{1,60})\][ \t]*(.*?)[ \t]*\r?$")
# JPRS' labels, Japanese and English (https://jprs.jp/about/dom-search/whois/).
_JPRS_KEYS = {
    "組織名": "registrant",
    "Organization": "registrant_en",
    "登録者名": "registrant",
    "Registrant": "registrant_en",
    "ネットワークサービス名": "registrant",
    "Network Service Name": "registrant_en",
    "登録年月日": "created",
    "Registered Date": "created",
    "Created on": "created",
    "接続年月日": "connected",
    "Connected Date": "connected",
    "有効期限": "expires",
    "Expires on": "expires",
    "最終更新": "updated",
    "Last Update": "updated",
    "Last Updated": "updated",
    "状態": "status",
    "Status": "status",
    "State": "status",
    "ネームサーバ": "nameserver",
    "Name Server": "nameserver",
    "名前": "contact",
    "Name": "contact_en",
    "Email": "email",
}
_KEYS = {
    "registrar": "registrar",
    "registrar name": "registrar",
    "authorized agency": "registrar",
    "sponsoring registrar": "registrar",
    "creation date": "created",
    "created": "created",
    "created on": "created",
    "registered on": "created",
    "registered date": "created",
    "registration time": "created",
    "domain registration date": "created",
    "registry expiry date": "expires",
    "registrar registration expiration date": "expires",
    "expiry date": "expires",
    "expiration date": "expires",
    "expiration time": "expires",
    "expires": "expires",
    "expires on": "expires",
    "paid-till": "expires",
    "updated date": "updated",
    "last updated date": "updated",
    "last updated": "updated",
    "changed": "updated",
    "domain status": "status",
    "status": "status",
    "name server": "nameserver",
    "nserver": "nameserver",
    "nameserver": "nameserver",
    "host name": "nameserver",
    "registrant organization": "registrant",
    "registrant name": "registrant",
    "registrant": "registrant",
    "org": "registrant",
    "registrant country": "country",
    "registrar abuse contact email": "abuse",
    "registrar whois server": "further",
}


async def look_up(domain: str, server: str | None, world: World) -> Answer:
    """One record as in `registration.look_up`. A registry that keeps little names the registrar's server, which is asked too."""
    if server is None:
        server = await _server_of(domain, world)
    text = await _ask(server, domain, world)
    if names.registrable(domain).endswith(".jp") or "[ドメイン名]" in text or "[Domain Name]" in text:
        record = _jprs(text)
    else:
        record = _plain(text)
    if record is None:
        if _NOBODY.search(text[:20_000]):
            return Answer((), server, world.now())
        raise NoAnswerError(
            "rate-limited" if any(word in text[:5000].lower() for word in _BUSY) else "malformed", server
        )
    further = record.pop("further", None)
    if further and names.normalise(further) != server and "." in further and not record["registrant"]:
        try:
            more = _plain(await _ask(names.normalise(further), domain, world))
        except NoAnswerError:
            more = None
        if more:
            record = {key: value or more.get(key) for key, value in record.items()}
    return Answer((record,), server, world.now())


async def _server_of(domain: str, world: World) -> str:
    """IANA's referral for the top-level domain; asked once for all its domains."""
    top = domain.rpartition(".")[2]
    known = world.referrals.get(top)
    if known is not None:
        return await asyncio.shield(known)
    known = world.referrals[top] = asyncio.get_running_loop().create_future()
    known.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody else may have waited for it
    try:
        text = await _ask(WHOIS_ROOT, top, world)
        match = re.search(r"(?m)^(?:whois|refer):[ \t]*([A-Za-z0-9.\-]{4,253})", text)
        if match is None:
            raise NoAnswerError("no-server", WHOIS_ROOT)
        known.set_result(names.normalise(match.group(1)))
    except NoAnswerError as failure:
        del world.referrals[top]
        known.set_exception(failure)
        raise
    except asyncio.CancelledError:
        del world.referrals[top]
        known.set_exception(NoAnswerError("cancelled", WHOIS_ROOT))
        raise
    return known.result()


async def _ask(server: str, query: str, world: World) -> str:
    return text_of_answer(await world.transport.line(server, PORT, query.encode("ascii", "replace"), MAX_ANSWER))


def text_of_answer(raw: bytes) -> str:
    """WHOIS names no charset: ISO-2022-JP shows itself (whois.nic.ad.jp), the rest is UTF-8 (JPRS) or ASCII."""
    return raw.decode("iso2022_jp_2" if _ISO_2022_JP in raw else "utf-8", "replace")


def busy(text: str) -> bool:
    """Whether a server says that it was asked too often."""
    start = text[:5000].lower()
    return any(word in start for word in _BUSY)


def clean(text: str) -> str | None:
    """Text on one line without control and format characters (a registrant is whoever wrote the name), bounded; None for nothing."""
    line = " ".join(text[: 4 * MAX_VALUE].split())
    shown = "".join(char for char in line if char == " " or category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    return shown[:MAX_VALUE].strip() or None


def _jprs(text: str) -> dict[str, Any] | None:
    found: dict[str, list[str]] = {}
    for label, value in _JPRS.findall(text[:MAX_ANSWER]):
        key = _JPRS_KEYS.get(label)
        if key and (said := clean(value)):
            found.setdefault(key, []).append(said)
    if not found:
        return None

    def first(key: str) -> str | None:
        return found.get(key, [None])[0]

    state = first("status") or ""
    until = re.search(r"\((\d{4}/\d\d/\d\d)\)", state)  # "Connected (2027/01/31)"
    return {
        # JPRS names no registrar; the public contact of a general-use name is as a rule the one that it was registered through.
        "registrar": first("contact") or first("contact_en"),
        "created": date_of(first("created") or first("connected")),
        "expires": date_of(first("expires") or (until.group(1) if until else None)),
        "updated": date_of(first("updated")),
        "status": [state] if state else [],
        "nameservers": [name.lower().split()[0].rstrip(".") for name in found.get("nameserver", ())][:13],
        "registrant": first("registrant") or first("registrant_en"),
        "country": "JP"
        if first("registrant") or first("registrant_en")
        else None,  # it registers no one else (.jp rules, article 8)
        "abuse": first("email"),
    }


def _plain(text: str) -> dict[str, Any] | None:
    found: dict[str, list[str]] = {}
    for line in text[:MAX_ANSWER].splitlines()[:MAX_LINES]:
        label, mark, value = line.partition(":")
        key = _KEYS.get(label.strip().lower()) if mark else None
        if key and (said := clean(value)):
            found.setdefault(key, []).append(said)
    if not found.keys() & {"registrar", "created", "nameserver", "registrant"}:
        return None

    def first(key: str) -> str | None:
        return found.get(key, [None])[0]

    country = first("country") or ""
    return {
        "registrar": first("registrar"),
        "created": date_of(first("created")),
        "expires": date_of(first("expires")),
        "updated": date_of(first("updated")),
        "status": found.get("status", [])[:20],
        "nameservers": [name.lower().split()[0].rstrip(".") for name in found.get("nameserver", ())][:13],
        "registrant": first("registrant"),
        "country": country.upper() if len(country) == 2 and country.isalpha() else None,
        "abuse": first("abuse"),
        "further": first("further"),
    }


def date_of(value: Any) -> str | None:
    """A date as ISO 8601 (YYYY-MM-DD); None for what is none."""
    match = (
        re.search(r"(?<!\d)(\d{4})[-/.年 ]{1,2}(\d{1,2})[-/.月 ]{1,2}(\d{1,2})(?!\d)", value[:100])
        if isinstance(value, str)
        else None
    )
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1980 <= year < 2200 and 1 <= month <= 12 and 1 <= day <= 31 else None
