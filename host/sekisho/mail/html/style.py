"""What style hides from a reader: the few properties that can, from attributes and from simple rules of <style>.

Not a style engine. A rule is applied when its selector is one tag, class or id, or a tag with a class or id; of a longer
selector only the last part is compared, and then it can only show, never hide. What is conditional (@media with a
condition) is left out, for it is how newsletters change their look on a telephone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from sekisho.named import NamedTuple

MAX_RULES = 2_000
MAX_VARIANTS = 12  # of rules for one class, id or tag
MAX_SHEET = 300_000  # characters of style sheets read
MAX_DECLARATIONS = 60  # of one rule or attribute
MAX_REMEMBERED = 500  # characters of a style attribute
TINY = 1.0  # pixels: letters of that size or less are no letters
NEAR = 12  # of 255: two colours no farther apart in any channel are one to the eye

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
_NAMES: dict[str, Colour] = {
    "white": WHITE,
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "navy": (0, 0, 128),
    "orange": (255, 165, 0),
}
_NUMBER = re.compile(r"[ \t]*([+-]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))[ \t]*([a-z%]*)")
_PROPERTIES = frozenset({
    "display", "visibility", "font", "font-size", "opacity", "color", "background", "background-color", "background-image",
    "width", "height", "max-width", "max-height", "overflow", "overflow-x", "overflow-y", "position", "left", "top",
    "right", "text-indent", "mso-hide", "line-height", "clip", "filter", "padding", "border",
})  # fmt: skip
_BOXING = frozenset({
    "display", "mso-hide", "opacity", "overflow", "overflow-x", "overflow-y", "position", "text-indent",
})  # fmt: skip
_WORDS = (
    "display",
    "visibility",
    "font",
    "opacity",
    "color",
    "background",
    "height",
    "width",
    "position",
    "indent",
    "hide",
)
# What `state` looks at beside classes: attributes, and elements that have a look of their own.
STYLING = frozenset({"style", "class", "id", "hidden", "bgcolor", "background", "color", "text", "open"})
STYLED = frozenset({"dialog", "mark", "button"})
_UNITS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "mm": 3.78, "cm": 37.8, "in": 96.0, "pc": 16.0}

Declarations = dict[str, tuple[str, bool]]  # property: value in lower case, and whether it is !important


class State(NamedTuple):
    """What an element hands down: `gone` for good, `invisible` until something below is made visible."""

    gone: bool = False
    invisible: bool = False
    size: float = 16.0
    colour: Colour | None = (0, 0, 0)  # None: not known
    background: Colour | None = WHITE  # None: a picture, or not known
    transparent: bool = False  # colour: transparent

    @property
    def unreadable(self) -> bool:
        """Whether letters here are not to be seen."""
        if self.gone or self.invisible or self.size <= TINY or self.transparent:
            return True
        return same(self.colour, self.background)

    @property
    def unseen(self) -> bool:
        """Whether a picture here is not to be seen."""
        return self.gone or self.invisible


def same(one: Colour | None, other: Colour | None) -> bool:
    """Whether an eye takes two colours for one."""
    if one is None or other is None:
        return False
    return abs(one[0] - other[0]) <= NEAR and abs(one[1] - other[1]) <= NEAR and abs(one[2] - other[2]) <= NEAR


class Sheet:
    """The rules of a part's style sheets, in the order they stand, by the last part of their selector."""

    def __init__(self) -> None:
        self.rules: dict[str, list[tuple[int, int, str, bool, Declarations]]] = {}
        self._count = 0
        self._room = MAX_SHEET

    def add(self, text: str) -> None:
        """Read a <style> element's text."""
        text = text[: max(0, self._room)]
        self._room -= len(text)
        for selectors, body in _blocks(text):
            if not any(word in body for word in _WORDS):
                continue
            said = declarations(body)
            if not said:
                continue
            for selector in selectors.split(",")[:20]:
                if self._count >= MAX_RULES:
                    return
                read = _selector(selector)
                if read is None:
                    continue
                self._count += 1
                self._put(*read, said)

    def _put(self, key: str, tag: str, weight: int, whole: bool, said: Declarations) -> None:
        """Rules of one weight for the same elements are one rule, so that an element has few to look at."""
        known = self.rules.setdefault(key, [])
        for place, (other_weight, _, other_tag, other_whole, before) in enumerate(known):
            if (weight, tag, whole) == (other_weight, other_tag, other_whole):
                merged = dict(before)
                _lay(merged, said.items())
                known[place] = (weight, self._count, tag, whole, merged)
                return
        if len(known) < MAX_VARIANTS:
            known.append((weight, self._count, tag, whole, said))

    def matching(self, tag: str, attributes: dict[str, str | None]) -> list[tuple[int, int, bool, Declarations]]:
        """(weight, place, whether the selector is known to match, declarations), the strongest last."""
        keys = [tag, "*"]
        if identity := attributes.get("id"):
            keys.append("#" + identity)
        if classes := attributes.get("class"):
            keys.extend("." + one for one in classes[:500].split()[:20])
        found = [
            (weight, place, whole, said)
            for key in keys
            for weight, place, only, whole, said in self.rules.get(key, ())
            if not only or only == tag
        ]
        found.sort(key=lambda rule: rule[:2])
        return found


def declarations(text: str) -> Declarations:
    """The properties of a style attribute or a rule's body that can hide something; of two, the later or the important one."""
    out: Declarations = {}
    for piece in text[:8192].split(";")[:MAX_DECLARATIONS]:
        name, sign, value = piece.partition(":")
        name = name.strip().lower()
        if not sign or name not in _PROPERTIES:
            continue
        value = value.strip().lower()
        important = "!" in value and value.endswith("important")
        if important:
            value = value.rpartition("!")[0].rstrip()
        if important or name not in out or not out[name][1]:
            out[name] = (value, important)
    return out


_remembered = lru_cache(256)(declarations)  # the same attribute stands at many elements, which stand in unlike ones


def state(tag: str, attributes: dict[str, str | None], above: State, sheet: Sheet) -> State:
    """The state of an element below `above`."""
    found = sheet.matching(tag, attributes) if sheet.rules else []
    written = attributes.get("style")
    own: Declarations = {}
    if written and ":" in written:
        own = _remembered(written) if len(written) <= MAX_REMEMBERED else declarations(written)
    hints = _hints(tag, attributes)
    if not found and not own and not hints:
        return above
    said: Declarations = dict(hints)
    hedged: set[str] = set()
    for _, _, whole, body in found:
        if whole:
            _lay(said, body.items())
        else:
            hedged.update(body)
            _lay(said, ((name, value) for name, value in body.items() if _shows(name, value[0])))
    _lay(said, own.items())
    after = _applied(said, above)
    if not hedged.isdisjoint(("background", "background-color", "background-image")):
        after = after._replace(background=None)
    if "color" in hedged and "color" not in own:
        after = after._replace(colour=None)
    return after


def _lay(said: Declarations, more: Iterable[tuple[str, tuple[str, bool]]]) -> None:
    for name, value in more:
        if value[1] or name not in said or not said[name][1]:
            said[name] = value


def _shows(name: str, value: str) -> bool:
    return (
        (name == "display" and value != "none")
        or (name == "visibility" and value == "visible")
        or (name == "font-size" and (length(value) or 16.0) > TINY)
    )


def _hints(tag: str, attributes: dict[str, str | None]) -> Declarations:
    """What presentational attributes say (HTML §15.3)."""
    out: Declarations = {}
    if "hidden" in attributes:
        out["display"] = ("none", False)
    if colour := attributes.get("bgcolor"):
        out["background-color"] = (_legacy(colour), False)
    if attributes.get("background"):
        out["background-image"] = ("url", False)
    if colour := attributes.get({"font": "color", "body": "text"}.get(tag, "")):
        out["color"] = (_legacy(colour), False)
    elif tag == "a" and attributes.get("href"):
        out["color"] = ("link", False)
    elif tag == "dialog" and "open" not in attributes:
        out["display"] = ("none", False)
    elif tag in ("mark", "button"):
        out["background-color"] = ("of its own", False)
    return out


def _legacy(colour: str) -> str:
    colour = colour.strip().lower()[:40]
    return "#" + colour if re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", colour) else colour


def _applied(said: Declarations, above: State) -> State:
    gone = above.gone or _boxed_away(said)
    invisible = above.invisible
    if "visibility" in said:
        visibility = said["visibility"][0]
        invisible = visibility in ("hidden", "collapse") if visibility != "inherit" else invisible
    size = above.size
    if "font" in said and "font-size" not in said:
        match = re.search(r"(?:^|[ \t])([\d.]{1,9}(?:px|pt|em|%|rem))(?=[ \t/]|$)", said["font"][0][:200])
        size = _size(match.group(1), size) if match else size
    elif "font-size" in said:
        size = _size(said["font-size"][0], size)
    colour, transparent = above.colour, above.transparent
    if "color" in said:
        written = said["color"][0]
        if written not in ("inherit", "currentcolor", "unset", ""):
            colour, transparent = colour_of(written), _is_transparent(written)
    background = above.background
    for name in ("background-color", "background", "background-image"):
        if name not in said:
            continue
        written = said[name][0]
        if "url" in written or "gradient" in written:
            background = None
        elif name != "background-image" and written not in ("inherit", "unset", "initial", "none", ""):
            first = written.split(")")[0] + ")" if written.startswith("rgb") else written.split()[0]
            if not _is_transparent(first):
                background = colour_of(first)
    return State(gone, invisible, size, colour, background, transparent)


def _boxed_away(said: Declarations) -> bool:
    """Taken out of the picture with all that is in it."""
    if _BOXING.isdisjoint(said):
        return False

    def value(name: str) -> str:
        return said[name][0] if name in said else ""

    if value("display") == "none" or (value("mso-hide") == "all" and not value("display")):
        return True
    opacity = _NUMBER.fullmatch(value("opacity"))
    if opacity is not None and float(opacity.group(1)) * (0.01 if opacity.group(2) == "%" else 1) < 0.05:
        return True
    if "hidden" in value("overflow") or "hidden" in value("overflow-y") or "hidden" in value("overflow-x"):
        for name in ("height", "max-height", "width", "max-width"):
            measured = length(value(name))
            if measured is not None and measured <= TINY:
                return True
    if value("position") in ("absolute", "fixed"):
        if "rect(0" in value("clip").replace(" ", "") or "rect(1px,1px" in value("clip").replace(" ", ""):
            return True
        for name in ("left", "top", "right"):
            measured = length(value(name))
            if measured is not None and measured <= -500:
                return True
    indent = length(value("text-indent"))
    return indent is not None and indent <= -500


def _size(written: str, above: float) -> float:
    match = _NUMBER.fullmatch(written[:30])
    if match is None:
        return 13.0 if written not in ("inherit", "unset") else above
    number, unit = float(match.group(1)), match.group(2)
    if unit in ("em", "ex"):
        return min(above * number, 1e6)
    if unit == "%":
        return min(above * number / 100, 1e6)
    if unit == "rem":
        return 16 * number
    return number * _UNITS.get(unit, 16.0)


def length(written: str) -> float | None:
    """A length in pixels; None when it is none or relative to something not known here."""
    match = _NUMBER.fullmatch(written[:30]) if written else None
    if match is None:
        return None
    number, unit = float(match.group(1)), match.group(2)
    if number == 0:
        return 0.0
    if unit in ("em", "rem"):
        return number * 16
    factor = _UNITS.get(unit)
    return None if factor is None else number * factor


def colour_of(written: str) -> Colour | None:
    """A colour's channels; None for what is not known here."""
    if written[:1] == "#":
        digits = written[1:]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        try:
            return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
        except ValueError:
            return None
    if written.startswith("rgb"):
        numbers = re.findall(r"\d{1,3}", written[:60])
        return (int(numbers[0]), int(numbers[1]), int(numbers[2])) if len(numbers) >= 3 and "%" not in written else None
    return _NAMES.get(written)


def _is_transparent(written: str) -> bool:
    if written == "transparent":
        return True
    match = re.match(r"rgba\([^,]{1,9},[^,]{1,9},[^,]{1,9},[ \t]*([\d.]{1,9})", written[:60])
    try:
        return match is not None and float(match.group(1)) < 0.05
    except ValueError:
        return False


@cache
def _simple() -> re.Pattern[str]:
    return re.compile(r"(\*|[A-Za-z][A-Za-z0-9]*)?([.#][A-Za-z_\-][\w\-]*)?")


def _selector(text: str) -> tuple[str, str, int, bool] | None:
    """(key, tag that must fit too, weight, whether this is the whole selector); None for what is not compared."""
    parts = text[:500].replace(">", " ").split()
    if not parts:
        return None
    match = _simple().fullmatch(parts[-1])
    if match is None or not match.group():
        return None
    tag, mark = (match.group(1) or "").lower(), match.group(2) or ""
    weight = (1 if tag and tag != "*" else 0) + {"": 0, ".": 10, "#": 100}[mark[:1]] + 11 * (len(parts) - 1)
    if not mark:
        return tag, "", weight, len(parts) == 1
    return mark, "" if tag == "*" else tag, weight, len(parts) == 1


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(selectors, body) of the rules that hold without a condition. One pass."""
    text = _without_comments(text)
    at, size = 0, len(text)
    while at < size:
        opened = text.find("{", at)
        if opened < 0:
            return
        head = text[at:opened]
        head = head[head.rfind(";") + 1 :].strip()
        if head[:1] == "@" or "}" in head:
            if "}" in head:  # ends an @media that was entered
                at = at + text[at:opened].rfind("}") + 1
                continue
            words = head[:200].lower().split()
            if (
                words[0] == "@media"
                and len(words) > 1
                and all(word.strip(",") in ("all", "screen") for word in words[1:])
            ):
                at = opened + 1
                continue
            at = _behind(text, opened)
            continue
        closed = text.find("}", opened)
        if closed < 0:
            closed = size
        yield head, text[opened + 1 : closed].lower()
        at = closed + 1


def _behind(text: str, opened: int) -> int:
    """The place behind a block with blocks in it."""
    depth = 0
    for match in re.compile("[{}]").finditer(text, opened):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end()
    return len(text)


def _without_comments(text: str) -> str:
    text = text.replace("<!--", "").replace("-->", "")
    if "/*" not in text:
        return text
    out = []
    at = 0
    while (begin := text.find("/*", at)) >= 0:
        out.append(text[at:begin])
        end = text.find("*/", begin + 2)
        if end < 0:
            return " ".join(out)
        at = end + 2
    out.append(text[at:])
    return " ".join(out)
