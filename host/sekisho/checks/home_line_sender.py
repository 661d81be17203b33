"""Somebody's internet access handed the message to the reader's side, without a login: what an infected computer does.

Homes and telephones send through their provider, which logs them in (RFC 6409); access providers ask others not to take mail
from such lines. Who runs a mail server at home is left alone as soon as anything speaks for it: a name of its own that leads
back, SPF that allows it, or a domain that stands at that very address.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.lines import ACCESS, MOBILE
from sekisho.facts.route import Step
from sekisho.mail import domain
from sekisho.mail.writers import confirmed_name
from sekisho.questions import Ask

CHECK = Check(
    "home-line-sender",
    "medium",
    {
        "en": Text(
            "Sent straight from somebody's internet line, past every mail server",
            "{ip} is an ordinary internet or telephone line, by {witness}. People send through the server of their provider, where they log in; "
            "a line that hands mail to your side by itself is most often a computer that somebody else controls.",
            "Don't open its links and attachments. If you know the person, ask by telephone whether the mail is theirs.",
        ),
        "ja": Text(
            "メールサーバーを通さず、一般のインターネット回線から直接送られています",
            "{witness} によると、{ip} は家庭や携帯電話などの一般の回線です。ふつうは契約先のメールサーバーにログインして送ります。"
            "回線から直接送られてくるのは、たいてい他人に操られているパソコンからです。",
            "リンクや添付ファイルは開かないでください。差出人に心当たりがあれば、本人が送ったものか電話で確かめましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    entry, line = facts.route.entry, facts.line
    if entry is None or line is None or line.kind not in (ACCESS, MOBILE):
        return
    if entry.received.auth or _own_provider(entry) or _runs_a_server(facts, entry):
        return
    yield CHECK.finding(entry.field.anchor, ip=entry.received.ip, witness=line.witness)


def _own_provider(entry: Step) -> bool:
    """A provider that takes mail from its own lines: on its own network a login may not be asked for."""
    return domain.same_organisation(entry.received.rdns, entry.received.by)


def _runs_a_server(facts: Facts, entry: Step) -> bool:
    """Whether anything but the sender's own word says that a mail server stands there."""
    received, author = entry.received, facts.identity.organisation
    name = confirmed_name(received)
    if name and domain.same_organisation(name, author):
        return True  # the sender's own name for it, which leads back; a list of its provider's lines does not know that
    if any(author == known.name and received.ip in (known.addresses or ()) for known in facts.domains):
        return True
    return any(
        said.method == "spf" and said.result == "pass" and domain.same_organisation(said.domain, author)
        for said in facts.said
    )
