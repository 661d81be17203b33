"""The text offers loans, mortgages, insurance or the settling of debts to anybody."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-credit",
    "low",
    {
        "en": Text(
            "It offers a loan, insurance or relief from debts",
            "It says “{sentence}”. Nobody lends money to strangers by mail: such letters are after a fee in advance, or after the "
            "papers and numbers that an application asks for.",
            "Don't apply here and send no papers. Look for a lender in the register of your country's financial supervision.",
        ),
        "ja": Text(
            "融資・保険・借金の解決などを持ちかけています",
            "本文には「{sentence}」とあります。見ず知らずの相手にメールで融資を申し出る業者の目的は、前払いの手数料か、"
            "申込書に書かせる個人情報です。",
            "申し込まず、本人確認書類も送らないでください。貸金業者かどうかは、金融庁の登録貸金業者検索で確かめられます。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-credit")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
