"""The sender writes from, or wants answers to, a mailbox that is made to be thrown away."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask
from sekisho.tables import disposable

CHECK = Check(
    "disposable-sender",
    "medium",
    {
        "en": Text(
            "{address} is a throw-away mailbox",
            "{host} gives away mailboxes without asking who takes them; many can be read by anybody, or are gone within the hour. People use "
            "them to sign up somewhere, not to do business.",
            "Don't agree to anything with somebody who can't be reached tomorrow.",
        ),
        "ja": Text(
            "{address} は使い捨てのメールアドレスです",
            "{host} は、利用者を確かめずにメールアドレスを配っています。誰でも中身を読めたり、一時間ほどで消えたりするものも多く、"
            "会員登録などに使われるもので、取引の連絡に使うものではありません。",
            "明日には連絡が取れなくなる相手と、約束をしないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for where, addresses in (
        ("field:from", facts.identity.authors[:5]),
        ("field:reply-to", facts.message.addresses("reply-to")[:5]),
    ):
        for one in addresses:
            if one.address.lower() in told or not disposable.disposable(domain.registrable(one.domain), one.domain):
                continue
            told.add(one.address.lower())
            yield CHECK.finding(where, address=one.address, host=one.domain)
