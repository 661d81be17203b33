"""What each finding counts, in points, by its id and severity.

Made by `python tests/bench/calibrate.py CORPUS --write`; BENCHMARKS.md has the method, and what the table was measured to find. Beside a
finding: in how many mails of the corpus it was seen, to be warned of and honest. What was seen in few is near what its severity counts
(DEFAULTS), as is all that only look-ups can tell. What is no evidence counts 0 whatever was seen, and says why.
"""

CAUTION, DANGER = 8, 25
DEFAULTS = {"info": 0, "low": 2, "medium": 10, "high": 25}  # of a finding, or a severity of it, that is not in WEIGHTS
FAVOURS = {
    "own-note": -20,  # 0 to be warned of, 0 honest
    "trusted-sender": -10,  # 0 to be warned of, 0 honest
    "known-correspondent": -10,  # 0 to be warned of, 0 honest
    "genuine-brand": -5,  # 4 to be warned of, 50 honest
}
WEIGHTS: dict[str, dict[str, int]] = {
    "account-used": {"low": 0, "medium": 10},  # 4 to be warned of, 2 honest
    "address-borrowed": {"low": 3},  # 57 to be warned of, 4 honest
    "address-in-link": {"low": 0, "medium": 15},  # 39 to be warned of, 1 honest
    "address-in-name": {"low": 2, "medium": 12},  # 7 to be warned of, 1 honest
    "answers-elsewhere": {"info": 0, "low": 0, "medium": 15},  # 131 to be warned of, 31 honest
    "answers-other-mailbox": {"medium": 15},  # 16 to be warned of, 0 honest
    "authentication-failed": {"low": 7, "medium": 11},  # 57 to be warned of, 0 honest
    "brand-claimed": {"medium": 15, "high": 25},  # 44 to be warned of, 0 honest
    "brand-elsewhere": {"low": 0, "medium": 11, "high": 25},  # 292 to be warned of, 4 honest
    "brand-in-address": {"medium": 13},  # 10 to be warned of, 2 honest
    "brand-in-link": {"high": 25},  # 6 to be warned of, 0 honest
    "brand-unproven": {"medium": 13},  # 67 to be warned of, 0 honest
    "call-to-cancel": {"medium": 13},  # 4 to be warned of, 0 honest
    "clock-zone-elsewhere": {"info": 0, "low": 0, "medium": 0, "high": 0},  # a date: no evidence of who wrote
    "company-at-free-mail": {"low": 0, "medium": 13},  # 4 to be warned of, 1 honest
    "date-in-future": {"info": 0, "low": 0, "medium": 0, "high": 0},  # a date: no evidence of who wrote
    "date-long-before": {"info": 0, "low": 0, "medium": 0, "high": 0},  # a date: no evidence of who wrote
    "decorated-name": {"low": 7},  # 44 to be warned of, 0 honest
    "disguised-address": {"high": 25},  # 10 to be warned of, 0 honest
    "disguised-name": {"medium": 10},  # 1 to be warned of, 0 honest
    "disguised-sender": {"medium": 10, "high": 25},  # 24 to be warned of, 0 honest
    "domain-in-name": {"low": 0},  # 9 to be warned of, 3 honest
    "form-in-mail": {"low": 0, "high": 25},  # 7 to be warned of, 3 honest
    "free-hosting": {"low": 2, "medium": 10},  # 98 to be warned of, 11 honest
    "greeted-by-address": {"info": 5},  # 16 to be warned of, 0 honest
    "held-up": {
        "info": 0,
        "low": 0,
        "medium": 0,
        "high": 0,
    },  # what a receiving host writes down: tells receivers apart, not senders
    "helo-borrowed": {"medium": 10},  # 55 to be warned of, 0 honest
    "hidden-text": {"low": 7, "medium": 15},  # 140 to be warned of, 0 honest
    "home-line-sender": {"medium": 4},  # 15 to be warned of, 2 honest
    "html-attachment": {"low": 7, "medium": 12, "high": 25},  # 9 to be warned of, 0 honest
    "lines-made-up": {"low": 0, "medium": 15},  # 42 to be warned of, 10 honest
    "link-as-name": {"medium": 13},  # 4 to be warned of, 0 honest
    "link-knows-reader": {"info": 1},  # 57 to be warned of, 22 honest
    "links-elsewhere": {"low": 7},  # 12 to be warned of, 0 honest
    "lookalike-domain": {"low": 2, "medium": 10, "high": 25},  # 7 to be warned of, 2 honest
    "lookalike-sender": {"low": 2, "high": 25},  # 3 to be warned of, 0 honest
    "lure-account-suspended": {"info": 1},  # 301 to be warned of, 32 honest
    "lure-bank-details-changed": {"info": 0},  # 3 to be warned of, 6 honest
    "lure-credentials": {"info": 0},  # 322 to be warned of, 60 honest
    "lure-deadline": {"info": 0},  # 326 to be warned of, 91 honest
    "lure-document-waiting": {"info": 0},  # 13 to be warned of, 18 honest
    "lure-errand": {"info": 1},  # 3 to be warned of, 0 honest
    "lure-extortion": {"info": 5},  # 5 to be warned of, 0 honest
    "lure-gift-cards": {"info": 0},  # 1 to be warned of, 4 honest
    "lure-invoice": {"info": 0},  # 17 to be warned of, 15 honest
    "lure-mailbox-full": {"info": 1},  # 69 to be warned of, 16 honest
    "lure-money-offered": {"info": 5},  # 78 to be warned of, 0 honest
    "lure-parcel-held": {"info": 0},  # 30 to be warned of, 14 honest
    "lure-payment-failed": {"info": 0},  # 218 to be warned of, 31 honest
    "lure-prize": {"info": 1},  # 162 to be warned of, 18 honest
    "lure-tax-or-fine": {"info": 0},  # 23 to be warned of, 14 honest
    "machine-in-link": {"medium": 12},  # 10 to be warned of, 0 honest
    "name-nowhere": {"low": 7, "medium": 15},  # 500 to be warned of, 1 honest
    "nameless-greeting": {"info": 3},  # 52 to be warned of, 5 honest
    "nameless-helo": {
        "info": 0,
        "low": 0,
        "medium": 0,
        "high": 0,
    },  # what a receiving host writes down: tells receivers apart, not senders
    "no-address": {"medium": 13},  # 7 to be warned of, 0 honest
    "no-date": {"info": 0, "low": 0, "medium": 0, "high": 0},  # whether a header field is there
    "odd-japanese": {"info": 4, "low": 4},  # 63 to be warned of, 0 honest
    "offer-addresses": {"low": 7, "medium": 15},  # 21 to be warned of, 0 honest
    "offer-adult": {"low": 3, "medium": 10},  # 12 to be warned of, 2 honest
    "offer-coins": {"low": 7, "medium": 13},  # 55 to be warned of, 0 honest
    "offer-credit": {"low": 7, "medium": 15},  # 46 to be warned of, 0 honest
    "offer-funds": {"low": 7, "medium": 15},  # 50 to be warned of, 0 honest
    "offer-goods": {"low": 3, "medium": 15},  # 40 to be warned of, 4 honest
    "offer-income": {"low": 2, "medium": 13},  # 46 to be warned of, 2 honest
    "offer-shares": {"low": 0, "medium": 15},  # 8 to be warned of, 2 honest
    "offer-trade": {"low": 4, "medium": 15},  # 41 to be warned of, 4 honest
    "only-pictures": {"low": 5},  # 121 to be warned of, 2 honest
    "open-redirect": {"medium": 15},  # 25 to be warned of, 0 honest
    "order-wanted": {"low": 7, "medium": 15},  # 13 to be warned of, 0 honest
    "own-provider-claimed": {"medium": 10, "high": 25},  # 7 to be warned of, 0 honest
    "parts-differ": {"low": 3},  # 6 to be warned of, 0 honest
    "parts-lead-apart": {"low": 2},  # 4 to be warned of, 0 honest
    "reader-domain-claimed": {"medium": 15},  # 13 to be warned of, 0 honest
    "removal-promised": {"low": 7, "medium": 15},  # 74 to be warned of, 1 honest
    "restless-letters": {"medium": 10},  # 32 to be warned of, 0 honest
    "salted-words": {"low": 7, "medium": 10},  # 115 to be warned of, 0 honest
    "scattered-links": {"medium": 10},  # 7 to be warned of, 0 honest
    "self-spoof": {"low": 0, "medium": 10, "high": 25},  # 16 to be warned of, 3 honest
    "several-authors": {"low": 3, "medium": 12},  # 64 to be warned of, 0 honest
    "short-link": {"info": 1, "low": 4},  # 100 to be warned of, 10 honest
    "suffix-in-host": {"medium": 10},  # 8 to be warned of, 0 honest
    "text-and-target": {"low": 0, "medium": 14, "high": 20},  # 37 to be warned of, 11 honest
    "unfilled-placeholder": {"medium": 10},  # 8 to be warned of, 0 honest
    "unreal-sender": {"low": 7, "medium": 15},  # 44 to be warned of, 0 honest
    "unusual-port": {"low": 3},  # 4 to be warned of, 0 honest
    "userinfo-in-link": {"high": 25},  # 6 to be warned of, 0 honest
}
