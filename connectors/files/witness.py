"""The sender's word against what was read, file by file; the pure part of `complete` for files.

A word that agrees with every file is the witness. One that does not refutes. Without a word for
each file the listing stays: it refutes, and never proves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.events import Witness, WitnessKind
from connectors.files.inventory import Delivery
from connectors.files.listing import Listed
from connectors.files.said import Word

NO_WORD = (
    "a listing does not tell whether its sender had finished; name what the sender says of it: "
    "sealed=ControlFile(…), or a trailer in Csv(…), or a footer in Parquet(…) (docs/files.md)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One file as it was read, and what its sender says of it."""

    file: Listed
    sha256: str
    rows: int
    words: Sequence[Word]
    may_be_cut: bool
    """Its last record would be read in the same way if it were cut."""

    @property
    def denial(self) -> str | None:
        """What its sender says of it that is not so, as a clause."""
        for word in self.words:
            for unit, told, here in (
                ("rows", word.said.rows, self.rows),
                ("bytes", word.said.bytes, self.file.bytes),
            ):
                if told not in (None, here):
                    came = f"{here:,} {unit.removesuffix('s') if here == 1 else unit} came"
                    return f"{self.file.name}: {came}, and {word.by} says {told:,}"
            if word.said.sha256 not in (None, self.sha256):
                return f"{self.file.name} has another sha256 than {word.by} says"
        return None

    @property
    def doubt(self) -> str | None:
        """Why its word does not prove that it is whole, as a clause; None where it does."""
        exact = any(word.said.bytes is not None or word.said.sha256 for word in self.words)
        if self.may_be_cut and not exact:
            return (
                f"{self.file.name} does not end with a line end, so its last record may be cut: "
                "ask for one, or for {bytes} or {sha256} in its control file"
            )
        return None

    @property
    def rows_told(self) -> int | None:
        """Its rows, in its sender's words; of several the one that is not so."""
        told = [word.said.rows for word in self.words if word.said.rows is not None]
        return min(told, key=lambda rows: rows == self.rows, default=None)


def witness(
    accounts: Sequence[Account], delivery: Delivery, listing: Witness
) -> tuple[Witness | None, str | None]:
    """The witness, and why it does not prove that all was read; of several reasons the first.
    Where a file is not delivered yet, not even the listing is one: it is no proof that the source
    holds nothing.
    """
    denials = [denial for account in accounts if (denial := account.denial)]
    denials += [f"{word.by} speaks of a file that is not there" for word in delivery.absent]
    if denials and (refuting := _refuting(accounts, delivery.absent, listing)):
        return refuting, denials[0]
    without = [one.file.name for one in accounts if not one.words]
    all_doubts = [
        *denials,
        *delivery.doubts,
        *([_no_word(delivery)] if without else []),
        *filter(None, (account.doubt for account in accounts)),
    ]
    if all_doubts or not accounts:
        return None if delivery.left_out else listing, next(iter(all_doubts), NO_WORD)
    told = [account.rows_told for account in accounts]
    if None in told:
        return _word(listing.declared, "bytes", listing), None
    return _word(sum(rows or 0 for rows in told), "rows", listing), None


def _no_word(delivery: Delivery) -> str:
    if delivery.proposal is None:
        return NO_WORD
    return (
        "a listing does not tell whether its sender had finished; if it writes the files that lie "
        f"beside the data last, declare {delivery.proposal} (docs/files.md)"
    )


def _refuting(
    accounts: Sequence[Account], absent: Sequence[Word], listing: Witness
) -> Witness | None:
    """A witness that declares another number than was read; None where no number tells it."""
    rows = [account.rows_told for account in accounts] + [word.said.rows for word in absent]
    if None not in rows:
        told = sum(one or 0 for one in rows)
        if told != sum(account.rows for account in accounts):
            return _word(told, "rows", listing)
    vouched = sum(_bytes_told(account) for account in accounts)
    vouched += sum(word.said.bytes or 0 for word in absent)
    if vouched != sum(account.file.bytes for account in accounts):
        return _word(vouched, "bytes", listing)
    return None


def _bytes_told(account: Account) -> int:
    """As many as its sender says; of a file that its sender denies otherwise, none."""
    told = [word.said.bytes for word in account.words if word.said.bytes is not None]
    if account.denial is None:
        return account.file.bytes
    return next((size for size in told if size != account.file.bytes), 0)


def _word(declared: int, unit: str, listing: Witness) -> Witness:
    return replace(listing, kind=WitnessKind.SENDERS_WORD, declared=declared, unit=unit)
