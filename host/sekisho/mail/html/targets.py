"""Where an element leads and what it loads: the URLs in its attributes, in its style and in its script."""

import re
from collections.abc import Iterator
from functools import cache

# What a target is to the reader. By a click, by sending a form, or by itself the reader is led away:
LEADING = frozenset({"link", "form", "refresh"})
# the rest is loaded when the part is shown (image, media, frame, style), run where scripts are (script), or only says
# where the others begin (base) or what belongs to the page (meta).
KINDS = LEADING | {"base", "image", "media", "frame", "style", "script", "meta"}

MAX_TARGET = 4096  # characters of one target
MAX_OF_ELEMENT = 1_000
_ENDS = "".join(map(chr, range(33)))
_VANISHING = str.maketrans("", "", "\t\r\n")
_ATTRIBUTES = {
    ("a", "href"): "link",
    ("a", "xlink:href"): "link",
    ("area", "href"): "link",
    ("form", "action"): "form",
    ("button", "formaction"): "form",
    ("input", "formaction"): "form",
    ("base", "href"): "base",
    ("input", "src"): "image",
    ("img", "src"): "image",
    ("img", "longdesc"): "meta",
    ("image", "href"): "image",
    ("image", "xlink:href"): "image",
    ("use", "href"): "image",
    ("use", "xlink:href"): "image",
    ("feimage", "href"): "image",
    ("feimage", "xlink:href"): "image",
    ("video", "poster"): "image",
    ("video", "src"): "media",
    ("audio", "src"): "media",
    ("source", "src"): "media",
    ("track", "src"): "media",
    ("bgsound", "src"): "media",
    ("iframe", "src"): "frame",
    ("frame", "src"): "frame",
    ("embed", "src"): "frame",
    ("object", "data"): "frame",
    ("script", "src"): "script",
    ("script", "href"): "script",
    ("script", "xlink:href"): "script",
    ("blockquote", "cite"): "meta",
    ("q", "cite"): "meta",
    ("html", "manifest"): "meta",
}
ELEMENTS = frozenset(element for element, _ in _ATTRIBUTES) | {"meta", "link", "math"}
_EVERYWHERE = {"background": "image", "srcset": "image", "imagesrcset": "image"}


@cache
def _css() -> re.Pattern[str]:
    return re.compile(
        r"(@import\s{0,20})?url\(\s{0,20}(?:\"([^\"]{1,4096})\"|'([^']{1,4096})'|([^\s\"'()]{1,4096}))"
        r"|@import\s{0,20}(?:\"([^\"]{1,4096})\"|'([^']{1,4096})')",
        re.IGNORECASE,
    )


@cache
def _in_script() -> re.Pattern[str]:
    return re.compile(
        r"(?:https?|ftp):(?:\\?/){2}[^\s\"'`<>\\)]{1,2048}(?:\\/[^\s\"'`<>\\)]{0,2048}){0,20}", re.IGNORECASE
    )


@cache
def _refresh() -> re.Pattern[str]:
    """HTML §4.2.5.3: a number, then `;` or `,`, then `url=`, which may be left out."""
    return re.compile(r"\s*[\d.]*[\s;,]*(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.IGNORECASE | re.DOTALL)


def clean(target: str) -> str:
    """As a browser reads it (WHATWG URL §4.4): blanks and control characters at the ends gone, tabs and line ends everywhere."""
    return target[: 2 * MAX_TARGET].strip(_ENDS).translate(_VANISHING)[:MAX_TARGET]


def of(element: str, attributes: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    """(kind, target) of one element, in the order of its attributes; the target as written, not resolved."""
    for count, (name, value) in enumerate(attributes.items()):
        if count >= MAX_OF_ELEMENT:
            return
        if not value:
            continue
        kind = _ATTRIBUTES.get((element, name)) or _EVERYWHERE.get(name)
        if name in ("srcset", "imagesrcset"):
            yield from (("image", target) for target in _srcset(value))
        elif kind is not None:
            yield kind, value
        elif name == "style":
            yield from (("image", target) for target, _ in in_css(value))
        elif name[:2] == "on":
            yield from (("script", target) for target in in_script(value))
        elif name in ("href", "xlink:href") and element == "link":
            relation = (attributes.get("rel") or "").lower()
            yield "style" if "stylesheet" in relation else "image" if "icon" in relation else "meta", value
        elif name in ("href", "xlink:href") and element == "math":
            yield "link", value
        elif name == "content" and (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            match = _refresh().match(value[: 2 * MAX_TARGET])
            target = match and (match.group(1) or match.group(2) or match.group(3))
            if target:
                yield "refresh", target


def may_lead(style: str) -> bool:
    """Whether `in_css` can find anything: most brackets of a style hold a colour."""
    return "@" in style or ("(" in style and "url(" in style.lower())


def in_css(text: str) -> Iterator[tuple[str, str]]:
    """(target, kind) of every url() and @import of a style sheet or a style attribute; kind is image or style."""
    if not may_lead(text):
        return
    for count, match in enumerate(_css().finditer(text)):
        if count >= MAX_OF_ELEMENT:
            return
        imported = bool(match.group(1) or match.group(5) or match.group(6))
        yield next(group for group in match.groups()[1:] if group), "style" if imported else "image"


def in_script(text: str) -> Iterator[str]:
    """The absolute URLs in a script's strings; nothing is run, so one put together from pieces is not found."""
    if ":" not in text:
        return
    for count, match in enumerate(_in_script().finditer(text)):
        if count >= MAX_OF_ELEMENT:
            return
        yield match.group().replace("\\/", "/")


def _srcset(value: str) -> Iterator[str]:
    """HTML §4.8.4.2.2: targets with descriptors, parted by commas; a target may hold commas, but not end with one."""
    at, size = 0, min(len(value), 4 * MAX_TARGET)
    for _ in range(MAX_OF_ELEMENT):
        while at < size and value[at] in ", \t\n\f\r":
            at += 1
        begin = at
        while at < size and value[at] not in " \t\n\f\r":
            at += 1
        if begin == at:
            return
        target = value[begin:at]
        yield target.rstrip(",")
        if not target.endswith(","):
            comma = value.find(",", at, size)
            at = comma + 1 if comma >= 0 else size


def resolved(target: str, base: str) -> str:
    """A relative target against an absolute base (RFC 3986 §5.2, as far as a mail needs it); as it is when there is no base."""
    if not base or not target or target[0] == "#" or _scheme(target):
        return target
    scheme, _, rest = base.partition(":")
    slashed = target.replace("\\", "/") if target[0] == "\\" else target
    if slashed.startswith("//"):
        return f"{scheme}:{slashed}"
    authority_end = next((place for place in range(2, len(rest)) if rest[place] in "/\\?#"), len(rest))
    origin, path = f"{scheme}:{rest[:authority_end]}", rest[authority_end:]
    if slashed[0] == "/":
        return origin + slashed
    path = path.partition("#")[0]
    if slashed[0] == "?":
        return origin + (path.partition("?")[0] or "/") + slashed
    folder = path.partition("?")[0].rpartition("/")[0]
    pieces = folder.split("/")
    while slashed.startswith(("../", "./")):
        if slashed.startswith("../") and len(pieces) > 1:
            pieces.pop()
        slashed = slashed.partition("/")[2]
    return f"{origin}{'/'.join(pieces)}/{slashed}"


def _scheme(target: str) -> bool:
    head, sign, _ = target[:40].partition(":")
    return bool(sign) and head[:1].isalpha() and head.isascii() and head.translate(_SCHEME_CHARACTERS).isalnum()


_SCHEME_CHARACTERS = str.maketrans("", "", "+.-")
