"""Results text: who was compared with whom, in which sets, how far apart, and who was lost. Sentences in Markdown."""

import math

from ..design import Comparison, MethodSettings
from .numbers import counted, half_up, listed, significant


def sizes_in_words(made: Comparison, most: int = 8) -> str:
    """ "6 sets of 1:3 and one of 1:2", treated to controls; empty without sets.  most: shapes that are named, from the
    most frequent on."""
    shapes: dict[tuple[int, int], int] = {}
    for treated, control in zip(made.units.n_treated.tolist(), made.units.n_control.tolist(), strict=True):
        shapes[treated, control] = shapes.get((treated, control), 0) + 1
    ordered = sorted(shapes.items(), key=lambda item: (-item[1], item[0]))
    said = [f"{_times(n)} of {treated:,}:{control:,}" for (treated, control), n in ordered[:most]]
    rest = sum(n for _, n in ordered[most:])
    if rest:
        said.append(f"{rest:,} of other sizes")
    return listed([_first_set(said[0], ordered[0][1]), *said[1:]]) if said else ""


def _times(count: int) -> str:
    return "one" if count == 1 else f"{count:,}"


def _first_set(text: str, count: int) -> str:
    return text.replace(" of ", " set of " if count == 1 else " sets of ", 1)


def matched_sentences(made: Comparison, own: MethodSettings) -> list[str]:
    """Results: who was compared, in which sets, how far apart, who was lost and why."""
    treated, control = made.n_matched(True), made.n_matched(False)
    whom = f"{counted(treated, 'treated patient')} and {counted(control, 'control')} were compared"
    sizes = f": {sizes_in_words(made)} (treated:controls)" if made.n_sets else ""
    said = [f"{whom}{sizes}.", *_losses(made)]
    distance = made.pairs["distance"]
    if len(distance) and math.isfinite(float(distance.max())):
        mean, most = significant(float(distance.mean())), significant(float(distance.max()))
        said.append(f"Within pairs the score distance was {mean} on average and {most} at most.")
    if made.ties:
        said.append(f"In {counted(made.ties, 'pair')} file order decided between equally near controls.")
    if own.discard != "none":
        gone = [int((made.discarded & arm).sum()) for arm in (made.treated, ~made.treated)]
        said.append(
            f"{counted(gone[0], 'treated patient')} and {counted(gone[1], 'control')} lay outside common support."
        )
    ess = half_up(made.effective_sample_size(False), 1)
    return [*said, f"The effective sample size of the controls was {ess}."]


def _losses(made: Comparison) -> list[str]:
    if made.losses.empty:
        return ["No treated patient was lost."]
    counts = made.losses["reason"].value_counts().sort_index()
    why = "; ".join(f"{reason} ({n:,})" for reason, n in counts.items())
    return [f"{counted(len(made.losses), 'treated patient')} could not be compared: {why}."]
