"""The tree of a part walked once, in the order it is read: the words that are seen, those that are not, links and pictures."""

from __future__ import annotations

import re

from sekisho.mail.html import forms, targets
from sekisho.mail.html.style import TINY, Sheet, State, length, state
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_LINKS = 10_000
MAX_IMAGES = 200
MAX_TEXT = 1 << 20
MAX_HIDDEN = 1 << 17
MAX_SHOWN = 500  # characters of a link's words
MAX_NESTED = 100  # documents in attributes of this one, in all; others are searched for links
MAX_NESTED_TEXT = 1 << 20

# Their text is no text of the page.
_MUTE = frozenset({
    "head", "script", "style", "title", "iframe", "noembed", "noframes", "template", "datalist", "video", "audio", "canvas",
    "desc", "metadata",
})  # fmt: skip
# A line ends before and behind them.
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext",
    "pre", "search", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp",
})  # fmt: skip
_KEEPS_BLANKS = frozenset(("pre", "textarea", "listing", "xmp", "plaintext"))
_OF_USE = frozenset(("svg", "input", "button", "video", "object", "embed", "canvas"))  # seen though they hold no words
_NEVER_SEEN = frozenset(("refresh", "base", "meta", "style", "script"))
_BLANKS = re.compile("[ \t\n\f\r]+")
_ROOM = re.compile(r"background|width|height|padding")


class HtmlLink(NamedTuple):
    """One place that the part leads to or loads from.

    `url` is absolute where the part says what it is relative to, else as written; `text` are the words shown for it, or
    the picture's. `kind` is one of `targets.KINDS`. `hidden`: a reader does not see what carries it; of what is never
    seen (refresh, base, meta, style, script) always False. `fields`: of a form, what is typed into it (`forms.Forms.fields`).
    """

    url: str
    text: str
    kind: str = "link"
    hidden: bool = False
    fields: tuple[str, ...] = ()


class Image(NamedTuple):
    """A picture that is seen. `width` and `height` are CSS pixels, None where the part does not say."""

    source: str
    width: float | None
    height: float | None
    alternative: str


class Nested(NamedTuple):
    """A document in an attribute of another."""

    source: str
    hidden: bool
    parsed: bool


class _Lines:
    """Words as they stand in lines: blanks between them are one, blocks begin lines of their own."""

    def __init__(self, room: int) -> None:
        self.pieces: list[str] = []
        self._room = room
        self._fresh = True  # at the beginning of a line
        self._blank = True  # behind a blank

    def add(self, text: str, as_is: bool = False) -> None:
        if self._room <= 0:
            return
        if not as_is:
            text = _BLANKS.sub(" ", text)
            if self._blank and text[0] == " ":
                text = text[1:]
            if not text:
                return
        text = text[: self._room]
        self.pieces.append(text)
        self._room -= len(text)
        self._blank = text[-1] == " "
        self._fresh = text[-1] == "\n"

    def line(self, always: bool = False) -> None:
        if (always or not self._fresh) and self._room > 0:
            if self._blank and not self._fresh and self.pieces[-1][-1] == " ":
                self.pieces[-1] = self.pieces[-1][:-1]
            self.pieces.append("\n")
            self._room -= 1
        self._fresh = self._blank = True

    def text(self) -> str:
        return "".join(self.pieces).strip(" \n\t\r\f")


class _Anchor:
    """A link whose words are still being read."""

    __slots__ = ("alternative", "hidden_words", "identity", "seen", "slots", "words")

    def __init__(self, identity: int, slots: range, seen: bool) -> None:
        self.identity = identity
        self.slots = slots  # places in the list of links
        self.seen = seen
        self.words = _Lines(MAX_SHOWN)
        self.hidden_words = _Lines(MAX_SHOWN)
        self.alternative = ""


class _Level(NamedTuple):
    """An open element."""

    identity: int
    tag: str
    state: State
    mute: bool
    as_is: bool
    anchor: _Anchor | None


class Walk:
    """What has been read so far, over all pieces of a source and the documents in it."""

    def __init__(self) -> None:
        self.links: list[HtmlLink] = []
        self.images: list[Image] = []
        self.nested: list[Nested] = []
        self.left_out = 0
        self._visible = _Lines(MAX_TEXT)
        self._hidden = _Lines(MAX_HIDDEN)
        self._sheet = Sheet()
        self._base = ""
        self._nested_room = MAX_NESTED_TEXT
        self._nested_count = 0
        self._known: set[tuple[str, str]] | None = None
        self._forms = forms.Forms()

    @property
    def text(self) -> str:
        return self._visible.text()

    @property
    def hidden(self) -> str:
        return self._hidden.text()

    def again(self) -> None:
        """A piece follows before which the tags still open are repeated: what is known already is not told again."""
        self._known = {(link.url, link.kind) for link in self.links}

    def read(self, tree: LexborHTMLParser, hidden: bool = False) -> None:
        """All of a tree. `hidden`: nothing of it is shown."""
        for node in tree.css("style"):
            if (node.attributes.get("media") or "all").strip().lower() in ("all", "screen"):
                self._sheet.add(node.text())
        start = State(gone=hidden)
        if tree.root is not None:
            self._walk(tree.root, start)
        waiting = tree.template_fragments()
        while waiting:
            fragment = waiting.pop(0)
            self._walk(fragment, State(gone=True))
        self._visible.line()
        self._hidden.line()

    def add(self, url: str, text: str, kind: str, hidden: bool) -> int:
        """Keep a link; how many entries that made."""
        target = targets.clean(url)
        if not target:
            return 0
        if target[:5].lower() == "data:":
            self._nest_data(url, hidden or kind != "frame")
            target = target[:200]
        if self._known is not None and (target, kind) in self._known:
            return 0
        if len(self.links) >= MAX_LINKS:
            self.left_out += 1
            return 0
        self.links.append(HtmlLink(target, text, kind, hidden))
        if target[:11].lower() != "javascript:":
            return 1
        inner = list(targets.in_script(target))[: MAX_LINKS - len(self.links)]
        self.links.extend(HtmlLink(found, text, kind, hidden) for found in inner)
        return 1 + len(inner)

    def finished(self) -> tuple[HtmlLink, ...]:
        """The links in the order of the source, relative ones made absolute where there is a base."""
        for place, link in enumerate(self.links):
            if link.kind == "form":
                self.links[place] = link._replace(fields=self._forms.fields(link.url))
        base = self._base
        if not base:
            return tuple(self.links)
        return tuple(link._replace(url=targets.resolved(link.url, base)) for link in self.links)

    def _walk(self, root: LexborNode, start: State) -> None:
        levels = [_Level(0, "", start, False, False, None)]
        for node in root.traverse(include_text=True):
            above = node.parent
            identity = above.mem_id if above is not None else 0
            while len(levels) > 1 and levels[-1].identity != identity:
                self._leave(levels.pop())
            tag = node.tag
            if tag == "-text":
                self._text(node, levels[-1])
            elif tag is not None and tag[0] != "-":
                level = self._enter(node, tag, levels[-1])
                if node.first_child is not None:
                    levels.append(level)
                else:
                    self._leave(level)
        while len(levels) > 1:
            self._leave(levels.pop())

    def _text(self, node: LexborNode, above: _Level) -> None:
        text = node.text_content
        if not text:
            return
        if above.mute:
            if above.tag == "style":
                for found, kind in targets.in_css(text):
                    self.add(found, "", kind, False)
            elif above.tag == "script":
                for found in targets.in_script(text):
                    self.add(found, "", "script", False)
            return
        unreadable = above.state.unreadable
        (self._hidden if unreadable else self._visible).add(text, above.as_is)
        anchor = above.anchor
        if anchor is not None:
            cut = text[:2000]
            (anchor.hidden_words if unreadable else anchor.words).add(cut)
            if not unreadable and not anchor.seen and not cut.isspace():
                anchor.seen = True

    def _enter(self, node: LexborNode, tag: str, above: _Level) -> _Level:
        attributes = node.attributes
        now = above.state
        if attributes or self._sheet.rules:
            now = state(tag, attributes, now, self._sheet)
        if tag == "br":
            self._visible.line(always=True)
            if above.anchor is not None:
                above.anchor.words.add(" ")
        elif tag in _BLOCKS:
            self._visible.line()
            self._hidden.line()
        mute = above.mute or tag in _MUTE
        anchor = above.anchor
        if attributes:
            if tag == "img":
                self._image(attributes, now, anchor)
            if tag in targets.ELEMENTS or "style" in attributes or "background" in attributes or _acts(attributes):
                own = self._targets(tag, attributes, now)
                if tag in ("a", "button") and own:
                    seen = not now.unseen and bool(_ROOM.search(attributes.get("style") or ""))
                    anchor = _Anchor(node.mem_id, own, seen)
            if tag == "iframe" and attributes.get("srcdoc"):
                self._nest(attributes["srcdoc"] or "", now.unseen)
        if tag in forms.ELEMENTS:
            self._forms.enter(tag, attributes)
        if anchor is not None and tag in _OF_USE and not now.unseen:
            anchor.seen = True
        return _Level(node.mem_id, tag, now, mute, above.as_is or tag in _KEEPS_BLANKS, anchor)

    def _leave(self, level: _Level) -> None:
        if level.tag in _BLOCKS:
            self._visible.line()
            self._hidden.line()
            if level.anchor is not None:
                level.anchor.words.add(" ")
        if level.anchor is not None and level.anchor.identity == level.identity:
            self._close(level.anchor)

    def _close(self, anchor: _Anchor) -> None:
        text = anchor.words.text() or anchor.alternative or anchor.hidden_words.text()
        text = _BLANKS.sub(" ", text)
        for slot in anchor.slots:
            link = self.links[slot]
            if link.kind in ("link", "form"):
                self.links[slot] = link._replace(text=text, hidden=not anchor.seen)

    def _targets(self, tag: str, attributes: dict[str, str | None], now: State) -> range:
        first = len(self.links)
        unseen = now.unseen or (tag == "img" and _is_dot(attributes))
        for kind, target in targets.of(tag, attributes):
            if kind == "base" and not self._base:
                base = targets.clean(target)
                if base[:7].lower() == "http://" or base[:8].lower() == "https://":
                    self._base = base
            text = attributes.get("alt") or "" if tag in ("area", "img") else ""
            self.add(target, text[:MAX_SHOWN], kind, unseen and kind not in _NEVER_SEEN)
        return range(first, len(self.links))

    def _image(self, attributes: dict[str, str | None], now: State, anchor: _Anchor | None) -> None:
        if now.unseen or _is_dot(attributes):
            return
        alternative = (attributes.get("alt") or "").strip()[:MAX_SHOWN]
        if anchor is not None:
            anchor.seen = True
            anchor.alternative = anchor.alternative or alternative
        if len(self.images) < MAX_IMAGES:
            source = targets.clean(attributes.get("src") or "")[:500]
            self.images.append(Image(source, *_measures(attributes), alternative))

    def _nest(self, source: str, hidden: bool) -> None:
        self._nested_count += 1
        self._nested_room -= len(source)
        self.nested.append(Nested(source, hidden, self._nested_count <= MAX_NESTED and self._nested_room >= 0))

    def _nest_data(self, target: str, hidden: bool) -> None:
        """data: of a text that a browser would show (RFC 2397)."""
        head, sign, body = target.lstrip().partition(",")
        words = head[5:300].lower().replace(" ", "").split(";")
        if not sign or words[0] not in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"):
            return
        from sekisho.mail.charset import decode
        from sekisho.mail.words import base64_bytes, percent_bytes

        data = percent_bytes(body[:MAX_NESTED_TEXT].encode("utf-8", "replace"))
        label = next((word[8:] for word in words if word.startswith("charset=")), "")
        self._nest(decode(base64_bytes(data) if "base64" in words else data, label), hidden)


def _acts(attributes: dict[str, str | None]) -> bool:
    return any(name[:2] == "on" for name in attributes)


def _measures(attributes: dict[str, str | None]) -> tuple[float | None, float | None]:
    from sekisho.mail.html.style import declarations

    said = declarations(attributes.get("style") or "")
    width, height = (
        length(said[name][0]) if name in said else length((attributes.get(name) or "").strip().lower())
        for name in ("width", "height")
    )
    return width, height


def _is_dot(attributes: dict[str, str | None]) -> bool:
    """A picture of a pixel or none."""
    return any(measured is not None and measured <= TINY for measured in _measures(attributes))
