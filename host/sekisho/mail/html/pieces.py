"""Where to cut an HTML source so that a parser by the standard's rules stays linear, in time and in memory.

Two things in those rules are not linear: a start or end tag may look at every element that is open, and formatting that
was never closed is opened again in every block that follows (HTML §13.2.4.2 and §13.2.4.3), so that 300 kB of
<b id=1> ... <b id=1000> <p>x <p>x ... become gigabytes. So the tags are read once, with a stack of what is open that is
never lower than the parser's own; before it grows too tall, or the piece too large, a new piece begins. The tags open
at the cut are put before it, so that what hides its contents goes on hiding them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sekisho.named import NamedTuple

MAX_PLAIN, MAX_PLAIN_LENGTH = 700, 1 << 15  # of fewer tags in a shorter source nothing large can be made
MAX_MADE = 75_000  # elements that formatting never closed could add to a source that is not cut
MAX_PASSED = 2_000_000  # likewise open elements passed, tag by tag
MAX_FEW = 2_000  # characters of a tag that has no more than half as many attributes
MAX_TAGS = 2_000  # of one piece, or up to twice as many where it must not end: some 0.8 MB as a tree
MAX_LENGTH = 1 << 16  # characters of one piece likewise: the parser keeps a note of each error
MAX_ATTRIBUTES = 1_000  # of one tag: each is compared with those before it
MAX_ALL_TAGS = 120_000  # of all pieces, what unclosed formatting adds included
MAX_DEPTH = 1_000
MAX_LOOKED_AT = 20_000_000  # open elements passed in one piece, tag by tag
MAX_FORMATTING = 5_000  # elements that unclosed formatting may add to one piece
MAX_CARRIED, MAX_CARRIED_LENGTH = 64, 8_192  # tags put before a piece, and characters of them

_VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_IGNORED = frozenset(("html", "head", "body"))  # there is one of each, and no end tag takes it off the stack
_FORMATTING = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
_RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
# An end tag does not look beyond these (HTML §13.2.4.2), but for those of tables.
_BORDERS = frozenset({
    "applet", "caption", "table", "td", "th", "marquee", "object", "template", "svg", "math", "select", "frameset"})  # fmt: skip
_TABLE = frozenset({"table", "td", "th", "tr", "tbody", "thead", "tfoot", "caption"})
# End tags that close all that is open down to their element, up to a border.
_CLOSERS = frozenset({
    "address", "article", "aside", "blockquote", "button", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "header", "hgroup", "listing", "main", "menu", "nav", "ol", "p", "pre", "search",
    "section", "summary", "ul", "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
# No other end tag looks beyond these either.
_SPECIAL = (
    _CLOSERS
    | _BORDERS
    | _TABLE
    | frozenset({"colgroup", "dd", "dt", "form", "frameset", "li", "noscript", "plaintext"})
    | _RAW
)
_CLOSES_CELLS = {
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("tr",),
    **dict.fromkeys(("tbody", "thead", "tfoot"), ("tbody", "thead", "tfoot", "tr")),
}
_CLOSES_P = (_CLOSERS - {"button", "p"}) | frozenset({"dd", "dt", "form", "hr", "li", "p", "plaintext", "table", "xmp"})
_BREAKS_OUT = frozenset({
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby",
    "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var",
})  # fmt: skip
_INTEGRATION = {  # where HTML goes on within them
    "svg": frozenset({"foreignobject", "desc", "title"}),
    "math": frozenset({"mi", "mo", "mn", "ms", "mtext", "annotation-xml"}),
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MATH = frozenset(("svg", "math"))


@cache
def _tag() -> re.Pattern[str]:
    return re.compile(r"<(?:(/?)([A-Za-z][^\t\n\f\r />]*)|(!--)|[!?]|/[^A-Za-z])")


@cache
def _attributes() -> re.Pattern[str]:
    """Up to 50 attributes: the matcher keeps a place for each."""
    return re.compile(
        r"(?:[\t\n\f\r /]+|[^\t\n\f\r />][^\t\n\f\r />=]*"
        r"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"[^\"]*\"?|'[^']*'?|[^\t\n\f\r >\"'][^\t\n\f\r >]*)?)?){0,50}"
    )


@cache
def _bracket_in_quotes() -> re.Pattern[str]:
    return re.compile(r"=[\t\n\f\r ]*(?:\"[^\"<>]*[<>]|'[^'<>]*[<>])")


@cache
def _up_to_bracket() -> re.Pattern[str]:
    """A tag that has no bracket in it, or the beginning of a comment."""
    return re.compile(r"<(?:!--|[^<>]*>)")


@cache
def _formatting() -> re.Pattern[str]:
    """A tag of formatting as it is written; of links no two are open in one scope."""
    names = "|".join(sorted(_FORMATTING - {"a"}))
    return re.compile(rf"<((?:{names})(?=[\t\n\f\r />])[^>]*)", re.IGNORECASE)


@cache
def _end_of_comment() -> re.Pattern[str]:
    return re.compile("--!?>")


@cache
def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)


class Piece(NamedTuple):
    """A stretch of the source; `too_deep` when it ends where it does for the depth, not for the size."""

    source: str
    too_deep: bool = False
    carried: str = ""  # the tags open where it begins, to be put before it

    @property
    def whole(self) -> str:
        """What goes to the parser."""
        return self.carried + self.source


def cut(source: str, left_out: list[tuple[int, int]]) -> Iterator[Piece]:
    """The source in one piece or more, one at a time.

    `left_out` is given the stretches of it that are in none: too many tags, or attributes of one.
    """
    if _fits(source):
        yield Piece(source)
    else:
        yield from _Reader(source, left_out).pieces()


def _fits(source: str) -> bool:
    """Whether a source is one piece, by what can be counted without reading it tag by tag; of ordinary mail nearly all is.

    No more is open than begins, and of the formatting that comes back never more than three alike (HTML §13.2.4.3, "Noah's Ark").
    """
    size, tags = len(source), source.count("<")
    if size < MAX_PLAIN_LENGTH and tags < MAX_PLAIN:
        return True
    if size >= 2 * MAX_LENGTH or tags >= 2 * MAX_TAGS:
        return False
    starts = tags - source.count("</") - source.count("<br>") - source.count("<br/>") - source.count("<br />")
    if starts >= MAX_DEPTH or starts * tags > MAX_PASSED or _bracket_in_quotes().search(source):
        return False
    written = _up_to_bracket().findall(source)
    # Without a bracket in quotes, and with none in a tag, each tag ends where it seems to.
    if len(written) != tags:
        return False
    if max(map(len, written), default=0) > MAX_FEW and any(_has_many(tag) for tag in written if len(tag) > MAX_FEW):
        return False
    kinds = len(set(_formatting().findall(source)))
    return (3 * kinds + 1) * tags <= MAX_MADE


def _has_many(tag: str) -> bool:
    """Whether a tag may have more than MAX_ATTRIBUTES."""
    name = _tag().match(tag)
    at = name.end() if name else 1
    for _ in range(MAX_ATTRIBUTES // 50):
        read = _attributes().match(tag, at)
        if read is None or read.end() in (at, len(tag) - 1):
            return False
        at = read.end()
    return True


class _Reader:
    """The tags of a source, and the elements that they leave open: an estimate that is right or too high.

    `open` is the stack: names, and where their tags stand. `borders` are the places in it that bound a scope, `counts`
    what each scope holds of special elements, `dangling` the formatting that something else closed, which comes back;
    `specials` the places of special elements, `plain` what stands above each of others.
    """

    def __init__(self, source: str, left_out: list[tuple[int, int]]) -> None:
        self.source = source
        self.left_out = left_out
        self.behind = 0  # the last tag
        self.raw = False  # it begins a style sheet, a script or the like
        self._empty()

    def _empty(self) -> None:
        self.open: list[tuple[str, int, int]] = []
        self.borders: list[int] = []
        self.counts: list[dict[str, int]] = [{}]
        self.dangling: list[dict[str, int]] = [{}]
        self.framesets = 0
        self.hanging = 0  # in all of `dangling`
        self.links = 0  # open
        self.specials: list[int] = []
        self.plain: list[dict[str, int]] = [{}]

    @property
    def depth(self) -> int:
        return len(self.open) + self.hanging

    def pieces(self) -> Iterator[Piece]:
        begin = tags = looked_at = made = read = 0
        prefix = ""
        for name, start, end, closing in self._tags():
            # Words between tags are cut wherever they are too many.
            while start - begin > 2 * MAX_LENGTH and (at := self._in_words(begin, start)):
                yield Piece(self._between(begin, at), False, prefix)
                begin, prefix = at, self._carried()
                tags = looked_at = made = 0
            tags += 1
            read += 1
            depth = self.depth
            looked_at += depth
            made += self.hanging
            read += self.hanging
            deep = depth >= MAX_DEPTH or looked_at > MAX_LOOKED_AT or made > MAX_FORMATTING
            long = tags > MAX_TAGS or start - begin > MAX_LENGTH
            if deep or (long and (self._between_blocks(name) or tags > 2 * MAX_TAGS or start - begin > 2 * MAX_LENGTH)):
                yield Piece(self._between(begin, start), deep, prefix)
                if read > MAX_ALL_TAGS:
                    self.left_out.append((start, len(self.source)))
                    return
                prefix = self._carried()
                begin = start
                tags = looked_at = made = 0
            if closing:
                self._close(name)
            elif name:
                self._open(name, start, end)
            self.behind = end
            self.raw = name in _RAW and not closing
        while self.end - begin > 2 * MAX_LENGTH and (at := self._in_words(begin, self.end)):
            yield Piece(self._between(begin, at), False, prefix)
            begin, prefix = at, self._carried()
        yield Piece(self._between(begin, self.end), False, prefix)

    def _between_blocks(self, name: str) -> bool:
        """Whether a piece that ends before this tag breaks neither a line nor a link."""
        return name in _SPECIAL and not self.links

    def _in_words(self, begin: int, end: int) -> int:
        """A place in the words behind the last tag, after as much of them as a piece is to hold; 0: there are few."""
        at = max(begin, self.behind) + MAX_LENGTH
        if at >= end or self.raw:
            return 0
        blank = self.source.rfind(" ", at - 200, at)
        return blank if blank >= 0 else at

    def _between(self, begin: int, end: int) -> str:
        """That stretch, without what is left out of it."""
        kept = []
        for start, stop in self.left_out:
            if begin <= start < end:
                kept.append(self.source[begin:start])
                begin = stop
        kept.append(self.source[begin:end])
        return " ".join(kept)

    def _tags(self) -> Iterator[tuple[str, int, int, bool]]:
        """(name, where it begins, where it ends, whether it is an end tag); for a comment the name is empty."""
        source, search = self.source, _tag().search
        size = self.end = len(source)
        at = unsure = 0  # up to `unsure` this may be text or tags: what it opens is counted, and closed is nothing
        while (match := search(source, at)) is not None:
            if match.group(2) is None:
                if match.end() > unsure:
                    at = _after_comment(source, match.end()) if match.group(3) else match.end()
                else:
                    at = match.end()
                yield "", match.start(), at, False
                continue
            at = self._after_attributes(match.end())
            if at >= size:
                self.end = match.start()  # never closed: no tag
                return
            at += 1
            name = match.group(2).lower()
            if match.group(1):
                if at > unsure:
                    yield name, match.start(), at, True
                continue
            known = not (self._foreign() or self.framesets)
            yield name, match.start(), at, False
            if (name == "plaintext" or name in _RAW) and at > unsure:
                end = _end_of(name).search(source, at) if name in _RAW else None
                text_to = end.start() if end else size
                if known:
                    at = text_to
                else:
                    unsure = text_to

    def _after_attributes(self, at: int) -> int:
        """The place of a tag's `>`; the length of the source when there is none."""
        source, size, attributes = self.source, len(self.source), _attributes().match
        much = None
        for batch in range(size):
            if at >= size or source[at] == ">":
                break
            if batch == MAX_ATTRIBUTES // 50:
                much = at
            read = attributes(source, at)
            if read is None or read.end() == at:
                break
            at = read.end()
        if much is not None and at < size:
            self.left_out.append((much, at))
        return at

    def _foreign(self) -> bool:
        return bool(self.borders) and self.open[self.borders[-1]][0] in _MATH

    def _open(self, name: str, start: int, end: int) -> None:
        if name in _HEADINGS:
            name = "h1"  # an end tag of one closes any
        if self._foreign():
            if name in _BREAKS_OUT:
                while self._foreign():
                    self._pop()
            else:
                if not self.source.startswith("/>", end - 2):
                    points = _INTEGRATION[self.open[self.borders[-1]][0]]
                    self._push(name, start, end, name in _MATH or name in points, False)
                return
        if name in _IGNORED:
            return
        if name in _CLOSES_CELLS and any(self.open[border][0] == "table" for border in self.borders[-2:]):
            for other in _CLOSES_CELLS[name]:
                self._close_in_table(other)
        if name in _CLOSES_P and self.counts[-1].get("p"):
            self._pop_to("p")
        top = self.open[-1][0] if self.open else ""
        if (top == name and name in ("option", "li")) or (name in ("dd", "dt") and top in ("dd", "dt")):
            self._pop()
        elif name == "button" and self.counts[-1].get(name):
            self._pop_to(name)
        elif name in ("a", "nobr"):
            self._close(name)
        if name in _VOID:
            return
        self._push(name, start, end, name in _BORDERS, name in _SPECIAL)

    def _push(self, name: str, start: int, end: int, border: bool, special: bool) -> None:
        if border or special:
            if border:
                self.borders.append(len(self.open))
                self.counts.append({})
                self.dangling.append({})
                self.framesets += name == "frameset"
            else:
                self.counts[-1][name] = self.counts[-1].get(name, 0) + 1
            self.specials.append(len(self.open))
            self.plain.append({})
        else:
            self.plain[-1][name] = self.plain[-1].get(name, 0) + 1
        self.links += name == "a"
        self.open.append((name, start, end))

    def _close(self, name: str) -> None:
        """What an end tag closes for certain."""
        if name in _HEADINGS:
            name = "h1"
        if self.dangling[-1].get(name):
            self.dangling[-1][name] -= 1
            self.hanging -= 1
        elif name in _BORDERS or name in _TABLE or name in _INTEGRATION["svg"] or name in _INTEGRATION["math"]:
            self._close_in_table(name)
        elif name in _CLOSERS:
            if self.counts[-1].get(name):
                self._pop_to(name)
        elif self.plain[-1].get(name):
            self._pop_to(name)
        elif name in _SPECIAL:
            # A paragraph in an item of a list ends with it.
            below = [self.open[place][0] for place in self.specials[-2:]]
            if below[-1:] == [name] or below == [name, "p"]:
                self._pop_to(name)

    def _close_in_table(self, name: str) -> None:
        """A cell ends with all that is open in it, a row with its cells; another table, a template or an object stands in the way."""
        for depth in range(len(self.borders), 0, -1):
            border = self.open[self.borders[depth - 1]][0]
            if border == name:
                while len(self.borders) >= depth:
                    self._pop()
                return
            if self.counts[depth].get(name):
                while len(self.borders) > depth:
                    self._pop()
                self._pop_to(name)
                return
            if border not in ("td", "th", "caption"):
                return

    def _pop_to(self, name: str) -> None:
        while (popped := self._pop()) != name:
            if popped in _FORMATTING:
                self.dangling[-1][popped] = self.dangling[-1].get(popped, 0) + 1
                self.hanging += 1

    def _pop(self) -> str:
        name = self.open.pop()[0]
        self.links -= name == "a"
        place = len(self.open)
        if self.specials and self.specials[-1] == place:
            self.specials.pop()
            self.plain.pop()
            if self.borders and self.borders[-1] == place:
                self.borders.pop()
                self.framesets -= name == "frameset"
                self.counts.pop()
                self.hanging -= sum(self.dangling.pop().values())
            else:
                self.counts[-1][name] -= 1
        else:
            self.plain[-1][name] -= 1
        return name

    def _carried(self) -> str:
        """The tags open here, the outer ones when they are many; the stack begins anew with them."""
        kept, length = [], 0
        for name, start, end in self.open[:MAX_CARRIED]:
            if name in _RAW:
                continue  # no piece begins in one: it has ended, though the estimate has it open
            length += end - start
            if length > MAX_CARRIED_LENGTH:
                break
            kept.append((name, start, end))
        self._empty()
        for name, start, end in kept:
            self._open(name, start, end)
        return "".join(self.source[start:end] for _, start, end in kept)


def _after_comment(source: str, at: int) -> int:
    """The place behind a comment whose `<!--` ends at `at` (HTML §13.2.5.43)."""
    if source.startswith(">", at):
        return at + 1
    if source.startswith("->", at):
        return at + 2
    end = _end_of_comment().search(source, at)
    return end.end() if end else len(source)
