"""Outcomes of many studies at once: patients of a set alike or not, treatment without an effect or with a known one."""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import beta

from .samples import Sample

HORIZON = 60.0
LOST = 0.1  # share of the patients whose follow-up ends on a random day
OTHERS_RISK = 0.3  # of the competing event by the horizon
QUANTILES = (np.arange(2000) + 0.5) / 2000


@dataclass(frozen=True)
class Studies:
    """Columns of n studies: name -> float (studies, patients).  truth: measure -> the true value, float or (studies,);
    a measure that is not there is not judged.  None: no effect, every measure is judged."""

    columns: dict[str, np.ndarray]
    truth: dict[str, np.ndarray | float] | None = field(default=None)


def set_effects(rng: np.random.Generator, sample: Sample, studies: int) -> np.ndarray:
    """Standard normal, the same within a set: (studies, patients)."""
    return rng.standard_normal((studies, sample.sets))[:, sample.set_of]


def latent(rng: np.random.Generator, sample: Sample, studies: int, icc: float) -> np.ndarray:
    """Standard normal, correlation `icc` within a set."""
    own = rng.standard_normal((studies, len(sample.treated)))
    return np.sqrt(icc) * set_effects(rng, sample, studies) + np.sqrt(1 - icc) * own


def risks(rng: np.random.Generator, sample: Sample, studies: int, risk: float, icc: float) -> np.ndarray:
    """Each patient's risk: of mean `risk`, the same within a set, beta distributed so that its events have that ICC."""
    if not icc:
        return np.full((studies, len(sample.treated)), risk)
    drawn = rng.beta(*beta_of(risk, icc), (studies, sample.sets))
    return drawn[:, sample.set_of]


def beta_of(risk: float, icc: float) -> tuple[float, float]:
    """Both parameters."""
    total = (1 - icc) / icc
    return risk * total, (1 - risk) * total


def tilted(risk: np.ndarray, odds_ratio: float) -> np.ndarray:
    """The risk whose odds are `odds_ratio` times as large."""
    return odds_ratio * risk / (1 - risk + odds_ratio * risk)


def events(rng: np.random.Generator, sample: Sample, studies: int, risk: float, icc: float, effect: float) -> Studies:
    """A yes/no outcome.  effect: odds ratio within every set; the same luck decides with and without treatment, so that
    it only causes events, or only prevents them."""
    untreated = risks(rng, sample, studies, risk, icc)
    luck = rng.random(untreated.shape)
    if effect == 1:
        return Studies({"y": (luck < untreated).astype(float)})
    treated = np.where(sample.treated, tilted(untreated, effect), untreated)
    y, y0 = luck < treated, luck < untreated
    caused = (y.astype(float) - y0).sum(axis=1)
    p0, p1 = _mean_risks(risk, icc, effect)
    truth = {
        "attributable_events": caused,
        "risk_difference_by_set": caused / sample.sets,
        "odds_ratio_by_set": effect,
        "risk_difference": p1 - p0,
    }
    return Studies({"y": y.astype(float)}, truth)


def _mean_risks(risk: float, icc: float, effect: float) -> tuple[float, float]:
    each = beta.ppf(QUANTILES, *beta_of(risk, icc)) if icc else np.array([risk])
    return float(each.mean()), float(tilted(each, effect).mean())


def normal(rng: np.random.Generator, sample: Sample, studies: int, icc: float, effect: float) -> Studies:
    """A normal number of SD 1.  effect: added to the treated."""
    return _shifted(latent(rng, sample, studies, icc), sample, effect)


def skewed(rng: np.random.Generator, sample: Sample, studies: int, icc: float, effect: float) -> Studies:
    """A log-normal number, as CRP or D-dimer are."""
    return _shifted(np.exp(latent(rng, sample, studies, icc)), sample, effect)


def _shifted(values: np.ndarray, sample: Sample, effect: float) -> Studies:
    truth = {"mean_difference": effect, "hodges_lehmann_shift": effect} if effect else None
    return Studies({"y": values + effect * sample.treated}, truth)


def survival(rng: np.random.Generator, sample: Sample, studies: int, risk: float, icc: float, effect: float) -> Studies:
    """Whole days to an event, constant hazard with `risk` by the horizon; and a number for the win ratio's second
    level.  effect: hazard ratio within every set."""
    shared = set_effects(rng, sample, studies)
    own = ndtr(rng.standard_normal(shared.shape))  # share of those of the set who live longer
    own = np.where(sample.treated, own ** (1 / effect), own)
    lived = ndtr(np.sqrt(icc) * shared + np.sqrt(1 - icc) * ndtri(np.clip(own, 1e-15, 1 - 1e-15)))
    rate = -np.log(1 - risk) / HORIZON
    day, end = np.ceil(-np.log(np.clip(lived, 1e-300, 1)) / rate), _ends(rng, lived.shape)
    columns = {"y.time": np.minimum(day, end), "y.event": (day <= end).astype(float)}
    columns["z"] = latent(rng, sample, studies, icc)
    if effect == 1:
        return Studies(columns)
    lost = _lost_to(risk, icc, effect) - _lost_to(risk, icc, 1.0)
    return Studies(columns, {"hazard_ratio_by_set": effect, "rmtl_difference": lost, "rmst_difference": -lost})


def _ends(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Follow-up: to the horizon, or a random day before."""
    early = np.ceil(rng.random(shape) * HORIZON)
    return np.where(rng.random(shape) < LOST, early, HORIZON)


def _lost_to(risk: float, icc: float, effect: float) -> float:
    """Mean days lost by the horizon, over the sets."""
    days = np.arange(1, HORIZON)
    alive = ndtri(np.exp(np.log(1 - risk) * days / HORIZON))
    in_set = ndtr((alive - np.sqrt(icc) * ndtri(QUANTILES)[:, None]) / np.sqrt(1 - icc))
    return float((1 - in_set**effect).mean(axis=0).sum())


def competing(rng: np.random.Generator, sample: Sample, studies: int, risk: float, icc: float) -> Studies:
    """Days to an event (1) of that risk by the horizon or to one that competes (2), no effect."""
    first, second = (latent(rng, sample, studies, icc) for _ in range(2))
    day1, day2 = (np.ceil(HORIZON * np.log(ndtr(z)) / np.log(1 - r)) for z, r in ((first, risk), (second, OTHERS_RISK)))
    end = _ends(rng, first.shape)
    cause = np.where(day1 <= day2, 1.0, 2.0)
    day = np.minimum(day1, day2)
    return Studies({"y.time": np.minimum(day, end), "y.event": np.where(day <= end, cause, 0.0)})
