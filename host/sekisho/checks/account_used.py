"""The sender's own account was used, not merely the address borrowed: a login at the sender's own server from elsewhere.

The first article's third line: qmail's family writes the login of a successful SMTP AUTH before the address. A login from
one's own country is what everybody does every day; one from abroad is worth a question, and more than that when the
message carried a virus.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.route import Step
from sekisho.mail import domain
from sekisho.mail.ip import is_loopback
from sekisho.questions import Ask
from sekisho.tables import gateway_notices

CHECK = Check(
    "account-used",
    "high",
    {
        "en": Text(
            "The mailbox {account} may be in someone else's hands",
            "The message was handed in at the sender's own server by somebody who had logged in as {account}, from {ip} "
            "({network}, {country}). That takes the password: the address was not merely borrowed. How sure this is: {confidence}.",
            "Tell the owner by telephone, not by mail: change the password of {account} now, and look for {ip} in the server's login log.",
        ),
        "ja": Text(
            "{account} のメールボックスは他人に使われている疑いがあります",
            "このメールは、差出人自身のサーバーに {account} としてログインした者が、{ip}({network}、{country})から送っています。"
            "パスワードがなければできないことで、アドレスを騙っただけではありません。確からしさ:{confidence}。",
            "持ち主には電話で知らせてください。{account} のパスワードをすぐに変え、サーバーのログイン記録で {ip} を探すよう伝えましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author = facts.identity.author
    if author is None or not author.address:
        return
    for step in facts.route.steps:
        received, network = step.received, step.hop.network
        if step.hop.standing == "contradicted" or not received.auth_user or network is None:
            continue
        login = received.auth_user.lower()
        own = login == author.address.lower() or (
            "@" not in login and domain.same_organisation(received.by, author.domain)
        )
        if not own:
            continue
        if not _abroad(author.domain, network.country, facts, step):
            continue
        # People travel, and some mail programs greet as localhost: each alone says little, and a login nearby says nothing.
        greeted = is_loopback(received.helo) or received.helo.lower() == "localhost"
        carried = any(notice.virus for part in facts.message.texts for notice in gateway_notices.find(part.text))
        known = step.hop.standing in ("plausible", "proven")
        severity = "high" if carried and known else "medium" if carried or (greeted and known) else "low"
        yield CHECK.finding(
            step.field.anchor,
            "field:from",
            severity=severity,
            account=author.address,
            ip=received.ip,
            network=network.name or "?",
            country=network.country or "?",
            confidence=severity,
        )
        return


def _abroad(sender: str, country: str | None, facts: Facts, step: Step) -> bool:
    """Whether the login came from another country than the sender's domain, or than the server that took it."""
    if not country:
        return False
    home = sender.rpartition(".")[2].upper()
    if len(home) == 2 and home.isalpha():
        return {"UK": "GB", "EU": country}.get(home, home) != country
    entry = facts.route.entry
    server = entry.hop.network.country if entry and entry.hop.network and entry is not step else None
    return bool(server) and server != country
