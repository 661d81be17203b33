"""Office Open XML (ECMA-376) and OpenDocument: the parts of a ZIP file that say what acts and what leads elsewhere.

Only parts that matter are unpacked, in memory, bounded one by one and together; XML goes through expat with an end. Runs in
the opening process only.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from sekisho.mail import text_links
from sekisho.opening import compound, vba
from sekisho.opening.records import Records
from sekisho.opening.rich_text import field

MAX_PARTS = 4000
MAX_PART = 8 << 20  # bytes unpacked of one part
MAX_ALL = 48 << 20  # of all together
MAX_ELEMENTS = 400_000  # of one part
MAX_TEXT = 300_000  # characters of running text searched for addresses
# Relationship types (ECMA-376 part 1, §15) that load something the moment the file is opened.
LOADED = {
    "oleObject",
    "frame",
    "subDocument",
    "externalLinkPath",
    "mailMergeSource",
    "image",
    "video",
    "audio",
    "xlExternalLinkPath",
}
_AUTO_NAME = re.compile(r"(?:_xlnm\.)?Auto_?(?:Open|Close|Activate|Deactivate)", re.IGNORECASE)
_FORMULA = re.compile(r"HYPERLINK\(\s*\"([^\"]{3,2000})\"", re.IGNORECASE)


class _EnoughError(Exception):
    """A part has more elements than anybody needs, or entities of its own."""


def read(data: bytes, records: Records) -> None:
    """Raises BadZipFile for what is no ZIP file."""
    with ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()[:MAX_PARTS]
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names and "mimetype" not in names:
            raise BadZipFile("neither Office Open XML nor OpenDocument")
        records.add("document", format="ODF" if "mimetype" in names else "OOXML")
        if any(part.flag_bits & 1 for part in parts):
            records.add("encrypted", password=True)
        if len(archive.infolist()) > MAX_PARTS:
            records.limit("too-many-parts")
        left = MAX_ALL
        sheets = False
        auto: list[str] = []
        for part in sorted(parts, key=_importance):
            look = _look_of(part.filename)
            if look is None or part.flag_bits & 1:
                continue
            if left <= 0:
                records.limit("too-large")
                break
            content = _content(archive, part, records)
            left -= len(content)
            sheets = sheets or part.filename.lower().startswith("xl/macrosheets/")
            look(part.filename, content, records, auto)
        if sheets:
            records.add("macro", language="xlm", auto=auto, calls=[])
        if "mimetype" in names and any(
            name.startswith("Basic/") and name.count("/") > 1 and not name.endswith("/") for name in names
        ):
            records.add("macro", language="basic", auto=auto, calls=[])


def _content(archive: ZipFile, part: ZipInfo, records: Records) -> bytes:
    """A part unpacked, up to MAX_PART; what its header says of its size is not believed."""
    import zlib

    try:
        with archive.open(part) as stream:
            content = stream.read(MAX_PART + 1)
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, OSError):
        records.limit("broken-part")
        return b""
    if len(content) > MAX_PART:
        records.limit("too-large")
    return content[:MAX_PART]


def _importance(part: ZipInfo) -> int:
    """Small and telling parts first, so that a large one can't use up what may be unpacked."""
    name = part.filename.lower()
    return 0 if name.endswith(".rels") else 1 if name.endswith(".bin") else 2 if name.count("/") < 2 else 3


def _look_of(filename: str) -> Any:
    """How a part is looked at; None for one that says nothing."""
    name = filename.lower()
    if name.endswith(".rels"):
        return _relationships
    if name.endswith("vbaproject.bin"):
        return _project
    if "/embeddings/" in name:
        return _embedded
    if "/activex/" in name and name.endswith(".xml"):
        return _control
    if name.startswith("xl/macrosheets/") or name in ("xl/workbook.xml", "xl/connections.xml"):
        return _text
    if name.startswith(("xl/worksheets/sheet", "xl/externallinks/externallink", "xl/sharedstrings")) and name.endswith(
        ".xml"
    ):
        return _text
    if name.startswith(("word/", "ppt/slides/slide")) and name.endswith(".xml") and name.count("/") <= 2:
        return _text
    if name in ("content.xml", "styles.xml") or (name.startswith("basic/") and name.endswith(".xml")):
        return _text
    return None


def _parse(content: bytes, start: Any, end: Any = None, text: Any = None) -> None:
    """Run a part through expat: namespaces left out of the names, no entities, a bounded number of elements. A broken part
    counts as far as it goes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    count = 0

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise _EnoughError
        start(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def entity(*_: Any) -> None:
        raise _EnoughError  # no Office program declares one

    parser.StartElementHandler = started
    parser.EntityDeclHandler = entity
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, _EnoughError, ValueError):
        return


def _relationships(filename: str, content: bytes, records: Records, auto: list[str]) -> None:
    """ECMA-376 part 2, §9.3: where a part leads. An internal one is no news, whatever its type."""

    def start(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "").strip()
        if attributes.get("TargetMode") != "External" or not target:
            return
        if kind == "attachedTemplate":
            if _elsewhere(target):
                records.add("template", url=target)
        elif kind == "hyperlink":
            records.add("link", url=target, how="link")
        elif kind in LOADED and (_elsewhere(target) or kind == "oleObject"):
            records.add("external", url=target, what=kind)

    _parse(content, start)


def _elsewhere(target: str) -> bool:
    """Whether a target lies on another computer. Word notes the path of the template on its author's disk in every file."""
    low = target.lower().replace("\\", "/")
    if low.startswith("mhtml:"):
        low = low[6:]
    if low.startswith("file:"):
        rest = low[5:]
        return rest.startswith("//") and not rest.startswith(("///", "//localhost/")) and rest[3:4] != ":"
    return low.startswith(("http:", "https:", "ftp:", "//"))


def _project(filename: str, content: bytes, records: Records, auto: list[str]) -> None:
    """A VBA project (MS-OVBA §2.2.1); one that can't be read is a macro all the same."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(content)) as inner:
            known = vba.read(inner, records)
    except Exception:  # olefile raises what it likes at files that are out of order
        known = False
    if not known:
        records.add("macro", language="vba", auto=[], calls=[])


def _embedded(filename: str, content: bytes, records: Records, auto: list[str]) -> None:
    import olefile

    base = filename.rpartition("/")[2]
    if not content.startswith(compound.MAGIC):
        records.add("embedded", name=base, what="file")
        return
    try:
        with olefile.OleFileIO(BytesIO(content)) as inner:
            before = len(records.found)
            compound.objects(inner, [path for path in inner.listdir()[: compound.MAX_STREAMS] if path], records)
            vba.read(inner, records)
            if len(records.found) == before:
                records.add("embedded", name=base, what="ole")
    except Exception:  # as above
        records.add("embedded", name=base, what="ole")


def _control(filename: str, content: bytes, records: Records, auto: list[str]) -> None:
    records.add("embedded", name=filename.rpartition("/")[2], what="activex")


def _text(filename: str, content: bytes, records: Records, auto: list[str]) -> None:
    """Fields, formulas, defined names, DDE links, and the addresses in the running text."""
    instruction: list[str] = []
    running: list[str] = []
    inside: list[str] = []
    length = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        if name == "fldSimple":
            field(attributes.get("instr", ""), records)
        elif name == "fldChar" and attributes.get("fldCharType") in ("end", "separate"):
            field("".join(instruction), records)
            instruction.clear()
        elif name == "ddeLink":
            records.add("command", text=" ".join((attributes.get("ddeService", ""), attributes.get("ddeTopic", ""))))
        elif name == "definedName" and _AUTO_NAME.match(attributes.get("name", "")):
            auto.append(attributes["name"].removeprefix("_xlnm."))
        elif name == "webPr" and attributes.get("url"):
            records.add("external", url=attributes["url"], what="webPr")
        elif name == "p":
            running.append("\n")
        if "href" in attributes and _elsewhere(attributes["href"]):  # OpenDocument §19.908
            what = "link" if name == "a" else "external"
            records.add(what, url=attributes["href"], **({"how": "link"} if what == "link" else {"what": name}))
        if name == "event-listener" and attributes.get("event-name", "").endswith(("load", "open", "load-finished")):
            auto.append(attributes["event-name"])

    def end(name: str) -> None:
        if inside:
            inside.pop()

    def text(piece: str) -> None:
        nonlocal length
        where = inside[-1] if inside else ""
        if where == "instrText":
            instruction.append(piece)
        elif where == "f":
            for found in _FORMULA.findall(piece):
                records.add("link", url=found, how="link")
        elif length < MAX_TEXT:
            length += len(piece)
            running.append(piece)

    _parse(content, start, end, text)
    if instruction:
        field("".join(instruction), records)
    for found in text_links.find("".join(running)):
        records.add("link", url=found, how="text")
