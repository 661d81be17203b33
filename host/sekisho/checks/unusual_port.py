"""A link goes to a port where web sites for the public are not."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "unusual-port",
    "low",
    {
        "en": Text(
            "The link to {owner} goes to the unusual port {port}",
            "Sites for the public answer on the ports 80 and 443, and links leave them out. Another port is that of "
            "somebody's test, of a device, or of a server on which somebody put a page beside what it is for.",
            "Be careful with it unless you know what runs there.",
        ),
        "ja": Text(
            "{owner} へのリンクが、通常と違うポート {port} を指しています",
            "一般向けのサイトは 80 番か 443 番のポートで動いていて、リンクには書きません。ほかのポートは、試験用や機器の管理"
            "画面のほか、サーバーに勝手に置かれたページのこともあります。",
            "何が動いているか知らない場合は、開かないほうが無難です。",
        ),
    },
)

USUAL = frozenset({"80", "443", "21", "8080", "8443"})  # the last two: what does not fit beside another program


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        link = seen.target
        port = link.port.lstrip("0")
        if port and port not in USUAL and link.opens and link.domain:
            yield CHECK.finding(f"link:{number}", owner=link.domain, port=port)
            return
