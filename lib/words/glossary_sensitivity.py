"""What is this? The figures and tables of the sensitivity analyses in plain words."""

CURVE = (
    "Each point on top is one complete analysis; the squares below it show its settings, the diamonds at the "
    "bottom its worst remaining difference between the groups (|SMD|, dashed line at 0.1). Blue: p by matched set"
    " below 0.05. The orange diamond is the main analysis. If most specifications agree, the answer does not hang"
    " on a choice; if the main analysis stands at one end, somebody should ask why (specification curve, "
    "Simonsohn 2020)."
)
NULL = (
    "The treatment is dealt anew at random among all eligible patients and the whole grid is run again, many "
    "times. The grey band holds 95 of 100 such curves: what these specifications find when treatment does "
    "nothing and nothing sets the groups apart (a world without confounding). The p compares the whole curve with "
    "those curves, so it is one test however many specifications there are."
)
FRAGILITY = (
    "One thing is changed at a time, some two hundred times: how many controls are chosen nearly always, and how many "
    "only now and then. Those chosen in more than 80% of the changed analyses are the core. If the core is small, much "
    "of the comparison group is a matter of taste. The file has every control."
)
RANGES = (
    "The estimate when one thing is changed: each mark is one changed analysis, larger where many changes give "
    "the same. The dashed line is the main analysis, the dotted line no effect; the grey area is the quoted 95% "
    "interval, where the effect drawn is the one that it belongs to. Filled blue: p by set below 0.05."
)
HINGES = (
    "Each treated patient left out in turn. With few treated patients one of them can carry the answer; the one "
    "at the top moves it most."
)
BOUNDS = (
    "Two patients of a set looked alike in everything measured. Suppose something unmeasured made the odds of "
    "treatment of one of them up to Gamma times those of the other, and went with the outcome almost perfectly. The "
    "curve is the largest p that could then come out (Rosenbaum bounds by set; the method stands below). Where it "
    "crosses 0.05, that much hidden bias would be enough. At Gamma 1 it is twice the one-sided exact p."
)
E_VALUE = (
    "How strongly a hidden factor would have to go with treatment *and* with the outcome, as a risk ratio, to "
    "explain the estimate away; and the same for the limit of the interval nearer to no effect. Ratios of common "
    "outcomes are brought to the risk-ratio scale first (E-value, VanderWeele and Ding 2017)."
)
NEGATIVE = (
    "An outcome that treatment cannot change: an event before it, an unrelated illness. If the groups differ in "
    "it by more than chance, something, measured or not, sets them apart, and the other outcomes are suspect too."
)
TIPPING = (
    "The fewest patients whose outcome would have to differ for p to cross 0.05, counted over all ways in which "
    "they could fall into the matched sets (fragility index by set). A small number means a fragile result, in "
    "either direction."
)
SPREAD = (
    "If that many outcomes had been recorded wrongly, anywhere among the matched patients, p could be anything "
    "along the bar (p by matched set; the dashed line is 0.05)."
)
MISSING = (
    "The same analysis with unknown outcomes filled in: in the best and the worst way for the treated, and all "
    "alike. In a survival outcome those who drop out early die at that moment, or live to the horizon."
)
DESIGNS = (
    "Each mark is a design: a ratio with a caliper. To the right more patients are kept, lower down the groups "
    "are more alike. No design is both better and larger than those on the blue line. Open marks lose treated "
    "patients, so the result would speak for fewer of them."
)
CHANGED = (
    "For every treated patient the controls that stay, those that come and those that go when the settings above "
    "are used instead of the main analysis."
)
OTHERS = (
    "Each row is one complete analysis under another setting, those nearest to another answer on top. Where it stands "
    "is its p by set; the dashed line is 0.05, the diamond the main analysis. Filled blue: p below 0.05. A triangle: "
    "the effect points another way than in the main analysis."
)
ONE_LESS = (
    "Each row is the whole analysis without one matched patient, score and match made anew; those nearest to another "
    "answer on top. Where it stands is its p by set; the dashed line is 0.05, the diamond the main analysis."
)
DAYS = (
    "Each row is the same question at another day: followed to an earlier day only, the same outcome at another time, "
    "or counted from another day. Where it stands is its p by set; the dashed line is 0.05."
)
