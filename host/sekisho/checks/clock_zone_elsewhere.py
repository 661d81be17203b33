"""The Date was written on a clock of another zone than that of the country which the message came from."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.date import iso
from sekisho.questions import Ask

CHECK = Check(
    "clock-zone-elsewhere",
    "low",
    {
        "en": Text(
            "Its sender, its clock and its server do not belong together",
            "Its address is one of {home}, its Date was written on a clock set to {zone}, and it was handed over in {country}, where "
            "no clock stands there. Travellers, and companies that send through a service abroad, do that too.",
            "Alone this means little. If something else is odd about it, ask the sender by telephone.",
        ),
        "ja": Text(
            "差出人の国、時計の時差、送ってきた場所が一致しません",
            "アドレスは{home}のものですが、日付は {zone} の時計で書かれており、受け渡された場所は時差の異なる{country}です。"
            "旅行先から送った場合や、海外のサービスを使って送る会社でも起こります。",
            "これだけでは決め手になりません。ほかにも不審な点があれば、差出人に電話で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    zone, entry = facts.zone, facts.route.entry
    if zone is None or entry is None:
        return
    yield CHECK.finding(
        "field:date",
        "field:from",
        entry.field.anchor,
        # Home's own time on mail that a server abroad hands over is what every customer of a service abroad sends.
        severity="info" if zone.at_home else "low",
        zone=iso(0, zone.offset)[-6:],
        home=zone.home,
        country=zone.country,
    )
