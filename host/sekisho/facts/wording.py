"""How a text is worded: slips that betray a translation program, and a greeting by mail address.

Who writes badly is no criminal: the findings are low at most, and rest on slips within a language, never on which one it is.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.mail.message import Message
from sekisho.named import NamedTuple

MAX_TEXT = 1 << 17  # characters looked at in one text
MAX_SLIPS = 10
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
        if len(_kana().findall(text, 0, 4096)) < 5:
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
