"""The tree of a part walked once, in the order it is read: the words that are seen, those that are not, links and pictures."""

from __future__ import annotations

import re
import sys
from functools import cache

from sekisho.mail.html import forms, targets
from sekisho.mail.html.style import MAX_REMEMBERED, STYLED, STYLING, TINY, Sheet, State, declarations, length, state
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sekisho.mail.html.lexbor import LexborHTMLParser, LexborNode

MAX_LINKS = 10_000
MAX_IMAGES = 200
MAX_TEXT = 1 << 20
MAX_HIDDEN = 1 << 17
MAX_SHOWN = 500  # characters of a link's words
MAX_PIECES = 500
MAX_WAITING = 1 << 12  # characters of one line that are held as they came
MAX_STATES = 300  # remembered
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
_PLAIN, _BLOCK, _ODD = 0, 1, 2
# What a tag takes more than passing by: a line of its own, or a closer look.
_CARE = {**dict.fromkeys(_BLOCKS, _BLOCK), **dict.fromkeys(_MUTE | _KEEPS_BLANKS | _OF_USE | {"br"}, _ODD)}
_TELLING = STYLED | forms.ELEMENTS  # what they are counts, whatever they say of themselves
_NEVER_SEEN = frozenset(("refresh", "base", "meta", "style", "script"))
_ROOM = re.compile(r"background|width|height|padding")


# What stands before the sign of a target, in the order of the groups of `_target`.
_TARGETS = {"href": "link", "src": "image", "action": "form", "formaction": "form", "url": "refresh"}
_BLANKS = " \t\r\n"


@cache
def _target() -> re.Pattern[str]:
    """The sign of an attribute that leads somewhere (or of a refresh in one), and its value without a quote at its end.

    It begins with the sign, which the matcher finds many times as fast as names in any case. The last group before the value: a
    blank, before which the name stands.
    """
    names = "|".join(rf"(?<=\b({name})=)" for name in _TARGETS if name != "url")
    return re.compile(
        rf"=(?:{names}|(?<=[;,](url)=)|(?<=[;,] (url)=)|(?<=([{_BLANKS}])=))[{_BLANKS}]*(\"[^\"]{{1,4096}}|'[^']{{1,4096}}|[^\s\"'>]{{1,4096}})",
        re.IGNORECASE | re.ASCII,
    )


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


def _one_blank(text: str) -> str:
    """One space for each run of the standard's white space; plain replacing, which halves a run at a time, beats a pattern many times."""
    for blank in "\n\t\r\f":
        if blank in text:
            text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


class _Lines:
    """Words as they stand in lines: blanks between them are one, blocks begin lines of their own."""

    __slots__ = ("_blank", "_fresh", "_held", "_room", "_waiting", "_whole", "pieces")

    def __init__(self, room: int) -> None:
        self.pieces: list[str] = []
        self._waiting: list[str] = []  # of this line, as they came: blanks are looked for once a line, not once a node
        self._held = 0  # characters of those
        self._whole: list[str] = []  # many pieces put together: each word for itself takes more room than a text
        self._room = room
        self._fresh = True  # at the beginning of a line
        self._blank = True  # behind a blank

    def add(self, text: str, as_is: bool = False) -> None:
        if self._room <= 0:
            return
        if as_is:
            if self._waiting:
                self._join()
            self._put(text)
            return
        self._waiting.append(text)
        self._held += len(text)
        if self._held > MAX_WAITING:
            self._join()

    def _join(self) -> None:
        text = "".join(self._waiting) if len(self._waiting) > 1 else self._waiting[0]
        self._waiting.clear()
        self._held = 0
        text = _one_blank(text)
        if self._blank and text[0] == " ":
            text = text[1:]
        if text:
            self._put(text)

    def _put(self, text: str) -> None:
        if len(text) > self._room:
            text = text[: self._room]
        self.pieces.append(text)
        self._room -= len(text)
        self._blank = text[-1] == " "
        self._fresh = text[-1] == "\n"

    def line(self, always: bool = False) -> None:
        if self._waiting:
            self._join()
        if (always or not self._fresh) and self._room > 0:
            pieces = self.pieces
            if self._blank and not self._fresh and pieces[-1][-1] == " ":
                pieces[-1] = pieces[-1][:-1]
            pieces.append("\n")
            self._room -= 1
            if len(pieces) > MAX_PIECES:
                self._whole.append("".join(pieces))
                pieces.clear()
        self._fresh = self._blank = True

    def text(self) -> str:
        if self._waiting:
            self._join()
        return "".join((*self._whole, *self.pieces)).strip(" \n\t\r\f")


class _Anchor:
    """A link whose words are still being read."""

    __slots__ = ("alternative", "hidden_words", "seen", "slots", "words")

    def __init__(self, slots: range, seen: bool) -> None:
        self.slots = slots  # places in the list of links
        self.seen = seen
        self.words = _Lines(MAX_SHOWN)
        self.hidden_words = _Lines(MAX_SHOWN)
        self.alternative = ""


class _Level:
    """What holds for all that is in an element; elements that change none of it share it."""

    __slots__ = ("anchor", "as_is", "mute", "state", "unreadable")

    def __init__(self, state: State, mute: str, as_is: bool, anchor: _Anchor | None) -> None:
        self.state = state
        self.unreadable = state.unreadable
        self.mute = mute  # the element whose text is no text of the page
        self.as_is = as_is
        self.anchor = anchor


class Walk:
    """What has been read so far, over all pieces of a source and the documents in it."""

    def __init__(self) -> None:
        self.links: list[HtmlLink] = []
        self.images: list[Image] = []
        self.nested: list[Nested] = []
        self.left_out = 0
        self.not_read = False  # a document in it was only searched for links
        self._visible = _Lines(MAX_TEXT)
        self._hidden = _Lines(MAX_HIDDEN)
        self._sheet = Sheet()
        self._base = ""
        self._nested_room = MAX_NESTED_TEXT
        self._nested_count = 0
        self._told: set[tuple[str, str]] = set()
        self._states: dict[tuple[object, ...], State] = {}
        self._forms = forms.Forms()
        self._searched: set[int] = set()  # of what was found by searching, its hash: the targets stand in `links`

    @property
    def text(self) -> str:
        return self._visible.text()

    @property
    def hidden(self) -> str:
        return self._hidden.text()

    def again(self, carried: LexborHTMLParser | None) -> None:
        """A piece follows, before which tags that are open stand once more: what they say is not told again."""
        self._told = set()
        if carried is not None:
            repeated = Walk()
            repeated.read(carried)
            self._told.update((link.url, link.kind) for link in repeated.links)

    def read(self, tree: LexborHTMLParser, hidden: bool = False) -> None:
        """All of a tree. `hidden`: nothing of it is shown."""
        for node in tree.css("style"):
            if (node.attributes.get("media") or "all").strip().lower() in ("all", "screen"):
                self._sheet.add(node.text())
                self._states.clear()
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
        data = target[:5].lower() == "data:"
        if data:
            target = target[:200]
        if self._told and (target, kind) in self._told:
            self._told.discard((target, kind))
            return 0
        if data:
            self._nest_data(url, hidden or kind != "frame")
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
        level = _Level(start, "", False, None)
        above: list[
            tuple[LexborNode, int, _Level]
        ] = []  # the open elements: what leaving them takes, what holds behind them
        node = root
        while True:
            tag = node.tag or ""
            if tag == "-text":
                self._text(node, level)
            elif tag[:1] != "-":
                inner = self._enter(node, tag, level)
                care = _CARE.get(tag, _PLAIN)
                first = node.first_child
                if first is not None:
                    above.append((node, care, level))
                    level, node = inner, first
                    continue
                if care == _BLOCK:
                    self._leave_block(inner)
                if inner.anchor is not None and inner.anchor is not level.anchor:
                    self._close(inner.anchor)
            elif (first := node.first_child) is not None:  # a document's or a template's
                above.append((node, _PLAIN, level))
                node = first
                continue
            while above:
                following = node.next
                if following is not None:
                    node = following
                    break
                node, care, outer = above.pop()
                if care == _BLOCK:
                    self._leave_block(level)
                if level.anchor is not None and level.anchor is not outer.anchor:
                    self._close(level.anchor)
                level = outer
            else:
                return

    def _leave_block(self, level: _Level) -> None:
        self._visible.line()
        self._hidden.line()
        if level.anchor is not None:
            level.anchor.words.add(" ")

    def _text(self, node: LexborNode, above: _Level) -> None:
        text = node.text_content
        if not text:
            return
        if above.mute:
            if above.mute == "style":
                for found, kind in targets.in_css(text):
                    self.add(found, "", kind, False)
            elif above.mute == "script":
                for found in targets.in_script(text):
                    self.add(found, "", "script", False)
            return
        unreadable = above.unreadable
        (self._hidden if unreadable else self._visible).add(text, above.as_is)
        anchor = above.anchor
        if anchor is not None:
            cut = text[:2000]
            (anchor.hidden_words if unreadable else anchor.words).add(cut)
            if not unreadable and not anchor.seen and not cut.isspace():
                anchor.seen = True

    def _enter(self, node: LexborNode, tag: str, above: _Level) -> _Level:
        """What holds in an element; what it is, shows and leads to is kept."""
        attributes = node.attributes
        care = _CARE.get(tag, _PLAIN)
        if not attributes and care != _ODD and tag not in _TELLING and not self._sheet.rules:
            if care == _BLOCK:
                self._visible.line()
                self._hidden.line()
            return above
        now = above.state
        said: list[object] = []  # what of it has to do with its look
        leads = tag in targets.ELEMENTS
        for item in attributes.items():
            name, value = item
            if name in STYLING:
                said.append(item)
                if name == "background" or (name == "style" and value and targets.may_lead(value)):
                    leads = True
            elif name[:2] == "on":
                leads = True
        if said or tag in STYLED or self._sheet.rules or (tag == "a" and attributes.get("href")):
            now = self._state(tag, attributes, said, now)
        if care == _BLOCK:
            self._visible.line()
            self._hidden.line()
        elif tag == "br":
            self._visible.line(always=True)
            if above.anchor is not None:
                above.anchor.words.add(" ")
        anchor = above.anchor
        if attributes:
            dot = False
            if tag == "img":
                measures = _measures(attributes)
                dot = any(measured is not None and measured <= TINY for measured in measures)
                if not dot and not now.unseen:
                    self._image(attributes, measures, anchor)
            if leads:
                own = self._targets(tag, attributes, now.unseen or dot)
                if own and tag in ("a", "button"):
                    seen = not now.unseen and bool(_ROOM.search(attributes.get("style") or ""))
                    anchor = _Anchor(own, seen)
            if tag == "iframe" and attributes.get("srcdoc"):
                self._nest(attributes["srcdoc"] or "", now.unseen)
        if tag in forms.ELEMENTS:
            self._forms.enter(tag, attributes)
        mute, as_is = above.mute, above.as_is
        if care != _PLAIN:
            if tag in _MUTE:
                mute = tag
            elif tag in _KEEPS_BLANKS:
                as_is = True
            if anchor is not None and tag in _OF_USE and not now.unseen:
                anchor.seen = True
        if now is above.state and anchor is above.anchor and mute == above.mute and as_is == above.as_is:
            return above
        return _Level(now, mute, as_is, anchor)

    def _state(self, tag: str, attributes: dict[str, str | None], said: list[object], above: State) -> State:
        """`style.state`, remembered: most elements of a part are like others. `said`: the attributes of STYLING."""
        if tag == "a" and attributes.get("href"):
            said.append("href")
        if len(attributes.get("style") or "") > MAX_REMEMBERED:
            return state(tag, attributes, above, self._sheet)
        key = (tag, above, *said)
        known = self._states.get(key)
        if known is None:
            if len(self._states) >= MAX_STATES:
                self._states.clear()
            known = state(tag, attributes, above, self._sheet)
            if known == above:
                known = above
            self._states[key] = known
        return known

    def _close(self, anchor: _Anchor) -> None:
        text = anchor.words.text() or anchor.alternative or anchor.hidden_words.text()
        text = _one_blank(text)
        for slot in anchor.slots:
            link = self.links[slot]
            if link.kind in ("link", "form"):
                self.links[slot] = link._replace(text=text, hidden=not anchor.seen)

    def _targets(self, tag: str, attributes: dict[str, str | None], unseen: bool) -> range:
        first = len(self.links)
        for kind, target in targets.of(tag, attributes):
            if kind == "base" and not self._base:
                base = targets.clean(target)
                if base[:7].lower() == "http://" or base[:8].lower() == "https://":
                    self._base = base
            text = attributes.get("alt") or "" if tag in ("area", "img") else ""
            self.add(target, text[:MAX_SHOWN], kind, unseen and kind not in _NEVER_SEEN)
        return range(first, len(self.links))

    def _image(
        self, attributes: dict[str, str | None], measures: tuple[float | None, float | None], anchor: _Anchor | None
    ) -> None:
        alternative = (attributes.get("alt") or "").strip()[:MAX_SHOWN]
        if anchor is not None:
            anchor.seen = True
            anchor.alternative = anchor.alternative or alternative
        if len(self.images) < MAX_IMAGES:
            source = targets.clean(attributes.get("src") or "")[:500]
            self.images.append(Image(source, *measures, alternative))

    def _nest(self, source: str, hidden: bool) -> None:
        self._nested_count += 1
        self._nested_room -= len(source)
        if self._nested_count <= MAX_NESTED and self._nested_room >= 0:
            self.nested.append(Nested(source, hidden))
        else:
            self.not_read = True
            self.search(source)

    def search(self, source: str, begin: int = 0, end: int = sys.maxsize) -> None:
        """What looks like a link or a form in a source that is not parsed; what was found so before is not told again."""
        from html import unescape  # its table of entities is not worth loading for every mail

        known = self._searched
        for match in _target().finditer(source, begin, end):
            found = match.groups()
            mark = hash(found)
            if mark in known:
                continue
            *names, blank, target = found
            name = _name_before(source, match.start()) if blank else next(filter(None, names)).lower()
            if not name:
                continue
            if not blank and len(known) < MAX_LINKS:
                known.add(mark)
            if target[0] in "\"'":
                target = target[1:]
            if "&" in target:
                target = unescape(target)
                if target[:1] in ("'", '"'):  # of a document in an attribute
                    target = target[1:].partition(target[0])[0]
            self.add(target, "", _TARGETS[name], False)

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


def _name_before(source: str, at: int) -> str:
    """The attribute of _TARGETS before the blanks that end at `at`; "" where another one or none stands."""
    while at and source[at - 1] in _BLANKS:
        at -= 1
    words = re.findall(r"\w+", source[max(0, at - 11) : at])
    name = words[-1].lower() if words and source[at - 1 : at].isalpha() else ""
    return name if name in _TARGETS and name != "url" else ""


def _measures(attributes: dict[str, str | None]) -> tuple[float | None, float | None]:
    """Width and height that are said in CSS pixels."""
    style = attributes.get("style")
    said = declarations(style) if style else {}
    width, height = (
        length(said[name][0]) if name in said else length((attributes.get(name) or "").strip().lower())
        for name in ("width", "height")
    )
    return width, height
