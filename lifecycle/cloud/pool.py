"""A pool of objects by id, with the index of names that oned keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Thing = TypeVar("Thing", bound=Any)

_REMEMBERED = ("USER", "GROUP")


class Selection(list[Thing]):
    """Objects that a call chose from a pool, in the order in which it answers.

    Attributes:
        kind: the kind of the objects (``IMAGE``), also where there are none.
        extended: whether their whole documents were asked for.
    """

    __slots__ = ("extended", "kind")

    def __init__(self, kind: str, things: Iterable[Thing], *, extended: bool = False) -> None:
        """Hold the objects of a kind."""
        super().__init__(things)
        self.kind = kind
        self.extended = extended


class Pool(Generic[Thing]):
    """Objects of one kind by their ids.

    A name is taken once per owner, or once in the pool where names are shared.

    Attributes:
        former: the names of users and groups that are gone, by their ids: what
            was theirs still shows them.
    """

    __slots__ = (
        "_ascending",
        "_by_id",
        "_by_name",
        "_last",
        "former",
        "kind",
        "next_id",
        "shared_names",
    )

    def __init__(self, kind: str, *, first_id: int = 0, shared_names: bool = False) -> None:
        """Begin an empty pool of a kind of objects (``IMAGE``)."""
        self.kind = kind
        self.next_id = first_id
        self.shared_names = shared_names
        self._by_id: dict[int, Thing] = {}
        self._by_name: dict[tuple[int, str], int] = {}
        self.former: dict[int, str] = {}
        # Ids are nearly always given in order: then there is nothing to sort.
        self._ascending, self._last = True, -1

    @property
    def unique_names(self) -> bool:
        """Whether a name is taken once at all; machines may share theirs."""
        return self.kind != "VM"

    def __len__(self) -> int:
        """Count the objects."""
        return len(self._by_id)

    def __iter__(self) -> Iterator[Thing]:
        """Go through the objects by ascending id."""
        self._put_in_order()
        return iter(list(self._by_id.values()))

    def __reversed__(self) -> Iterator[Thing]:
        """Go through the objects by descending id; the pool must not change meanwhile."""
        self._put_in_order()
        return reversed(self._by_id.values())

    def _put_in_order(self) -> None:
        if not self._ascending:
            self._by_id = dict(sorted(self._by_id.items()))
            self._ascending = True

    def __contains__(self, number: object) -> bool:
        """Tell whether there is an object with that id."""
        return number in self._by_id

    def __getitem__(self, number: int) -> Thing:
        """Give an object by its id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[number]

    def get(self, number: int) -> Thing | None:
        """Give an object by its id, or None."""
        return self._by_id.get(number)

    def ids(self) -> list[int]:
        """Give all ids, ascending."""
        self._put_in_order()
        return list(self._by_id)

    def named(self, name: str, uid: int = -1) -> Thing | None:
        """Give the object of a name (and of an owner, unless names are shared), or None."""
        number = self._by_name.get(self._key(name, uid))
        return None if number is None else self._by_id.get(number)

    def take_id(self) -> int:
        """Give the next id, and count it as taken."""
        number = self.next_id
        self.next_id += 1
        return number

    def give_back_id(self, number: int) -> None:
        """Take an id as not taken after all; the very first one of a pool is lost all the same."""
        if number > 0 and number == self.next_id - 1:
            self.next_id = number

    def add(self, thing: Thing) -> None:
        """Put an object in under its id and name."""
        self._ascending = self._ascending and thing.id >= self._last
        self._last = max(self._last, thing.id)
        self._by_id[thing.id] = thing
        self._by_name.setdefault(self._key(thing.name, thing.uid), thing.id)
        self.next_id = max(self.next_id, thing.id + 1)

    def clear(self) -> None:
        """Take all objects out, and begin to count anew."""
        self._by_id.clear()
        self._by_name.clear()
        self.former.clear()
        self._ascending, self._last = True, -1
        self.next_id = 0

    def remove(self, thing: Thing) -> None:
        """Take an object out; its id is not given again."""
        self._by_id.pop(thing.id, None)
        self.forget_name(thing)
        if self.kind in _REMEMBERED:
            self.former[thing.id] = thing.name

    def forget_name(self, thing: Thing) -> None:
        """Take an object's name off the index, before it changes its name or owner."""
        key = self._key(thing.name, thing.uid)
        if self._by_name.get(key) == thing.id:
            del self._by_name[key]

    def note_name(self, thing: Thing) -> None:
        """Put an object's name on the index, after it has changed its name or owner."""
        self._by_name[self._key(thing.name, thing.uid)] = thing.id

    def _key(self, name: str, uid: int) -> tuple[int, str]:
        return (-1 if self.shared_names else uid, name)
