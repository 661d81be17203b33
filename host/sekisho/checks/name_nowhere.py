"""Nothing bears the name that the message is sent under: neither its address nor its links, and it never says whose those domains are."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "name-nowhere",
    "medium",
    {
        "en": Text(
            "Nothing ties the name “{name}” to {domain}",
            "The name is not in the domain that sent this, nor in where the links lead ({hosts}), and the message never mentions "
            "those domains. Whoever writes in a name of their own has it in their domain, or says whose it is.",
            "Don't open the links. If you know “{name}”, look for them in the way you always do.",
        ),
        "ja": Text(
            "差出人名「{name}」と {domain} のつながりが見当たりません",
            "送信元のドメインにもリンク先({hosts})にもこの名前はなく、本文でもこれらのドメインについて一切触れられていません。"
            "自分の名前で送る会社や団体なら、ドメインに名前があるか、どこのドメインかが本文に書かれています。",
            "リンクは開かないでください。「{name}」をご存じなら、いつもの方法で確かめてください。",
        ),
    },
)
MAX_HOSTS = 3


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    strange = facts.strange
    if strange is not None:
        yield CHECK.finding(
            "field:from",
            *(f"link:{number}" for number in strange.links[:MAX_HOSTS]),
            severity="low" if strange.chosen and not strange.leaflet else "medium",
            name=strange.name,
            domain=strange.domain,
            hosts=list(strange.hosts[:MAX_HOSTS]),
        )
