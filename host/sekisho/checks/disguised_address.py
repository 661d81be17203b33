"""A link's host is an address of a machine, written so that it does not look like one."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "disguised-address",
    "high",
    {
        "en": Text(
            "The link hides a machine's address: “{written}” is {ip}",
            "A link to a site has the site's name. This one has the bare address of a machine, and in a spelling that "
            "people and filters do not recognise. There is no honest use for that in a mail.",
            "Don't click it.",
        ),
        "ja": Text(
            "リンク先の IP アドレス {ip} を「{written}」と書いて隠しています",
            "ふつうのリンクにはサイトの名前が書かれています。このリンクは機械の IP アドレスを、人にもフィルターにも分かりにくい書"
            "き方で示しています。メールでこのように書くまともな理由はありません。",
            "クリックしないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for number, seen in enumerate(facts.links.seen):
        if seen.target.odd_ip and seen.target.ip not in told:
            told.add(seen.target.ip)
            written = "".join(segment.text for segment in seen.target.segments if segment.role == "ip")
            yield CHECK.finding(f"link:{number}", written=written, ip=seen.target.ip)
