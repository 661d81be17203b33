"""How a text is worded: slips that betray a translation program, and a greeting by mail address.

Who writes badly is no criminal: the findings are low at most, and rest on slips within a language, never on which one it is.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.mail import url
from sekisho.mail.folding import beyond_ascii
from sekisho.mail.message import Message
from sekisho.named import NamedTuple

MAX_TEXT = 1 << 17  # characters looked at in one text
MAX_SLIPS = 10
MAX_NAME = 120  # characters shown of a name
GREETING = 2_000  # characters of a text in which a greeting stands
NEAR = 6  # characters from a foreign form of a kanji to the kana of its sentence


class Slip(NamedTuple):
    """One tell: what is written, and where."""

    written: str
    where: str


def slips(message: Message) -> tuple[Slip, ...]:
    """What people who write Japanese don't write, each once, in Japanese texts alone."""
    found: dict[str, Slip] = {}
    for where, text in _texts(message):
        if text.isascii() or len(_kana().findall(beyond_ascii(text[:4096]))) < 5:
            continue
        from sekisho.tables.wording_ja import GLYPHS, KANA, TERMS

        for written in (*GLYPHS, *KANA, *TERMS):
            at = text.find(written)
            if at >= 0 and (written not in GLYPHS or _kana().search(text, max(0, at - NEAR), at + NEAR)):
                found.setdefault(written, Slip(written.strip(), where))
        spread = _spread().search(text)
        if spread is not None:
            found.setdefault("spread", Slip(spread[0].strip()[:40], where))
        if len(found) >= MAX_SLIPS:
            break
    return tuple(found.values())[:MAX_SLIPS]


def nameless(message: Message) -> tuple[Slip, ...]:
    """The English turns of letters to anybody: a greeting by a word like customer first, then others beside it; () without such a greeting."""
    for where, text in _texts(message)[1:]:
        begun = text[:GREETING]
        low = begun.lower()
        greeting = _anybody().search(begun) if "dear" in low else None
        if greeting is None:
            continue
        found = [Slip(" ".join(greeting[0].split()), where)]
        found += [Slip("kindly", where)] if _kindly().search(text) else []
        capitals = _capitals().search(text)
        found += [Slip(capitals[0].strip()[:60], where)] if capitals else []
        return tuple(found)
    return ()


def greeted(message: Message) -> Slip | None:
    """Where the text calls its reader by a mail address, as a list of addresses makes one do; None where it does not."""
    own = {address.address.lower() for name in ("to", "cc", "delivered-to") for address in message.addresses(name)}
    for where, text in _texts(message)[1:]:
        low = text[:4096].lower()
        for address in own:
            at = low.find(address) if "@" in address else -1
            if at < 0:
                continue
            before, after = low[max(0, at - 12) : at], low[at + len(address) : at + len(address) + 4]
            if _greeting().search(before) or after.lstrip().startswith(("様", "さま", "さん", "殿")):
                return Slip(address, where)
    return None


def named_by_link(message: Message, organisation: str) -> Slip | None:
    """Where a link stands in the place of a person's name: in a greeting, before 様, or as what a form has for a name; not a link to
    `organisation`, whose form it is. None where there is none."""
    for where, text in _texts(message)[1:]:
        begun = text[:GREETING]
        if "/" not in begun and "www." not in begun.lower():
            continue
        asked = False  # the line before asks for a name
        for line in begun.split("\n"):
            link = _link().search(line)
            if link is None:
                asked = bool(_asks_name().fullmatch(line.strip())) if line.strip() else asked
                continue
            if asked or any(pattern.search(line) for pattern in _places_of_names()):
                target = url.parse(link[0] if "://" in link[0] else f"http://{link[0]}")
                if target is not None and target.host and target.domain != organisation:
                    return Slip(" ".join(line.split())[:MAX_NAME], where)
            asked = False
    return None


def _texts(message: Message) -> list[tuple[str, str]]:
    subject = ("field:subject", message.unstructured("subject") or "")
    return [subject, *((f"part:{part.part.number}", part.text[:MAX_TEXT]) for part in message.texts)]


@cache
def _kana() -> re.Pattern[str]:
    return re.compile("[\u3041-\u309f]")


@cache
def _spread() -> re.Pattern[str]:
    """Nine letters of a sentence with a blank after each; headings of a few letters are set so."""
    return re.compile("(?:[\u3041-\u30ff\u4e00-\u9fff] ){8}[\u3041-\u30ff\u4e00-\u9fff]")


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile("(?:dear|hello|hi|hey|attention|親愛なる)[ ,:]*$")


@cache
def _anybody() -> re.Pattern[str]:
    """A whole line, or its beginning: `Dear Mr Customer` is a person."""
    return re.compile(
        r"\bdear\s{1,3}(?:(?:valued|esteemed|e-?mail|mail|account|web\s?mail|bank|our|beloved)\s{1,3}){0,3}"
        r"(?:user|customer|client|member|subscriber|owner|holder|sir\s?/\s?madam|beneficiary|friend|winner|recipient|account|e-?mail)s?\b",
        re.IGNORECASE,
    )


@cache
def _kindly() -> re.Pattern[str]:
    return re.compile(r"\bkindly\b", re.IGNORECASE)


@cache
def _capitals() -> re.Pattern[str]:
    """Seven words of a sentence, each with a capital letter."""
    return re.compile(r"\b(?:You|Your|Please|Click|We|Update|Verify|To)(?: [A-Z][a-z]{1,20}){6}\b")


_LINK = r"(?:https?://[^\s,\u3000-\u9fff]{4,}|\bwww\.[^\s,\u3000-\u9fff]{4,}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/[^\s,\u3000-\u9fff]{2,})"
_NAME_OF = r"(?:\u304a\u540d\u524d|\u5fa1\u540d\u524d|\u6c0f\u540d|\u540d\u524d|\u3054?\u62c5\u5f53\u8005(?:\u540d|\u69d8)?|\u3075\u308a\u304c\u306a|\u30d5\u30ea\u30ac\u30ca|\u5dee\u51fa\u4eba|user ?name|(?:your|full|first|last) name)"


@cache
def _link() -> re.Pattern[str]:
    return re.compile(_LINK, re.IGNORECASE)


@cache
def _asks_name() -> re.Pattern[str]:
    """A line of a form that is nothing but the question for a name: お名前, ■氏名."""
    return re.compile(rf"\W{{0,4}}{_NAME_OF}\W{{0,4}}", re.IGNORECASE)


@cache
def _places_of_names() -> tuple[re.Pattern[str], ...]:
    """A greeting up to its comma; with no word between, up to the line's end, too. What 様 stands behind. What follows a form's question."""
    greeting = r"^\W{0,4}(?:hi|hello|hey|dear|hallo|bonjour|hola|ola|ol\u00e1|ciao|\u043f\u0440\u0438\u0432\u0456\u0442|\u043f\u0440\u0438\u0432\u0435\u0442)\b"
    return (
        re.compile(rf"{greeting}(?:[^,]|,(?=[0-9])){{0,200}}?{_LINK}[^,]{{0,60}},\s*$", re.IGNORECASE),
        re.compile(rf"{greeting}[\W0-9]{{0,40}}{_LINK}", re.IGNORECASE),
        re.compile(rf"{_LINK}[^\n]{{0,30}}(?:\u69d8|\u3055\u307e)(?:\s|$)", re.IGNORECASE),
        re.compile(rf"^\W{{0,6}}{_NAME_OF}[^\n:\uff1a]{{0,12}}[:\uff1a][^\n]{{0,120}}?{_LINK}", re.IGNORECASE),
    )
