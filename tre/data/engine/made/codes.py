"""Owns the made world's tables: diagnoses, drugs, specialties, with how their frequency follows age, sex and season.

The figures are round and chosen to look plausible in a table; they are no epidemiology and must never be cited as such.
"""

from dataclasses import dataclass

CHAPTERS = {
    "A": "I Infections", "B": "I Infections", "C": "II Neoplasms", "D": "III Blood", "E": "IV Endocrine",
    "F": "V Mental", "G": "VI Nervous system", "H": "VII Eye and ear", "I": "IX Circulatory", "J": "X Respiratory",
    "K": "XI Digestive", "L": "XII Skin", "M": "XIII Musculoskeletal", "N": "XIV Genitourinary", "O": "XV Pregnancy",
    "R": "XVIII Symptoms", "S": "XIX Injury", "T": "XIX Injury", "Z": "XXI Contact with services",
}  # fmt: skip
"""First letter of an ICD-10 code to its chapter. Source: WHO, ICD-10, list of chapters."""

ALL, FEMALE_ONLY, MALE_ONLY = "all", "female", "male"


@dataclass(frozen=True)
class Frequency:
    """How often something happens: weight at ages 0–17, 18–44, 45–64, 65–79, 80 and over; in winter times `winter`."""

    code: str
    weights: tuple[float, float, float, float, float]
    winter: float = 1.0
    sex: str = ALL
    specialty: str = "General medicine"


DIAGNOSES = (
    Frequency("A09", (9, 4, 3, 4, 6), 1.4),
    Frequency("A41", (1, 1, 3, 7, 12), 1.2),
    Frequency("B34", (12, 3, 1, 1, 1), 1.6, specialty="Paediatrics"),
    Frequency("C18", (0, 0.4, 4, 7, 5), specialty="Surgery"),
    Frequency("C34", (0, 0.2, 4, 8, 5), specialty="Oncology"),
    Frequency("C50", (0, 1, 7, 7, 4), sex=FEMALE_ONLY, specialty="Oncology"),
    Frequency("C61", (0, 0, 4, 10, 6), sex=MALE_ONLY, specialty="Urology"),
    Frequency("D50", (1, 3, 3, 5, 7)),
    Frequency("E10", (3, 2, 2, 1, 1)),
    Frequency("E11", (0.2, 2, 9, 14, 12)),
    Frequency("E66", (2, 4, 5, 3, 1)),
    Frequency("E78", (0, 1, 6, 10, 8)),
    Frequency("F10", (0, 4, 6, 2, 0.5), specialty="Psychiatry"),
    Frequency("F32", (2, 6, 5, 3, 3), specialty="Psychiatry"),
    Frequency("F03", (0, 0, 0.5, 6, 18), specialty="Geriatrics"),
    Frequency("G40", (4, 3, 2, 2, 2), specialty="Neurology"),
    Frequency("G47", (1, 2, 3, 3, 2)),
    Frequency("H25", (0, 0.3, 4, 14, 14), specialty="Ophthalmology"),
    Frequency("I10", (0.1, 3, 14, 22, 20)),
    Frequency("I21", (0, 0.6, 5, 8, 9), 1.3, specialty="Cardiology"),
    Frequency("I25", (0, 0.5, 6, 12, 12), specialty="Cardiology"),
    Frequency("I48", (0, 0.4, 4, 12, 16), specialty="Cardiology"),
    Frequency("I50", (0.1, 0.3, 3, 9, 16), 1.4, specialty="Cardiology"),
    Frequency("I63", (0, 0.3, 3, 8, 12), 1.1, specialty="Stroke medicine"),
    Frequency("J06", (14, 3, 1, 1, 1), 2.2, specialty="Paediatrics"),
    Frequency("J10", (3, 1, 2, 4, 6), 4.0),
    Frequency("J18", (5, 2, 5, 11, 20), 2.0),
    Frequency("J21", (14, 0, 0, 0, 0), 3.5, specialty="Paediatrics"),
    Frequency("J44", (0, 0.5, 7, 14, 12), 1.9, specialty="Respiratory medicine"),
    Frequency("J45", (9, 4, 3, 2, 2), 1.3, specialty="Respiratory medicine"),
    Frequency("K21", (1, 3, 5, 5, 4)),
    Frequency("K35", (6, 5, 2, 1, 0.5), specialty="Surgery"),
    Frequency("K40", (3, 3, 6, 7, 5), sex=MALE_ONLY, specialty="Surgery"),
    Frequency("K80", (0.2, 5, 6, 6, 5), specialty="Surgery"),
    Frequency("L03", (3, 3, 4, 5, 7)),
    Frequency("M16", (0, 0.3, 5, 11, 7), specialty="Orthopaedics"),
    Frequency("M17", (0, 0.6, 7, 12, 7), specialty="Orthopaedics"),
    Frequency("M54", (1, 5, 6, 4, 3), specialty="Orthopaedics"),
    Frequency("N18", (0.3, 0.8, 4, 9, 14), specialty="Nephrology"),
    Frequency("N39", (4, 4, 5, 9, 18)),
    Frequency("O80", (0, 16, 0.1, 0, 0), sex=FEMALE_ONLY, specialty="Obstetrics"),
    Frequency("O99", (0, 6, 0.1, 0, 0), sex=FEMALE_ONLY, specialty="Obstetrics"),
    Frequency("R07", (2, 6, 8, 7, 5)),
    Frequency("R10", (8, 8, 5, 4, 4)),
    Frequency("R55", (2, 2, 3, 5, 8)),
    Frequency("S06", (8, 4, 3, 4, 8), specialty="Surgery"),
    Frequency("S52", (10, 3, 3, 4, 5), specialty="Orthopaedics"),
    Frequency("S72", (0.5, 0.5, 1.5, 6, 18), 1.2, specialty="Orthopaedics"),
    Frequency("T39", (2, 4, 1, 0.3, 0.2), specialty="Psychiatry"),
    Frequency("Z51", (0.5, 1, 6, 8, 4), specialty="Oncology"),
)

ELECTIVE = frozenset({"C18", "C50", "C61", "H25", "K40", "K80", "M16", "M17", "Z51", "E66", "G47"})

DEATHS = (
    Frequency("C34", (0, 1, 9, 10, 5)),
    Frequency("C50", (0, 1, 4, 4, 2), sex=FEMALE_ONLY),
    Frequency("C61", (0, 0, 2, 5, 5), sex=MALE_ONLY),
    Frequency("C80", (2, 4, 9, 9, 6)),
    Frequency("F03", (0, 0, 1, 8, 22), 1.2),
    Frequency("I21", (0, 2, 9, 9, 8), 1.3),
    Frequency("I25", (0, 1, 8, 10, 10), 1.2),
    Frequency("I63", (0, 1, 4, 7, 9), 1.1),
    Frequency("J18", (2, 1, 3, 6, 12), 1.9),
    Frequency("J44", (0, 0.3, 4, 9, 6), 1.7),
    Frequency("K70", (0, 3, 6, 2, 0.3)),
    Frequency("X59", (4, 6, 2, 1, 2)),
)

DRUGS = (
    ("0201", "Bisoprolol", Frequency("Bisoprolol", (0, 1, 6, 14, 16))),
    ("0202", "Furosemide", Frequency("Furosemide", (0, 0.3, 3, 8, 15))),
    ("0205", "Ramipril", Frequency("Ramipril", (0, 1, 14, 22, 18))),
    ("0206", "Amlodipine", Frequency("Amlodipine", (0, 1, 13, 22, 20))),
    ("0208", "Apixaban", Frequency("Apixaban", (0, 0.3, 3, 10, 15))),
    ("0209", "Aspirin", Frequency("Aspirin", (0.1, 0.6, 8, 15, 16))),
    ("0212", "Atorvastatin", Frequency("Atorvastatin", (0, 1, 18, 28, 24))),
    ("0301", "Salbutamol", Frequency("Salbutamol", (10, 7, 8, 8, 6), 1.3)),
    ("0302", "Beclometasone", Frequency("Beclometasone", (5, 5, 6, 6, 5), 1.2)),
    ("0304", "Cetirizine", Frequency("Cetirizine", (6, 4, 3, 2, 2), 0.6)),
    ("0103", "Omeprazole", Frequency("Omeprazole", (1, 6, 16, 18, 18))),
    ("0106", "Macrogol", Frequency("Macrogol", (4, 1, 2, 5, 12))),
    ("0402", "Quetiapine", Frequency("Quetiapine", (0, 2, 2, 1, 2))),
    ("0403", "Sertraline", Frequency("Sertraline", (0.5, 14, 13, 7, 8))),
    ("0407", "Paracetamol", Frequency("Paracetamol", (6, 4, 7, 10, 20), 1.1)),
    ("0407", "Codeine", Frequency("Codeine", (0, 4, 7, 7, 7))),
    ("0408", "Levetiracetam", Frequency("Levetiracetam", (1, 1, 1, 1, 1))),
    ("0501", "Amoxicillin", Frequency("Amoxicillin", (12, 4, 4, 4, 5), 2.0)),
    ("0501", "Nitrofurantoin", Frequency("Nitrofurantoin", (1, 3, 3, 4, 6))),
    ("0601", "Insulin glargine", Frequency("Insulin glargine", (1, 1, 2, 2, 2))),
    ("0601", "Metformin", Frequency("Metformin", (0, 2, 11, 14, 9))),
    ("0602", "Levothyroxine", Frequency("Levothyroxine", (0.2, 3, 8, 9, 9))),
    ("0604", "Estradiol", Frequency("Estradiol", (0, 1, 9, 2, 0.2), sex=FEMALE_ONLY)),
    ("0703", "Desogestrel", Frequency("Desogestrel", (1, 14, 1, 0, 0), sex=FEMALE_ONLY)),
    ("0704", "Tamsulosin", Frequency("Tamsulosin", (0, 0, 5, 13, 15), sex=MALE_ONLY)),
    ("0906", "Colecalciferol", Frequency("Colecalciferol", (2, 2, 3, 6, 9))),
    ("0909", "Folic acid", Frequency("Folic acid", (0.3, 3, 2, 3, 5))),
    ("1001", "Naproxen", Frequency("Naproxen", (0.2, 6, 6, 3, 1))),
    ("1001", "Allopurinol", Frequency("Allopurinol", (0, 0.5, 4, 7, 7))),
    ("1106", "Latanoprost", Frequency("Latanoprost", (0, 0.1, 2, 6, 8))),
    ("1302", "Emollient cream", Frequency("Emollient cream", (9, 3, 3, 4, 6), 1.2)),
)
"""BNF section, substance, frequency."""
