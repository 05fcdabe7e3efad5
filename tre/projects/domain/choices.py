"""Owns the closed lists of an application: purposes and legal bases, each with the words that people read.

Sources: UK GDPR articles 6(1) and 9(2); the common law duty of confidentiality with the four answers of the HDR UK data use
register; purposes after the NHS England secondary-use purposes.
"""

from collections.abc import Mapping

Choices = Mapping[str, str]

PURPOSES: Choices = {
    "cause_and_treatment": "Research into the causes, diagnosis or treatment of disease",
    "care_quality": "Improve the quality or safety of care",
    "public_health": "Protect or improve the health of the public",
    "planning": "Plan or evaluate health and care services",
    "inequalities": "Understand and reduce health inequalities",
    "methods": "Develop or test methods of analysis",
}

ARTICLE_6: Choices = {
    "6-1-e": "Article 6(1)(e): a task in the public interest",
    "6-1-f": "Article 6(1)(f): legitimate interests",
    "6-1-a": "Article 6(1)(a): consent",
    "6-1-c": "Article 6(1)(c): a legal obligation",
    "6-1-d": "Article 6(1)(d): vital interests",
}

ARTICLE_9: Choices = {
    "9-2-j": "Article 9(2)(j): research, archiving or statistics in the public interest",
    "9-2-h": "Article 9(2)(h): health or social care",
    "9-2-i": "Article 9(2)(i): public health",
    "9-2-g": "Article 9(2)(g): substantial public interest",
    "9-2-a": "Article 9(2)(a): explicit consent",
}

LINKAGE: Choices = {
    "all": "Keep everybody: a person may be in one dataset only",
    "in_every_dataset": "Keep only people who are in every dataset",
}

COMMON_LAW: Choices = {
    "not_confidential": "Does not apply: researchers see no confidential patient information",
    "consent": "Informed consent",
    "section_251": "Support under section 251 of the NHS Act 2006",
    "statute": "Another law that allows the use without consent",
}
