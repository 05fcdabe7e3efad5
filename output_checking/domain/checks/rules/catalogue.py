"""Owns the list of rules: those on cells, and what is told of those on whole outputs. A rule that is not here is never applied."""

from dataclasses import dataclass

from output_checking.domain.checks.rules import (
    all_the_same,
    class_disclosure,
    dominance,
    empty_cells,
    extremes,
    mode,
    p_percent,
    quantiles,
    ratios,
    threshold,
)

CELL_RULES = tuple(
    one.RULE
    for one in (
        threshold,
        empty_cells,
        class_disclosure,
        dominance,
        p_percent,
        extremes,
        quantiles,
        mode,
        all_the_same,
        ratios,
    )
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told of a rule that belongs to one kind of output; its code stands with that kind (`kinds/`)."""

    id: str
    name: str
    formula: str
    default: str
    source: str
    meaning: str


_REGRESSION = "Ritchie (2012); SDC Handbook (2019), regression"
_CURVES = "OpenSAFELY, survival curves; ACRO survival_safe_threshold 10"
OUTPUT_RULES = (
    Told(
        id="residual_degrees",
        name="Too few degrees of freedom",
        formula="N − rank < d; N: persons with complete records, rank: of the design with its constant",
        default="d = 10",
        source=f"{_REGRESSION}; ACRO safe_dof_threshold 10",
        meaning="A model with nearly as many coefficients as persons repeats their values.",
    ),
    Told(
        id="saturated_model",
        name="Saturated model",
        formula="distinct rows of the design = rank (a category with all its levels): judged as the table of means that it is",
        default="as for a mean",
        source=_REGRESSION,
        meaning="With a coefficient for each combination, the model is a table of means by another name.",
    ),
    Told(
        id="indicator_of_few",
        name="Indicator of few persons",
        formula="0 < persons < t: with a level (reference included) or a combination of levels that the model multiplies; away from the "
        "value that a number has for all others; told from all others by adding and subtracting two indicators. One person "
        "alone: h = 1, h the greatest share of the own outcome in the fitted value (leverage); h > k: review",
        default="t = 10, k = 90 %",
        source=_REGRESSION,
        meaning="Constant and coefficient of an indicator for one person add up to that person's value.",
    ),
    Told(
        id="outcome_of_few",
        name="Outcome of few persons",
        formula="persons with the outcome < t; in a logistic model, and a linear one of zeros and ones, also persons without it",
        default="t = 10",
        source=_REGRESSION,
        meaning="A model of three deaths is about three people.",
    ),
    Told(
        id="same_outcome",
        name="Same outcome on one side",
        formula="min(y) = max(y) at a level or combination of levels; in a logistic model also max(x | y = 0) ≤ min(x | y = 1), or the other way round",
        default="–",
        source="SDC Handbook (2019), class disclosure, applied to models",
        meaning="The coefficient tells that everybody there has the same outcome.",
    ),
    Told(
        id="exact_fit",
        name="Nothing left unexplained",
        formula="min(y) = max(y); or in a linear or logistic model y = Xb for some b",
        default="–",
        source=f"{_REGRESSION}: no residual degree of freedom is left by any person",
        meaning="Who knows somebody's terms knows their outcome; of a constant outcome, everybody's.",
    ),
    Told(
        id="nested_models",
        name="Models on nearly the same persons",
        formula="0 < |A without B| < t; A, B: complete records of two models of one output, counted by persons",
        default="t = 10",
        source=f"{_REGRESSION}; differencing: ABS",
        meaning="What a few persons have missing shows in the difference of two models.",
    ),
    Told(
        id="survival_steps",
        name="Step of few events",
        formula="0 < events < t between two points of the curve, by persons",
        default="t = 10",
        source=_CURVES,
        meaning="A step for a single event tells when one person died.",
    ),
    Told(
        id="survival_at_risk",
        name="Few at risk",
        formula="0 < persons at risk < t at a point of the curve; at a chosen time also who is left then",
        default="t = 10",
        source=_CURVES,
        meaning="The end of a curve is about the last few persons.",
    ),
    Told(
        id="survival_all",
        name="All, or none, of a group had the event",
        formula="events = 0, events = N, or events / N ≥ c with N − events < t",
        default="c = 90 %, t = 10",
        source="SDC Handbook (2019), class disclosure, applied to curves",
        meaning="If all of a group had the event it is known of each of them.",
    ),
    Told(
        id="histogram_edges",
        name="Edge that is an extreme",
        formula="outer edge = min(x) or max(x), held by fewer than t persons",
        default="t = 10",
        source="OpenSAFELY, histograms; statbarns class 'Position'",
        meaning="Bins from least to greatest value print two persons' values on the axis.",
    ),
    Told(
        id="box_whiskers",
        name="Whisker that is somebody's value",
        formula="the last value within 1.5 boxes is held by fewer than t persons",
        default="t = 10",
        source="OpenSAFELY, box plots",
        meaning="A whisker ends at one person's value.",
    ),
    Told(
        id="microdata",
        name="Microdata",
        formula="a point, outlier (beyond whiskers of any kind), residual or fitted value for each record",
        default="–",
        source="OpenSAFELY and SDC Handbook (2019): plots of records are records",
        meaning="A point for each person is that person's row, drawn.",
    ),
    Told(
        id="linked_cells",
        name="Hidden cell that can be worked out",
        formula="max x_i − min x_i < protection level, over all x that fit the cells and totals shown; level t for counts "
        "(t times the records that a person has there, where records are counted); for sums p/100·x1 + x1 + x2 − X, (x1 + … + xn)/k − X, p % of X and "
        "never 0, and besides as for counts by the records behind, as for means and shares",
        default="t = 10, p = 10",
        source="HandbookSDC 4.3 (audit); Fischetti and Salazar-González (2001); bounds by linear programming",
        meaning="A cell that is hidden beside its total is the total less its neighbours. Only the bounds tell whether enough was hidden.",
    ),
    Told(
        id="rounded_small",
        name="Rounded count that is surely small",
        formula="least ≥ 1 and most < t, where the figure shown, or one that noise may make of it, stands for least to most persons: review",
        default="t = 10",
        source="OpenSAFELY, rounding and midpoint 6; HandbookSDC 4.6",
        meaning="Rounding hides the exact count, but a rounded 5 still tells of a handful of people.",
    ),
    Told(
        id="unseen_noise",
        name="Noise that nobody can see",
        formula="the specification says noise, and no key is given: review",
        default="–",
        source="what is only claimed is not evidence; noise is drawn by the engine, by the persons' keys",
        meaning="A table whose counts were not moved would pass as one whose were.",
    ),
    Told(
        id="barnardisation",
        name="Barnardisation alone",
        formula="each cell that is not empty −1, 0 or +1: review, whatever the counts",
        default="q = 0.1",
        source="Barnard, as used by the Office for National Statistics for small-area tables",
        meaning="It moves a count by one at most, and leaves the totals as they are: no protection by itself.",
    ),
    Told(
        id="differencing",
        name="Small group between this and earlier answers",
        formula="1 ≤ N_A − N_B < t where A holds B; |A without B| or |B without A| in 1 … t − 1 by membership; over several tables: an atom of "
        "their common cross-classification that can hold 1 … t − 1 persons at most; two sums, means or counts of records: threshold, "
        "(n, k) and p % of what persons add to the records of A that are not in B; a histogram is compared as the table of its bins; "
        "models, curves and other plots are not compared, which is said, and review where two of one kind have 1 ≤ |N_A − N_B| < t",
        default="t = 10, (2, 90 %), p = 10",
        source="ABS, input and output clearance; HandbookSDC 4.5 (linked tables); Fischetti and Salazar-González (2001)",
        meaning="Two harmless tables can give away by subtraction what neither shows.",
    ),
    Told(
        id="unknown_statistic",
        name="Unknown statistic",
        formula="the statistic is none of those listed: never safe, at best for review",
        default="review",
        source="a function of one's own may return one person's value whatever it is called",
        meaning="The engine can count the persons, but not say what the number tells.",
    ),
    Told(
        id="unknown_kind",
        name="Unknown kind of output",
        formula="the kind is none of those listed: review",
        default="review",
        source="what cannot be judged is not safe",
        meaning="A person must look.",
    ),
)
