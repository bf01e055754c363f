"""What a run found: values, the file format, redaction and renderings."""

from __future__ import annotations

from .contradictions import Claim
from .contradictions import Contradiction
from .contradictions import Outcome
from .html import render_html
from .junit import render_junit
from .markdown import render_markdown
from .model import ChecklistItem
from .model import Feature
from .model import FeatureOutline
from .model import IdpOutline
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Run
from .model import Target
from .model import Verdict
from .reading import Json
from .reading import ReportError
from .record import append_jsonl
from .record import kept_report
from .record import read_jsonl
from .record import read_report
from .record import schema
from .record import write_report
from .redact import Redactor
from .renderings import write_renderings
from .summary import idp_summaries
from .summary import summarise
from .terminal import render_terminal

__all__ = [
    "ChecklistItem",
    "Claim",
    "Contradiction",
    "Feature",
    "FeatureOutline",
    "IdpOutline",
    "IdpSummary",
    "Json",
    "Outcome",
    "Redactor",
    "Report",
    "ReportError",
    "Result",
    "Run",
    "Target",
    "Verdict",
    "append_jsonl",
    "idp_summaries",
    "kept_report",
    "read_jsonl",
    "read_report",
    "render_html",
    "render_junit",
    "render_markdown",
    "render_terminal",
    "schema",
    "summarise",
    "write_renderings",
    "write_report",
]
