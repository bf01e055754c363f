"""What a run found: values, the file format, redaction and renderings."""

from __future__ import annotations

from .contradictions import Claim
from .contradictions import Contradiction
from .contradictions import Outcome
from .findings.blockers import blocked
from .findings.causes import Cause
from .findings.causes import cause_key
from .findings.causes import causes
from .findings.harm import Harm
from .forms.junit import render_junit
from .forms.markdown import render_markdown
from .forms.terminal import render_terminal
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
from .page import render_html
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
from .sections import Section
from .sections import coverage_tree
from .summary import idp_summaries
from .summary import summarise
from .trust.repeating import repeat_command
from .trust.repeating import repeat_notes
from .trust.transcript import transcript_proof

__all__ = [
    "Cause",
    "ChecklistItem",
    "Claim",
    "Contradiction",
    "Feature",
    "FeatureOutline",
    "Harm",
    "IdpOutline",
    "IdpSummary",
    "Json",
    "Outcome",
    "Redactor",
    "Report",
    "ReportError",
    "Result",
    "Run",
    "Section",
    "Target",
    "Verdict",
    "append_jsonl",
    "blocked",
    "cause_key",
    "causes",
    "coverage_tree",
    "idp_summaries",
    "kept_report",
    "read_jsonl",
    "read_report",
    "render_html",
    "render_junit",
    "render_markdown",
    "render_terminal",
    "repeat_command",
    "repeat_notes",
    "schema",
    "summarise",
    "transcript_proof",
    "write_renderings",
    "write_report",
]
