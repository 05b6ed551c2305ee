"""The match in words: what was asked, what was verified, who is lost and why, one set in full."""

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import MatchedSample
from ..design.sample import OUTSIDE_SUPPORT
from ..score.propensity import PropensityModel
from ..spec import AnalysisSpec, Matching
from .numbers import capitalised, counted, listed, significant
from .tables import TextTable, numbers_right

LEAD = (
    "For each treated patient the most similar controls are chosen, from what was known before treatment. "
    "Outcomes play no part here."
)
SCALES = {"logit": "logit of the score", "probability": "score"}


def caption(cohort: Cohort, sample: MatchedSample, spec: AnalysisSpec, study: str) -> str:
    """One line that makes a figure self-describing: study, n, ratio, caliper, spec hash."""
    m = spec.matching
    matched_treated = int((sample.matched & sample.treated).sum())
    matched_control = int((sample.matched & ~sample.treated).sum())
    how = f'sets given in "{m.subclass}"' if m.method == "given" else f"1:{m.ratio} {m.method}, {caliper_words(m)}"
    return (
        f"{study}: {matched_treated:,} of {int(cohort.treated.sum()):,} treated, "
        f"{matched_control:,} of {int((~cohort.treated).sum()):,} controls, {how}, spec {spec.digest}"
    )


def caliper_words(matching: Matching) -> str:
    """ "no caliper", "caliper 0.2 SD"."""
    if matching.caliper is None:
        return "no caliper"
    return f"caliper {matching.caliper:g}{' SD' if matching.caliper_unit == 'sd' else ''}"


def caliper_width(matching: Matching, scale: str, width: float) -> tuple[str, str]:
    """The width in units of the distance, and what it is made of.  scale: of SCALES."""
    if matching.method == "given":
        return "none", "the sets are taken as they are"
    if matching.caliper is None:
        return "none", "any distance is allowed"
    in_sd = f"{matching.caliper:g} SD of the {SCALES[scale]}"
    return significant(width), in_sd if matching.caliper_unit == "sd" else f"in the {SCALES[scale]}"


def checks_sentence(matching: Matching, sample: MatchedSample) -> str:
    """What was verified about the sets or pairs, and ties."""
    if matching.method == "given":
        sets = f"All {counted(sample.n_sets, 'set')} were checked: "
        return f"{sets}each has one treated patient and at least one control, and nobody stands in two."
    calipers = listed(list(matching.covariate_calipers))
    rules = {
        f"at most {counted(matching.ratio, 'control')} for each treated": True,
        "no control twice": not matching.replace,
        "within the caliper": matching.caliper is not None,
        f"within the caliper of {calipers}": bool(calipers),
        f"equal in {listed(list(matching.exact))}": bool(matching.exact),
        "inside common support": matching.discard != "none",
    }
    kept = ", ".join(rule for rule, holds in rules.items() if holds)
    ties = sample.ties
    tied = f"In {counted(ties, 'pair')} the first of several equally near controls in the file was taken."
    text = f"All {len(sample.pairs):,} pairs were checked again after matching: {kept}. "
    return text + (tied if ties else "No choice hung on a tie.")


def farthest(sample: MatchedSample) -> str:
    """How far apart the farthest pair is, in units of the distance."""
    most = sample.pairs["distance"].max()
    return f"farthest {significant(most)} apart" if np.isfinite(most) else "distances need a score"


def lost_table(matching: Matching, sample: MatchedSample) -> TextTable:
    """One row per reason: how many treated and how many control patients it took, and who is left."""
    reasons = sample.lost["reason"].value_counts()
    discarded = {OUTSIDE_SUPPORT: in_arm(sample, sample.discarded, False)}
    left = reasons.index.union([reason for reason, n in discarded.items() if n])
    counts = [(capitalised(reason), int(reasons.get(reason, 0)), discarded.get(reason, 0)) for reason in left]
    unchosen = "In no set" if matching.method == "given" else "Not among the nearest"
    counts += [(unchosen, 0, in_arm(sample, ~sample.matched & ~sample.discarded, False))]
    counts += [("In the matched sample", *(in_arm(sample, sample.matched, arm) for arm in (True, False)))]
    everyone = np.ones(len(sample.treated), dtype=bool)
    treated, control = (in_arm(sample, everyone, arm) for arm in (True, False))
    return TextTable(
        "Who is lost, and why",
        ("", f"Treated (of {treated:,})", f"Control (of {control:,})"),
        tuple((why, f"{t:,}", f"{c:,}") for why, t, c in counts),
        alt="Patients by arm and reason",
        align=numbers_right(3),
    )


def in_arm(sample: MatchedSample, members: np.ndarray, treated: bool) -> int:
    """How many of the patients in `members` (bool, n) belong to an arm."""
    return int((members & (sample.treated == treated)).sum())


def fit_sentence(model: PropensityModel, n: int) -> str:
    """How the score was fitted and how far it tells the arms apart.  n: patients."""
    fit = f"{'Converged' if model.converged else 'Not converged'} after {counted(model.iterations, 'step')}"
    return (
        f"{fit}, {n:,} patients. Probability that a treated patient has the higher score (c-statistic): "
        f"{model.c_statistic:.2f}. A high value says that the arms differ, not that the model is good."
    )


def sets_table(cohort: Cohort, sample: MatchedSample) -> TextTable:
    """A row for every matched set: its treated patients, its controls, and how far apart the farthest two are."""
    rows, sets = sample.membership.T
    people = pd.DataFrame(
        {"set": sets, "id": cohort.person_id[rows], "treated": sample.treated[rows], "distance": sample.distance[rows]}
    )
    made = []
    for number, block in people.groupby("set"):
        arms = [", ".join(map(str, block.loc[block["treated"] == arm, "id"])) for arm in (True, False)]
        spread = block["distance"].max() - block["distance"].min()
        made.append((f"{number + 1:,}", *arms, significant(spread)))
    heads = ("Set", "Treated", "Controls", "Farthest apart")
    return TextTable("The matched sets", heads, tuple(made), align=("right", "left", "left", "right"))
