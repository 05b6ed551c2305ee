"""Abbreviations that tables of a study use, spelled out in the footnote that journals ask for."""

import re
from collections.abc import Iterable

ABBREVIATIONS = {
    "ARDS": "acute respiratory distress syndrome",
    "ATT": "average effect on the treated",
    "BMI": "body mass index",
    "CI": "confidence interval",
    "COPD": "chronic obstructive pulmonary disease",
    "CRP": "C-reactive protein",
    "ECMO": "extracorporeal membrane oxygenation",
    "ESS": "effective sample size",
    "HFNO": "high-flow nasal oxygen",
    "ICU": "intensive care unit",
    "KS": "Kolmogorov-Smirnov distance",
    "NIV": "non-invasive ventilation",
    "PaO2/FiO2": "arterial oxygen pressure over inspired fraction",
    "RMST": "restricted mean survival time",
    "SD": "standard deviation",
    "SMD": "standardised mean difference",
    "SOFA": "Sequential Organ Failure Assessment",
}


def spelled_out(texts: Iterable[str]) -> str:
    """ "KS, Kolmogorov-Smirnov distance; SMD, standardised mean difference": those that stand in the texts, by the
    alphabet; empty where none does."""
    told = "\n".join(texts)
    found = [short for short in ABBREVIATIONS if re.search(rf"(?<!\w){re.escape(short)}(?!\w)", told)]
    return "; ".join(f"{short}, {ABBREVIATIONS[short]}" for short in found)
