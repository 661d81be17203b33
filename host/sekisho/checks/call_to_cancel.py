"""A bill that nobody ordered, and a telephone number to cancel it: whoever calls is talked into giving away the computer or the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.telephone import numbers
from sekisho.questions import Ask
from sekisho.tables import brands, mailbox_providers

CHECK = Check(
    "call-to-cancel",
    "medium",
    {
        "en": Text(
            "It tells of a charge, and asks you to call {number} to stop it",
            "It says “{sentence}”. Nothing ties the address {address} to a company that could charge you: it leads to no site of its own. "
            "At the other end of such numbers somebody asks for remote access to your computer, or for your account.",
            "Don't call. Look at your statement, or at the company's own site, whether there is such a charge.",
        ),
        "ja": Text(
            "身に覚えのない請求と、取り消しのための電話番号({number})が書かれています",
            "本文には「{sentence}」とありますが、差出人の {address} が請求元の会社のものだと分かる手がかり(自社サイトへのリンクなど)がありません。"
            "こうした番号に電話をかけると、遠隔操作ソフトを入れさせられたり、口座やカードの番号を聞き出されたりします。",
            "電話はかけないでください。本当に請求があるかどうかは、カードの明細やその会社の公式サイトで確かめてください。",
        ),
    },
)
MAX_TEXT = 1 << 14  # characters of a text


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("call-to-cancel")
    author = facts.identity.author
    if said is None or author is None or not author.address or _at_home(facts):
        return
    if not mailbox_providers.personal(facts.identity.organisation) and not _in_anothers_name(facts):
        return  # a craftsman's bill names a telephone, too
    for part in facts.message.texts:
        text = part.text[:MAX_TEXT]
        given = numbers(text)
        if given and _amount().search(text):
            yield CHECK.finding(*said.where, sentence=said.sentence, number=given[0], address=author.address)
            return


def _at_home(facts: Facts) -> bool:
    """Whether it leads to the sender's own site, as bills of companies do."""
    own = facts.identity.organisation
    return not mailbox_providers.shared(own) and any(seen.target.domain == own for seen in facts.links.seen)


def _in_anothers_name(facts: Facts) -> bool:
    """Whether the text names a well-known company first that has nothing to do with the sender's address."""
    begun = " ".join(
        [facts.message.unstructured("subject") or "", *(part.text[:MAX_TEXT] for part in facts.message.texts[:1])]
    )
    brand = brands.named_in(begun)
    return brand is not None and not brand.runs(facts.identity.organisation)


@cache
def _amount() -> re.Pattern[str]:
    """A sum of money: $389.99, 389.99 USD, ¥12,800, 12,800円."""
    return re.compile(r"[$\u20ac\u00a3\u00a5\uffe5] ?[0-9]|[0-9] ?(?:USD|EUR|GBP|dollars|\u5186)", re.IGNORECASE)
