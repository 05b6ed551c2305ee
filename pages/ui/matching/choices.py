"""What the settings of a match are called on the page: values in words, and the help beside each widget."""

PROPENSITY, MAHALANOBIS, INSIDE = "propensity", "mahalanobis", "inside"
METRICS = {
    PROPENSITY: "Propensity score",
    MAHALANOBIS: "All covariates at once (Mahalanobis)",
    INSIDE: "All covariates, inside the propensity caliper",
}
MODELS = {"logit": "Logistic regression", "firth": "Firth's logistic regression"}
SCALES = {"logit": "Logit of the score", "probability": "The score itself"}
CALIPER_UNITS = {
    "overall": "SDs over the patients kept",
    "pooled": "SDs pooled over the arms",
    "raw": "Units of the distance",
}
ORDERS = {
    "largest": "Hardest to match first",
    "smallest": "Easiest to match first",
    "closest": "Closest pair first",
    "random": "Random, seeded",
    "data": "As in the file",
}
DISCARDS = {
    "none": "Keep everyone",
    "treated": "Leave out treated",
    "control": "Leave out controls",
    "both": "Leave out both",
}
UNITS = {"sd": "SDs", "raw": "own units"}
NAMES = {  # of a method's own settings
    "ratio": "Controls for each treated patient",
    "replace": "Controls may be used again",
    "order": "Who chooses first",
    "min_controls": "Fewest controls of a treated patient",
    "kind": "Kind of weights",
    "max_controls": "Most controls of a treated patient",
    "max_treated": "Most treated patients of a control",
    "omit_fraction": "Share of the usable controls left out",
    "subclasses": "Subclasses",
    "min_n": "Fewest of each group in a subclass",
}
HELP = {
    "covariates": "What was known before treatment and could have steered it. The score is made from these and "
    "nothing else; outcomes are not offered.",
    "log": "Skewed laboratory values often fit better as logarithms. Balance is still judged in the covariate's own "
    "unit. Only numbers above zero can be offered.",
    "ratio": "How many controls each treated patient gets. More controls give a steadier comparison, but each further "
    "control is less alike.",
    "caliper": "The largest difference allowed within a pair (caliper). A treated patient without a control this near "
    "is lost, and the result then speaks for fewer patients. 0.2 SD of the logit is usual.",
    "replace": "One control may serve several treated patients (matching with replacement). Pairs get closer, but "
    "fewer different controls carry the result.",
    "order": "Who chooses first, when two treated patients want the same control. The highest scores are the hardest "
    "to match, as few controls look like them.",
    "model": "How the probability of treatment given the covariates (propensity score) is estimated. Firth's penalty "
    "keeps it finite when there are few patients or a covariate tells the arms apart.",
    "scale": "What near means: a difference in the logit of the score (usual), or in the score itself. A caliper "
    "chooses different controls on the two scales.",
    "metric": "Near in the one score, or near in every covariate together (Mahalanobis distance), with the score only "
    "as a fence where a caliper is wanted.",
    "unit": "What the caliper is counted in: standard deviations of the distance over the patients kept (all analysed "
    "but those left out as outside common support), over the two arms pooled (Austin 2011), or the distance's own "
    "units.",
    "exact": "Those compared must agree in these columns, category by category.",
    "discard": "Patients whose score lies beyond every score of the other arm (outside common support) have nobody "
    "like them there.",
    "calipers": "The largest difference in one covariate within a pair: 5 in own units of an age in years is five "
    "years.",
    "kind": "Odds of treatment: each control by its odds in the score, so that they look like the treated. "
    "Overlap: both groups, most for those who could have been in either. Equal means: controls so that the means of "
    "all covariates are those of the treated (entropy balancing).",
    "max_controls": "Empty: no limit. A limit keeps one treated patient from getting all the controls alike.",
    "max_treated": "Empty: no limit. A limit keeps one control from standing for many treated patients.",
    "omit_fraction": "0 uses everybody. The controls left out are those whose loss brings the others nearest.",
    "subclasses": "Groups of patients with similar scores, cut so that each holds as many treated patients as the "
    "next. More subclasses compare likes more closely, with fewer patients in each.",
    "min_n": "A subclass with fewer treated patients or fewer controls takes the nearest from its neighbours. "
    "0: subclasses without both groups are left out.",
}
MORE = "Advanced: order, logarithms, score, distance, exact columns, overlap, calipers on single covariates"
