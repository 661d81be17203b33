"""From shows a name and no address, so that nobody can be asked and nothing can be checked."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "no-address",
    "medium",
    {
        "en": Text(
            "“{name}” is all that it says of its sender: there is no address",
            "A message from a person or a company has an address to answer to, and that is what servers check. Here the name stands alone, "
            "and the message wants you to open a link.",
            "Don't open the link: nobody stands behind this name.",
        ),
        "ja": Text(
            "差出人は「{name}」という名前だけで、アドレスがありません",
            "人や会社からのメールには返信先となるアドレスがあり、サーバーはそれを検証します。このメールには名前しかなく、リンクを開かせようとしています。",
            "この名前には誰の裏付けもありません。リンクは開かないでください。",
        ),
    },
)
# Servers that tell of mail which could not be delivered write themselves like that.
_MACHINES = ("daemon", "postmaster", "mail delivery")


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    identity = facts.identity
    if identity.author is None or identity.author.address or not identity.name or not facts.links.seen:
        return
    if facts.route.entry is None:
        return  # no mail server had it: an item of a feed, a draft
    if any(word in identity.name.lower() for word in _MACHINES):
        return
    yield CHECK.finding("field:from", name=identity.name)
