"""Google Safe Browsing v5 with the reader's own key: four bytes of a hash are sent, the comparison is made here.

https://developers.google.com/safe-browsing/reference/rest/v5/hashes/search. Questions that come close together are one
request. An answer, also an empty one, holds for as long as Google says.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sekisho.lookup import NoAnswerError
from sekisho.lookup.transport import Transport, retry_after
from sekisho.lookup.world import World
from sekisho.questions import Answer, Question

HOST = "safebrowsing.googleapis.com"
THREATS = frozenset({"MALWARE", "SOCIAL_ENGINEERING", "UNWANTED_SOFTWARE", "POTENTIALLY_HARMFUL_APPLICATION"})
MAX_PREFIXES = 30  # of one request: what the documentation expects of a client
MAX_ANSWER = 256 << 10
MAX_HASHES = 1000
_FIELDS = {"fullHashes", "cacheDuration"}  # JSON leaves the first one out where it is empty
GATHERED = 0.02  # seconds in which questions are gathered for one request


class Desk:
    """Where questions lie for a moment, so that many go in one request. It outlives the question that opened it."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Future[Answer | NoAnswerError]] = {}
        self._sent: set[asyncio.Task[None]] = set()

    def ask(self, prefix: str, key: str, world: World) -> asyncio.Future[Answer | NoAnswerError]:
        """What a prefix will bring."""
        loop = asyncio.get_running_loop()
        if not self._open:
            loop.call_later(GATHERED, self._send, key, world)
        return self._open.setdefault(prefix, loop.create_future())

    def _send(self, key: str, world: World) -> None:
        everything, self._open = list(self._open.items()), {}
        for start in range(0, len(everything), MAX_PREFIXES):
            task = asyncio.ensure_future(self._request(dict(everything[start : start + MAX_PREFIXES]), key, world))
            self._sent.add(task)
            task.add_done_callback(self._sent.discard)

    async def _request(self, asked: dict[str, asyncio.Future[Answer | NoAnswerError]], key: str, world: World) -> None:
        found: dict[str, Answer] | NoAnswerError
        try:
            found = await _search(list(asked), key, world)
        except NoAnswerError as failure:
            found = failure
        for prefix, future in asked.items():
            if not future.done():
                future.set_result(found if isinstance(found, NoAnswerError) else found[prefix])


_desks: WeakKeyDictionary[Transport, Desk] = WeakKeyDictionary()


async def look_up(question: Question, world: World) -> Answer:
    """{"hash", "threat"} of every listed hash under the prefix, the threat in Google's word; none: nothing is listed there. Raises
    NoAnswerError."""
    key = world.settings.safe_browsing_key
    if not key:
        raise NoAnswerError("no-server")
    found = await asyncio.shield(_desks.setdefault(world.transport, Desk()).ask(question.name, key, world))
    if isinstance(found, NoAnswerError):
        raise NoAnswerError(found.reason, found.source, found.retry_after)
    return found


async def _search(prefixes: list[str], key: str, world: World) -> dict[str, Answer]:
    asked = "&".join(f"hashPrefixes={quote(base64.b64encode(bytes.fromhex(one)), safe='')}" for one in prefixes)
    url = f"https://{HOST}/v5/hashes:search?{asked}&key={quote(key, safe='')}"
    response = await world.transport.get(url, "application/json", MAX_ANSWER, redirects=0)  # the key goes nowhere else
    if response.status == 429:
        raise NoAnswerError("rate-limited", HOST, retry_after(response))
    if response.status != 200:
        raise NoAnswerError("server-failed" if response.status >= 500 else "refused", HOST)
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise NoAnswerError("malformed", HOST) from error
    hashes = said.get("fullHashes", []) if isinstance(said, dict) and said.keys() & _FIELDS else None
    if not isinstance(hashes, list):
        raise NoAnswerError("malformed", HOST)
    records: dict[str, list[object]] = {prefix: [] for prefix in prefixes}
    for one in hashes[:MAX_HASHES]:
        full, threats = _threats(one)
        if full[:8] in records:
            records[full[:8]] += [{"hash": full, "threat": threat} for threat in threats]
    lasts = _seconds(said.get("cacheDuration"))
    return {prefix: Answer(tuple(found), HOST, world.now(), lasts) for prefix, found in records.items()}


def _threats(one: Any) -> tuple[str, list[str]]:
    """A full hash in hexadecimal digits and what it is listed as. A detail with a threat or an attribute that is not known is to be
    ignored as a whole; the attributes that are known (CANARY, FRAME_ONLY) say that it is no reason to warn of a page."""
    try:
        full = base64.b64decode(one["fullHash"], validate=True).hex()
        details = one["fullHashDetails"]
        found = [str(detail["threatType"]) for detail in details[:20] if not detail.get("attributes")]
    except (KeyError, TypeError, ValueError, AttributeError):
        return "", []
    return (full, [threat for threat in found if threat in THREATS]) if len(full) == 64 else ("", [])


def _seconds(value: Any) -> float | None:
    """A google.protobuf.Duration as JSON has it: "300s", "0.5s"."""
    number = value[:-1] if isinstance(value, str) and value.endswith("s") and len(value) < 20 else ""
    return float(number) if number.replace(".", "", 1).isdecimal() and number.isascii() else None
