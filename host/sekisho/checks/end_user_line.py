"""The mail came straight from a line of a home or an office, by the word of a blocklist that the reader chose.

The owners of such lines say themselves that no mail server stands there (Spamhaus' policy list). Whoever logged in at the
reader's own server may well sit at one: that is everyday.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "end-user-line",
    "medium",
    {
        "en": Text(
            "This mail came straight from a home or office line: {ip}",
            "By the word of {list} no mail server should stand at this address: people there send by way of their provider. Mail that comes "
            "directly is usually sent by an infected machine, without its owner's knowledge.",
            "Confirm by telephone before you act on this mail.",
        ),
        "ja": Text(
            "このメールは、家庭や事務所の回線から直接届いています:{ip}",
            "{list} によると、このアドレスにメールサーバーは置かれないはずで、ふつうはプロバイダーのサーバーを経由します。"
            "直接届くメールの多くは、ウイルスに感染した機器が、持ち主の知らないうちに送っています。",
            "このメールに従って何かをする前に、電話で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    entry, origin = facts.route.entry, facts.route.origin
    if entry is None or origin is None or entry.received.auth or entry.received.auth_user:
        return
    listed = next((one for one in facts.listings(origin.ip) if one.listed and one.meaning == "end-user-line"), None)
    if listed is not None:
        yield CHECK.finding(entry.field.anchor, ip=origin.ip, list=listed.zone)
