"""A report as a STIX 2.1 bundle (OASIS) for a response team: what was seen, what to look for, by which technique, and under which TLP.

The bundle is made of a report that has been cut (`publication.py`): it never names a recipient. Indicators stand only for what a
finding of weight rests on. Nothing of a STIX library is needed to write JSON; the tests hold it against OASIS' validator.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from uuid import UUID, uuid5

from sekisho.mail import domain
from sekisho.named import TYPE_CHECKING
from sekisho.paint.veil import MASK
from sekisho.tables import brands, mailbox_providers, shared_hosts

if TYPE_CHECKING:
    from typing import Any

    Thing = dict[str, Any]

OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1 section 2.9: deterministic ids of observables
OURS = UUID("5d2c2f3e-5a0e-5f0b-8a39-6c1d0f4f7a10")  # of what Sekisho itself says
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"  # TLP 2.0 for STIX 2.1, published by OASIS
TLP = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
}
MAX_TEXT = 2000
MAX_LINKS = 50
MAX_LINES = 30
WEIGHTY = ("medium", "high")
LEADS = ("link", "form", "refresh", "qr", "pdf", "office")
# MITRE ATT&CK, enterprise matrix
TECHNIQUES = {
    "T1566.001": "Phishing: Spearphishing Attachment",
    "T1566.002": "Phishing: Spearphishing Link",
    "T1656": "Impersonation",
    "T1586.002": "Compromise Accounts: Email Accounts",
}
_IMPERSONATES = frozenset(
    [
        "brand-claimed",
        "brand-elsewhere",
        "brand-in-link",
        "self-spoof",
        "lookalike-sender",
        "lookalike-domain",
        "near-own-domain",
        "own-provider-claimed",
        "disguised-sender",
        "disguised-name",
        "domain-in-name",
        "address-in-name",
        "text-and-target",
    ]
)


def bundle(report: dict[str, Any], now: int, *, public: bool) -> Thing:
    """The bundle of a cut report. `now`: seconds since 1970, when the bundle is made."""
    return _Bundle(report, now, "clear" if public else "amber").whole()


class _Bundle:
    def __init__(self, report: dict[str, Any], now: int, tlp: str) -> None:
        self._report = report
        self._now = _time(datetime.fromtimestamp(now, timezone.utc))
        self._seen = _utc(report["timing"]["arrived"]) or _utc(report["message"]["date"]) or self._now
        self._tlp = tlp
        self._things: dict[str, Thing] = {}
        self._author = self._said("identity", "sekisho", name="Sekisho", identity_class="system", created_by=False)

    def whole(self) -> Thing:
        seen = self._observed()
        techniques = self._techniques()
        indicators = self._indicators()
        for indicator in indicators:
            for technique in techniques.values():
                self._said(
                    "relationship",
                    f"{indicator} {technique}",
                    relationship_type="indicates",
                    source_ref=indicator,
                    target_ref=technique,
                )
        verdict = self._report["verdict"]
        everything = [name for name in self._things if not name.startswith("report--")]
        self._said(
            "report",
            f"report {sorted(everything)}",
            name=_text(verdict["headline"]),
            description=_text(
                "\n".join(f"- {one['title']}" for one in self._report["findings"] if one["severity"] != "info")
            ),
            report_types=["indicator" if indicators else "observed-data", "threat-report"],
            published=self._now,
            confidence=round(100 * verdict["score"]),
            object_refs=[seen, *(name for name in everything if name != seen)],
        )
        marking = {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": TLP[self._tlp],
            "created": "2022-10-01T00:00:00.000Z",
            "name": f"TLP:{self._tlp.upper()}",
            "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": self._tlp}},
        }
        objects = [marking, *self._things.values()]
        return {"type": "bundle", "id": f"bundle--{uuid5(OURS, _canonical(objects))}", "objects": objects}

    # -------------------------------------------------------------- what was seen

    def _observed(self) -> str:
        report = self._report
        refs: list[str | None] = [self._email(), *self._lines()]
        for link in [link for link in report["links"] if link["kind"] in LEADS][:MAX_LINKS]:
            refs += self._link(link)
        refs += [self._file(file) for file in report["attachments"]]
        return self._said(
            "observed-data",
            f"observed {refs}",
            first_observed=self._seen,
            last_observed=self._seen,
            number_observed=1,
            object_refs=list(dict.fromkeys(ref for ref in refs if ref)),
        )

    def _email(self) -> str:
        message = self._report["message"]
        sender = self._address(message["sender"]) if message["sender"] else None
        author = next(filter(None, map(self._address, message["from"])), None)
        lines = [hop["raw"] for hop in self._report["hops"]][:MAX_LINES]
        given: Thing = {
            "is_multipart": bool(self._report["attachments"]),
            "date": _utc(message["date"]),
            "from_ref": author,
            "sender_ref": sender,
            "subject": _text(message["subject"]),
            "message_id": f"<{message['message_id']}>"
            if message["message_id"] and MASK not in message["message_id"]
            else None,
            "received_lines": [_text(line) for line in lines if line] or None,
        }
        # Contributing: from_ref, subject, body. Without either the message must have an id of its own.
        return self._observable("email-message", given, ("from_ref", "subject"))

    def _address(self, mailbox: dict[str, Any]) -> str | None:
        address, name = mailbox["address"], mailbox["name"]
        if MASK in address or not _is_address(address):
            return None
        local, _, place = address.rpartition("@")
        value = f"{local}@{domain.normalise(place)}"  # RFC 5322, as the specification asks: A-labels
        return self._observable("email-addr", {"value": value, "display_name": _text(name) or None}, ("value",))

    def _lines(self) -> list[str]:
        origin = self._report["origin"]
        refs = []
        for number, hop in enumerate(self._report["hops"]):
            if hop["ip"] and not hop["private"] and hop["standing"] in ("proven", "plausible"):
                refs.append(self._ip(hop["ip"], hop["network"]))
                if origin and number == origin["hop"] and hop["rdns"] and _is_host(hop["rdns"]):
                    refs.append(self._host(hop["rdns"], refs[-1]))
        return [ref for ref in refs if ref]

    def _ip(self, ip: str, network: dict[str, Any] | None) -> str | None:
        if MASK in ip:
            return None
        system = None
        if network and network["asn"]:
            system = self._observable(
                "autonomous-system", {"number": network["asn"], "name": _text(network["name"]) or None}, ("number",)
            )
        kind = "ipv6-addr" if ":" in ip else "ipv4-addr"
        return self._observable(kind, {"value": ip, "belongs_to_refs": [system] if system else None}, ("value",))

    def _host(self, host: str, ip: str | None) -> str:
        return self._observable(
            "domain-name", {"value": domain.normalise(host), "resolves_to_refs": [ip] if ip else None}, ("value",)
        )

    def _link(self, link: dict[str, Any]) -> list[str]:
        refs = []
        network = link["network"]
        ip = self._ip(network["ip"], network) if network else None
        if _is_host(link["host"]):
            refs.append(self._host(link["host"], ip))
        if MASK not in link["url"] and _is_url(link["url"]):
            refs.append(self._observable("url", {"value": link["url"]}, ("value",)))
        return [ref for ref in (ip, *refs) if ref]

    def _file(self, file: dict[str, Any]) -> str | None:
        if not file["sha256"] and not file["filename"]:
            return None
        given = {
            "hashes": {"SHA-256": file["sha256"]} if file["sha256"] else None,
            "name": _text(file["filename"]) or None,
            "size": file["size"],
            "mime_type": file["detected_type"] or file["content_type"],
        }
        return self._observable("file", given, ("hashes", "name"))

    # -------------------------------------------------------------- what to look for

    def _indicators(self) -> list[str]:
        weighty = [finding for finding in self._report["findings"] if finding["severity"] in WEIGHTY]
        places = {place for finding in weighty for place in finding["where"]}
        out = []
        for number, link in enumerate(self._report["links"]):
            if f"link:{number}" in places and link["kind"] in LEADS:
                out += self._of_link(link)
        origin = self._report["origin"]
        if origin and MASK not in origin["ip"]:
            spots = {f"hop:{origin['hop']}", f"field:received:{origin['hop']}"}
            if origin["hop"] == 0:
                spots.add("field:received")
            if spots & places:
                kind = "ipv6-addr" if ":" in origin["ip"] else "ipv4-addr"
                out.append(
                    self._indicator(
                        f"[{kind}:value = {_quoted(origin['ip'])}]",
                        f"Handed over the message: {origin['ip']}",
                        "Customers of one host often share an address: weigh it with the rest.",
                        30,
                    )
                )
        for number, file in enumerate(self._report["attachments"]):
            if f"attachment:{number}" in places and file["sha256"]:
                out.append(
                    self._indicator(
                        f"[file:hashes.'SHA-256' = {_quoted(file['sha256'])}]",
                        "Attached file",
                        "Came with the message.",
                        80,
                    )
                )
        return list(dict.fromkeys(out))

    def _of_link(self, link: dict[str, Any]) -> list[str]:
        """The URL; the domain as well where it is nobody's but the sender's own."""
        out = []
        url = link["url"]
        if _is_url(url):
            pattern = (
                f"[url:value LIKE {_quoted(url.replace(MASK, '%'))}]"
                if MASK in url
                else f"[url:value = {_quoted(url)}]"
            )
            out.append(self._indicator(pattern, f"Link: {link['defanged']}", "Stands in the message.", 75))
        owner = link["registrable_domain"]
        if (
            owner
            and MASK not in owner
            and not (mailbox_providers.shared(owner) or shared_hosts.shared(link["host"]) or brands.of_domain(owner))
        ):
            out.append(
                self._indicator(
                    f"[domain-name:value = {_quoted(domain.normalise(owner))}]",
                    f"Domain: {owner}",
                    "Holds a link of the message.",
                    65,
                )
            )
        return out

    def _indicator(self, pattern: str, name: str, description: str, confidence: int) -> str:
        return self._said(
            "indicator",
            pattern,
            name=_text(name),
            description=description,
            indicator_types=["malicious-activity"],
            pattern=pattern,
            pattern_type="stix",
            valid_from=self._seen,
            confidence=confidence,
        )

    def _techniques(self) -> dict[str, str]:
        found = {finding["id"] for finding in self._report["findings"] if finding["severity"] in WEIGHTY}
        places = {
            place.partition(":")[0]
            for finding in self._report["findings"]
            if finding["severity"] in WEIGHTY
            for place in finding["where"]
        }
        named = {
            "T1566.001": "attachment" in places,
            "T1566.002": "link" in places,
            "T1656": bool(found & _IMPERSONATES),
            "T1586.002": (self._report.get("account") or {}).get("state") == "used",
        }
        return {
            technique: self._said(
                "attack-pattern",
                technique,
                name=TECHNIQUES[technique],
                external_references=[
                    {
                        "source_name": "mitre-attack",
                        "external_id": technique,
                        "url": f"https://attack.mitre.org/techniques/{technique.replace('.', '/')}",
                    }
                ],
            )
            for technique, fits in named.items()
            if fits
        }

    # -------------------------------------------------------------- shapes

    def _said(self, kind: str, what: str, created_by: bool = True, **given: Any) -> str:
        """An object of Sekisho's own making, with an id that is the same for the same content."""
        identity = f"{kind}--{uuid5(OURS, f'{kind} {what} {self._tlp}')}"
        self._things.setdefault(
            identity,
            {
                "type": kind,
                "spec_version": "2.1",
                "id": identity,
                **({"created_by_ref": self._author} if created_by else {}),
                "created": self._now,
                "modified": self._now,
                **{name: value for name, value in given.items() if value is not None and value != ""},
                "object_marking_refs": [TLP[self._tlp]],
            },
        )
        return identity

    def _observable(self, kind: str, given: Thing, contributing: tuple[str, ...]) -> str:
        """A cyber-observable with the id that STIX 2.1 section 2.9 reckons of its contributing properties."""
        kept = {name: value for name, value in given.items() if value is not None and value != ""}
        parts = {name: kept[name] for name in contributing if name in kept}
        identity = f"{kind}--{uuid5(OBSERVABLES, _canonical(parts)) if parts else uuid5(OURS, _canonical(kept))}"
        before = self._things.get(identity, {})
        self._things[identity] = {
            "type": kind,
            "spec_version": "2.1",
            "id": identity,
            **kept,
            **{name: value for name, value in before.items() if name not in kept},
            "object_marking_refs": [TLP[self._tlp]],
        }
        return identity


def _canonical(value: Any) -> str:
    """RFC 8785, for what has no numbers but whole ones; a lone surrogate has no place in it."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode("utf-8", "replace").decode("utf-8")


def _time(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _utc(date: str | None) -> str | None:
    """A date of the report as STIX writes it; None where it is outside of what either can say."""
    try:
        return _time(datetime.fromisoformat(date)) if date else None
    except (ValueError, OverflowError):
        return None


def _text(text: str | None) -> str:
    """A text of at most MAX_TEXT characters without controls and lone surrogates."""
    shown = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in (text or "")[:MAX_TEXT])
    return shown


def _quoted(text: str) -> str:
    """A text as a constant of the pattern language (STIX 2.1 section 9.3)."""
    escaped = _text(text).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


_LOCAL = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
)  # what every reader of STIX takes


def _is_address(text: str) -> bool:
    local, _, place = text.rpartition("@")
    return bool(local.strip(".")) and not set(local) - _LOCAL and _is_host(place)


def _is_host(text: str) -> bool:
    labels = domain.normalise(text).split(".")
    return (
        MASK not in text
        and len(labels) > 1
        and all(
            0 < len(label) < 64 and label.isascii() and label.replace("-", "").replace("_", "").isalnum()
            for label in labels
        )
    )


def _is_url(text: str) -> bool:
    return (
        text.lower().startswith(("http://", "https://"))
        and text.isascii()
        and text.isprintable()
        and not set(text) & set(' "<>\\^`{|}')
    )
