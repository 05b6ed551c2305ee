"""What is this? Each figure and table in plain words, from the flow of patients to the published study."""

FLOW = (
    "Every row of the file, and where rows leave: a treatment that is not recorded, an eligibility rule, a covariate "
    "that is missing. Only patients in the last box can be matched. A covariate with many gaps costs many patients; "
    "taking it out of the covariates brings them back."
)
OVERLAP = (
    "How the scores of the two arms lie: treated patients upwards, controls downwards; the outline is everyone "
    "analysed, the filled bars are the matched. Where one arm has nobody, no comparison is possible. Each dot is a "
    "treated patient; an open one found no control."
)
SETS_ON_AXIS = (
    "Each treated patient with its controls on the distance axis; the number is the order in which a control was "
    "chosen. Short lines are close pairs."
)
TABLE_TWO = (
    "What happened in each group: number (%) with the event, or the median with the range of the middle half "
    "(P25–P75), and how many patients have a value. The difference, treated minus controls, has the interval that "
    "belongs to the p beside it: both come from moving the treated label within the matched sets, so the interval "
    "holds no difference exactly where p is above 0.05. **By matched set** means that a treated patient with its "
    "controls counts once (exact test, aligned ranks or log-rank within sets). Below, for comparison:\n\n"
    "- **sets ignored**: each treated patient is paired with each of its controls and every pair counts as if it "
    "were a patient of its own (McNemar, Wilcoxon signed rank);\n"
    "- **whole cohort**: all treated against all controls, before matching (Fisher exact, Kruskal-Wallis)."
)
ESTIMATES = (
    "How large the difference is, with its 95% interval: the values that the data do not contradict. "
    "Differences are treated minus controls, ratios treated over controls. *Marginal* effects compare the "
    "average treated patient with the average matched control; *conditional* ones compare patients of the same "
    "set. For ratios the two need not be equal even when nothing is wrong."
)
TESTS = (
    "Each test, and what it counts as one independent observation. Tests on repeated pairs count a treated "
    "patient as often as it has controls, so their p-values are too small on average; tests by set count it once. "
    "They ask how often a result like this one would come about if chance had dealt the treatment anew inside each "
    "set: in proportion to the fitted odds of treatment where the sets were matched on the propensity score, else with "
    "equal chances. The design decides which of the two is quoted, before any outcome is seen; the other stands beside "
    "it. *Adjusted* tests do the same with what the covariates do not tell of the outcome."
)
SETS = (
    "One column per matched set: the treated patient on top, its controls below; filled means that the event "
    "happened. Only sets in which some had the event and others did not tell anything about the treatment."
)
RISK = "The share of patients with the event in each group, with the counts behind it."
BOXES = (
    "The box holds the middle half of the patients (P25 to P75), the line in it is the median, the whiskers "
    "reach from the lowest to the highest value, and every patient is a point."
)
KM = (
    "The share of patients still free of the event at each time (Kaplan-Meier), with 95% bands. A tick is a "
    "patient whose follow-up ends. Below: patients still under observation at the start of each time, and how "
    "many had left or had the event before it. With few patients the bands are wide, and the tail hangs on one "
    "or two."
)
HORIZON = (
    "How far curves, survival, mean event-free time and incidences go. Log-rank tests and the hazard ratio use all "
    "follow-up. Choose it before looking, or show that the answer does not hang on it."
)
INCIDENCE = (
    "When one event rules out another (who is discharged alive can no longer die in hospital), the share of patients "
    "with each event by each time, in both arms (cumulative incidence, Aalen-Johansen), with 95% bands. The shares of "
    "all events and of those still waiting add up to 100%. Taking the other event for a mere end of follow-up would "
    "overstate the risk."
)
MOMENTS = (
    "The share of patients free of the event at each time, with its 95% interval, and how many are still under "
    "observation at the start of that time. With few at risk the number rests on few patients."
)
SEVERAL = (
    "The more outcomes are tested, the likelier one of them is small by chance alone. Two adjustments of the p by set: "
    "**Holm** makes the smallest p pay for all outcomes, the next for one fewer, and so on; it asks for nothing. "
    "**Max-T** moves the treated label within the sets and asks how often the most extreme of all outcomes would be "
    "as extreme as this one; it knows which outcomes go together. A primary outcome that was named beforehand keeps "
    "its own p."
)
DETECTABLE = (
    "Studies of exactly these sets are simulated and tested by set, two-sided at 0.05. The table says how low (or "
    "high) the risk of the treated would have to be for 80 of 100 such studies to find it. A dash: not even the "
    "largest possible difference would be found."
)
FOREST = (
    "The same effect for every outcome, with its 95% interval. The dashed line is no difference; an interval "
    "that crosses it is compatible with none. An arrow means that the limit lies beyond the axis, or that the "
    "data set none."
)
DESIGN = (
    "How much the matched sample can say before anyone looks at an outcome. A treated patient with its controls "
    "is one independent unit, however many controls it has. Few sets can only reach small p-values if many "
    "events fall together; it is better to know that first."
)
AGREE = "A printed number agrees when ours, rounded to the printed digits (halves upwards), is the same."
PRINTED = (
    "Each variable has two rows: as printed in the study, and as computed here from the synthetic patients. A cell "
    "that differs has a ≠ and a colour. Values are median (P25–P75) or number (%); n is the number of patients with a "
    "value, which only Table 1 prints; *p matched* compares the treated with their matched controls on repeated "
    "pairs, *p whole* with all controls."
)
PAIRS = (
    "McNemar's test asks, of the pairs that differ, whether as many differ in one direction as in the other. It "
    "takes every pair for an independent observation. Here the pairs of one treated patient share that patient, "
    "so they are not independent, and the p-value is on average too small."
)
BOTH_P = (
    "For every outcome two p-values from the same patients: counting each pair as a patient of its own, which "
    "reproduces the printed p, and counting each treated patient with its controls once. The dashed line is 0.05."
)
TYPE_ONE = (
    "A dot is the share of simulated studies in which the test falls below 0.05 although treatment has no effect (type "
    "I error), the whisker what 10,000 simulations leave open. The dashed line is the promised 5%. Right of it a test "
    "finds effects that are not there; left of it, it is cautious, which small samples force on exact tests."
)
FALLS = (
    "The paper prints how many controls died, not in which matched sets. So every way in which these deaths "
    "could have fallen over the sets is tried, and each gives its p by set. Ways that put several deaths into "
    "one set give smaller p-values; the share says how many of all ways look like that."
)
SIZES = (
    "Differences before matching are between the analysed patients, those with every covariate known; the "
    "matched are chosen from them. The effective sample size says how many equally weighted patients the "
    "weighted ones are worth: it is lower than the number matched when a few of them carry much of the weight."
)
TABLE_ONE = (
    "Median with the range of the middle half (P25–P75), or number (%). n stands in the heading, and in a cell where "
    "fewer have a value. How alike the groups are is said by the **difference in means, in standard deviations of the "
    "treated before matching (SMD)**: 0 is alike, beyond ±0.1 is usually called a difference. Two more measures stand "
    "among the details:\n\n"
    "- **spread (variance ratio)**: of the treated over that of the controls; 1 is alike, below 0.5 or above 2 is "
    "not;\n"
    "- **largest gap (KS, Kolmogorov-Smirnov)**: between the two cumulative distributions, from 0 (alike) to 1."
)
TABLE_ONE_FOOT = (
    "The medians of the whole cohort are of every eligible patient with a value. Differences (SMD) are of the analysed "
    "patients, who have every covariate, and after matching use the matching weights; of a column that is only "
    "described they count those who have it, and after matching the sets that keep a treated patient and a control "
    "with a value."
)
P_IS_NO_BALANCE = (
    "P-values do not judge balance: in a small cohort large differences have large p-values, in a large one "
    "trifles have small ones (Imai, King and Stuart 2008). They are shown because published tables have them; "
    "the matched ones count each treated patient once per control. Tests as in the study: Kruskal-Wallis and "
    "Wilcoxon signed rank for numbers, Fisher exact and McNemar for counts."
)
LOVE = (
    "Each row is a covariate. The distance from 0 is the difference between the arms in standard deviations of "
    "the treated before matching (SMD): open circles before, filled circles after. The dashed line at 0.1 is "
    "the usual limit. The shaded bar is what a lottery would leave: had the treated patients of each matched set been "
    "drawn by lot, all covariates at once would stay within their bars in 95 of 100 draws. In a small cohort even a "
    "fair lottery leaves differences far beyond 0.1. Where there are no sets, or they overlap, the lottery deals "
    "treatment, with its weight, among all who are compared. Columns that are only described (known before, but not "
    "among the covariates) stand below, with bars of their own."
)
DISTRIBUTION = (
    "The same covariate before (left) and after matching (right). *Cumulative share*: the share of patients at "
    "or below each value; where the two lines lie on each other the arms are alike. *Histogram*: treated "
    "upwards, controls downwards. After matching the controls count by their weights."
)
VERDICT = (
    "**Pass**: after matching every covariate, and every column that is only described, differs by at most 0.1 "
    "standard deviations, with similar spread. **Look**: some differ by more, but no covariate by more than a lottery "
    "would leave. **Fail**: a covariate differs by more than 0.1 and by more than a lottery would leave.\n\n"
    "The lottery draws the treated patient of each matched set by lot, again and again (all draws where they are few, "
    "else 4,999). Each covariate's difference is divided by its own standard deviation over the draws, and the largest "
    "of all covariates is compared: so at most 5 in 100 randomised cohorts fail, however many covariates there are and "
    "however skewed (permutation test of the largest: Westfall and Young 1993, Resampling-Based Multiple Testing).\n\n"
    "Matching makes differences smaller than a lottery would, so a pass is no proof of a good comparison: it says "
    "nothing of what was not measured. The verdict never rests on a covariate's p-value (Imai, King and Stuart 2008). "
    "The statistic of all covariates together (d²: Hansen and Bowers 2008, Statistical Science 23:219) stands in the "
    "details and decides nothing."
)
FREE_DAYS = (
    "Days alive and without a support, after its last end, within the window that starts with it (28 days in the "
    "study). Whoever comes back to the ICU, or moves on to a stronger kind of breathing support, was not free at the "
    "first end. Someone who dies early is off the ventilator too, so deaths count as 0 or worse, and the days of the "
    "window are shown in three parts that add up: with the support, alive without it, dead."
)
DISCHARGE = (
    "Time from day 0 to the last discharge from this stay, alive. Whoever dies there can no longer be discharged, so "
    "death is a competing event, and the share discharged and the share dead are shown side by side."
)
WIN_RATIO = (
    "Each treated patient is compared with each of its own matched controls on the outcome that matters most (say "
    "death). Only where that is a tie, the next outcome decides, and so on. The **win ratio** is wins over losses; the "
    "**win difference** is wins minus losses as a share of all comparisons (0: no difference); the **win odds** count "
    "a tie as half a win. Comparisons of one treated patient hang together, so the p-value moves the treated label "
    "within its set and counts sets, and the interval takes a set as one unit."
)
SWIMMER = (
    "One bar per patient from admission to discharge, coloured by the support of each day; the line above is the stay "
    "in the ICU, a star below an infusion, a cross a death. The dotted line is the end of the window of a support that "
    "started on day 0."
)
CHECKED = (
    "A **set** is one treated patient with its controls. Which set each event fell in is rarely printed, so every way "
    "is tried.\n\n"
    "- **p by set** counts each set once: had the treated patient of every set been drawn by lot, how often would the "
    "number of treated patients with the event be as unusual as printed (exact test, two-sided)? It is as honest as "
    "the match: it takes for granted that the patients of a set were equally likely to be treated.\n"
    "- **p as pairs** makes a pair of the treated patient and each of its controls and counts every pair as a patient "
    "of its own (McNemar). With 3 controls each, 8 patients become 24. The p is then too small: in simulated studies "
    "without any effect it fell below 0.05 in 17 of 100.\n"
    "- **Smallest p of this design**: what the p by set would be if every treated patient and no control had the "
    "event. No result of these sets can be smaller.\n"
    "- **Percentages**: 5 of 24 are 20.8%. A printed 21.0% belongs to no number of 24 patients, so either the number "
    "or the percentage is wrong. Halves may be rounded up or to the even digit; both are allowed."
)
