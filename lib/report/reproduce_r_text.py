"""The fixed parts of reproduce.R: base R and, where a match is repeated, MatchIt. Nothing of a file stands here."""

HEAD = """\
# Repeat the match from matched.csv in R and compare it with result.json and balance.csv.
# Run it in the folder that holds these files: Rscript reproduce.R
# Made by MatchLens {version}. It stops (status 1) where counts, pair distances or standardised differences differ.
# R reads no JSON by itself, so the numbers of result.json stand in this script.

"""
TOOLS = """\
failures <- character(0)
agreed <- 0L
say <- function(...) cat(..., "\\n", sep = "")
differs <- function(what, here, there) {
  failures <<- c(failures, paste0(what, ": here ", format(here, digits = 12), ", in the files ",
                                  format(there, digits = 12)))
}
check <- function(what, here, there) {
  here <- as.numeric(here)
  there <- as.numeric(there)
  same <- if (length(here) != 1L || length(there) != 1L) {
    FALSE
  } else if (is.na(there) || is.na(here)) {
    is.na(there) && (is.na(here) || is.infinite(here))
  } else {
    here == there || abs(here - there) <= TOLERANCE * max(1, abs(there))
  }
  if (same) agreed <<- agreed + 1L else differs(what, here, there)
}
squash <- function(x) gsub("^ | $", "", gsub("[ \\t\\n\\r\\f\\v]+", " ", x))
finish <- function() {
  for (line in failures) say("DIFFERS: ", line)
  say(agreed, " of ", agreed + length(failures), " numbers agree.")
  if (length(failures)) quit(save = "no", status = 1)
}

for (name in c("matched.csv", "balance.csv")) {
  if (!file.exists(name)) stop(name, " is not here; run this in the folder of the results.", call. = FALSE)
}
read_text <- function(name) {
  read.csv(name, colClasses = "character", na.strings = "", check.names = FALSE, encoding = "UTF-8",
           skipNul = TRUE, stringsAsFactors = FALSE)
}
cohort <- read_text("matched.csv")
balance <- read_text("balance.csv")
if (ncol(cohort) != COLUMNS) stop("matched.csv does not have the columns of this analysis.", call. = FALSE)
text <- function(at) squash(enc2utf8(ifelse(is.na(cohort[[at]]), "", cohort[[at]])))
number <- function(at) as.numeric(cohort[[at]])
treated <- as.integer(text(TREATMENT) %in% TREATED)
own_distance <- number(DISTANCE)
own_weights <- number(WEIGHTS)
own_sets <- number(SUBCLASS)
check("patients", nrow(cohort), ROWS)
check("treated patients", sum(treated), N_TREATED)
"""
SCORE = """\
# The propensity score, fitted anew.
fit <- suppressWarnings(glm(treated ~ ., family = binomial(), data = data.frame(treated = treated, design),
                            control = glm.control(epsilon = 1e-14, maxit = 100)))
logit <- as.numeric(as.matrix(cbind(1, design)) %*% coef(fit))
own_logit <- log(number(PROPENSITY)) - log1p(-number(PROPENSITY))
check("largest difference of a fitted logit, in SD", max(abs(logit - own_logit)) / sd(own_logit), 0)
score <- plogis(own_logit)
"""
NO_SCORE = """\
say("The propensity score is taken from matched.csv: {why}.")
score <- number(PROPENSITY)
"""
NEEDS = """\
if (!requireNamespace("MatchIt", quietly = TRUE)) {
  stop("This match is repeated with the R package MatchIt 4.7.2 or newer, which is not installed.", call. = FALSE)
}
if (utils::packageVersion("MatchIt") < "4.7.2") {
  stop("This match is repeated with MatchIt 4.7.2 or newer; here is ", as.character(utils::packageVersion("MatchIt")),
       ", which matches otherwise.", call. = FALSE)
}
"""
PAIRS = """\
picks <- made$match.matrix
case <- rep(seq_len(nrow(picks)), ncol(picks))
pairs <- data.frame(treated = match(rownames(picks)[case], rownames(people)),
                    control = match(as.vector(picks), rownames(people)))
pairs <- pairs[!is.na(pairs$control), ]
"""
NO_REPLACEMENT = """\
together <- sum(own_sets[pairs$treated] == own_sets[pairs$control], na.rm = TRUE)
check("pairs that stand in one set of matched.csv", together, nrow(pairs))
"""
EXPORTED_PAIRS = """\
stars <- which(!is.na(own_sets))
pairs <- do.call(rbind, lapply(split(stars, own_sets[stars]), function(rows) {
  arm <- treated[rows] == 1
  expand.grid(treated = rows[arm], control = rows[!arm])
}))
"""
PAIR_CHECKS = """\
gap <- abs(own_distance[pairs$treated] - own_distance[pairs$control])
check("pairs", nrow(pairs), PAIRS)
check("sum of pair distances", sum(gap), SUM_DISTANCE)
check("largest pair distance", max(gap), MAX_DISTANCE)
"""
COUNTS = """\
check("treated patients compared", sum(weights > 0 & treated == 1), MATCHED_TREATED)
check("controls compared", sum(weights > 0 & treated == 0), MATCHED_CONTROL)
check("largest difference of a weight", max(abs(scaled(weights) - scaled(own_weights))), 0)
"""
SCALED = """\
scaled <- function(w) {
  for (arm in 0:1) {
    used <- treated == arm & w > 0
    w[used] <- w[used] / mean(w[used])
  }
  w
}
"""
BALANCE = """\
# Standardised differences: (mean of the treated - mean of the controls) / SD of the treated before matching.
smd <- function(x, w, binary) {
  one <- x[treated == 1]
  none <- x[treated == 0]
  spread <- if (binary) function(v) mean(v) * (1 - mean(v)) else function(v) if (length(v) > 1) var(v) else NA
  n <- c(length(one), length(none))
  by_arm <- c(spread(one), spread(none))
  by_arm_or_0 <- ifelse(is.na(by_arm), 0, by_arm)
  pooled <- if (binary) sum(n * by_arm_or_0) / sum(n) else sum((n - 1) * by_arm_or_0) / (sum(n) - 2)
  sd1 <- sqrt(if (!is.na(by_arm[1]) && by_arm[1] > 0) by_arm[1] else pooled)
  difference <- weighted.mean(one, w[treated == 1]) - weighted.mean(none, w[treated == 0])
  if (sd1 > 0) difference / sd1 else if (abs(difference) <= 1e-12 * max(abs(x))) 0 else NA
}
check("rows of balance.csv", nrow(balance), length(shown))
for (row in seq_along(shown)) {
  x <- shown[[row]]
  binary <- all(x %in% 0:1)
  check(paste("SMD before,", labels[row]), smd(x, rep(1, length(x)), binary), balance[["smd_before"]][row])
  check(paste("SMD after,", labels[row]), smd(x, weights, binary), balance[["smd_after"]][row])
}
finish()
"""
