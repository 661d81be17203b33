"""A link stands where a person's name belongs: a form of somebody else was filled in with an advertisement, and the reader's address."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, wording
from sekisho.questions import Ask

CHECK = Check(
    "link-as-name",
    "medium",
    {
        "en": Text(
            "Where a name belongs, a link stands: {written}",
            "Nobody is called like that. Strangers fill in the forms of shops, firms and forums with your address and an advertisement "
            "for a name, so that an honest sender's automatic answer brings it to you.",
            "Don't open that link. The sender is probably honest and knows nothing of it; there is nothing to answer or confirm.",
        ),
        "ja": Text(
            "名前の欄にリンクが書かれています: {written}",
            "そのような名前の人はいません。第三者が、お店や会社の問い合わせフォームにあなたのアドレスと宣伝文を名前として入力し、"
            "自動返信メールとして届けさせる手口です。",
            "そのリンクは開かないでください。差出人自身は事情を知らないことが多く、返信や確認の手続きは要りません。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    seen = wording.named_by_link(facts.message, facts.identity.organisation)
    if seen is not None:
        yield CHECK.finding(seen.where, written=seen.written)
