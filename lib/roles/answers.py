"""stub"""

from ..questions import Question
from ..spec import AnalysisSpec
from ..table import Table


def answered(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    """x"""
    return spec.replace(questions=[q for q in spec.questions if q != question])
