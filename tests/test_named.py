"""The quick NamedTuple does what `typing.NamedTuple` does: each held against the other."""

import copy
import pickle
import typing
from typing import Any

import pytest

from sekisho import named


class Quick(named.NamedTuple):
    """Words."""

    first: int
    second: str = "two"
    third: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        return 2 * self.first


class Usual(typing.NamedTuple):
    """Words."""

    first: int
    second: str = "two"
    third: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        return 2 * self.first


def outcome(kind: Any, act: Any) -> Any:
    """What an act on a class gives, or the kind of error that it raises, without the class' name."""
    try:
        return repr(act(kind)).replace(kind.__name__, "Class")
    except (TypeError, ValueError, AttributeError) as error:
        return type(error)


@pytest.mark.parametrize(
    "act",
    [
        lambda kind: kind(1),
        lambda kind: kind(1, third=("a",)),
        lambda kind: kind(first=1, second="b", third=()),
        lambda kind: kind(),
        lambda kind: kind(1, 2, 3, 4),
        lambda kind: kind(1, fourth=2),
        lambda kind: kind(1).twice,
        lambda kind: kind(1)._replace(second="c"),
        lambda kind: kind(1)._replace(fourth="c"),
        lambda kind: kind._make([1, 2, 3]),
        lambda kind: kind._make([1]),
        lambda kind: kind(1)._asdict(),
        lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__, kind.__slots__),
        lambda kind: kind(1) == (1, "two", ()),
        lambda kind: hash(kind(1)) == hash((1, "two", ())),
        lambda kind: sorted([kind(2), kind(1)]),
        lambda kind: copy.deepcopy(kind(1)),
        lambda kind: pickle.loads(pickle.dumps(kind(1))),
        lambda kind: setattr(kind(1), "first", 2),
        lambda kind: setattr(kind(1), "fourth", 2),
        lambda kind: isinstance(kind(1), tuple) and kind.__mro__[-2:],
        lambda kind: [name for name in ("first", "second") if not hasattr(kind, name)],
    ],
)
def test_like_the_usual_one(act: Any) -> None:
    assert outcome(Quick, act) == outcome(Usual, act)


def test_a_field_without_a_default_comes_first() -> None:
    with pytest.raises(TypeError, match="without a default"):

        class Wrong(named.NamedTuple):
            first: int = 1
            second: int  # type: ignore[misc]
