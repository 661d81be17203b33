"""Encoded words and parameters: RFC 2047 and RFC 2231 text to Unicode.

Neighbouring words of one charset are joined as bytes before they are decoded: senders cut in the middle of a character.
Raw 8-bit text is guessed; a lone ISO-2022-JP run without encoded word is read too.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from itertools import compress

from sekisho.mail.charset import decode, guess

MAX_TEXT = 1 << 16  # bytes of one field's text; more is cut
MAX_PARAMETERS = 200
_WORD = re.compile(rb"=\?([!->@-~]{1,60})\?([bBqQ])\?")  # what it opens, the next `?=` closes
_BETWEEN = re.compile(rb"[ \t\r\n]*")
_PARAMETER = re.compile(rb';\s*([!#$%&\'*+.^_`|{}~0-9A-Za-z-]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_QUOTED_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_BASE64_JUNK = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


def decode_words(body: bytes) -> str:
    """The text of an unstructured field (RFC 2047 §6); white space between two encoded words is dropped."""
    data = body[:MAX_TEXT]
    if b"=?" not in data:
        return guess(data)
    out: list[str] = []
    pending = b""
    charset = ""
    at = 0
    while (match := _WORD.search(data, at)) is not None:
        end = data.find(b"?=", match.end())
        if end < 0:
            break  # never closed, and neither is any word behind it
        label = match.group(1).split(b"*")[0].decode("ascii").lower()  # RFC 2231 §5: charset*language
        gap = data[at : match.start()]
        adjacent = charset and _BETWEEN.fullmatch(gap)
        if not adjacent or label != charset:
            if charset:
                out.append(decode(pending, charset))
                pending = b""
            if not adjacent:
                out.append(guess(gap))
        charset = label
        pending += _word_bytes(match.group(2), data[match.end() : end])
        at = end + 2
    if charset:
        out.append(decode(pending, charset))
    out.append(guess(data[at:]))
    return "".join(out)


_PADDING = bytes(code == ord("=") for code in range(256))


def base64_bytes(text: bytes) -> bytes:
    """Base64 (RFC 4648 §4) with whatever a sender did to it: foreign bytes skipped, missing padding added, a broken end dropped.

    Padding in the middle ends no more than its own four characters, as in Thunderbird: texts encoded apart and joined go on.
    """
    clean = text.translate(None, _BASE64_JUNK)
    letters = clean.rstrip(b"=")
    if b"=" not in letters:
        if len(letters) % 4 == 1:
            letters = letters[:-1]
        return a2b_base64(letters + b"=" * (-len(letters) % 4))
    clean += b"=" * (-len(clean) % 4)
    zeroed = a2b_base64(clean.replace(b"=", b"A"))
    # Four letters make three bytes, one less for each padding among them. Masks, for there may be millions of those.
    padding = clean.translate(_PADDING)
    first, second, third, fourth = (int.from_bytes(padding[at::4], "big") for at in range(4))
    count = len(clean) // 4
    every = int.from_bytes(b"\1" * count, "big")
    two = (first & second) | ((first | second) & (third | fourth)) | (third & fourth)
    kept = bytearray(b"\1" * (3 * count))
    kept[1::3] = (every ^ two).to_bytes(count, "big")
    kept[2::3] = (every ^ (first | second | third | fourth)).to_bytes(count, "big")
    return bytes(compress(zeroed, kept))


def percent_bytes(text: bytes) -> bytes:
    """Percent-encoding undone (RFC 3986 §2.1); what is none stays."""
    return _PERCENT.sub(lambda match: bytes((int(match.group(1), 16),)), text) if b"%" in text else text


def _word_bytes(encoding: bytes, text: bytes) -> bytes:
    return base64_bytes(text) if encoding in b"bB" else a2b_qp(text, header=True)


def parameters(body: bytes) -> tuple[str, dict[str, str]]:
    """The value and the parameters of a structured field (RFC 2045 §5.1, RFC 2231 §3-4), e.g. Content-Type.

    Returns ("text/plain", {"charset": "utf-8"}); names lower case. Continuations are joined in the order of their numbers.
    """
    data = body[:MAX_TEXT]
    value = data.split(b";", 1)[0].strip()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(data)):
        if count >= MAX_PARAMETERS:
            break
        name = match.group(1).decode("ascii").lower()
        raw = match.group(2).strip()
        if raw.startswith(b'"'):
            raw = _QUOTED_PAIR.sub(rb"\1", raw[1:-1] if raw.endswith(b'"') and len(raw) > 1 else raw[1:])
        base, _, rest = name.partition("*")
        if not rest and "*" not in name:
            # A boundary is bytes to be found again, whatever they look like.
            plain.setdefault(base, raw.decode("utf-8", "surrogateescape") if base == "boundary" else decode_words(raw))
            continue
        extended = name.endswith("*")
        number = rest.rstrip("*")
        if number == "" or (number.isascii() and number.isdigit() and len(number) < 4):
            pieces.setdefault(base, {}).setdefault(int(number or 0), (raw, extended))
    for base, numbered in pieces.items():
        plain[base] = _joined(numbered)
    return guess(value).lower(), plain


def _joined(numbered: dict[int, tuple[bytes, bool]]) -> str:
    charset = ""
    out = b""
    for position, number in enumerate(sorted(numbered)):
        raw, extended = numbered[number]
        if extended:
            if position == 0 and raw.count(b"'") >= 2:
                label, _, raw = raw.split(b"'", 2)
                charset = guess(label)
            raw = percent_bytes(raw)
        out += raw
    return decode(out, charset)
