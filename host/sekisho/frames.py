"""Native messaging frames: a 32-bit length in the machine's byte order, then UTF-8 JSON; and a report cut to fit one."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

LENGTH = struct.Struct("=I")
MAX_OUT = 1 << 20  # Thunderbird closes the port at one byte more
MAX_PART = 160_000  # characters of a text that is sent in parts: none takes more than six bytes in JSON
MAX_IN = 8 << 20  # a chunk of 512 KiB in base64 is a tenth of it

# Longest list, longest text, tried in this order until the frame fits.
_CUTS = ((400, 8000), (200, 2000), (100, 600), (50, 200), (20, 80), (8, 40), (3, 20))


class FrameError(Exception):
    """A frame that can't be read. `fatal`: nothing after it can be either."""

    def __init__(self, code: int, message: str, fatal: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.fatal = fatal


def read(receive: Callable[[int], bytes]) -> Any | None:
    """The next object, None at the end of the input. `receive(n)` gives up to n bytes, b"" at the end. Raises FrameError."""
    head = _exactly(receive, LENGTH.size)
    if not head:
        return None
    if len(head) < LENGTH.size:
        raise FrameError(-32700, "the input ended in the middle of a frame", fatal=True)
    (size,) = LENGTH.unpack(head)
    if size > MAX_IN:
        left = size
        while left:
            skipped = receive(min(left, 1 << 16))
            if not skipped:
                raise FrameError(
                    -32600,
                    f"a frame of {size} bytes is over the limit of {MAX_IN}, and the input ended in it",
                    fatal=True,
                )
            left -= len(skipped)
        raise FrameError(-32600, f"a frame of {size} bytes is over the limit of {MAX_IN}")
    body = _exactly(receive, size)
    if len(body) < size:
        raise FrameError(-32700, "the input ended in the middle of a frame", fatal=True)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError(-32700, "the frame is no JSON") from error
    if value is None:
        raise FrameError(-32600, "the frame holds null, no request")
    return value


def pack(value: Any) -> bytes:
    """One object as a frame. The caller keeps it below MAX_OUT."""
    body = text(value).encode("utf-8", "replace")
    return LENGTH.pack(len(body)) + body


def text(value: Any) -> str:
    """An object as it stands in a frame."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parts(whole: str) -> list[str]:
    """A text in pieces that each fit into a frame; one, if it is short or empty."""
    return [whole[at : at + MAX_PART] for at in range(0, len(whole), MAX_PART)] or [""]


def pack_report(envelope: Callable[[Any], Any], report: dict[str, Any], more: str) -> bytes:
    """A report in its envelope as a frame below MAX_OUT: long lists and texts are cut as little as it takes.

    What was cut off a panel list is said there with the sentence `more` ("{count} more"); `defects` names it too, and
    `left_out` has how many parts the panel lacks (0: texts of it are shorter, or only what is beside it, or there is no panel).
    """
    frame = pack(envelope(report))
    for items, characters in _CUTS:
        if len(frame) - LENGTH.size < MAX_OUT:
            return frame
        cut = {key: _cut(value, items, characters, more if key == "panel" else None) for key, value in report.items()}
        cut["defects"] = [*cut["defects"][:20], "cut-for-size"]
        cut["left_out"] = _lacking(report["panel"], items)
        frame = pack(envelope(cut))
    if len(frame) - LENGTH.size < MAX_OUT:
        return frame
    blocks = cut["panel"]
    left_out = cut["left_out"] + (len(blocks) - 1 if blocks else 0)
    bare = {**cut, "panel": blocks and blocks[:1], "findings": [], "links": [], "hops": [], "attachments": []}
    return pack(envelope({**bare, "left_out": left_out}))


def _lacking(value: Any, items: int) -> int:
    """How many entries of lists are left out, those in what is left out not counted."""
    if isinstance(value, list):
        return max(0, len(value) - items) + sum(_lacking(item, items) for item in value[:items])
    if isinstance(value, dict):
        return sum(_lacking(item, items) for item in value.values())
    return 0


def _cut(value: Any, items: int, characters: int, more: str | None) -> Any:
    """`more` None: not in the panel, where nothing is said in words."""
    if isinstance(value, str):
        return value if len(value) <= characters else value[:characters] + "…"
    if isinstance(value, list):
        cut = [_cut(item, items, characters, more) for item in value[:items]]
        left = len(value) - len(cut)
        if not left or more is None:
            return cut
        if isinstance(value[0], dict) and "kind" in value[0]:
            cut.append({"kind": "more", "text": more.format(count=left)})
        elif isinstance(value[0], dict) and "standing" in value[0] and "body" in value[0]:
            said = {"kind": "more", "text": more.format(count=left)}
            cut.append({"standing": "claimed", "time": None, "gap": None, "body": [said]})
        elif isinstance(value[0], list) and value[0] and isinstance(value[0][0], dict):
            cut.append([{"kind": "more", "text": more.format(count=left)}])
        return cut
    if isinstance(value, dict):
        return {key: _cut(item, items, characters, more) for key, item in value.items()}
    return value


def _exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    """`size` bytes, fewer only at the end of the input."""
    first = receive(size)
    if len(first) == size or not first:
        return first
    data = bytearray(first)
    while len(data) < size:
        piece = receive(size - len(data))
        if not piece:
            break
        data += piece
    return bytes(data)
