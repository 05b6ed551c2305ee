"""What limits the answer: made from the notes and verdicts that were raised, never from a list of usual phrases."""

from ..balance.verdict import balance_verdict
from ..inference.results import OutcomeResult
from ..steps import Steps
from ..words import balance as balance_words
from ..words import deck as words
from ..words.balance import lost_sentence
from ..words.labels import Labels
from ..words.moves import inside_sentence

OF_PRIMARY = {  # codes of notes on the primary outcome that limit the answer
    "missing_outcomes",
    "missing_by_event",
    "stay_beside_deaths",
    "carried_forward",
    "few_sets_speak",
    "overlapping_sets",
}
WITHOUT_SETS = {"few_sets", "one_sided_arm", "one_sided_arm_without_sets", "narrow_interval"}  # of large-sample limits


def limits(steps: Steps, labels: Labels, primary: OutcomeResult | None, raised: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence for each.  raised: what was raised outside of the steps, such as an analysis that was changed after
    outcomes were opened; it stands first."""
    found = [*raised, *_balance(steps, labels), *_odds(steps), *_lost(steps), *_time(steps)]
    if steps.comparison.why_no_sets:
        found.append(f"{steps.comparison.why_no_sets}, so there is no p by set.")
    if primary is not None:
        codes = OF_PRIMARY if steps.comparison.by_set else OF_PRIMARY | WITHOUT_SETS
        found += [note.text for note in primary.notes if note.code in codes]
        found += [one.sentence for one in steps.negative_controls if one.level == "warn"]
    return tuple(dict.fromkeys(found))


def _balance(steps: Steps, labels: Labels) -> list[str]:
    named = balance_words.named(steps.balance, labels)
    if balance_verdict(named, steps.balance_test).level == "pass":
        return []
    described = words.described_words(named, steps.balance_test)
    return [f"{words.balance_takeaway(named, steps.balance_test)}.", *([described] if described else [])]


def _odds(steps: Steps) -> list[str]:
    found = steps.odds_inside_sets
    return [] if found is None or not found.level else [inside_sentence(found.typical, found.largest)]


def _lost(steps: Steps) -> list[str]:
    found = [lost_sentence(steps.comparison)]
    everyone, kept = int(steps.cohort.eligible_treated.sum()), int(steps.cohort.treated.sum())
    controls, used = len(steps.cohort.eligible_treated) - everyone, int((~steps.cohort.treated).sum())
    found.append(words.incomplete(everyone - kept, everyone, controls - used, controls))
    return [sentence for sentence in found if sentence]


def _time(steps: Steps) -> list[str]:
    found = steps.treatment_time
    return [found.sentence] if found is not None and found.gone else []
