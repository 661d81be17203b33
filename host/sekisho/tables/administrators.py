"""Words by which somebody speaks as the one who runs a mailbox: the helpdesk, the webmail's administrator, the server's.

as-of 2026-11-22, by hand: the senders' names of mailbox phishing in the reports of フィッシング対策協議会 and in public
collections of such mail (phishing_pot, 2022 to 2026). A name counts only where it says nothing else.
"""

from __future__ import annotations

# What is run, and what the words for those who run it are. "Account" and "security" alone are every shop's.
_WHAT = frozenset(
    [
        "mail",
        "email",
        "webmail",
        "mailbox",
        "emailbox",
        "postmaster",
        "server",
        "domain",
        "hosting",
        "webhost",
        "it",
        "ict",
        "system",
        "systems",
        "network",
        "exchange",
        "owa",
        "quota",
    ]
)
_WHO = frozenset(
    [
        "admin",
        "administrator",
        "administrators",
        "administration",
        "helpdesk",
        "help",
        "support",
        "service",
        "services",
        "desk",
        "team",
        "center",
        "centre",
        "department",
        "dept",
    ]
)
# "email" and "mail" beside them: many a shop's "Email Support" and "Domain Services" are real, and few say so without a name of theirs.
_FILLERS = frozenset(
    [
        "the",
        "your",
        "of",
        "for",
        "and",
        "a",
        "security",
        "account",
        "accounts",
        "technical",
        "web",
        "online",
        "customer",
        "alert",
        "alerts",
        "notification",
        "notifications",
        "notice",
        "update",
        "upgrade",
        "verification",
        "e",
        "local",
        "office",
        "365",
        "user",
        "users",
        "message",
        "delivery",
        "box",
        "center",
    ]
)
MAX_WORDS = 7
_JAPANESE = [
    "メール管理者",
    "メール管理部",
    "メール管理センター",
    "メールサポート",
    "メールボックス管理",
    "メールアカウント管理",
    "メールシステム管理",
    "メールサーバ",
    "ウェブメール",
    "webメール",
    "webmail管理",
    "サーバー管理者",
    "サーバ管理者",
    "サーバー管理部",
    "サーバー管理センター",
    "システム管理者",
    "システム管理部",
    "ネットワーク管理者",
    "ドメイン管理者",
    "ホスティング管理",
    "ヘルプデスク",
    "情報システム部",
    "情報システム課",
    "it管理者",
    "itサポート",
    "isp管理",
]


def speaks(folded: str, own: frozenset[str] = frozenset()) -> bool:
    """Whether a folded name is that of nobody but a mailbox's administrator. `own`: words that stand for the reader's domain."""
    if not folded.isascii() and any(word in folded for word in _JAPANESE):
        return True
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    if not 0 < len(words) <= MAX_WORDS or not _WHO.intersection(words):
        return False
    if not all(word in _WHAT or word in _WHO or word in _FILLERS or word in own for word in words):
        return False
    return any(word in _WHAT or word in own for word in words)
