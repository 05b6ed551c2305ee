"""The yardstick of a hidden factor in words: what leaving out each measured covariate would do to the odds."""

from ..sensitivity.left_out import LeftOut
from .labels import Labels
from .moves import times
from .numbers import DASH
from .tables import TextTable, numbers_right, records

TITLE = "How strong is a hidden factor? The measured ones as a yardstick"
HELP = (
    "Each covariate is left out of the score and the match made anew; then the odds of treatment inside the new sets "
    "are read from the score that knows it. So much hidden bias (Gamma) a covariate of this strength would bring if "
    "nobody had measured it. In a small cohort even a covariate of pure noise seems to matter, so beside each stands "
    "what its own values, dealt anew among all patients, give: the middle of {deals} deals, and the size that 19 of 20 "
    "stay below. After Hsu and Small 2013 (Biometrics 69:803)."
)


def yardstick_table(found: LeftOut, labels: Labels) -> TextTable:
    """A row for each covariate, the one whose absence matters most first."""
    rows = found.rows.sort_values("typical", ascending=False, kind="stable", na_position="last")
    heads = (
        "Left out",
        "Odds inside the sets, typically apart",
        "at most",
        "Pure noise: typically",
        "95% of deals below",
    )
    return TextTable(
        TITLE,
        heads,
        tuple((labels.column(row.covariate).name, *_cells(row)) for row in records(rows)),
        (f"With all covariates: typically {_apart(found.typical)}, at most {_apart(found.largest)}.",),
        align=numbers_right(len(heads)),
    )


def _cells(row) -> tuple[str, ...]:
    if isinstance(row.error, str):
        return (f"{DASH}\n{row.error}", DASH, DASH, DASH)
    return tuple(map(_apart, (row.typical, row.largest, row.noise_typical, row.noise_high)))


def _apart(ratio: float) -> str:
    return f"{times(ratio)} times"
