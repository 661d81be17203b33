"""`NamedTuple` at a fraction of its price at start, and the name that tells a type checker's imports from a program's.

`typing` takes 15 ms to load, and its NamedTuple compiles every annotation and a constructor for each class: with a hundred
classes that is a fifth of a cold start. Here a constructor is compiled once for each number of fields, and annotations
are left alone. Modules that a look at a mail loads take both names from here, and `Any` below `if TYPE_CHECKING`.
"""

from __future__ import annotations

from sys import intern
from types import FunctionType

TYPE_CHECKING = False  # a type checker takes the name for true, wherever it comes from (PEP 484)

if TYPE_CHECKING:
    from types import CodeType
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter  # what collections.namedtuple makes its fields of

    class _Record(tuple):
        """What every named tuple can do, as in `collections.namedtuple`."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, not {len(made)}")
            return made

        def _replace(self, **changes):
            made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"{type(self).__name__} has no fields {list(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    class _Maker(type):
        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(_annotations(namespace))
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            if fields[len(fields) - len(defaults) :] != tuple(defaults):
                raise TypeError(f"{name}: a field without a default stands after one that has one")
            namespace.update({field: _tuplegetter(at, "") for at, field in enumerate(fields)})
            namespace.update(
                __slots__=(),
                __new__=_constructor(name, fields, tuple(defaults.values())),
                __match_args__=fields,
                _fields=fields,
                _field_defaults=defaults,
            )
            return type(name, (_Record,), namespace)

    class NamedTuple(metaclass=_Maker):
        """The base that a class statement names; what it makes is a plain tuple with names.

        Called with many fields by name a class takes three times as long as its own `__new__`, which is given the class.
        """


_codes: dict[int, CodeType] = {}


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    """`__new__` that takes the fields by place or name."""
    code = _codes.get(len(fields))
    if code is None:
        names = "".join(f"_{place}, " for place in range(len(fields)))
        made: FunctionType = eval(f"lambda _cls, {names}: _new(_cls, ({names}))")
        code = _codes[len(fields)] = made.__code__
    code = code.replace(co_varnames=("_cls", *map(intern, fields)), co_name="__new__")
    constructor = FunctionType(code, {"_new": tuple.__new__, "__builtins__": {}}, "__new__", defaults)
    constructor.__qualname__ = f"{name}.__new__"
    return constructor


def _annotations(namespace: dict[str, Any]) -> dict[str, Any]:
    """A class body's annotations: from Python 3.14 on a function makes them (PEP 749), unless they are text."""
    known: dict[str, Any] | None = namespace.get("__annotations__")
    if known is None:
        make = namespace.get("__annotate_func__") or namespace.get("__annotate__")
        known = make(1) if make else {}
    return known
