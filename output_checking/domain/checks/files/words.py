"""Owns what the name of a column says about its numbers: a count, a label or a statistic. Must never look at the numbers."""

import re


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# these make it a count wherever they stand: n_age, count_male
_STRONG = _words_of("n num count counts freq frequency frequencies tally")
_COUNTED = _STRONG | _words_of(
    "number no person persons people patient patients participant participants respondent respondents subject subjects "
    "individual individuals case cases death deaths admission admissions event events episode episodes obs observations "
    "member members visit visits attendance attendances prescription prescriptions record records women men children total size"
)
_LABEL = _words_of(
    "year years yr month months week weeks weekday day days quarter hour date age ages band group category cat class code codes icd "
    "icd10 snomed bnf chapter level grade stage rank order index idx position bin decile quintile quartile tertile sex gender "
    "ethnicity race region area ward lsoa msoa wave version row line key cluster fold seed step iteration birth unnamed financial "
    "calendar"
)
_STATISTIC = _words_of(
    "mean average avg median mode std sd se sem var variance min minimum max maximum pct percent percentage prop proportion rate "
    "ratio odds hazard hr coef coefficient estimate beta ci pvalue quantile iqr p5 p10 p25 p50 p75 p90 p95 p99 score dose mg ml "
    "mmhg kg cm bmi id ids identifier nhs seqn pseudonym uuid postcode"
)
_JOINING = _words_of("of at in per by for from to the")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_statistic_name(name: str) -> bool:
    """Say whether the name is of a statistic or an identifier: its whole numbers are no counts."""
    return bool(set(_words(name)) & _STATISTIC) or name.strip() == "p"


def is_count_name(name: str) -> bool:
    """Say whether the name is of a count of persons or things (`n`, `patients`, `admissions in 2017`)."""
    words = _words(name)
    if not words or is_statistic_name(name):
        return False
    return bool(set(words) & _STRONG) or (bool(set(words) & _COUNTED) and not is_label_name(name))


def is_label_name(name: str) -> bool:
    """Say whether the name is of a label: its head is one (`month`, `age band`, `week of death`) and nothing else is said.

    `age under 40` or `rural area` may head a column of counts in a wide table, so they are no labels.
    """
    words = _words(name)
    plain = set(words) <= _LABEL | _COUNTED | _JOINING
    return plain and not set(words) & _STRONG and _head(words) in _LABEL


def _head(words: list[str]) -> str:
    # in English the head of `week of death` stands before the joining word, that of `admission month` at the end
    for place, word in enumerate(words):
        if word in _JOINING and place:
            return words[place - 1]
    return words[-1] if words else ""


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", _CAMEL.sub(" ", name).lower()) if word]
