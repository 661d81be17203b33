"""A text without what is the reader's own, however it is written there: plain, folded, escaped, encoded, turned round or hashed.

A text is searched in views: as it stands (one width, no case, without blanks and what cannot be seen), with escapes undone, and what its
runs of base64 and hexadecimal hold, views of views included. A hit in any of them is cut from the text as it stands. What cannot be
undone (hashes, base64 in lower case, base32, ROT13, reversed) is reckoned from the reader's own and looked for.

Who writes a text decides how many views it has. So each text has work in proportion to its length and no more, counted in octets looked
through; what is not searched when that is used up is left out, and a mark says so: nothing passes unsearched.
"""

from __future__ import annotations

import re
from base64 import b32encode
from binascii import a2b_base64, b2a_base64
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from unicodedata import category, normalize

from sekisho.mail import domain
from sekisho.mail.ip import canonical, in_networks
from sekisho.named import NamedTuple

MASK = "********"  # as the articles write it
LEFT_OUT = "[left out: too long to be searched]"
MAX_DEPTH = 3  # encodings in encodings
MAX_TEXT = 128 << 10  # characters of one text that are searched
WORK = 24  # octets that may be looked through for each of a text's,
WORK_MORE = 32 << 10  # and for the shortest text
NEEDLES_WORK = 64  # so many needles looked for through a view are as much work as reading it
HIT_WORK = 64  # and so is one that is found
MIN_RUN = 6  # characters of an encoded run: fewer hold nothing that could be told from chance
MIN_NAME = 6  # letters of a name without blanks that is found within other words, too
MIN_CUT = 5  # characters of an own name that a text, cut off there, still has
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
    octets: bytes  # squeezed, in lower case
    alone: str  # what must not stand beside it: word (letters and digits), number (digits), "" (whatever); local: a word without blanks


class _View(NamedTuple):
    """`octets` in their case, UTF-8 where the text stands plain; `place(n)`: where the nth begins in the text as it stands; `writing`:
    plain, escaped or encoded; `even`: in one width."""

    octets: bytes
    place: Callable[[int], int]
    writing: str
    even: bool


class _SpentError(Exception):
    """A text has used up its work."""


class Veil:
    """One reader's. Nothing raises; each text costs in proportion to its length. `left_out` stands for what is not searched."""

    def __init__(self, own: Own, left_out: str = LEFT_OUT) -> None:
        self._left_out = left_out
        digests = _digests(own.addresses)
        needles = {**_needles(own), **_locals(own)}
        begins = {octets.decode("utf-8", "ignore") for octets in needles if len(octets) > MIN_CUT}
        needles |= {_squeezed(digest)[0].lower(): "" for digest in digests}
        self._short = tuple(_Needle(*item) for item in needles.items() if len(item[0]) < _HEAD)
        self._headed: dict[int, list[_Needle]] = {}  # by their first four octets, as a number
        for item in needles.items():
            if len(item[0]) >= _HEAD:
                self._headed.setdefault(_number(item[0]), []).append(_Needle(*item))
        self._heads = frozenset(self._headed)
        self._hexadecimal = frozenset(digest.hex().encode("ascii") for digest in digests)
        self._hex_heads = frozenset(digest[:_HEX_HEAD] for digest in self._hexadecimal)
        self._networks = own.networks
        self._ips = frozenset(map(canonical, own.ips)) - {""}
        self._begins = sorted(begins)  # not all their beginnings: a name may be as long as a mail
        self._longest = max(map(len, begins), default=0)
        short = {begin[:MIN_CUT] for begin in begins}
        self._cut = tuple(begin.encode("ascii") for begin in short if begin.isascii() and begin.isalpha())
        self._work = 0
        self._runs: dict[bytes, int] = {}  # and runs of an encoding
        self._clean: dict[bytes, int] = {}  # views in which nothing is, with how deep they lay
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
        whole = len(text)
        if whole > MAX_TEXT:
            text = text[:MAX_TEXT] + "…"  # so that what is cut in two here is found
        try:
            cuts = _merged(self._found(text)) if text else []
        except _SpentError:
            return [self._left_out, *("" for _ in pieces[1:])]
        if whole <= MAX_TEXT and not cuts:
            return pieces
        out, at = [], 0
        following = iter(cuts)
        cut = next(following, None)
        for piece in pieces:
            end = at + len(piece)
            shown = min(end, MAX_TEXT)
            made, last = [], at
            while cut and cut[0] < shown:
                start, stop = cut
                if start > last:
                    made.append(text[last:start])
                if start >= at:
                    made.append(MASK)
                last = max(last, min(stop, end))
                if stop > end:
                    break
                cut = next(following, None)
            made.append(text[last:shown])
            if at <= MAX_TEXT < end:
                made.append(self._left_out)
            out.append("".join(made))
            at = end
        return out

    def holds(self, text: str) -> bool:
        """Whether anything of the reader's own stands in it."""
        return self.text(text) != text

    # ---------------------------------------------------------------- search

    def _found(self, text: str) -> list[tuple[int, int]]:
        self._work = WORK * len(text) + WORK_MORE
        self._clean.clear()
        self._runs.clear()
        self._spend(6 * HIT_WORK * text.count("…"))
        out: list[tuple[int, int]] = []
        self._search(_plain(text), text, _Runs(text), 0, out)
        out += self._networked(text)
        out += self._cut_off(text)
        return out

    def _search(self, view: _View, text: str, runs: _Runs, depth: int, out: list[tuple[int, int]]) -> None:
        if self._clean.get(view.octets, MAX_DEPTH + 1) <= depth:
            return
        even = None if view.even else _in_one_width(view)
        if even is not None and view.writing == "plain":
            self._search(even, text, runs, depth, out)
            return
        before = len(out)
        squeezed, kept = _squeezed(view.octets)
        low = squeezed.lower()
        self._spend(len(view.octets))
        hits = set(self._hits(view, low, kept))
        self._spend(HIT_WORK * len(hits))
        for start, end, whole in hits:
            begin = view.place(start)
            stop = max(view.place(end), view.place(end - 1) + 1)
            # where nothing of a hit was escaped, it stands there as it is
            as_is = view.writing == "escaped" and text[begin:stop].encode("utf-8", "replace") == view.octets[start:end]
            out.append(runs.widened(begin, stop, "plain" if as_is else view.writing, whole))
        cut = "…" in text
        if cut and view.writing != "plain":
            out += self._cut_encoded(view, low, kept, runs)
        if even is not None:
            self._search(even, text, runs, depth, out)
        elif depth < MAX_DEPTH:
            for further, held in _views(view, squeezed, kept, lambda run: self._runs.get(run, MAX_DEPTH + 1) > depth):
                found = len(out)
                self._search(further, text, runs, depth + 1, out)
                if len(out) == found and not cut:
                    for run in held:
                        self._runs[run] = depth
        if len(out) == before and not cut:
            self._clean[view.octets] = depth  # whichever way it is reached again

    def _spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise _SpentError

    def _hits(self, view: _View, low: bytes, kept: Callable[[], list[int]]) -> Iterator[tuple[int, int, bool]]:
        """Where in the view's octets, and whether all of the word around it goes with it."""
        needles = list(self._short)
        for first in range(_HEAD):
            size = (len(low) - first) // _HEAD * _HEAD
            for head in self._heads.intersection(memoryview(low)[first : first + size].cast("I")) if size else ():
                needles += self._headed[head]
        self._spend(len(low) * len(needles) // NEEDLES_WORK)
        for octets, alone in needles:
            size = len(octets)
            at = low.find(octets)
            while at >= 0:
                places = kept()
                start, end = places[at], places[at + size - 1] + 1
                if not alone or _alone(view, start, end, alone, size):
                    yield start, end, alone == "local"
                at = low.find(octets, at + 1)
        for start, end in self._hashes(low) if self._hexadecimal else ():
            places = kept()
            yield places[start], places[end - 1] + 1, False

    def _hashes(self, low: bytes) -> Iterator[tuple[int, int]]:
        """Hashes in hexadecimal."""
        for match in _hex().finditer(low):
            run, heads = match.group(), self._hex_heads
            for at in [at for at in range(len(run) - 31) if run[at : at + _HEX_HEAD] in heads]:
                for size in _SIZES:
                    if at + 2 * size <= len(run) and run[at : at + 2 * size] in self._hexadecimal:
                        yield match.start() + at, match.start() + at + 2 * size

    def _networked(self, text: str) -> Iterator[tuple[int, int]]:
        """The reader's own addresses in another spelling, and those within the own networks."""
        if not self._networks and not self._ips:
            return
        known: dict[str, bool] = {}
        for pattern in (_ipv4(), *([_ipv6()] if text.count(":") > 1 else ())):
            for match in pattern.finditer(text):
                written = match.group()
                if written not in known:
                    ip = canonical(written)
                    known[written] = bool(ip) and (ip in self._ips or in_networks(ip, self._networks))
                if known[written]:
                    yield match.span()

    def _cut_off(self, text: str) -> Iterator[tuple[int, int]]:
        """The beginning of an own name where a text was cut for its length."""
        at, before = text.find("…"), -1
        while at >= 0:
            first = max(before + 1, at - MAX_TAIL, at - self._longest)  # each character once, however often it was cut
            tail = _lower(text[first:at])
            for size in range(len(tail), MIN_CUT - 1, -1):
                start = len(tail) - size
                if (not start or not tail[start - 1].isalnum()) and self._begin(tail[start:]):
                    yield at - size, at
                    break
            at, before = text.find("…", at + 1), at

    def _begin(self, piece: str) -> bool:
        """Whether an own name begins with it."""
        place = bisect_left(self._begins, piece)
        return place < len(self._begins) and self._begins[place].startswith(piece)

    def _cut_encoded(
        self, view: _View, low: bytes, kept: Callable[[], list[int]], runs: _Runs
    ) -> Iterator[tuple[int, int]]:
        """The same in any other writing: the last word before the cut goes, where it says how an own name begins."""
        for begin in self._cut:
            at = low.find(begin)
            while at >= 0:
                self._spend(HIT_WORK)
                word = runs.cut_word(view.place(kept()[at]))
                if word is not None:
                    yield word
                at = low.find(begin, at + 1)


_HEAD = 4
_HEX_HEAD = 12


def _number(octets: bytes) -> int:
    return memoryview(octets[:_HEAD]).cast("I")[0]


def _merged(cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(set(cuts)):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif end > start:
            out.append((start, end))
    return out


class _Runs:
    """What belongs to a hit where it stands: the name before its @, the labels before its domain; the run around an encoded one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def _spans(self, what: str) -> tuple[list[int], list[int]]:
        known = self._known.get(what)
        if known is None:
            spans = [match.span() for match in re.finditer(what, self._text)]
            known = self._known[what] = ([start for start, _ in spans], [end for _, end in spans])
        return known

    def _from(self, at: int, what: str) -> int:
        """Where the run begins that reaches to `at`."""
        starts, ends = self._spans(what)
        number = bisect_right(starts, at - 1) - 1
        return starts[number] if number >= 0 and ends[number] >= at else at

    def _to(self, at: int, what: str) -> int:
        """Where the run ends that goes on at `at`."""
        starts, ends = self._spans(what)
        number = bisect_right(starts, at) - 1
        return ends[number] if number >= 0 and ends[number] > at else at

    def widened(self, start: int, end: int, writing: str, whole: bool) -> tuple[int, int]:
        text = self._text
        if writing == "encoded":
            return self._from(start, _RUN), self._to(end, _RUN_END)
        if writing == "escaped":
            return self._from(start, _ESCAPED), self._to(end, _ESCAPED)
        start = self._from(start, _LABEL)
        # VERP: owner-hanako=office.example@list.example
        if start and (text[start - 1] == "@" or (text[start - 1] in "=+" and text[end : end + 1] == "@")):
            start = self._from(start - 1, _LOCAL)
        return start, self._to(end, _LABEL if whole else _WITHIN)

    def cut_word(self, at: int) -> tuple[int, int] | None:
        """The word around a place, up to the cut behind it; None where none is."""
        start, end = self._from(at + 1, _UNCUT), self._to(at, _UNCUT)
        return (max(start, end - MAX_TAIL), end) if self._text[end : end + 1] == "…" and end > at else None


_LABEL = r"[A-Za-z0-9\-_.]+"
_LOCAL = r"[A-Za-z0-9\-_.+=!#$%&'*^`{|}~]+"
_WITHIN = r"[A-Za-z0-9\-_]+"
_RUN = r"[A-Za-z0-9\-_+]+"
_RUN_END = r"[A-Za-z0-9\-_+=]+"
_ESCAPED = r"[A-Za-z0-9\-_.%+@#;\\]+"
_UNCUT = r"[^\s…]+"


# ------------------------------------------------------------------ views


def _plain(text: str) -> _View:
    """A text as it stands. Octets that are no UTF-8 may be in it as they are (PEP 383)."""
    try:
        octets, errors = text.encode("utf-8", "surrogateescape"), "surrogateescape"
    except UnicodeError:
        octets, errors = text.encode("utf-8", "surrogatepass"), "surrogatepass"
    if text.isascii():
        return _View(octets, lambda at: at, "plain", True)
    places: list[int] = []

    def place(at: int) -> int:
        if not places:
            for number, char in enumerate(text):
                places.extend([number] * len(char.encode("utf-8", errors)))
            places.append(len(text))
        return places[at]

    return _View(octets, place, "plain", False)


def _in_one_width(view: _View) -> _View | None:
    """The view with each character in one width (NFKC), what cannot be seen left out; None where that changes nothing."""
    if view.octets.isascii():
        return None
    try:
        text = view.octets.decode("utf-8", "strict" if view.writing == "encoded" else "surrogateescape")
    except UnicodeError:
        return None
    changed = {ord(char): made for char in set(text) if (made := _one_width(char)) != char}
    if not changed:
        return None
    octets = text.translate(changed).encode("utf-8", "surrogateescape")
    places: list[int] = []

    def place(at: int) -> int:
        if not places:
            begin = 0
            for char in text:
                made = changed.get(ord(char), char).encode("utf-8", "surrogateescape")
                places.extend([begin] * len(made))
                begin += len(char.encode("utf-8", "surrogateescape"))
            places.append(begin)
        return view.place(places[at])

    return _View(octets, place, view.writing, True)


@cache
def _one_width(char: str) -> str:
    if char.isascii() or "\ud800" <= char <= "\udfff":
        return char
    if category(char) in ("Cf", "Mn", "Me"):
        return ""
    letter = normalize("NFKD", char)
    if letter[0].isalpha() and letter[0].isascii() and all(category(mark) == "Mn" for mark in letter[1:]):
        return letter[0]  # é: without its mark, as somebody may write it whose keys have none
    made = normalize("NFKC", char)
    return made if made.isascii() else made.lower()


def _views(
    view: _View, squeezed: bytes, kept: Callable[[], list[int]], fresh: Callable[[bytes], bool]
) -> Iterator[tuple[_View, list[bytes]]]:
    """What a view says with one encoding undone; all `fresh` runs of base64 and of hexadecimal as one, with _APART between them, and
    these runs."""
    octets = view.octets
    if b"%" in octets or b"&" in octets or b"\\" in octets:
        yield from ((further, []) for further in _unescaped(view, _escape()))
    if b"=" in octets:
        yield from ((further, []) for further in _unescaped(view, _printable()))
    if view.writing == "plain" and b"<" in octets and b">" in octets:
        yield from ((further, []) for further in _unescaped(view, _tag()))
    pieces: list[
        tuple[bytes, int, int, int]
    ] = []  # what it holds, where it begins, characters that make how many octets
    held: list[bytes] = []
    for match in _base64().finditer(squeezed):
        if not fresh(match.group()):
            continue
        held.append(match.group())
        run, begin = match.group().translate(_STANDARD), match.start()
        for first in range(4):
            size = len(run) - first
            whole = size - (size % 4 == 1)
            pieces.append((a2b_base64(run[first : first + whole] + b"==="[: -whole % 4]), begin + first, 4, 3))
    if pieces:
        yield _joined(pieces, lambda at: view.place(_at(kept(), at, octets))), held
    bare = squeezed.translate(None, _BETWEEN)
    pieces, held = [], []
    for match in _hex_run().finditer(bare):
        run = match.group()
        if not fresh(b"#" + run):
            continue
        held.append(b"#" + run)
        for first in range(2):
            size = (len(run) - first) // 2 * 2
            pieces.append((bytes.fromhex(run[first : first + size].decode("ascii")), match.start() + first, 2, 1))
    if pieces:
        between: list[int] = []

        def place(at: int) -> int:
            if not between:
                between.extend(number for number, octet in enumerate(squeezed) if octet not in _BETWEEN)
            return view.place(_at(kept(), _at(between, at, squeezed), octets))

        yield _joined(pieces, place), held


def _at(places: list[int], at: int, octets: bytes) -> int:
    return places[at] if at < len(places) else len(octets)


def _joined(pieces: list[tuple[bytes, int, int, int]], place: Callable[[int], int]) -> _View:
    starts: list[int] = []

    def where(at: int) -> int:
        if not starts:
            size = 0
            for octets, *_ in pieces:
                starts.append(size)
                size += len(octets) + len(_APART)
        piece = max(bisect_right(starts, at) - 1, 0)
        _, begin, characters, made = pieces[piece]
        return place(begin + (at - starts[piece]) * characters // made)

    return _View(_APART.join(octets for octets, *_ in pieces) + _APART, where, "encoded", False)


def _unescaped(view: _View, pattern: re.Pattern[bytes]) -> Iterator[_View]:
    """A view with escapes undone; none where it has none."""
    octets = view.octets
    made = pattern.sub(_said, octets)
    if made == octets:
        return
    places: list[int] = []

    def place(at: int) -> int:
        if not places:
            last = 0
            for match in pattern.finditer(octets):
                places.extend(range(last, match.start()))
                places.extend([match.start()] * len(_said(match)))
                last = match.end()
            places.extend(range(last, len(octets) + 1))
        return view.place(places[at])

    yield _View(made, place, "encoded" if view.writing == "encoded" else "escaped", False)


def _said(match: re.Match[bytes]) -> bytes:
    """What an escape stands for."""
    kind = match.lastgroup
    if kind is None:
        return _ENTITIES.get(match.group(), b"")
    code = int(match.group(kind), 10 if kind == "decimal" else 16)
    if kind == "octet":
        return _OCTETS[code]
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b""


_OCTETS = [bytes([code]) for code in range(256)]
_ENTITIES = {
    b"&commat;": b"@",
    b"&period;": b".",
    b"&lowbar;": b"_",
    b"&hyphen;": b"-",
    b"&dash;": b"-",
    b"&equals;": b"=",
    b"&plus;": b"+",
    b"&amp;": b"&",
    b"&nbsp;": b" ",
    b"_": b" ",
}


@cache
def _escape() -> re.Pattern[bytes]:
    """Percent-encoding (RFC 3986), character references of HTML, escapes of JavaScript and JSON."""
    return re.compile(
        rb"(?:%|\\x)(?P<octet>[0-9A-Fa-f]{2})|[%\\]u\{?(?P<unicode>[0-9A-Fa-f]{4,6})\}?"
        rb"|&#(?:[xX](?P<hexadecimal>[0-9A-Fa-f]{1,6})|(?P<decimal>[0-9]{1,7}));?"
        rb"|&(?:commat|period|lowbar|hyphen|dash|equals|plus|amp|nbsp);"
    )


@cache
def _printable() -> re.Pattern[bytes]:
    """Quoted-printable (RFC 2045 §6.7) and the Q encoding of words (RFC 2047 §4.2)."""
    return re.compile(rb"=(?P<octet>[0-9A-Fa-f]{2})|=[ \t]*\r?\n|_")


@cache
def _tag() -> re.Pattern[bytes]:
    """What stands between two letters in HTML and is not seen."""
    return re.compile(rb"<!--[^>]{0,400}>|<[^<>]{0,2000}>")


@cache
def _base64() -> re.Pattern[bytes]:
    return re.compile(rb"[A-Za-z0-9+/\-_]{%d,}" % MIN_RUN)


@cache
def _hex() -> re.Pattern[bytes]:
    return re.compile(rb"[0-9a-f]{32,}")


@cache
def _hex_run() -> re.Pattern[bytes]:
    return re.compile(rb"[0-9A-Fa-f]{8,}")


@cache
def _ipv4() -> re.Pattern[str]:
    return re.compile(r"[0-9](?<![0-9.][0-9])[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![0-9])")


@cache
def _ipv6() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}")


_STANDARD = bytes.maketrans(b"-_", b"+/")
_BETWEEN = b":-,;|"  # octets in hexadecimal
_APART = b"}}"  # in no needle and no encoding
# Blanks, controls and what cannot be seen; brackets, which defanging puts round a dot.
_BLANK = bytes([*range(33), 127]) + b"[]"


@cache
def _unseen() -> re.Pattern[bytes]:
    return re.compile(rb"\xc2[\x80-\xa0\xad]|\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf|\xe3\x80\x80")


def _squeezed(octets: bytes) -> tuple[bytes, Callable[[], list[int]]]:
    """Without blanks and what cannot be seen, and where each octet that is left stood."""
    bare = octets.translate(None, _BLANK)
    left = bare if bare.isascii() else _unseen().sub(b"", bare)
    places: list[int] = []

    def kept() -> list[int]:
        if not places:
            seen = range(len(octets)) if len(bare) == len(octets) else [at for at, octet in enumerate(octets) if octet not in _BLANK]  # fmt: skip
            last = 0
            for match in _unseen().finditer(bare) if len(left) < len(bare) else ():
                places.extend(seen[last : match.start()])
                last = match.end()
            places.extend(seen[last:])
        return places

    return left, kept


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _alone(view: _View, start: int, end: int, what: str, size: int) -> bool:
    """Whether no ASCII letter or digit, or no digit, stands beside it; in runs of an encoding, numbers stand side by side."""
    if what == "number":
        return view.writing != "plain" or not any(octet.isdigit() for octet in _beside(view.octets, start, end))
    if what == "local" and end - start != size:
        return False
    return not any(octet.isalnum() for octet in _beside(view.octets, start, end))


def _beside(octets: bytes, start: int, end: int) -> tuple[bytes, bytes]:
    return octets[max(start - 1, 0) : start], octets[end : end + 1]


# ------------------------------------------------------------------ needles


def _locals(own: Own) -> dict[bytes, str]:
    """What stands before the @ of an own address, where it stands alone."""
    found = {local for address in own.addresses for local in _parts_of(address.partition("@")[0].lower())}
    return {
        local.encode("utf-8", "replace"): "local"
        for local in found
        if len(local) >= MIN_LOCAL and local not in ROLES and _needle(local) == local.encode("utf-8", "replace")
    }


def _needle(text: str) -> bytes:
    """A text as it is looked for."""
    plain = "".join(_one_width(char) for char in text)
    return _squeezed(plain.encode("utf-8", "replace"))[0].lower()


def _needles(own: Own) -> dict[bytes, str]:
    """What to look for, and what must not stand beside it."""
    out: dict[bytes, str] = {}

    def put(octets: bytes, alone: str) -> None:
        out[octets] = out.get(octets, alone) and alone

    def add(text: str, alone: str = "") -> None:
        squeezed = _needle(text)
        if len(squeezed) < 2:
            return
        put(squeezed, alone)
        if text.isascii():
            return
        # as macOS writes it, the marks left out with all marks
        put(_needle("".join(char for char in normalize("NFD", text) if category(char) != "Mn")), alone)
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "latin-1"):  # fmt: skip
            for written in {text, text.lower(), text.upper()}:
                try:
                    made = written.encode(encoding)
                except UnicodeError:
                    continue
                if encoding == "iso2022_jp":
                    made = re.sub(rb"\x1b[$(].", b"", made)
                latin = _squeezed(made)[0].lower()
                if len(latin) >= 4:
                    put(latin, alone)

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
    return out


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
