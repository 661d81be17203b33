"""Words in a sender's name that say that a company or an office writes, no person. as-of 2026-11-22, by hand.

FORMS are legal forms, which small firms with a free mailbox have as well; OFFICES are what no free mailbox is: banks, authorities,
an account's or a service's own desk.
"""

from __future__ import annotations

import re
from functools import cache

_FORMS = (
    r"\b(?:inc|ltd|llc|llp|plc|gmbh|co\.,? ?ltd|corp|corporation|pty|s\.?r\.?l|s\.a\.s?|b\.v|oy|ab|k\.k)\b\.?$"
    r"|株式会社|有限会社|合同会社|合資会社|\((?:株|有|同)\)|㈱|㈲|一般社団法人|財団法人|医療法人|学校法人"
)
_OFFICES = (
    r"\b(?:bank|banking|customer (?:service|support|care)|account (?:team|support|security|services)|accounts? department"
    r"|security (?:team|alert|center|centre|department)|help ?desk|it (?:support|department|helpdesk)|technical support|tech support"
    r"|(?:support|billing|payment|payroll|fraud|audit|legal|hr|human resources|service) (?:team|department|desk|center|centre)"
    r"|mail (?:admin|administrator|support|server|delivery)|system administrator|webmaster|postmaster|ministry|tribunal|court"
    r"|police|interpol|europol|federal|fbi|customs|revenue|tax office|embassy|united nations|delivery (?:service|department)"
    r"|notifications?|no-?reply|minist[eé]rio|suporte|atendimento|kundenservice|kundendienst|sparkasse|service client|soporte)\b"
    r"|銀行|信用金庫|信託|証券|カード会社|カスタマー ?(?:サポート|サービス|センター)|お客様(?:サポート|センター|相談)|サポートセンター|サポートチーム"
    r"|アカウント管理|メール管理|システム管理|管理者|ヘルプデスク|セキュリティ ?(?:チーム|センター|部)|総務省|国税庁|警察|税務署|市役所|区役所|裁判所"
    r"|年金機構|運営事務局|公式"
)


@cache
def _pattern(of: str) -> re.Pattern[str]:
    return re.compile(of, re.IGNORECASE)


def said(name: str) -> tuple[str, str]:
    """The word that says so and its kind, `office` or `form`; two empty texts where none does."""
    text = name[:300]
    for pattern, kind in ((_OFFICES, "office"), (_FORMS, "form")):
        found = _pattern(pattern).search(text)
        if found:
            return found[0].strip(), kind
    return "", ""
