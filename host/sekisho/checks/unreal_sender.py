"""The sender's address can't exist: no domain of that name can be registered, so no answer reaches anybody."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.mail.ip import canonical
from sekisho.questions import Ask

CHECK = Check(
    "unreal-sender",
    "medium",
    {
        "en": Text(
            "The sender's address can't exist: {address}",
            "What stands behind the @ is no domain that anybody could have registered. Whoever sent this does not want to be answered "
            "there, and no server could check the address.",
            "Don't trust the name beside it.",
        ),
        "ja": Text(
            "差出人のアドレス {address} は存在し得ません",
            "@ の後ろが、誰にも登録できない名前になっています。送り手はここへの返信を期待しておらず、どのサーバーもこのアドレスを検証できません。",
            "横に表示されている名前を信用しないでください。",
        ),
    },
)
# Names that machines have at home; what they send by themselves is signed with them.
_HOME = (".local", ".lan", ".internal", ".localdomain", ".home", ".corp", ".intra", ".arpa", ".localhost")
# Who writes on a machine of its own, under the machine's bare name.
_PROGRAMS = frozenset(
    ["root", "cron", "daemon", "www-data", "apache", "nobody", "admin", "nagios", "backup", "postmaster", "mailer-daemon", "logwatch", "munin", "zabbix", "git", "user"]
)  # fmt: skip


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, entry = facts.identity.author, facts.route.entry
    if author is None or entry is None or not author.domain:
        return
    host = domain.normalise(author.domain)
    if facts.identity.organisation and _could_be(host):
        return
    if (
        canonical(host.strip("[]").removeprefix("ipv6:"))
        or host.endswith(_HOME)
        or host == "localhost"
        or (_could_be(host) and _suffix(host))
    ):
        return
    machine = "." not in host and author.address.rpartition("@")[0].lower() in _PROGRAMS
    path = facts.message.addresses("return-path")
    if _of_a_machine(host) and facts.message.header.first("return-path") and not any(one.address for one in path):
        return  # a bounce, from a machine that has no name
    yield CHECK.finding("field:from", severity="low" if machine else "medium", address=author.address)


def _suffix(host: str) -> bool:
    """A suffix under which others register may itself have mail."""
    return bool(domain.registrable(f"name.{host}"))


def _of_a_machine(host: str) -> bool:
    """Whether a machine can bear that name, known to the world or not: no comma and no sign stands in one."""
    return all(letter.isalnum() or letter in "-._" for letter in host)


def _could_be(host: str) -> bool:
    """Whether a name below a suffix can be one: none has a sign in it that is neither letter nor number (RFC 1035 §2.3.1, RFC 5891)."""
    return "\ufffd" not in host and all(letter in "-._" or letter.isalnum() or letter > "\x7f" for letter in host)
