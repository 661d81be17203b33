"""A link carries a program or a whole page instead of leading to a place."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "script-link",
    "medium",
    {
        "en": Text(
            "A link carries {what} instead of leading to a site",
            "What opens then comes out of this mail itself: no server stands behind it that could be checked or blocked, "
            "and an address bar shows no owner. Mail programs and browsers refuse most of these links.",
            "Don't click it, and don't copy it into your browser.",
        ),
        "ja": Text(
            "サイトに移動する代わりに {what} が埋め込まれたリンクがあります",
            "クリックすると、このメールの中に入っている内容がそのまま開きます。調べたり遮断したりできるサーバーはなく、アドレス欄にも"
            "持ち主は表示されません。メールソフトやブラウザーは、ほとんどの場合こうしたリンクを開きません。",
            "クリックせず、ブラウザーに貼り付けて開くこともしないでください。",
        ),
    },
)

HARMLESS = ("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/calendar", "text/vcard")
NOTHING = frozenset(
    {"", "void(0)", "void 0", "return false", "window.print()", "print()", "history.back()", "window.close()"}
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for script in facts.links.scripts:
        if script.scheme == "data":
            if not script.media_type.startswith(HARMLESS):
                yield CHECK.finding(script.where, severity="high", what=f"data:{script.media_type}")
        elif script.url.partition(":")[2].strip(" ;").lower() not in NOTHING:
            yield CHECK.finding(script.where, what=f"{script.scheme}:")
