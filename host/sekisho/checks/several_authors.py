"""From names more than one sender: two fields, two addresses of different organisations, or a name outside of the address."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask

CHECK = Check(
    "several-authors",
    "medium",
    {
        "en": Text(
            "From names {count} senders: {shown}",
            "A message has one author as a rule. Programs differ in which of several they show, and servers in which they check: one can be "
            "shown while another was vouched for.",
            "Take none of the names for the sender.",
        ),
        "ja": Text(
            "差出人欄に {count} 件の差出人があります：{shown}",
            "メールの差出人はふつう一人です。複数あると、どれを表示するかはソフトによって、どれを検証するかはサーバーによって違うため、"
            "検証されたのとは別の名前が表示されることがあります。",
            "どの名前も差出人と思わないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    authors = facts.identity.authors
    fields = len(facts.message.header.all("from"))
    if len(authors) < 2 and fields < 2:
        return
    organisations = {domain.registrable(author.domain) or author.domain for author in authors if author.domain}
    if fields > 1 or len(organisations) > 1:
        severity = "medium"
    elif any(not author.domain for author in authors):
        # A name with a comma and without quotes, as some programs write them, ends beside the address: `Sato, Hanako <...>`.
        severity = "low" if all(_is_name(author.name) for author in authors if author.domain) else "medium"
    else:
        return  # two people of one house
    shown = [author.name or author.address for author in authors[:5]]
    yield CHECK.finding("field:from", severity=severity, count=max(len(authors), fields), shown=shown)


def _is_name(name: str) -> bool:
    return any(letter.isalpha() for letter in name)
