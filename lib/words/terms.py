"""The glossary: every word of the trade that a page or a document uses, its plain word first, with a source each."""

from typing import NamedTuple

from .tables import TextTable

TITLE = "Words used here"
HEADS = ("In plain words", "The term", "What it means", "Source")


class Term(NamedTuple):
    """plain: what a colleague would say.  name: the field's term.  means: one or two sentences.  source: where it is
    defined or argued for."""

    plain: str
    name: str
    means: str
    source: str


ROSENBAUM = "Rosenbaum, Observational Studies, 2nd ed., 2002"
TERMS = (
    Term(
        "chance of being treated",
        "propensity score",
        "The chance that a patient like this one was treated, estimated from what was known before treatment.",
        "Rosenbaum and Rubin, Biometrika 1983",
    ),
    Term(
        "how far two patients are apart",
        "distance; logit of the score",
        "The difference of two scores, by default as log odds, so that 1% and 2% are as far apart as 50% and 67%.",
        "Austin, Multivariate Behav Res 2011",
    ),
    Term(
        "how near a control must be",
        "caliper",
        "A pair further apart than this is not made. Given in standard deviations of the distance.",
        "Austin, Pharm Stat 2011",
    ),
    Term(
        "a treated patient and its controls",
        "matched set",
        "The smallest group within which treated and untreated patients are compared.",
        ROSENBAUM,
    ),
    Term(
        "controls for each treated patient",
        "ratio",
        "1:3 gives each treated patient three controls, as far as there are enough similar ones.",
        "Ming and Rosenbaum, Biometrics 2000",
    ),
    Term(
        "one control used more than once",
        "matching with replacement",
        "A control may serve several treated patients. Its sets are then not independent of each other.",
        "Abadie and Imbens, Econometrica 2006",
    ),
    Term(
        "the closest pairs over all",
        "optimal matching",
        "The choice of controls with the smallest sum of distances, rather than the nearest one for each in turn.",
        "Rosenbaum, JASA 1989",
    ),
    Term(
        "everybody in some set",
        "full matching",
        "Sets of one treated and several controls, or of one control and several treated, that use everybody.",
        "Hansen, JASA 2004",
    ),
    Term(
        "layers of similar scores",
        "subclassification",
        "Patients are cut into layers by their score, and compared within layers.",
        "Rosenbaum and Rubin, JASA 1984",
    ),
    Term(
        "counting controls for more or less",
        "weighting (odds, overlap, entropy)",
        "Every control counts in proportion to how much it is like the treated, instead of being in or out.",
        "Li, Morgan and Zaslavsky, JASA 2018; Hainmueller, Polit Anal 2012",
    ),
    Term(
        "how different the groups are",
        "standardised mean difference (SMD)",
        "The difference of two means in standard deviations. Below 0.1 is often called small; with few patients chance "
        "alone leaves more.",
        "Austin, Stat Med 2009",
    ),
    Term(
        "how differently the groups spread",
        "variance ratio",
        "The treated patients' variance over the controls'. 1 means that both spread alike.",
        "Austin, Stat Med 2009",
    ),
    Term(
        "the largest gap between two distributions",
        "Kolmogorov-Smirnov distance (KS)",
        "The largest difference between the shares of both groups at or below a value; 0 to 1.",
        "Austin and Stuart, Stat Med 2015",
    ),
    Term(
        "how many patients the weights are worth",
        "effective sample size (ESS)",
        "Patients of equal weight that would give as precise a mean as these patients with unequal weights.",
        "Kish, Survey Sampling, 1965",
    ),
    Term(
        "the effect on those who were treated",
        "ATT, average treatment effect on the treated",
        "What treatment changed, on average, for patients like those who received it.",
        "Imbens, Rev Econ Stat 2004",
    ),
    Term(
        "how often chance alone does this",
        "p value",
        "How often a result at least as unlikely would come about if treatment changed nothing for anybody. It is not "
        "the chance that treatment does nothing.",
        "Wasserstein and Lazar, Am Stat 2016",
    ),
    Term(
        "chance within the sets",
        "p by matched set; randomisation inference",
        "The treated label is dealt anew within each set in every possible way; p counts the ways at least as "
        "unlikely as what was seen. A treated patient counts once, however many controls it has.",
        ROSENBAUM,
    ),
    Term(
        "dealing by the measured odds",
        "moves in proportion to the fitted odds",
        "Within a set the label is dealt to each patient in proportion to its odds of treatment, so that what is "
        "left of the difference in scores does not count as an effect.",
        "Pimentel and Huang, J R Stat Soc B 2024",
    ),
    Term(
        "each pair as if it were a patient",
        "McNemar and Wilcoxon test on pairs",
        "Tests that count a treated patient once for each of its controls. Their p is too small on average.",
        "McNemar, Psychometrika 1947; Wilcoxon, Biometrics Bull 1945",
    ),
    Term(
        "the range that the data allow",
        "95% interval",
        "The values that the data do not contradict at the 5% level, made of the same moves as the p beside it.",
        ROSENBAUM,
    ),
    Term(
        "events that treatment caused or prevented",
        "attributable events",
        "How many of the treated had the event because of treatment, or were spared it.",
        "Rosenbaum, Biometrika 2001",
    ),
    Term(
        "the typical shift",
        "Hodges-Lehmann estimate; aligned ranks",
        "The amount to take from the treated patients' values so that ranks within the sets show no difference.",
        "Hodges and Lehmann, Ann Math Stat 1962",
    ),
    Term(
        "difference in percentages",
        "risk difference",
        "The treated patients' share with the event minus the controls' share.",
        "Newcombe, Stat Med 1998",
    ),
    Term(
        "ratio of odds",
        "odds ratio",
        "The odds of the event among the treated over the controls' odds. Near the ratio of risks if events are rare.",
        "Breslow and Day, IARC 1980",
    ),
    Term(
        "ratio of the rates of events over time",
        "hazard ratio",
        "At any moment, the rate of the event among the treated over that among controls still without it.",
        "Cox, J R Stat Soc B 1972",
    ),
    Term(
        "share without the event over time",
        "Kaplan-Meier curve, numbers at risk",
        "The share still free of the event at each time, using those whose follow-up ends as long as they are seen. "
        "Below it: how many are still under observation.",
        "Kaplan and Meier, JASA 1958; Morris, BMJ Open 2019",
    ),
    Term(
        "follow-up that ends before the event",
        "censoring",
        "A patient is known to have been without the event until then, and no longer seen.",
        "Kaplan and Meier, JASA 1958",
    ),
    Term(
        "another event came first",
        "competing event, cumulative incidence",
        "An event after which the one in question cannot happen, such as death before discharge. The curve then counts "
        "the share who had the event by each time.",
        "Aalen and Johansen, Scand J Stat 1978",
    ),
    Term(
        "mean time without the event",
        "restricted mean survival time (RMST)",
        "The area below the curve up to a chosen day: days without the event, on average, of so many days.",
        "Royston and Parmar, BMC Med Res Methodol 2013",
    ),
    Term(
        "days alive and without support",
        "free days; win ratio",
        "Days up to a chosen day on which a patient was alive and without, say, a ventilator; the win ratio asks in "
        "each pair who did better, death first.",
        "Pocock, Eur Heart J 2012",
    ),
    Term(
        "having to live long enough to be treated",
        "immortal time; landmark",
        "Treated patients cannot have died before treatment. A landmark starts both groups on the same day, with "
        "those who were still there.",
        "Suissa, Am J Epidemiol 2008",
    ),
    Term(
        "looking at many outcomes",
        "multiplicity, Holm's method",
        "With many outcomes some p is small by chance; the adjusted p allows for the number of looks.",
        "Holm, Scand J Stat 1979",
    ),
    Term(
        "what these sets could have found",
        "power, detectable difference",
        "How large a difference must be to be told from chance with this many sets.",
        "Connor, Biometrics 1987",
    ),
    Term(
        "something nobody measured",
        "hidden bias, Gamma",
        "How much a hidden factor would have to multiply the odds of treatment within a set to change the conclusion.",
        ROSENBAUM,
    ),
    Term(
        "how strong a hidden factor must be",
        "E-value",
        "The least risk ratio that a hidden factor needs with both treatment and outcome to explain the effect away.",
        "VanderWeele and Ding, Ann Intern Med 2017",
    ),
    Term(
        "an outcome treatment cannot change",
        "negative control outcome",
        "If it differs between the groups, the groups were not alike to begin with.",
        "Lipsitch, Epidemiology 2010",
    ),
    Term(
        "how many outcomes would have to change",
        "tipping point, fragility",
        "The number of patients whose outcome or membership must change before the conclusion does.",
        "Walsh, J Clin Epidemiol 2014",
    ),
    Term(
        "every other way to analyse it",
        "specification curve",
        "The effect under all sensible settings in one picture, so that one lucky choice cannot hide.",
        "Simonsohn, Nat Hum Behav 2020",
    ),
    Term(
        "patients without a gap",
        "complete cases",
        "Only patients of whom every covariate is known are matched. The others are counted, and compared with them.",
        "Little and Rubin, Statistical Analysis with Missing Data, 2019",
    ),
    Term(
        "a score that copes with few patients",
        "Firth's penalty",
        "Keeps the estimates finite when a covariate separates treated from untreated.",
        "Heinze and Schemper, Stat Med 2002",
    ),
    Term(
        "nearness in all covariates at once",
        "Mahalanobis distance",
        "A distance over several covariates that allows for their spread and for what they share.",
        "Rubin, Biometrics 1980",
    ),
    Term(
        "middle half",
        "quartiles (P25 to P75)",
        "A quarter of the patients lie below P25, a quarter above P75.",
        "Hyndman and Fan, Am Stat 1996 (type 2)",
    ),
)


def terms_table(words: str = "") -> TextTable:
    """The glossary as a table in the order of the plain words.  words: keeps the terms in which this text stands, upper
    or lower case; all where it is empty."""
    wanted = words.strip().casefold()
    kept = [term for term in TERMS if wanted in " ".join(term).casefold()]
    return TextTable(TITLE, HEADS, tuple(tuple(term) for term in sorted(kept)), alt="A term a row, with its source")
