"""A message, parsed and hashed once: its header with places, its parts, and what was wrong with it."""

from __future__ import annotations

from itertools import islice

from sekisho.mail import fields, html, mime, received, text_links, text_types
from sekisho.mail.address import MAX_ADDRESSES
from sekisho.mail.address import parse as parse_addresses
from sekisho.mail.digest import sha256
from sekisho.mail.folding import LONG, Folded, fold
from sekisho.mail.words import decode_words
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import Address

if TYPE_CHECKING:
    from sekisho.tables import file_types

if TYPE_CHECKING:
    from typing import Any

MAX_HTML = 1 << 20  # bytes read of all parts of HTML; what is behind them is searched for links and forms
MAX_TEXT = 1 << 18  # likewise of any other: these are pages and pages
MAX_LINKS = 10_000  # found there
MAX_TEXT_PARTS = 50
MAX_HOPS = 200
MAX_FILES = 200
MAX_REPEATED = 4  # times the message's size: bytes hashed of messages in messages
MAX_HEAD = 1 << 16  # bytes of an attached message in which its subject is looked for


class Message:
    """What the bytes say. Everything is computed at first use and kept; nothing raises on any bytes.

    `source` is the raw message without the status lines that Thunderbird puts on top.
    """

    def __init__(self, source: bytes, expected_size: int | None = None, whole: bool = True) -> None:
        status = fields.status_lines(source)
        self.source = source[status:] if status else source
        self.size = len(self.source)
        self.complete = whole and (expected_size is None or len(source) >= expected_size)
        self.sha256 = sha256(self.source) if whole else None
        self.header = fields.parse(self.source)
        structure = mime.parse(self.source, self.header)
        self.parts = structure.parts
        self.defects: list[str] = [*self.header.defects, *structure.defects]
        if not self.source:
            self.defects.append("empty")
        elif not self.header.fields:
            self.defects.append("no-header")
        if not self.complete:
            self.defects.append("incomplete" if whole else "still-reading")
        # What costs much and does not change while answers come in (signatures verified under a key), by what it rests on.
        self.kept: dict[tuple[object, ...], Any] = {}
        self._addresses: dict[str, tuple[Address, ...]] = {}
        self._unstructured: dict[str, str | None] = {}
        self._received: list[tuple[fields.Field, received.Received]] | None = None
        self._texts: list[TextPart] | None = None
        self._files: tuple[File, ...] | None = None

    def addresses(self, name: str) -> tuple[Address, ...]:
        """The mailboxes of every field of that name, in order; at most MAX_ADDRESSES."""
        known = self._addresses.get(name)
        if known is None:
            every = (address for field in self.header.all(name) for address in parse_addresses(field.body))
            known = tuple(islice(every, MAX_ADDRESSES))
            self._addresses[name] = known
        return known

    def unstructured(self, name: str) -> str | None:
        """The decoded text of the topmost field of that name; None when it is not there."""
        if name not in self._unstructured:
            field = self.header.first(name)
            self._unstructured[name] = None if field is None else " ".join(decode_words(field.body).split())
        return self._unstructured[name]

    @property
    def received(self) -> list[tuple[fields.Field, received.Received]]:
        """The trace fields, newest first, each with its reading."""
        if self._received is None:
            trace = self.header.all("received")
            if len(trace) > MAX_HOPS:
                self.defects.append("too-many-hops")
            self._received = [(field, received.parse(field.text)) for field in trace[:MAX_HOPS]]
        return self._received

    @property
    def texts(self) -> list[TextPart]:
        """Every part that shows words, as a reader sees them, attachments of those types included."""
        if self._texts is None:
            shown = [part for part in self.parts if text_types.shows_words(part)]
            share = _share([part.end - part.start for part in shown[:MAX_TEXT_PARTS] if text_types.is_html(part)])
            self._texts = [self._text(part, share) for part in shown[:MAX_TEXT_PARTS]]
            if len(shown) > MAX_TEXT_PARTS:
                self.defects.append("too-many-text-parts")
        return self._texts

    def _text(self, part: mime.Part, share: int) -> TextPart:
        text, more = mime.text(self.source, part, share if text_types.is_html(part) else MAX_TEXT)
        words, source = ("", text) if text_types.is_html(part) else text_types.words(part, text)
        del text
        if source:
            read = html.parse(source, more)
            self.defects.extend(defect for defect in read.defects if defect not in self.defects)
            return TextPart(part, words + read.text, read.links, read.hidden, read.images, read.left_out)
        links: list[html.HtmlLink] = []
        left_out = 0
        for behind in more:
            for url in text_links.each(behind):
                if len(links) < MAX_LINKS:
                    links.append(html.HtmlLink(url, ""))
                else:
                    left_out += 1
            if "text-cut" not in self.defects:
                self.defects.append("text-cut")
        return TextPart(part, words, tuple(links), left_out=left_out)

    @property
    def files(self) -> tuple[File, ...]:
        """Every leaf part that is named, declared an attachment, or neither text nor multipart, and every attached message, which
        is listed beside its own parts; at most MAX_FILES."""
        if self._files is None:
            parts = [part for part in self.parts if (_is_file(part) if part.leaf else _is_message(part))]
            left = MAX_REPEATED * self.size  # of messages in messages: each holds all that are in it
            for part in parts:
                left -= 0 if part.leaf else part.end - part.start
                if left < 0 and not part.leaf:
                    parts = [one for one in parts if one.leaf or one.number < part.number]
                    break
            if len(parts) > MAX_FILES or left < 0:
                self.defects.append("too-many-attachments")
            self._files = tuple(self._file(part) for part in parts[:MAX_FILES])
        return self._files

    def title(self, part: mime.Part) -> str:
        """The subject of an attached message; "" for anything else, or one without."""
        if part.leaf or not _is_message(part):
            return ""
        held = self.content(part) if part.encoding in mime.ENCODED else None
        source, start = (held, 0) if held is not None else (part.held or self.source, part.start)
        subject = fields.parse(source[start : start + MAX_HEAD]).first("subject")
        return decode_words(subject.body).strip() if subject else ""

    def content(self, part: mime.Part) -> bytes:
        """A part's body with its transfer encoding undone."""
        return mime.content(self.source, part)

    def _file(self, part: mime.Part) -> File:
        from sekisho.tables import file_types

        data = self.content(part)
        # A message that is not a leaf has been taken apart already.
        kind = file_types.detect(data) if part.leaf else file_types.FileType("message/rfc822", file_types.MAIL, "")
        return File(part, len(data), sha256(data), kind)


def _share(sizes: list[int]) -> int:
    """The bytes that are read of each part of HTML, so that all of them are MAX_HTML and no part is short for a longer one.

    So what is read of a part of 20 kB cannot be pushed out by others, however many and long they are.
    """
    room = MAX_HTML
    for place, size in enumerate(sorted(sizes)):
        left = len(sizes) - place
        if size * left > room:
            return room // left
        room -= size
    return MAX_HTML


def _is_message(part: mime.Part) -> bool:
    """Whether it is a message inside this one (RFC 2046 §5.2.1)."""
    return part.depth > 0 and part.read_as in mime.MESSAGES


def _is_file(part: mime.Part) -> bool:
    if part.disposition == "attachment" or part.filename:
        return True
    return not part.content_type.startswith(("text/", "multipart/")) and part.start < part.end


class File(NamedTuple):
    """A part that is a file, decoded once to be measured; its content is not kept."""

    part: mime.Part
    size: int
    sha256: str
    kind: file_types.FileType | None  # what its content is


class TextPart:
    """One readable part: what it shows and, for HTML, what it hides, the links it carries, and the pictures it shows."""

    __slots__ = ("_folded", "hidden", "images", "left_out", "links", "part", "text")

    def __init__(
        self,
        part: mime.Part,
        text: str,
        links: tuple[html.HtmlLink, ...] = (),
        hidden: str = "",
        images: tuple[html.Image, ...] = (),
        left_out: int = 0,
    ) -> None:
        self.part = part
        self.text = text
        self.links = links
        self.hidden = hidden  # words that are in the part and not seen
        self.images = images
        self.left_out = left_out  # links beyond those
        self._folded: Folded | None = None

    @property
    def folded(self) -> Folded:
        """The text folded; kept where it is no long one, for what it is like and what it presses for are both read there."""
        if self._folded is not None:
            return self._folded
        made = fold(self.text)
        if len(self.text) < LONG:
            self._folded = made
        return made
