"""The letter to somebody who can stop it: plain text, facts alone, in the language of whoever is to read it.

What a mail or a registry wrote is one printable line, and no link in it can be clicked. Nothing is said to be so that
only looks so.
"""

from __future__ import annotations

from collections.abc import Callable

from sekisho.facts import Facts
from sekisho.facts.campaign import Campaign
from sekisho.facts.recipients import CONVENTION, TOLD, Case, Recipient, Recipients, Site
from sekisho.mail import domain, url
from sekisho.mail.date import Date, iso
from sekisho.named import NamedTuple
from sekisho.panel import notices, used_account
from sekisho.panel.naming import moment
from sekisho.panel.words import Words
from sekisho.tables import brands

MAX_CASES = 5  # of one role that are named
MAX_LINKS = 20  # domains that a campaign's links lead to
NOTICES = {"owner": "letter", "provider": "complaint"}  # what `notices` calls the letters about a mailbox that was used
PLAIN, MASKED, HEADER, NOTHING = "plain", "masked", "header", "none"  # what is attached
Veil = Callable[[str], str]  # a text without what is the reader's own

TEXT = {
    "en": {
        "subject.network": "Abuse report: fraudulent mail from {subject} [{report}]",
        "subject.hoster": "Abuse report: suspected phishing page at {host} [{report}]",
        "subject.service": "Abuse report: suspected phishing page at {host} [{report}]",
        "subject.registrar": "Abuse report: domain {host} in a suspected phishing mail [{report}]",
        "subject.registry": "Abuse report: domain {host} in a suspected phishing mail [{report}]",
        "subject.brand": "For your information: mail in the name of {subject} [{report}]",
        "subject.council": "Phishing report [{report}]",
        "subject.centre": "Report of an unsolicited message [{report}]",
        "subject.group": "Phishing report [{report}]",
        "dear.desk": "Dear {name} abuse team,",
        "dear.brand": "Dear {name} security team,",
        "dear.collector": "To {name},",
        "intro.brand": "We have received a message that appears to be phishing. It presents itself as {brand}.",
        "intro.link": "We have received a message that appears to be phishing.",
        "intro.other": "We have received a message that appears to be fraudulent.",
        "case.network": "It was handed to our mail server by this address, which belongs to your network:",
        "case.login": "It was sent after a login to somebody else's mailbox from this address, which belongs to your network:",
        "case.hoster": "A link in it leads here, to a server in your network:",
        "case.service": "A link in it leads here, to your service:",
        "case.registrar": "A link in it leads to this domain, which is registered through you:",
        "case.registry": "A link in it leads to this domain. Its registrar publishes no address for reports:",
        "case.brand": "It speaks in your name, and as far as we can see it did not come from you.",
        "ask.network": (
            "Please find out who used this address at the time below, and stop it. If it is a customer's machine that was broken into, "
            "please tell them."
        ),
        "ask.hoster": (
            "Please look into it, and take the page down if it is what it appears to be. If the site was broken into, please tell its owner."
        ),
        "ask.service": "Please look into it, and disable the page or link if it is what it appears to be.",
        "ask.registrar": (
            "Please look into it under your policy against abuse, and suspend the domain if it was registered for this. If it belongs "
            "to somebody whose site was broken into, please pass this on to them."
        ),
        "ask.registry": "Please look into it under your policy against abuse, or pass this on to the registrar.",
        "ask.brand": "This is for your information, so that you can act on it and warn your customers. No answer is needed.",
        "ask.council": "We report it to you for your records and for a warning to others. No answer is needed.",
        "ask.centre": "We report it to you with its header. No answer is needed.",
        "ask.group": "We report it to you for your records. No answer is needed.",
        "campaign": (
            "It is one of {count} messages of the same kind that reached us between {since} and {until} (UTC). "
            "This report is about all of them."
        ),
        "campaign.recipients": "They were sent to {count} addresses of ours.",
        "campaign.unknown": (
            "They were sent to {count} addresses of ours. None of our mail accounts has {unknown} of these: the names appear to be guessed."
        ),
        "campaign.origins": "They were handed to our mail server by:",
        "campaign.origin": "{peer}: {count}",
        "campaign.hidden": "Of {count} we did not keep the address.",
        "campaign.links": "Links in them lead to these domains, among others:",
        "campaign.heading": "One of them",
        "heading": "The message",
        "received": "Received",
        "peer": "Handed over by",
        "login": "Login from",
        "from": "From (as written; may be forged)",
        "subject": "Subject",
        "message-id": "Message-ID",
        "link": "Link",
        "visited": "Where the link led when it was followed",
        "listed": "Listed by",
        "line": "The line that our own server wrote (Received)",
        "zone": "{time} ({utc} UTC)",
        "attached.plain": "The message is attached unchanged, as message/rfc822.",
        "attached.masked": (
            "The message is attached as message/rfc822. What names us and other recipients is masked in it, and files other than pictures are "
            "left out; so a signature (DKIM) in it no longer verifies. If you need it unchanged, please ask."
        ),
        "attached.header": "The message's header is attached. If you need the whole message, please ask.",
        "attached.none": "We keep the message. If you need it, please ask.",
        "defanged": "Links are written so that they cannot be clicked (hxxp, [.]).",
        "contact": "We have your address from {source}, {at}.",
        "contact.undated": "We have your address from {source}.",
        "contact.rfc": "This address is the one that RFC 2142 provides for such reports.",
        "limit": "All of this is read from the message and from public registries; it may not be the whole story.",
        "close": "Kind regards",
    },
    "ja": {
        "subject.network": "【不正メールのご報告】{subject} からの送信について [{report}]",
        "subject.hoster": "【フィッシングサイトのご報告】{host} [{report}]",
        "subject.service": "【フィッシングサイトのご報告】{host} [{report}]",
        "subject.registrar": "【ドメイン不正利用のご報告】{host} [{report}]",
        "subject.registry": "【ドメイン不正利用のご報告】{host} [{report}]",
        "subject.brand": "【情報提供】{subject} を名乗る不審なメールについて [{report}]",
        "subject.council": "フィッシングメールに関する情報提供 [{report}]",
        "subject.centre": "迷惑メールに関する情報提供 [{report}]",
        "subject.group": "フィッシングメールに関する情報提供 [{report}]",
        "dear.desk": "{name} 不正利用対策ご担当者様",
        "dear.brand": "{name} セキュリティご担当者様",
        "dear.collector": "{name} 御中",
        "intro.brand": "{brand} を名乗る、フィッシングと思われるメールを受信しましたので、ご報告いたします。",
        "intro.link": "フィッシングと思われるメールを受信しましたので、ご報告いたします。",
        "intro.other": "不正なものと思われるメールを受信しましたので、ご報告いたします。",
        "case.network": "このメールは、貴社のネットワークに属する次の IP アドレスから当方のメールサーバーに届きました。",
        "case.login": "このメールは、貴社のネットワークに属する次の IP アドレスから第三者のメールアカウントにログインして送信されたものと見られます。",
        "case.hoster": "メール内のリンク先は、貴社のネットワークにあるサーバー上の次のページです。",
        "case.service": "メール内のリンク先は、貴社のサービス上の次のページです。",
        "case.registrar": "メール内のリンク先は、貴社を通じて登録されている次のドメインです。",
        "case.registry": "メール内のリンク先は次のドメインです。登録事業者の通報窓口は公開されていませんでした。",
        "case.brand": "このメールは貴社を名乗っていますが、当方で確認できる範囲では、貴社から送信されたものではありません。",
        "ask.network": (
            "お手数ですが、下記の日時にこのアドレスを使用していた利用者または機器をご確認のうえ、送信停止などのご対応をお願いいたします。"
            "お客様の機器が第三者に悪用されている場合は、ご本人への連絡もお願いいたします。"
        ),
        "ask.hoster": (
            "お手数ですが内容をご確認いただき、フィッシングサイトと判断された場合は公開停止のご対応をお願いいたします。"
            "正規のサイトが改ざんされている場合は、サイトの管理者の方へのご連絡をお願いいたします。"
        ),
        "ask.service": "お手数ですが内容をご確認いただき、フィッシングと判断された場合は、該当するページまたはリンクの停止をお願いいたします。",
        "ask.registrar": (
            "お手数ですが貴社の規約に照らしてご確認いただき、不正な目的で登録されたドメインと判断された場合は、利用停止などのご対応をお願いいたします。"
            "サイトが改ざんされている場合は、登録者の方へのご連絡をお願いいたします。"
        ),
        "ask.registry": "お手数ですが貴社の規約に照らしてご確認いただくか、登録事業者へお取り次ぎいただけますようお願いいたします。",
        "ask.brand": "お客様への注意喚起や対策にお役立ていただければと存じ、情報をお送りいたします。ご返信には及びません。",
        "ask.council": "情報としてお役立ていただければ幸いです。ご返信には及びません。",
        "ask.centre": "ヘッダー情報を含むメールを添付いたします。ご返信には及びません。",
        "ask.group": "情報としてお役立ていただければ幸いです。ご返信には及びません。",
        "campaign": (
            "同じ内容のメールを {since} から {until}(UTC)までに {count} 通受信しており、このメールはそのうちの 1 通です。"
            "本書は、そのすべてについてのご報告です。"
        ),
        "campaign.recipients": "宛先は、当方の {count} 個のアドレスです。",
        "campaign.unknown": (
            "宛先は当方の {count} 個のアドレスで、うち {unknown} 個は当方のどのメールアカウントにもありません。推測した名前に宛てたものと見られます。"
        ),
        "campaign.origins": "当方のメールサーバーへの送信元は、次のとおりです。",
        "campaign.origin": "{peer}:{count} 通",
        "campaign.hidden": "ほかの {count} 通については、送信元アドレスの記録がありません。",
        "campaign.links": "メール内のリンク先には、次のドメインが含まれています。",
        "campaign.heading": "添付した 1 通の情報",
        "heading": "メールの情報",
        "received": "受信日時",
        "peer": "送信元",
        "login": "ログイン元",
        "from": "差出人の表示(偽装の可能性あり)",
        "subject": "件名",
        "message-id": "Message-ID",
        "link": "リンク先",
        "visited": "リンクをたどった結果",
        "listed": "登録のあったリスト",
        "line": "当方のサーバーが記録した行(Received)",
        "zone": "{time}({utc} UTC)",
        "attached.plain": "受信したメールを、元のまま message/rfc822 形式で添付しています。",
        "attached.masked": (
            "受信したメールを message/rfc822 形式で添付しています。受信者に関する情報は伏せ字にし、画像以外の添付ファイルは省いているため、"
            "メール内の電子署名(DKIM)は検証できません。元のままのメールが必要な場合は、お知らせください。"
        ),
        "attached.header": "メールのヘッダーを添付しています。メール全体が必要な場合は、お知らせください。",
        "attached.none": "メールは当方で保管しています。必要な場合は、お知らせください。",
        "defanged": "リンクは、誤ってクリックされないよう hxxp や [.] に置き換えて記載しています。",
        "contact": "貴窓口の連絡先は {source} で確認しました({at})。",
        "contact.undated": "貴窓口の連絡先は {source} によります。",
        "contact.rfc": "宛先には、RFC 2142 で定められている共通の窓口アドレスを使用しています。",
        "limit": "以上は、メールそのものと公開されている登録情報から読み取れる範囲の内容です。",
        "close": "どうぞよろしくお願いいたします。",
    },
}
_COLLECTORS = ("council", "centre", "group")


class Letter(NamedTuple):
    to: str
    subject: str
    body: str
    report: str  # its number: the same for all letters about one message, and nobody's name
    told: str  # of questions.TOLD: as whom the register is to know its recipient


def compose(
    facts: Facts,
    known: Recipients,
    recipient: Recipient,
    language: str,
    attached: str,
    veil: Veil,
    wave: Campaign | None = None,
) -> Letter:
    """The letter. `attached`: PLAIN, MASKED, HEADER or NOTHING; `veil` takes out what is the reader's own; `wave`: what is to be told
    of every message of one kind with this one."""
    report = _number(facts)
    role = recipient.roles[0]
    told = TOLD.get(role, "authority")
    if role in NOTICES:
        subject, body = used_account.notice(facts, NOTICES[role], language)
        return Letter(recipient.address, veil(subject), veil(body), report, told)
    say = TEXT[language]
    case = recipient.cases[0]
    host = _inert(_host(case.subject))
    subject = say[f"subject.{role}"].format(subject=case.subject, host=host, report=report)
    paragraphs = [
        _dear(say, recipient, role),
        _intro(known, say, recipient),
        *(_about(facts, say, recipient, role, veil) for role in recipient.roles),
        _wave(facts, wave, say, Words(language), veil) if wave is not None else "",
        _facts(facts, known, say, recipient, language, veil, several=wave is not None),
        "\n".join((say[f"attached.{attached}"], say["defanged"], *_contact(say, recipient), say["limit"])),
        say["close"],
    ]
    return Letter(
        recipient.address,
        notices.printable(veil(subject)),
        "\n\n".join(part for part in paragraphs if part) + "\n",
        report,
        told,
    )


def _number(facts: Facts) -> str:
    from sekisho.mail.digest import sha256

    return "SK-" + sha256(f"report {facts.message.sha256}".encode("ascii"))[:12]


def _dear(say: dict[str, str], recipient: Recipient, role: str) -> str:
    key = "brand" if role == "brand" else "collector" if role in _COLLECTORS else "desk"
    return say[f"dear.{key}"].format(name=notices.printable(recipient.name or recipient.address))


def _intro(known: Recipients, say: dict[str, str], recipient: Recipient) -> str:
    if known.brand is not None and "brand" not in recipient.roles:
        return say["intro.brand"].format(brand=known.brand.name)
    return say["intro.link" if known.brand is not None or known.sites else "intro.other"]


def _about(facts: Facts, say: dict[str, str], recipient: Recipient, role: str, veil: Veil) -> str:
    """What of theirs it rests on, and what is asked of them."""
    cases = [case for case in recipient.cases if case.role == role][:MAX_CASES]
    key = "login" if role == "network" and facts.account.state == "used" else role
    lines = [say[f"case.{key}"]] if f"case.{key}" in say else []
    lines += [f"  {_subject(facts, case, veil)}" for case in cases if role != "brand" and case.subject]
    return "\n".join((*lines, say[f"ask.{role}"]))


def _subject(facts: Facts, case: Case, veil: Veil) -> str:
    if case.role in ("registrar", "registry"):
        return _inert(case.subject)
    if case.role == "network":
        return case.subject
    shown = veil(_link(facts, case, veil))
    return f"{shown} ({case.ip})" if case.ip and case.ip not in shown else shown


def _link(facts: Facts, case: Case, veil: Veil) -> str:
    """A bad link as it may be shown to others: without what stands in it for one reader, where anything is to be hidden."""
    number = int(case.where.partition(":")[2])
    target = facts.links.seen[number].target
    if case.subject != url.defang(target) or not _hides(veil):
        return case.subject
    request = facts.request_of(number)
    parsed = url.parse(request.url) if request.url else None
    return (
        url.defang(parsed)
        if parsed is not None
        else f"{target.scheme.replace('tt', 'xx', 1)}://{_inert(target.domain)}/"
    )


def _hides(veil: Veil) -> bool:
    return veil is not unveiled


def unveiled(text: str) -> str:
    """For a letter in which nothing is hidden."""
    return text


def _facts(
    facts: Facts,
    known: Recipients,
    say: dict[str, str],
    recipient: Recipient,
    language: str,
    veil: Veil,
    *,
    several: bool,
) -> str:
    """When, whence, under which name: one line each, as far as it is known; `several`: it is one of those that are told of."""
    words = Words(language)
    entry, message = facts.route.entry, facts.message
    rows: list[tuple[str, str]] = []
    if entry is not None and entry.received.date is not None:
        rows.append(
            (say["received"], say["zone"].format(time=moment(entry.received.date.iso), utc=_utc(entry.received.date)))
        )
    if entry is not None and entry.hop.ip:
        rows.append((say["peer"], _peer(entry.hop.ip, entry.received.rdns, facts, words)))
    used = facts.account
    if used.state == "used" and used.ip:
        rows.append((say["login"], _peer(used.ip, "", facts, words)))
    for field in ("from", "subject", "message-id"):
        value = message.unstructured(field)
        if value:
            rows.append((say[field], _dead(value)))
    named = {case.where for case in recipient.cases if case.where.startswith("link:")}
    if "network" not in recipient.roles or named:
        named = named or {f"link:{site.number}" for site in known.sites}
        shown = [case.subject for case in recipient.cases if "://" in case.subject]
        rows += [
            (say["link"], _linked(facts, site, veil))
            for site in known.sites
            if f"link:{site.number}" in named and site.shown not in shown
        ]
    for number, lists in enumerate(facts.reputation):
        listed = ", ".join(dict.fromkeys(one.zone for one in lists if one.listed))
        if listed and f"link:{number}" in named:
            rows.append((say["listed"], listed))
    for number, visit in facts.visits.items():
        if f"link:{number}" in named and visit.steps:
            rows.append((say["visited"], f"{visit.steps[-1].defanged} ({visit.at})"))
    lines = [
        say["campaign.heading" if several else "heading"],
        *(f"{name}: {notices.printable(veil(value))}" for name, value in rows),
    ]
    if entry is not None and "network" in recipient.roles and used.state != "used":
        lines += [f"{say['line']}:", f"  {notices.printable(veil(entry.received.raw))}"]
    if used.state == "used" and used.hop is not None and "network" in recipient.roles:
        lines += ["Received:", f"  {notices.printable(veil(facts.route.steps[used.hop].received.raw))}"]
    return "\n".join(lines)


def _wave(facts: Facts, wave: Campaign, say: dict[str, str], words: Words, veil: Veil) -> str:
    """How many there were and when, how many of the reader's addresses they went to, whence all of them came, and where they lead.

    Neither an address of the reader's nor a well-known company's own domain is among them."""
    lines = [say["campaign"].format(count=wave.messages, since=_minute(wave.since), until=_minute(wave.until))]
    if len(wave.recipients) > 1:
        key = "campaign.unknown" if wave.unknown else "campaign.recipients"
        lines.append(say[key].format(count=len(wave.recipients), unknown=wave.unknown))
    if wave.origins:
        lines.append(say["campaign.origins"])
        for one in wave.origins:
            peer = veil(_peer(one.ip, "", facts, words))
            lines.append(f"  {notices.printable(say['campaign.origin'].format(peer=peer, count=one.messages))}")
        if wave.hidden_origins:
            lines.append(f"  {say['campaign.hidden'].format(count=wave.hidden_origins)}")
    links = [name for name in wave.links if brands.of_domain(domain.registrable(name) or name) is None][:MAX_LINKS]
    if links:
        lines += [say["campaign.links"], *(f"  {notices.printable(_inert(veil(name)))}" for name in links)]
    return "\n".join(lines)


def _minute(at: int) -> str:
    return iso(at)[:16].replace("T", " ")


def _linked(facts: Facts, site: Site, veil: Veil) -> str:
    return veil(_link(facts, Case("hoster", site.shown, f"link:{site.number}"), veil))


def _peer(ip: str, rdns: str, facts: Facts, words: Words) -> str:
    known = facts.network(ip)
    named = [rdns] if rdns else []
    named += [known.name] if known is not None and known.name else []
    named += [words.country(known.country)] if known is not None and known.country else []
    return f"{ip} ({', '.join(named)})" if named else ip


def _contact(say: dict[str, str], recipient: Recipient) -> list[str]:
    if not recipient.source:
        return []
    key = "contact.rfc" if recipient.source == CONVENTION else "contact" if recipient.at else "contact.undated"
    return [say[key].format(source=notices.printable(recipient.source), at=recipient.at[:10])]


def _utc(date: Date) -> str:
    return iso(date.epoch)[:19].replace("T", " ")


def _host(subject: str) -> str:
    """The host of a defanged link, or what is one already."""
    return subject.partition("://")[2].partition("/")[0].partition("?")[0] if "://" in subject else subject


def _inert(host: str) -> str:
    return host if "[" in host else host.replace(".", "[.]")


def _dead(text: str) -> str:
    """Somebody's words in which no program finds a link."""
    return text.replace("http", "hxxp").replace("HTTP", "HXXP").replace("www.", "www[.]")
