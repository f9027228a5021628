"""The rows of a sheet, held by column: a log of a million rows is ten columns, not a million lists."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

import numpy as np
import pandas as pd

from analysis.intake.distinct import distinct

Row = list[str]
_BATCH = 4_096


class Rows(Sequence[Row]):
    """Rows of text cells; `rows[0]` is row 1 of the file, `rows[a:b:c]` a view that copies nothing.

    Rows of the usual width stand in `columns` (one `str` Series a column); `usual` gives their 0-based positions, ascending.
    Rows of any other width, blank ones with no cell at all among them, are kept as they are in `odd`, by position.
    """

    def __init__(self, columns: list[pd.Series], usual: np.ndarray, odd: Mapping[int, Row]) -> None:
        self.columns, self.usual, self.odd = columns, usual, odd

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Rows":
        """From rows as lists."""
        widths = Counter(map(len, rows))
        width = max(sorted(widths), key=widths.__getitem__, default=0)
        usual = [n for n, row in enumerate(rows) if len(row) == width] if width else []
        columns = [pd.Series(cells, dtype="str") for cells in zip(*(rows[n] for n in usual), strict=True)]
        odd = {n: list(row) for n, row in enumerate(rows) if len(row) != width or not width}
        return cls(columns, np.array(usual, dtype=np.int64), odd)

    @property
    def width(self) -> int:
        """Cells of a usual row."""
        return len(self.columns)

    def __len__(self) -> int:
        return len(self.usual) + len(self.odd)

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> "SomeRows": ...
    def __getitem__(self, key: int | slice) -> "Row | SomeRows":
        where = range(len(self))[key]
        return SomeRows(self, where) if isinstance(where, range) else self.at([where])[0]

    def __iter__(self) -> Iterator[Row]:
        return iter(SomeRows(self, range(len(self))))

    def at(self, positions: Sequence[int]) -> list[Row]:
        """The rows at these positions."""
        usual = [n for n in positions if n not in self.odd]
        take = np.searchsorted(self.usual, usual)
        of_usual = iter(zip(*(column.array.take(take).tolist() for column in self.columns), strict=True))
        return [list(self.odd[n]) if n in self.odd else list(next(of_usual)) for n in positions]

    def cells(self, column: int, positions: np.ndarray) -> pd.Series:
        """One column's cells at these ascending positions, 0-based index; '' where a row is too short to have one."""
        if (
            not self.odd
            and column < self.width
            and len(positions)
            and positions[-1] - positions[0] + 1 == len(positions)
        ):
            return self.columns[column].iloc[positions[0] : positions[-1] + 1].reset_index(drop=True)
        odd = np.isin(positions, np.fromiter(self.odd, dtype=np.int64, count=len(self.odd)))
        usual = positions[~odd]
        if column < self.width:
            found = self.columns[column].array.take(np.searchsorted(self.usual, usual))
        else:
            found = pd.array([""] * len(usual), dtype="str")
        if not odd.any():
            return pd.Series(found)
        cells = np.empty(len(positions), dtype=object)
        cells[~odd] = found
        cells[odd] = [
            row[column] if column < len(row) else "" for row in (self.odd[n] for n in positions[odd].tolist())
        ]
        return pd.Series(cells, dtype="str")

    def with_cells(self, changes: Mapping[tuple[int, int], str]) -> "Rows":
        """The same rows with other text in the cells at (position, column)."""
        columns, odd = list(self.columns), {n: list(row) for n, row in self.odd.items()}
        by_column: dict[int, dict[int, str]] = {}
        for (position, column), text in changes.items():
            if position in odd:
                odd[position][column] = text
            else:
                by_column.setdefault(column, {})[int(np.searchsorted(self.usual, position))] = text
        for column, texts in by_column.items():
            cells = columns[column].to_numpy(dtype=object, copy=True)
            cells[list(texts)] = list(texts.values())
            columns[column] = pd.Series(cells, dtype="str")
        return Rows(columns, self.usual, odd)

    def mapped(self, change: Callable[[str], str]) -> "Rows":
        """The same rows with every cell changed by `change`."""
        odd = {n: [change(cell) for cell in row] for n, row in self.odd.items()}
        return Rows([distinct(column, change) for column in self.columns], self.usual, odd)


class SomeRows(Sequence[Row]):
    """Some of the rows, in the order of a range of positions."""

    def __init__(self, rows: Rows, where: range) -> None:
        self._rows, self._where = rows, where

    def __len__(self) -> int:
        return len(self._where)

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> "SomeRows": ...
    def __getitem__(self, key: int | slice) -> "Row | SomeRows":
        where = self._where[key]
        return SomeRows(self._rows, where) if isinstance(where, range) else self._rows.at([where])[0]

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self._where), _BATCH):
            yield from self._rows.at(self._where[start : start + _BATCH])

    def column(self, number: int) -> list[str]:
        """One column's cells, '' where a row is too short to have one."""
        cells: list[str] = self._rows.cells(number, np.array(self._where, dtype=np.int64)).tolist()
        return cells
