"""The message is a picture with a link; there is next to no text."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, disguise
from sekisho.questions import Ask

CHECK = Check(
    "only-pictures",
    "low",
    {
        "en": Text(
            "It is a picture to click on, with next to no text",
            "Shops send advertisements like that. It is also how words are kept from filters: they can't be searched, copied or read aloud.",
            "Look where the picture leads before you click on it.",
        ),
        "ja": Text(
            "本文がほとんどなく、クリックさせるための画像だけのメールです",
            "お店の広告にもありますが、文章を画像にして、迷惑メールの検査に読ませない手口でもあります。",
            "クリックする前に、画像のリンク先を確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    where = disguise.only_pictures(facts.message)
    if where is not None:
        yield CHECK.finding(where)
