"""A well-known site only passes the link on to somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "open-redirect",
    "medium",
    {
        "en": Text(
            "The link seems to lead to {service}, but goes on to {owner}",
            "Anybody can write such a link: {service} passes it on to any place, without having looked at it. Honest letters have no need "
            "of that; it serves to show a name that one trusts, and to get past filters.",
            "Judge the link by {owner}, and not by {service}.",
        ),
        "ja": Text(
            "リンク先は {service} に見えますが、実際は {owner} です",
            "この種のリンクは誰でも作れます。{service} は中身を確かめずに、指定された場所へ転送するだけです。"
            "普通のメールには必要がなく、信用のある名前を見せたり、フィルターをすり抜けたりするために使われます。",
            "{service} ではなく {owner} が信用できるかどうかで判断してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told = set()
    for number, seen in enumerate(facts.links.seen):
        through = next((layer for layer in seen.layers if layer.kind == "redirector" and layer.target), None)
        owner = seen.target.domain or seen.target.host
        if (
            through is None
            or owner in (seen.url.domain, facts.identity.organisation)
            or (through.vendor, owner) in told
        ):
            continue
        told.add((through.vendor, owner))
        yield CHECK.finding(f"link:{number}", service=through.vendor, owner=owner)
