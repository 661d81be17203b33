"""Bytes to text the way mail in the field means it, not the way the label says.

Shift_JIS in mail is Windows' cp932, ISO-2022-JP is cp50220 (NEC and IBM extensions, half-width kana), EUC-JP is cp51932.
Python has no cp50220, so the escape sequences are walked here and each run is handed to cp932.
"""

from __future__ import annotations

import re
from codecs import lookup
from functools import cache

# Labels that browsers and mail programs read as a superset (WHATWG Encoding, plus what Japanese senders write).
_SUPERSETS = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "cp943": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "cp51932": "euc_jp",
    "eucjp": "euc_jp",
    "eucjp-ms": "euc_jp",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
}
_UTF_16 = frozenset({"utf-16", "utf-16le", "utf-16be"})
_PROBE = b"https://a.B-9/?c=d&e_f#g~h"
_JIS = frozenset({"iso-2022-jp", "csiso2022jp", "cp50220", "cp50221", "cp50222", "iso-2022-jp-1", "iso-2022-jp-ms"})
# UTF-7 hides text from every reader that does not know it, and no honest mail needs it (WHATWG refuses it too).
# The rest are codecs of Python's that are no charsets, and would raise or blow up. By the name Python has for them: it
# knows each under many ("utf7", "U7", "utf 7").
_REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_ESCAPE = re.compile(rb"(\x1b\$[@B]|\x1b\([BJI])")
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
MAX_LABEL = 40


def decode(data: bytes, label: str = "") -> str:
    """Text of `data` under the charset `label`; a missing, unknown or lying label is guessed. Never raises."""
    if data[:3] == b"\xef\xbb\xbf":
        data, label = data[3:], "utf-8"  # a byte order mark outweighs every label (WHATWG Encoding §6)
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        label = "utf-16"
    name = label.strip().strip("\"'").lower()[:MAX_LABEL]
    if name in _JIS:
        return iso_2022_jp(data)
    codec = _SUPERSETS.get(name, name)
    if name in ("us-ascii", "ascii", "") or _refused(codec):
        return guess(data)
    try:
        return scalar(data.decode(codec))
    except (LookupError, UnicodeError, ValueError, TypeError):
        pass
    guessed = _strict_guess(data)
    if guessed is not None:
        return guessed
    try:
        return scalar(data.decode(codec, "replace"))
    except (LookupError, UnicodeError, ValueError, TypeError):
        return data.decode("cp1252", "replace")


def marked(data: bytes) -> str:
    """The charset that a byte order mark says; "" where there is none."""
    if data[:3] == b"\xef\xbb\xbf":
        return "utf-8"
    return {b"\xff\xfe": "utf-16le", b"\xfe\xff": "utf-16be"}.get(data[:2], "")


def in_html(data: bytes) -> str:
    """The label that an HTML text gives itself (HTML §13.2.3.2, its first 4 kB); "" when it gives none.

    Thunderbird looks for it only where the header names no charset, and so does who calls this. It does not believe one that
    text in UTF-8 belies.
    """
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return "utf-8"
    head = data[:4096].lower()
    at = head.find(b"charset")
    if at < 0 or b"<meta" not in head[:at]:
        return ""
    match = re.match(rb"charset\s{0,9}=\s{0,9}[\"']?([!#-&(-;?-~]{1,40})", head[at:])
    return match.group(1).decode("ascii").rstrip("/;,") if match else ""


def _refused(codec: str) -> bool:
    try:
        found = lookup(codec).name
        # Codecs that mean something else by ASCII bytes (EBCDIC, UTF-32) are known to no mail program, which shows such a
        # text as it is. UTF-16 is known, under these names.
        return found in _REFUSED or (codec not in _UTF_16 and _PROBE.decode(codec) != _PROBE.decode("ascii"))
    except (LookupError, UnicodeError, ValueError, TypeError):
        return codec not in _UTF_16  # unknown, and guessed for that


def is_utf_7(label: str) -> bool:
    """Whether the label means UTF-7: Thunderbird knows it as csUnicode11UTF7 and x-unicode-2-0-utf-7 too."""
    return "7" in label and "utf7" in label[:MAX_LABEL].lower().replace("-", "").replace("_", "").replace(" ", "")


def guess(data: bytes) -> str:
    """Text of `data` without any label: ASCII, UTF-8, ISO-2022-JP, cp932, EUC-JP, in the order of how hard each is to hit by chance."""
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    text = _strict_guess(data)
    return text if text is not None else data.decode("cp1252", "replace")


def iso_2022_jp(data: bytes) -> str:
    """cp50220: ISO-2022-JP (RFC 1468) with the NEC and IBM rows and half-width kana; raw 8-bit runs are guessed."""
    out: list[str] = []
    mode = b"B"
    for part in _ESCAPE.split(data):
        if part[:1] == b"\x1b" and _ESCAPE.fullmatch(part):
            mode = b"$" if part[1:2] == b"$" else part[2:3]
        elif mode == b"$":
            out.append(_kanji(part))
        elif mode == b"I":
            out.append(bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in part).decode("cp932", "replace"))
        elif part.isascii():
            out.append(part.decode("ascii"))
        else:
            out.append(guess(part))
    return "".join(out)


def _kanji(run: bytes) -> str:
    """A run of two-byte JIS X 0208 characters, shifted into cp932's rows; a line end inside it belongs to no character."""
    out = bytearray()
    at = 0
    while at < len(run):
        row = run[at]
        cell = run[at + 1] if at + 1 < len(run) else 0
        if 0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E:
            out.append(((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1))
            out.append(cell + 0x1F + (cell >= 0x60) if row & 1 else cell + 0x7E)
            at += 2
        else:
            if row < 0x21:
                out.append(row)
            at += 1
    return out.decode("cp932", "replace")


def _strict_guess(data: bytes) -> str | None:
    if data.isascii():
        return iso_2022_jp(data) if b"\x1b" in data and _JIS_ESCAPE.search(data) else data.decode("ascii")
    for codec in ("utf-8", "cp932", "euc_jp"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        # Japanese text read as cp932 by mistake is mostly half-width kana; EUC-JP bytes do exactly that.
        if codec == "cp932" and len(_half_width().sub("", text)) * 2 < len(text):
            continue
        return text
    return None


@cache
def _half_width() -> re.Pattern[str]:
    return re.compile("[｡-ﾟ]+")


def scalar(text: str) -> str:
    """No lone surrogates: some codecs make them, and JSON in UTF-8 can't hold them."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
