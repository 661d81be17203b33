"""One answer of an HTTP or WHOIS server, and how it is sent."""

from __future__ import annotations

import base64
from typing import Any, Literal, NamedTuple

Pace = Literal["at once", "drip", "endless", "never", "cut", "closed"]


class Reply(NamedTuple):
    """`raw` sends the body alone, as WHOIS always does; else an HTTP head is made for it.

    Paces: `drip` sends a byte each tenth of a second, `endless` the body again and again, `never` keeps the connection open and
    silent, `cut` closes it after half of the body, `closed` before the first byte. In a header, {trap} is the URL of a server on
    loopback that nobody must visit.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    pace: Pace = "at once"
    raw: bool = False


def pack(reply: Reply) -> dict[str, Any]:
    """As JSON can hold it."""
    return {**reply._asdict(), "body": base64.b64encode(reply.body).decode("ascii")}


def unpack(packed: dict[str, Any]) -> Reply:
    headers = tuple((name, value) for name, value in packed["headers"])
    return Reply(**{**packed, "body": base64.b64decode(packed["body"]), "headers": headers})
