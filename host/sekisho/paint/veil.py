"""A text without what is the reader's own, however it is written there: plain, folded, escaped, encoded, turned round or hashed.

A text is searched in views: as it stands (one width, no case, without blanks and what cannot be seen), with escapes undone, and what its
runs of base64 and hexadecimal hold, views of views included. A hit in any of them is cut from the text as it stands. What cannot be
undone (hashes, base64 in lower case, base32, ROT13, reversed) is reckoned from the reader's own and looked for.
"""

from __future__ import annotations

import re
from base64 import b32encode
from binascii import Error, a2b_base64, b2a_base64
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from unicodedata import category, normalize

from sekisho.mail import domain
from sekisho.mail.ip import canonical, in_networks
from sekisho.named import NamedTuple

MASK = "********"  # as the articles write it
MAX_DEPTH = 3  # encodings in encodings
MAX_RUN = 200_000  # characters of one encoded run
MAX_HEX = 4096  # of a run in which hashes are looked for at every place
MIN_RUN = 6  # characters of an encoded run: fewer hold nothing that could be told from chance
MIN_NAME = 6  # letters of a name without blanks that is found within other words, too
MIN_CUT = 5  # characters of an own name that a text, cut off there, still has
MAX_HASHED = 12  # addresses whose hashes are looked for without their hexadecimal form
MAX_WORD = 200
MAX_TAIL = 300  # characters before the place where a text was cut
MIN_LOCAL = 3  # of the part before the @, alone
# Before the @, these are everybody's: alone they name nobody, and public desks are worth keeping.
ROLES = frozenset(
    [
        "abuse",
        "admin",
        "administrator",
        "billing",
        "bounce",
        "bounces",
        "cert",
        "contact",
        "daemon",
        "help",
        "helpdesk",
        "hostmaster",
        "info",
        "inquiry",
        "kontakt",
        "list",
        "mail",
        "mailer",
        "mailer-daemon",
        "news",
        "newsletter",
        "no-reply",
        "noc",
        "nobody",
        "noreply",
        "office",
        "order",
        "orders",
        "phishing",
        "postmaster",
        "privacy",
        "reply",
        "root",
        "sales",
        "security",
        "service",
        "soc",
        "spam",
        "staff",
        "support",
        "team",
        "test",
        "user",
        "users",
        "webmaster",
    ]
)


class Own(NamedTuple):
    """What is the reader's own, all of it as text. `domains`: with everything below them. `hosts`: names of their own, whole.
    `words`: of names, cut where they stand alone. `networks`: in CIDR."""

    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


class _Needle(NamedTuple):
    text: str  # squeezed, in lower case
    alone: str  # what must not stand beside it: word (letters and digits), number (digits), "" (whatever)


class _View(NamedTuple):
    """`text` in its case; `place(n)`: where its nth character begins in the text as it stands; `octets`: one character a byte;
    `writing`: plain, escaped or encoded."""

    text: str
    place: Callable[[int], int]
    octets: bool
    writing: str


class Veil:
    """One reader's. Nothing raises; each text costs in proportion to its length."""

    def __init__(self, own: Own) -> None:
        self._words, self._octets = _needles(own)
        self._locals = frozenset(
            local
            for address in own.addresses
            for local in _parts_of(address.partition("@")[0].lower())
            if len(local) >= MIN_LOCAL and local not in ROLES
        )
        self._digests = _digests(own.addresses)
        self._bare = tuple(digest.decode("latin-1") for digest in _digests(own.addresses[:MAX_HASHED]))
        self._networks = own.networks
        self._ips = frozenset(map(canonical, own.ips)) - {""}
        self._begins = tuple(sorted({needle.text for needle in self._words if len(needle.text) > MIN_CUT}))
        self._short = tuple({begin[:MIN_CUT] for begin in self._begins if begin[:MIN_CUT].isalpha()})
        self._cached: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text with MASK for whatever is the reader's own."""
        known = self._cached.get(text)
        if known is None:
            known = self._cached[text] = self.pieces([text])[0]
        return known

    def pieces(self, pieces: list[str]) -> list[str]:
        """Pieces of one text, searched as a whole: what goes over an edge is cut on both sides, and MASK stands in the first."""
        text = "".join(pieces)
        cuts = _merged(self._found(text)) if text else []
        if not cuts:
            return pieces
        out, at = [], 0
        for piece in pieces:
            end = at + len(piece)
            made, last = "", at
            for start, stop in cuts:
                if stop <= at or start >= end:
                    continue
                made += text[last : max(start, at)] if start > last else ""
                made += MASK if start >= at else ""
                last = min(stop, end)
            out.append(made + text[last:end])
            at = end
        return out

    def holds(self, text: str) -> bool:
        """Whether anything of the reader's own stands in it."""
        return self.text(text) != text

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        shown = _shown(text)
        yield from self._search(shown, text, 0)
        yield from self._networked(text)
        yield from self._cut_off(text)

    def _search(self, view: _View, text: str, depth: int) -> Iterator[tuple[int, int]]:
        for start, end in self._hits(view):
            begin = view.place(start)
            stop = max(view.place(end), view.place(end - 1) + 1)
            plain = view.writing == "escaped" and text[begin:stop] == view.text[start:end]  # nothing in it was escaped
            yield _widened(text, begin, stop, "plain" if plain else view.writing)
        if depth < MAX_DEPTH:
            for further in _views(view):
                yield from self._search(further, text, depth + 1)

    def _hits(self, view: _View) -> list[tuple[int, int]]:
        unseen = _BLANK if view.octets else _UNSEEN
        low, spaced = _lower(view.text.translate(unseen)), _lower(view.text)
        places: list[int] = []
        out = []
        for needle in self._octets if view.octets else self._words:
            at = low.find(needle.text)
            while at >= 0:
                places = places or _kept(view.text, unseen)
                start, end = places[at], places[at + len(needle.text) - 1] + 1
                if not needle.alone or _alone(spaced, start, end, needle.alone):
                    out.append((start, end))
                at = low.find(needle.text, at + 1)
        if any(local in spaced for local in self._locals):
            for match in _word().finditer(spaced):
                if self._locals.intersection((match.group(), *_word_ends(match.group()))):
                    out.append(match.span())
        if self._digests:
            out += self._hashes(low, view)
        return out

    def _hashes(self, low: str, view: _View) -> Iterator[tuple[int, int]]:
        """Hashes in hexadecimal, and within what was decoded."""
        places: list[int] = []
        for match in _hex().finditer(low):
            for odd in range(2):
                run = match.group()[odd:MAX_HEX]
                octets = bytes.fromhex(run[: len(run) // 2 * 2])
                for size in _SIZES:
                    for at in range(len(octets) - size + 1):
                        if octets[at : at + size] in self._digests:
                            places = places or _kept(view.text, _BLANK if view.octets else _UNSEEN)
                            begin = match.start() + odd + 2 * at
                            yield places[begin], places[begin + 2 * size - 1] + 1
        for digest in self._bare if view.writing == "encoded" else ():
            at = view.text.find(digest)
            while at >= 0:
                yield at, at + len(digest)
                at = view.text.find(digest, at + 1)

    def _networked(self, text: str) -> Iterator[tuple[int, int]]:
        """The reader's own addresses in another spelling, and those within the own networks."""
        if not self._networks and not self._ips:
            return
        for match in _address().finditer(text):
            ip = canonical(match.group())
            if ip and (ip in self._ips or in_networks(ip, self._networks)):
                yield match.span()

    def _cut_off(self, text: str) -> Iterator[tuple[int, int]]:
        """The beginning of an own name where a text was cut for its length, plain or in any writing."""
        at, before = text.find("…"), -1
        while at >= 0:
            first = max(before + 1, at - MAX_TAIL)  # each character once, however often it was cut
            tail = _lower(text[first:at])
            for whole in self._begins:
                for size in range(min(len(whole) - 1, len(tail)), MIN_CUT - 1, -1):
                    if tail.endswith(whole[:size]) and not tail[len(tail) - size - 1 : len(tail) - size].isalnum():
                        yield at - size, at
                        break
            words = text[first:at].split()
            last = words[-1] if words else ""
            if any(begin in said for said in _said_in(_shown(last), MAX_DEPTH) for begin in self._short):
                yield at - len(last), at
            at, before = text.find("…", at + 1), at


def _said_in(view: _View, depth: int) -> Iterator[str]:
    """What a text says in every writing but its own."""
    for further in _views(view) if depth else ():
        yield _lower(further.text.translate(_BLANK))
        yield from _said_in(further, depth - 1)


def _merged(cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(cuts):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif end > start:
            out.append((start, end))
    return out


# ------------------------------------------------------------------ views


def _shown(text: str) -> _View:
    """A text in one width (NFKC), what cannot be seen left out."""
    if text.isascii():
        return _View(text, lambda at: at, False, "plain")
    out: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        made = _one_width(char)
        out.append(made)
        places += [at] * len(made)
    places.append(len(text))
    return _View("".join(out), places.__getitem__, False, "plain")


@cache
def _one_width(char: str) -> str:
    if category(char) in ("Cf", "Mn", "Me"):
        return ""
    return normalize("NFKC", char)


def _views(view: _View) -> Iterator[_View]:
    """What a view says with one encoding undone; the runs of an encoding as one, with _APART between them."""
    text = view.text
    if "%" in text or "&" in text or "\\" in text:
        yield from _unescaped(view, _escape())
    if "=" in text:
        yield from _unescaped(view, _printable())
    unseen = _BLANK if view.octets else _UNSEEN
    squeezed = text.translate(unseen)
    kept: list[int] = []

    def place(at: int) -> int:
        if not kept:
            kept.extend(_kept(text, unseen))
            kept.append(len(text))
        return view.place(kept[min(at, len(kept) - 1)])

    runs = [(match.group()[:MAX_RUN].translate(_STANDARD), match.start()) for match in _base64().finditer(squeezed)]
    for first in range(4 if runs else 0):
        pieces = [(_from_base64(run[first:]), begin + first, (4, 3)) for run, begin in runs]
        yield _joined(pieces, place)
    bare, between = _without_signs(squeezed)
    runs = [(match.group()[:MAX_RUN], match.start()) for match in _hex_run().finditer(bare)]
    for first in range(2 if runs else 0):
        pieces = [(_from_hex(run[first:]), begin + first, (2, 1)) for run, begin in runs]
        yield _joined(pieces, lambda at: place(between[min(at, len(between) - 1)]))


def _joined(pieces: list[tuple[str, int, tuple[int, int]]], place: Callable[[int], int]) -> _View:
    """Decoded runs, each with where it begins and how many characters make how many octets."""
    starts: list[int] = []
    size = 0
    for octets, _, _ in pieces:
        starts.append(size)
        size += len(octets) + len(_APART)

    def where(at: int) -> int:
        piece = max(bisect_right(starts, at) - 1, 0)
        _, begin, (characters, made) = pieces[piece]
        return place(begin + (at - starts[piece]) * characters // made)

    return _View(_APART.join(octets for octets, _, _ in pieces) + _APART, where, True, "encoded")


def _from_base64(run: str) -> str:
    run = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return a2b_base64(run + "=" * (-len(run) % 4)).decode("latin-1")
    except (Error, ValueError):
        return ""


def _from_hex(run: str) -> str:
    return bytes.fromhex(run[: len(run) // 2 * 2]).decode("latin-1")


def _without_signs(text: str) -> tuple[str, list[int]]:
    """A text without what separates octets in hexadecimal, and where each character stood."""
    places = [at for at, char in enumerate(text) if char not in _BETWEEN]
    places.append(len(text))
    return "".join(char for char in text if char not in _BETWEEN), places


_BETWEEN = frozenset(":-,;|")


def _unescaped(view: _View, pattern: re.Pattern[str]) -> Iterator[_View]:
    """A view with escapes undone, as octets; none where it has none."""
    text = view.text
    out: list[str] = []
    places: list[int] = []
    last = 0
    for match in pattern.finditer(text):
        _append(out, places, text[last : match.start()], last, view.octets)
        said = _said(match)
        out.append(said)
        places += [match.start()] * len(said)
        last = match.end()
    if last == 0:
        return
    _append(out, places, text[last:], last, view.octets)
    places.append(len(text))
    yield _View(
        "".join(out), lambda at: view.place(places[at]), True, "encoded" if view.writing == "encoded" else "escaped"
    )


def _append(out: list[str], places: list[int], text: str, at: int, octets: bool) -> None:
    if octets or text.isascii():
        out.append(text)
        places += range(at, at + len(text))
        return
    for offset, char in enumerate(text):
        made = char.encode("utf-8", "replace").decode("latin-1")
        out.append(made)
        places += [at + offset] * len(made)


def _said(match: re.Match[str]) -> str:
    """What an escape stands for, as octets."""
    kind = match.lastgroup
    if kind is None:
        return _ENTITIES.get(match.group(), "")
    digits = match.group(kind)
    code = int(digits, 10 if kind == "decimal" else 16)
    if kind == "octet":
        return chr(code)
    return chr(code).encode("utf-8", "replace").decode("latin-1") if code < 0x110000 else ""


_ENTITIES = {
    "&commat;": "@",
    "&period;": ".",
    "&lowbar;": "_",
    "&hyphen;": "-",
    "&dash;": "-",
    "&equals;": "=",
    "&plus;": "+",
    "&amp;": "&",
    "&nbsp;": " ",
    "_": " ",
}


@cache
def _escape() -> re.Pattern[str]:
    """Percent-encoding (RFC 3986), character references of HTML, escapes of JavaScript and JSON."""
    return re.compile(
        r"(?:%|\\x)(?P<octet>[0-9A-Fa-f]{2})|[%\\]u\{?(?P<unicode>[0-9A-Fa-f]{4,6})\}?"
        r"|&#(?:[xX](?P<hexadecimal>[0-9A-Fa-f]{1,6})|(?P<decimal>[0-9]{1,7}));?"
        r"|&(?:commat|period|lowbar|hyphen|dash|equals|plus|amp|nbsp);"
    )


@cache
def _printable() -> re.Pattern[str]:
    """Quoted-printable (RFC 2045 §6.7) and the Q encoding of words (RFC 2047 §4.2)."""
    return re.compile(r"=(?P<octet>[0-9A-Fa-f]{2})|=[ \t]*\r?\n|_")


@cache
def _base64() -> re.Pattern[str]:
    return re.compile(rf"[A-Za-z0-9+/\-_]{{{MIN_RUN},}}")


@cache
def _hex() -> re.Pattern[str]:
    return re.compile(r"[0-9a-f]{32,}")


@cache
def _hex_run() -> re.Pattern[str]:
    return re.compile(r"[0-9A-Fa-f]{8,}")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[a-z0-9]+(?:[._\-][a-z0-9]+)*")


@cache
def _address() -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9])|(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
    )


_STANDARD = str.maketrans("-_", "+/")
# Blanks, controls and what cannot be seen; brackets, which defanging puts round a dot.
_BLANK = dict.fromkeys((*range(33), *map(ord, "[]")))
_UNSEEN = {
    **_BLANK,
    **dict.fromkeys((*range(127, 161), 173, *map(ord, "\u200b\u200c\u200d\u2060\ufeff\u3000"))),
}


def _kept(text: str, unseen: Mapping[int, None]) -> list[int]:
    return [at for at, char in enumerate(text) if ord(char) not in unseen]


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _alone(text: str, start: int, end: int, what: str) -> bool:
    """Whether no ASCII letter or digit, or no digit, stands beside it."""
    return not any(
        char.isascii() and (char.isdigit() if what == "number" else char.isalnum())
        for char in (text[start - 1 : start] if start else "", text[end : end + 1])
    )


def _word_ends(word: str) -> Iterator[str]:
    """What is left of a word with signs in it from each of them on, and its single words: old.hanako, hanako-2024."""
    if len(word) > MAX_WORD:
        return
    for sign in "._-":
        yield from word.split(sign)
    yield from (word[at + 1 :] for at, char in enumerate(word) if char in "._-")
    yield from (word[:at] for at, char in enumerate(word) if char in "._-")


def _widened(text: str, start: int, end: int, writing: str) -> tuple[int, int]:
    """A hit with what belongs to it: the name before its @, the labels before its domain; the run around an encoded one."""
    if writing != "plain":
        more = _RUN if writing == "encoded" else _ESCAPED
        while start and text[start - 1] in more:
            start -= 1
        while end < len(text) and (text[end] in more or (text[end] == "=" and writing == "encoded")):
            end += 1
        return start, end
    while start and text[start - 1] in _LABEL:
        start -= 1
    # VERP: owner-hanako=office.example@list.example
    if start and (text[start - 1] == "@" or (text[start - 1] in "=+" and text[end : end + 1] == "@")):
        start -= 1
        while start and text[start - 1] in _LOCAL:
            start -= 1
    while end < len(text) and text[end] in _WITHIN:
        end += 1
    return start, end


_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_LOCAL = _LABEL | frozenset("+=!#$%&'*^`{|}~")
_WITHIN = _LABEL - frozenset(".")
_RUN = _WITHIN | frozenset("+")
_ESCAPED = _LABEL | frozenset("%+@#;\\")
_APART = "\xff\xff"


# ------------------------------------------------------------------ needles


def _needles(own: Own) -> tuple[tuple[_Needle, ...], tuple[_Needle, ...]]:
    """What to look for in texts, and in octets."""
    plain: dict[str, str] = {}
    octets: dict[str, str] = {}

    def add(text: str, alone: str = "") -> None:
        squeezed = _lower(_shown(text).text).translate(_UNSEEN)
        if len(squeezed) < 2:
            return
        plain[squeezed] = plain.get(squeezed, alone) and alone
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5"):
            try:
                made = text.encode(encoding)
            except UnicodeError:
                continue
            if encoding == "iso2022_jp":
                made = re.sub(rb"\x1b[$(].", b"", made)
            latin = _lower(made.decode("latin-1").translate(_BLANK))
            if len(latin) >= (2 if text.isascii() else 4):
                octets[latin] = octets.get(latin, alone) and alone if alone != "number" else ""

    for name in own.domains:
        for form in {name, domain.unicode_form(name), domain.normalise(name)} - {""}:
            for written in _spelled(form):
                add(written)
    for host in own.hosts:
        add(host, "" if "." in host else "word")
        if "." in host:
            for written in _turned(host):
                add(written)
    for address in own.addresses:
        local, _, place = address.lower().partition("@")
        for sign in ("@", "=", "+", "%", "#", "!", "/at/", "(at)", "_at_", "-at-"):
            add(f"{local}{sign}{place}")
        for written in _turned(address.lower()):
            add(written)
    for name in own.names:
        for written in (name, name[::-1], *((name.lower().translate(_ROT13),) if name.isascii() else ())):
            add(written, "word" if name.isascii() and len(name) < MIN_NAME else "")
    for word in own.words:
        for written in (word, word[::-1], *((word.lower().translate(_ROT13),) if word.isascii() else ())):
            add(written, "word" if word.isascii() else "")
    for ip in own.ips:
        for written in _ip_forms(ip):
            add(written, "word" if written.isalnum() else "number")
            add(written[::-1], "word" if written.isalnum() else "number")
    return tuple(_Needle(*item) for item in plain.items()), tuple(_Needle(*item) for item in octets.items())


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(_LETTERS, _LETTERS[13:] + _LETTERS[:13])


def _spelled(name: str) -> Iterator[str]:
    """A domain as others write it into their own names."""
    yield name
    for sign in ("-", "_", ""):
        written = name.replace(".", sign)
        if len(written) >= 8:
            yield written
    yield name.replace(".", "(dot)")
    yield from _turned(name)


def _turned(text: str) -> Iterator[str]:
    """Forms from which a text cannot be read where they stand."""
    yield text[::-1]
    yield text.translate(_ROT13)
    octets = text.encode("utf-8", "replace")
    for before in range(3):  # three octets become four characters; host names are in lower case
        made = b2a_base64(b"\0" * before + octets, newline=False).decode("ascii").rstrip("=")
        piece = made[(0, 2, 3)[before] :]
        piece = piece[:-1] if (before + len(octets)) % 3 else piece
        if len(piece) >= 8:
            yield piece.lower()
            yield piece.lower().replace("+", "-").replace("/", "_")
    for before in range(5):  # five octets become eight
        made = b32encode(b"\0" * before + octets).decode("ascii").rstrip("=")
        piece = made[(0, 2, 4, 5, 7)[before] :]
        piece = piece[:-1] if (before + len(octets)) % 5 else piece
        if len(piece) >= 8:
            yield piece.lower()


def _ip_forms(ip: str) -> Iterator[str]:
    from ipaddress import IPv4Address, ip_address

    try:
        read = ip_address(ip)
    except ValueError:
        yield ip
        return
    if isinstance(read, IPv4Address):
        parts = str(read).split(".")
        for order in (parts, parts[::-1]):
            for sign in (".", "-", "_"):
                yield sign.join(order)
            yield ".".join(part.zfill(3) for part in order)
            yield "-".join(part.zfill(3) for part in order)
            yield "".join(part.zfill(3) for part in order)
        yield f"{int(read):08x}"
        yield f"0x{int(read):08x}"
        yield str(int(read))
        yield ".".join(f"0{int(part):o}" for part in parts)
        return
    whole = read.exploded
    bare = whole.replace(":", "")
    for written in (str(read), whole, ":".join(part.lstrip("0") or "0" for part in whole.split(":"))):
        yield written
        yield written.replace(":", "-")
    yield bare
    yield ".".join(bare[::-1])


_SIZES = (16, 20, 28, 32, 48, 64)


def _digests(addresses: Iterable[str]) -> frozenset[bytes]:
    """What programs for mailings and profile pictures make of an address."""
    from hashlib import md5, sha1, sha224, sha256, sha384, sha512

    out = set()
    for address in addresses:
        low = address.lower()
        for written in {low, address, address.upper(), f"{low}\n", f"mailto:{low}", low.partition("@")[0]}:
            for make in (md5, sha1, sha224, sha256, sha384, sha512):
                out.add(make(written.encode("utf-8", "replace"), usedforsecurity=False).digest())
    return frozenset(out)


def _parts_of(local: str) -> set[str]:
    """A local part, and it without its tag (RFC 5233)."""
    return {local, local.partition("+")[0]}
