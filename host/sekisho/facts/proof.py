"""What speaks for the claimed sender's own domain, and what against it: passed, failed, or not known, which is neither."""

from __future__ import annotations

from collections.abc import Iterable

from sekisho.facts.identity import Identity
from sekisho.facts.vouched import Voucher
from sekisho.named import NamedTuple
from sekisho.report import Account

_FAILED = frozenset({"dmarc-failed", "spf-failed"})


class Proof(NamedTuple):
    """`passed`: a result that counts, or a verification here, is in the domain's name. `failed`: the reader's own server found it
    failing, and nothing tells of a forwarder or a list on the way (`account` weighs that)."""

    passed: bool
    failed: bool


def of_author(identity: Identity, vouched: Iterable[Voucher], account: Account) -> Proof:
    """The proof for the author's domain."""
    mine = identity.organisation
    passed = bool(mine) and any(voucher.organisation == mine for voucher in vouched if voucher.by != "host")
    against = account.state == "borrowed" and account.confidence != "low"
    return Proof(passed, against and not passed and not _FAILED.isdisjoint(account.reasons))
