"""What effects, tests, arms and conventions are called, and which tests are quoted where."""

MEASURES = {
    "mean_difference": "Difference in means",
    "risk_difference": "Difference in risk (percentage points)",
    "risk_ratio": "Ratio of risks",
    "odds_ratio": "Odds ratio",
    "odds_ratio_by_set": "Odds ratio within sets",
    "hazard_ratio": "Hazard ratio",
    "rmst_difference": "Difference in mean event-free time up to the horizon (RMST)",
    "survival_at_horizon": "Event-free at the horizon (%)",
    "incidence_difference": "Difference in cumulative incidence at the horizon (percentage points)",
    "incidence_at_horizon": "Cumulative incidence at the horizon (%)",
    "hodges_lehmann_shift": "Typical shift within sets (Hodges-Lehmann)",
}
TESTS = {
    "kruskal_wallis": "Kruskal-Wallis",
    "fisher_exact": "Fisher exact",
    "wilcoxon_signed_rank_pairs": "Wilcoxon signed rank on repeated pairs",
    "mcnemar_pairs": "McNemar on repeated pairs",
    "cmh_by_set": "Cochran-Mantel-Haenszel by set",
    "cmh_by_set_corrected": "Cochran-Mantel-Haenszel by set, continuity-corrected",
    "exact_by_set": "Exact by set",
    "exact_by_set_central": "Exact by set, twice the smaller tail",
    "exact_by_set_midp": "Exact by set, mid-p",
    "aligned_rank_by_set": "Aligned ranks by set",
    "signed_rank_set_means": "Signed rank, one difference per set",
    "logrank": "Log-rank",
    "logrank_by_set": "Log-rank by set",
    "logrank_by_set_permuted": "Log-rank, permuted within sets",
    "rmst_by_set_permuted": "Mean event-free time (RMST), permuted within sets",
    "cox_cluster": "Cox, standard error clustered by set",
}
WHOLE = ("fisher_exact", "kruskal_wallis", "logrank")
PUBLISHED = ("mcnemar_pairs", "wilcoxon_signed_rank_pairs", "logrank")
BY_SET = ("exact_by_set", "aligned_rank_by_set", "logrank_by_set")
VARIANTS = ("cmh_by_set_corrected", "exact_by_set_central", "exact_by_set_midp")  # shown when asked for
SHORT = {
    "fisher_exact": "Fisher exact",
    "kruskal_wallis": "Kruskal-Wallis",
    "logrank": "log-rank",
    "mcnemar_pairs": "McNemar",
    "wilcoxon_signed_rank_pairs": "Wilcoxon signed rank",
    "exact_by_set": "exact by set",
    "aligned_rank_by_set": "aligned ranks by set",
    "logrank_by_set": "log-rank by set",
}
SCOPES = {"marginal": "over all treated (marginal)", "conditional": "within sets (conditional)"}
CONVENTIONS = {"whole_cohort": "before matching", "published": "as published", "matched_set": "by matched set"}
SHARED_SCALES = {
    "odds_ratio_by_set": "Odds ratio within sets",
    "risk_difference": "Difference in risk",
    "risk_ratio": "Ratio of risks",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
}
ARMS = {
    "treated": "Treated",
    "matched_control": "Matched controls",
    "whole_treated": "All treated",
    "whole_control": "Whole control cohort",
}


def in_words(name: str) -> str:
    """A program's name as words: "win_ratio" is "Win ratio"."""
    return name.replace("_", " ").capitalize()
