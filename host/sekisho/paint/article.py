"""A masked report as an article for the public, in the order in which those who warn of such mails write: subject, sender, time,
words, header, line, links, files, state. The painters of the panel paint it."""

from __future__ import annotations

from sekisho import __version__
from sekisho.named import TYPE_CHECKING
from sekisho.paint.article_words import TEXT
from sekisho.paint.veil import MASK
from sekisho.panel.naming import moment, network, place
from sekisho.panel.primitives import Primitive, block, heading, listing, marked, sentence, span, table
from sekisho.panel.words import Words
from sekisho.report import Network
from sekisho.tables import atlas

if TYPE_CHECKING:
    from typing import Any

MAX_REASONS = 8
MAX_QUOTES = 10
MAX_LINES = 12
MAX_LINKS = 10
MAX_FILES = 20
MAX_LOOKUPS = 60
LEADS = ("link", "form", "refresh", "qr", "pdf", "office")
_WEIGHT = {"high": 3, "medium": 2, "low": 1, "info": 0}


def blocks(report: dict[str, Any], locale: str) -> list[Primitive]:
    """The article of a report that has been masked (`publication.py`); blocks without anything to say are not there."""
    page = _Page(report, locale)
    made = (
        page.verdict(),
        page.subject(),
        page.sender(),
        page.received(),
        page.quotes(),
        page.header(),
        page.origin(),
        page.links(),
        page.files(),
        page.state(),
        page.sources(),
    )
    return [one for one in made if one is not None]


class _Page:
    def __init__(self, report: dict[str, Any], locale: str) -> None:
        self._report = report
        self._text = TEXT["ja" if locale == "ja" else "en"]
        self._words = Words(locale)

    def _say(self, key: str, **values: Any) -> str:
        return self._text[key].format_map({name: str(value) for name, value in values.items()})

    def verdict(self) -> Primitive:
        verdict = self._report["verdict"]
        body = [sentence(self._say("warning"), "warn")] if verdict["level"] != "clear" else []
        body.append(sentence(verdict["headline"], "strong"))
        found = sorted(self._report["findings"], key=lambda one: -_WEIGHT.get(one["severity"], 0))
        weighty = [one for one in found if _WEIGHT.get(one["severity"], 0)][:MAX_REASONS]
        if weighty:
            body.append(heading(self._say("reasons")))
            body.append(listing([[sentence(one["title"])] for one in weighty]))
            body.append(sentence(self._say("you"), "muted"))
        return block("verdict", self._say(f"verdict.{verdict['level']}"), body, verdict["level"])

    def subject(self) -> Primitive:
        subject = self._report["message"]["subject"]
        body = [sentence(self._say("subject.is", subject=subject) if subject else self._say("subject.none"), "strong")]
        tag = _tag(subject or "")
        if tag:
            body += [heading(self._say("subject.tag")), sentence(self._say("subject.tag.is", tag=tag))]
        body.append(sentence(self._say("subject.written"), "muted"))
        return block("facts", self._say("subject"), body)

    def sender(self) -> Primitive:
        message = self._report["message"]
        shown = [_mailbox(mailbox) for mailbox in message["from"]] or [self._say("sender.none")]
        body = [sentence("、".join(shown) if self._words.locale == "ja" else ", ".join(shown), "strong")]
        own = any(finding["id"] == "self-spoof" for finding in self._report["findings"])
        account = self._report.get("account") or {}
        if own:
            body.append(sentence(self._say("sender.own")))
        if account.get("state") in ("used", "borrowed") and not (own and account["state"] == "borrowed"):
            body.append(sentence(self._say(f"sender.{account['state']}", address=account["address"] or MASK)))
        rows = [
            [self._say(name), shown]
            for name, shown in (
                ("sender.reply", ", ".join(map(_mailbox, message["reply_to"]))),
                ("sender.return", f"<{message['return_path']}>" if message["return_path"] else ""),
            )
            if shown
        ]
        if rows:
            body.append(table(rows))
        body.append(sentence(self._say("sender.written"), "muted"))
        return block("facts", self._say("sender"), body)

    def received(self) -> Primitive | None:
        arrived, date = self._report["timing"]["arrived"], self._report["message"]["date"]
        rows = [
            [self._say(name), moment(at)] for name, at in (("received.arrived", arrived), ("received.date", date)) if at
        ]
        return block("facts", self._say("received"), [table(rows)]) if rows else None

    def quotes(self) -> Primitive | None:
        """What findings quote: the report has no more of the message's text."""
        said: list[str] = []
        for finding in self._report["findings"]:
            values = finding["values"]
            for value in (values.get("sentence"), *(values["slips"] if isinstance(values.get("slips"), list) else ())):
                if isinstance(value, str) and not any(value in known for known in said):
                    said.append(value)
        if not said:
            return None
        body = [sentence(self._say("quotes.some"), "muted")]
        body += [marked([span(inert(one))]) for one in said[:MAX_QUOTES]]
        return block("facts", self._say("quotes"), body)

    def header(self) -> Primitive | None:
        """The lines that lead to the sender; of the reader's side only the one that took the message from outside."""
        report = self._report
        origin = report["origin"]
        entry = origin["hop"] if origin else 0
        lines = list(enumerate(report["hops"]))[entry:][:MAX_LINES]
        rows = [[self._say(f"header.{self._standing(n, hop)}"), f"Received: {hop['raw']}"] for n, hop in lines]
        identity = report["message"]["message_id"]
        if identity and identity != MASK:
            rows.append([self._say("header.claimed"), f"Message-ID: <{identity}>"])
        if not rows:
            return None
        body = [sentence(self._say("header.order"), "muted")]
        body.append(table(rows, [self._say("header.whose"), self._say("header.field")]))
        return block("source", self._say("header"), body)

    def _standing(self, number: int, hop: dict[str, Any]) -> str:
        origin = self._report["origin"]
        if origin and number == origin["hop"]:
            return "checkpoint"
        return hop["standing"] if hop["standing"] in ("plausible", "contradicted") else "claimed"

    def origin(self) -> Primitive | None:
        origin = self._report["origin"]
        if origin is None:
            return block("network", self._say("origin"), [sentence(self._say("origin.none"))])
        hop = self._report["hops"][origin["hop"]]
        body = [self._line(origin["ip"], hop["rdns"], hop["network"])]
        extended = origin["extended"]
        if extended and extended["ip"]:
            further = self._report["hops"][extended["hop"]]
            known = further["network"] if (further["network"] or {}).get("ip") == extended["ip"] else None
            body += [
                sentence(self._say("origin.further")),
                self._line(extended["ip"], further["rdns"] if known else None, known),
            ]
        if extended and extended["account"]:
            body.append(sentence(self._say("origin.login", account=extended["account"])))
        if (hop["network"] or {}).get("precision") == "registry":
            body.append(sentence(self._say("origin.default"), "muted"))
        return block("network", self._say("origin"), body)

    def _line(self, ip: str, host: str | None, known: dict[str, Any] | None) -> Primitive:
        made = Network(**known) if known else None
        rows = [[self._say("line.ip"), ip]]
        for name, shown in (
            ("line.host", host),
            ("line.owner", network(made, self._words)),
            ("line.place", place(made, self._words)),
            ("line.prefix", made.prefix if made else None),
            ("line.abuse", made.abuse if made else None),
        ):
            if shown:
                rows.append([self._say(name), shown])
        return table(rows)

    def links(self) -> Primitive | None:
        leading = [link for link in self._report["links"] if link["kind"] in LEADS]
        if not leading:
            return None
        body: list[Primitive] = [sentence(self._say("links.defanged"), "muted")]
        for link in leading[:MAX_LINKS]:
            owner = link["registrable_domain"] or link["host"]
            body.append(marked([span(link["defanged"])]))
            rows = [[self._say("links.owner"), owner.replace(".", "[.]")]]
            registered = link["registration"] or {}
            for name, shown in (
                ("links.registrar", registered.get("registrar")),
                ("links.created", registered.get("created")),
                ("links.expires", registered.get("expires")),
            ):
                if shown:
                    rows.append([self._say(name), str(shown)])
            body.append(table(rows))
            known = link["network"]
            if known:
                body.append(self._line(known["ip"], None, known))
            told = [one for one in link["reputation"] if one.get("listed")]
            body += [sentence(self._say("links.listed", list=one["list"], meaning=one["meaning"])) for one in told]
        if len(leading) > MAX_LINKS:
            body.append(sentence(self._say("links.more", count=len(leading) - MAX_LINKS), "muted"))
        return block("links", self._say("links"), body)

    def files(self) -> Primitive | None:
        files = self._report["attachments"]
        if not files:
            return None
        rows = []
        for file in files[:MAX_FILES]:
            removed = file["removed_by_gateway"] or {}
            rows.append(
                [
                    inert(removed.get("file") or file["filename"] or "?"),
                    removed.get("virus") or file["detected_type"] or file["content_type"],
                    file["sha256"] or MASK,
                ]
            )
        return block(
            "attachments",
            self._say("files"),
            [table(rows, [self._say("files.name"), self._say("files.what"), "SHA-256"])],
        )

    def state(self) -> Primitive | None:
        """What came of following its links, and what lists say: the only things that change from day to day."""
        said = []
        for link in self._report["links"]:
            visit = link["visit"]
            if visit:
                key = (
                    "state.genuine"
                    if visit["genuine"]
                    else f"state.{'page' if visit['outcome'] == 'page' else 'stopped'}"
                )
                end = str(visit["ends_at"] or "?").replace(".", "[.]")
                owner = (link["registrable_domain"] or link["host"]).replace(".", "[.]")
                said.append(self._say(key, link=owner, end=end, owner=visit["owner"] or end, at=_at(visit["at"])))
        body = [sentence(one) for one in said] or [sentence(self._say("state.unseen"))]
        return block("facts", self._say("state"), body)

    def sources(self) -> Primitive:
        log = self._report["lookups"]["log"]
        body = [sentence(self._say("sources.tool", version=__version__))]
        rows = [
            [
                str(one["question"].get("kind")),
                str(one["question"].get("name")).replace(".", "[.]"),
                one["source"],
                _at(one["at"]),
            ]
            for one in log
            if one["outcome"] in ("answered", "nothing")
        ][:MAX_LOOKUPS]
        if rows:
            columns = [self._say(f"sources.{name}") for name in ("kind", "of", "who", "when")]
            body.append(table(rows, columns))
        as_of = atlas.as_of()
        if as_of:
            body.append(sentence(self._say("sources.tables", date=as_of), "muted"))
            body += [sentence(credit, "muted") for credit in atlas.credits()]
        body += [heading(self._say("legend")), listing([[sentence(self._say(f"legend.{n}"))] for n in range(1, 6)])]
        return block("source", self._say("sources"), body)


def inert(text: str) -> str:
    """A text in which no address of the web is one any more."""
    return text.replace("://", "[:]//")


def _tag(subject: str) -> str:
    """What stands in brackets before a subject, as filters put it there."""
    end = subject.find("]")
    return subject[: end + 1] if subject.startswith("[") and 1 < end < 24 else ""


def _mailbox(mailbox: dict[str, Any]) -> str:
    return f"{mailbox['name']} <{mailbox['address']}>" if mailbox["name"] else f"<{mailbox['address']}>"


def _at(date: str) -> str:
    return moment(date) if len(date) > 19 else date
