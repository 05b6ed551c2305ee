"""What a methods text cites, numbered in the order in which it is cited, and only what is cited."""

import re

REFERENCES = {
    "aalen1978": (
        "Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on censored "
        "observations. Scand J Stat 1978;5:141-150."
    ),
    "anderson1983": (
        "Anderson JR, Cain KC, Gelber RD. Analysis of survival by tumor response. J Clin Oncol 1983;1:710-719."
    ),
    "austin2009": (
        "Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between treatment groups "
        "in propensity-score matched samples. Stat Med 2009;28:3083-3107."
    ),
    "austin2011": (
        "Austin PC. Optimal caliper widths for propensity-score matching when estimating differences in means and "
        "differences in proportions in observational studies. Pharm Stat 2011;10:150-161."
    ),
    "fay2010": (
        "Fay MP. Confidence intervals that match Fisher's exact or Blaker's exact tests. Biostatistics 2010;11:373-374."
    ),
    "firth1993": "Firth D. Bias reduction of maximum likelihood estimates. Biometrika 1993;80:27-38.",
    "hainmueller2012": (
        "Hainmueller J. Entropy balancing for causal effects: a multivariate reweighting method to produce balanced "
        "samples in observational studies. Polit Anal 2012;20:25-46."
    ),
    "hansen2004": (
        "Hansen BB. Full matching in an observational study of coaching for the SAT. J Am Stat Assoc 2004;99:609-618."
    ),
    "hansen2008": (
        "Hansen BB, Bowers J. Covariate balance in simple, stratified and clustered comparative studies. Stat Sci "
        "2008;23:219-236."
    ),
    "hodges1962": (
        "Hodges JL, Lehmann EL. Rank methods for combination of independent experiments in analysis of variance. Ann "
        "Math Stat 1962;33:482-497."
    ),
    "hodges1963": "Hodges JL, Lehmann EL. Estimates of location based on rank tests. Ann Math Stat 1963;34:598-611.",
    "holm1979": "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.",
    "imai2008": (
        "Imai K, King G, Stuart EA. Misunderstandings between experimentalists and observationalists about causal "
        "inference. J R Stat Soc A 2008;171:481-502."
    ),
    "kaplan1958": (
        "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc 1958;53:457-481."
    ),
    "li2018": (
        "Li F, Morgan KL, Zaslavsky AM. Balancing covariates via propensity score weighting. J Am Stat Assoc "
        "2018;113:390-400."
    ),
    "mackinnon1985": (
        "MacKinnon JG, White H. Some heteroskedasticity-consistent covariance matrix estimators with improved finite "
        "sample properties. J Econom 1985;29:305-325."
    ),
    "mantel1966": (
        "Mantel N. Evaluation of survival data and two new rank order statistics arising in its consideration. Cancer "
        "Chemother Rep 1966;50:163-170."
    ),
    "newcombe1998": (
        "Newcombe RG. Interval estimation for the difference between independent proportions: comparison of eleven "
        "methods. Stat Med 1998;17:873-890."
    ),
    "pimentel2024": (
        "Pimentel SD, Huang Y. Covariate-adaptive randomization inference in matched designs. J R Stat Soc B 2024;86. "
        "doi:10.1093/jrsssb/qkae033."
    ),
    "rosenbaum1983": (
        "Rosenbaum PR, Rubin DB. The central role of the propensity score in observational studies for causal effects. "
        "Biometrika 1983;70:41-55."
    ),
    "rosenbaum1984": (
        "Rosenbaum PR, Rubin DB. Reducing bias in observational studies using subclassification on the propensity "
        "score. J Am Stat Assoc 1984;79:516-524."
    ),
    "rosenbaum1989": "Rosenbaum PR. Optimal matching for observational studies. J Am Stat Assoc 1989;84:1024-1032.",
    "rosenbaum1991": (
        "Rosenbaum PR. A characterization of optimal designs for observational studies. J R Stat Soc B 1991;53:597-610."
    ),
    "rosenbaum2002": "Rosenbaum PR. Observational studies. 2nd ed. New York: Springer; 2002.",
    "rubin1980": "Rubin DB. Bias reduction using Mahalanobis-metric matching. Biometrics 1980;36:293-298.",
    "stuart2010": (
        "Stuart EA. Matching methods for causal inference: a review and a look forward. Stat Sci 2010;25:1-21."
    ),
    "westfall1993": (
        "Westfall PH, Young SS. Resampling-based multiple testing: examples and methods for p-value adjustment. New "
        "York: Wiley; 1993."
    ),
}
CITED = re.compile(r"\[@([a-z0-9,@]+)\]")  # no name of a file can hold it: its brackets are escaped


def cite(*keys: str) -> str:
    """The place of a citation, to be numbered by `numbered`.  keys: of REFERENCES."""
    return f" [@{',@'.join(keys)}]"


def numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with numbers for its citations, from 1 in the order of the text, and the references in that order."""
    order: list[str] = []

    def place(found: re.Match[str]) -> str:
        keys = found[1].split(",@")
        order.extend(key for key in keys if key not in order)
        return f"[{', '.join(str(order.index(key) + 1) for key in keys)}]"

    return CITED.sub(place, text), tuple(REFERENCES[key] for key in order)


def without(text: str) -> str:
    """The text without its citations."""
    return re.sub(r" ?\[@[a-z0-9,@]+\]", "", text)
