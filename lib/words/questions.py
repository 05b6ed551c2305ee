"""stub"""

from ..questions import Question


def said(question: Question, candidate: str) -> str:
    """x"""
    return candidate
