"""What a PDF does and where it leads (ISO 32000-2): links, actions, scripts, files inside, forms, and codes for cameras.

pypdf reads the objects; whatever can be reached from the catalogue is looked at once, as a viewer would reach it, in a
walk with an end. Runs in the opening process only.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections import deque
from io import BytesIO
from itertools import islice
from time import monotonic
from typing import Any

from sekisho.mail import text_links
from sekisho.opening import image
from sekisho.opening.records import Records

MAX_OBJECTS = 20_000  # looked at
MAX_PAGES = 3  # whose text and images are read: a lure stands on the first
MAX_CONTENT = 300_000  # bytes of a page's drawing instructions; text takes a second for a megabyte
MAX_IMAGES = 6
MAX_STREAMS = 500  # of a damaged file
MAX_PACKED = 1 << 20  # bytes of each of them
MAX_DECODED = 16 << 20  # bytes of one stream
SECONDS = 3.5  # after which no new page or object is begun
PASSWORD = 1 << 13  # ISO 32000-2 table 231: a text field that hides what is typed
# What acts beyond the page; other actions turn pages, play sounds or show layers (ISO 32000-2 table 201).
ACTIONS = {"JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "RichMediaExecute"}

# What the way to an action says of its trigger. A script in the catalogue's name tree runs at opening (§7.7.4).
TRIGGERS = {"/OpenAction": "open", "/JavaScript": "open", "/AA": "event", "/A": "click"} | dict.fromkeys(
    ("/Kids", "/Annots", "/Fields", "/Pages"), ""
)
NO_TABLE = b"\nstartxref\n0\n%%EOF\n"
_STREAM = re.compile(rb"\bstream\r?\n")
_URI = re.compile(rb"/URI\s{0,8}\(([^()\\\r\n]{3,2000})\)")
_ACTION = re.compile(rb"/S\s{0,8}/(JavaScript|Launch|SubmitForm|ImportData)\b")


def read(data: bytes) -> list[dict[str, object]]:
    """The document, and what can be reached in it."""
    from pypdf import overwrite_configuration
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    overwrite_configuration(
        zlib_maximum_output_length=MAX_DECODED,
        lzw_maximum_output_length=MAX_DECODED,
        run_length_maximum_output_length=MAX_DECODED,
        array_based_stream_maximum_output_length=MAX_DECODED,
        image_maximum_buffer_size=MAX_DECODED,
        stream_decoding_work_maximum_length=4 * MAX_DECODED,
        jbig2dec_binary=None,
    )
    until = monotonic() + SECONDS
    records = Records()
    try:
        reader = _reader(data)
        if reader.is_encrypted and not reader.decrypt(""):
            records.add("document", format="PDF")
            records.add("encrypted", password=True)
            return records.found
        if reader.is_encrypted:
            records.add("encrypted", password=False)
        _Walk(reader, records, until).run()
        _pages(reader, records, until)
    except (DependencyError, FileNotDecryptedError):
        # Enciphered by AES: the names of the actions can be read, their texts can't.
        records.add("encrypted")
    except Exception:  # out of order at a place that everything hangs on; viewers repair much, and show it
        if b"%PDF-" not in data[:1024]:
            raise
        records.limit("damaged")
        _torn(data, records)
    return records.found


def _reader(data: bytes) -> Any:
    """The document; one that does not say where its table of objects stands is searched for them, as viewers do."""
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        return PdfReader(BytesIO(data), strict=False)
    except PdfReadError:
        return PdfReader(BytesIO(data + NO_TABLE), strict=False)


class _Walk:
    """Every object that can be reached from the catalogue, the nearest first."""

    def __init__(self, reader: Any, records: Records, until: float) -> None:
        self.reader = reader
        self.records = records
        self.until = until
        self.seen: set[tuple[int, int]] = set()
        # An object, and what triggers it if it is an action.
        self.work: deque[tuple[Any, str]] = deque()

    def run(self) -> None:
        trailer = self.reader.trailer
        root = self._value(trailer.get("/Root"))
        pages = self._value(root.get("/Pages")) if isinstance(root, dict) else None
        count = self._value(pages.get("/Count")) if isinstance(pages, dict) else None
        info = self._value(trailer.get("/Info"))
        title = self._value(info.get("/Title")) if isinstance(info, dict) else None
        self.records.add(
            "document",
            format="PDF",
            pages=int(count) if isinstance(count, int) else None,
            title=str(title) if isinstance(title, str) and title else None,
        )
        self.work.append((root, ""))
        looked = 0
        while self.work:
            thing, trigger = self.work.popleft()
            thing = self._resolved(thing)
            if isinstance(thing, dict):
                self._dictionary(thing, trigger)
            elif isinstance(thing, list):
                self.work.extend((one, trigger) for one in list(thing)[:MAX_OBJECTS])
            looked += 1
            if looked > MAX_OBJECTS or (looked % 64 == 0 and monotonic() > self.until):
                self.records.limit("too-many-objects" if looked > MAX_OBJECTS else "time")
                return

    def _resolved(self, thing: Any) -> Any:
        """The object behind a reference; None for one that was looked at or can't be read."""
        from pypdf.generic import IndirectObject

        if not isinstance(thing, IndirectObject):
            return thing
        place = (thing.idnum, thing.generation)
        if place in self.seen:
            return None
        self.seen.add(place)
        try:
            return thing.get_object()
        except Exception as fault:  # one object out of order; a viewer shows the others
            self._reraise_cipher(fault)
            return None

    @staticmethod
    def _reraise_cipher(fault: Exception) -> None:
        from pypdf.errors import DependencyError

        if isinstance(fault, DependencyError):
            raise fault

    def _value(self, thing: Any) -> Any:
        """A value behind a reference, however often it was looked at."""
        try:
            return thing.get_object() if hasattr(thing, "get_object") else thing
        except Exception as fault:  # as above
            self._reraise_cipher(fault)
            return None

    def _dictionary(self, thing: dict[Any, Any], trigger: str) -> None:
        from pypdf.generic import IndirectObject

        kind = self._value(thing.get("/S"))
        if isinstance(kind, str) and kind.startswith("/"):
            self._action(thing, kind[1:], trigger)
        if self._value(thing.get("/FT")) == "/Tx" and _number(self._value(thing.get("/Ff"))) & PASSWORD:
            self.records.add("password-field")
        if self._value(thing.get("/Type")) in ("/Filespec", "/F") and thing.get("/EF") is not None:
            name = self._value(thing.get("/UF")) or self._value(thing.get("/F"))
            self.records.add("embedded", name=_text(name), what="file")
        if thing.get("/XFA") is not None:
            self._form(self._value(thing.get("/XFA")))
        for key, value in list(thing.items())[:MAX_OBJECTS]:
            if key in ("/Parent", "/P", "/Font", "/ColorSpace", "/XFA", "/StructTreeRoot", "/Metadata"):
                continue  # the way back, and what leads nowhere
            below = TRIGGERS.get(key, trigger)
            if isinstance(value, (dict, list, IndirectObject)):
                self.work.append((value, below))

    def _action(self, thing: dict[Any, Any], kind: str, trigger: str) -> None:
        if kind == "URI":
            target = _text(self._value(thing.get("/URI")))
            if target:
                self.records.add("link", url=target, how="link")
            if trigger in ("open", "event"):
                self.records.add("action", action="URI", trigger=trigger, target=target)
            return
        if kind not in ACTIONS:
            return
        script = self._value(thing.get("/JS"))
        if script is not None and hasattr(script, "get_data"):
            script = script.get_data()[:MAX_CONTENT]
        target = _text(script) if script is not None else self._file(thing)
        self.records.add("action", action=kind, trigger=trigger or None, target=target)
        how = "form" if kind == "SubmitForm" else "launch"
        for found in text_links.find(target or ""):
            self.records.add("link", url=found, how=how)

    def _file(self, thing: dict[Any, Any]) -> str | None:
        """The file or address that an action names (§7.11): its /F, or the one for Windows."""
        named = self._value(thing.get("/F")) or self._value(thing.get("/Win"))
        for _ in range(3):
            if not isinstance(named, dict):
                break
            named = self._value(named.get("/UF")) or self._value(named.get("/F"))
        return _text(named)

    def _form(self, xfa: Any) -> None:
        """An XFA form has scripts of its own (XFA 3.3 §10)."""
        pieces = [self._value(one) for one in xfa[:40]] if isinstance(xfa, list) else [xfa]
        for piece in pieces:
            if hasattr(piece, "get_data") and b"<script" in piece.get_data():
                self.records.add("action", action="JavaScript", trigger="event", target="XFA")


def _pages(reader: Any, records: Records, until: float) -> None:
    """The addresses in the text of the first pages, and the codes in their images."""
    images = 0
    for number in range(MAX_PAGES):
        if monotonic() > until:
            records.limit("time")
            return
        try:
            page = reader.pages[number]
        except IndexError:
            return
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) <= MAX_CONTENT:
            for found in text_links.find(page.extract_text() or ""):
                records.add("link", url=found, how="text", page=number + 1)
        for name in page.images.keys():  # noqa: SIM118 (it is no mapping)
            if images >= MAX_IMAGES or monotonic() > until:
                records.limit("too-many-images")
                return
            images += 1
            for code in _codes(page, name, until):
                records.add("code", page=number + 1, **code)


def _codes(page: Any, name: Any, until: float) -> list[dict[str, object]]:
    try:
        shown = page.images[name].image
    except Exception:  # pypdf decodes what pictures mostly are, and raises what it likes at others
        return []
    return image.codes(shown, shown.width, until) if shown is not None else []


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0


def _text(value: Any) -> str | None:
    """A string object as text; bytes that are none as Latin-1."""
    if isinstance(value, bytes):
        value = (
            value.decode("utf-16", "replace") if value[:2] in (b"\xfe\xff", b"\xff\xfe") else value.decode("latin-1")
        )
    return str(value) if isinstance(value, str) and value else None


def _torn(data: bytes, records: Records) -> None:
    """Links and actions in the pieces of a file whose table of objects is of no use, packed streams included."""
    pieces, view = [data], memoryview(data)
    left = MAX_DECODED
    for start in islice(_STREAM.finditer(data), MAX_STREAMS):
        try:
            unpacked = zlib.decompressobj().decompress(view[start.end() : start.end() + MAX_PACKED], left)
        except zlib.error:
            continue  # a picture, or packed in another way
        left -= len(unpacked)
        pieces.append(unpacked)
        if left <= 0:
            break
    # What triggers an action cannot be told any more; where something happens at opening it may be this.
    trigger = "open" if any(b"/OpenAction" in piece for piece in pieces) else None
    for piece in pieces:
        for target in _URI.findall(piece):
            records.add("link", url=target.decode("latin-1"), how="link")
        for kind in _ACTION.findall(piece):
            records.add("action", action=kind.decode("ascii"), trigger=trigger)
