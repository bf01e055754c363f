"""The card that buyers read: what a run has shown of a product, and what its vendor states.

Every field says where it comes from. What was measured carries the date, the run and the
requirements whose cases showed it; what nobody said is "not stated", and never left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from reports import view
from reports.findings.causes import Cause
from reports.findings.causes import causes
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Verdict
from reports.products import product_tables
from reports.wording import wording

from .automation import automation
from .card_model import Block
from .card_model import Card
from .card_model import Field
from .card_model import IdpRow
from .card_model import Line
from .card_model import Origin
from .observed import GROUPS
from .observed import USERS
from .observed import Observed
from .observed import Sightings
from .observed import observed
from .standing import Standing
from .standing import idp_verdict
from .standing import in_words
from .standing import rests_on_assumptions
from .standing import standing
from .vendor import Statement
from .vendor import Vendor

_MOST_NAMED = 4
_MOST_CAUSES = 40
# The guide's own aggregate, for so many employees.
EMPLOYEES = 500
AGGREGATE = {"orphaned": 7, "unused": 12, "hours": 101}
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:"


def card(report: Report, vendor: Vendor | None = None) -> Card:
    """Return the card of a run, with what the vendor states where the run shows nothing."""
    maker = _Maker(report, vendor or Vendor())
    texts = wording("card")
    run = report.run
    said = {"date": run.started[:10], "run": run.id, "version": run.version, "seed": run.seed}
    return Card(
        product=maker.vendor.product or report.target.software or texts("page.nameless"),
        target=view.target_name(report),
        run=texts("page.run", **said),
        notices=tuple(_notices(report, maker)),
        facts=maker.quick_facts(),
        idps=tuple(maker.idps()),
        blocks=(maker.technical(), maker.automation(), maker.cost()),
    )


def _notices(report: Report, maker: _Maker) -> Iterable[str]:
    texts = wording("card")
    if view.simulation(report):
        yield view.simulation(report)
    if maker.stands.partial:
        yield texts("notice.interrupted" if maker.stands.interrupted else "notice.partial")
    if report.target.trouble:
        yield texts("notice.unreached", reason=view.one_line(report.target.trouble))
    if maker.vendor.product:
        by = maker.vendor.by or maker.vendor.product
        yield texts("notice.stated", by=by, date=maker.vendor.stated)


class _Maker:
    """Makes the fields of one card."""

    def __init__(self, report: Report, vendor: Vendor) -> None:
        self.report = report
        self.vendor = vendor
        self.stands: Standing = standing(report)
        self._seen: Observed = observed(report)
        self._causes: tuple[Cause, ...] = causes(report)
        self._texts = wording("card")

    # -- the three kinds of field -------------------------------------------------------------

    def measured(self, name: str, lines: Iterable[Line]) -> Field:
        """Return what the run shows; "not shown by this run" when it shows nothing."""
        known, run = tuple(lines), self.report.run
        if not known:
            return self._field(name, [self._texts("said.unshown")], Origin.UNKNOWN)
        by = tuple(dict.fromkeys(each for line in known for each in line.by))
        named = ", ".join(view.one_line(each, 60) for each in by[:_MOST_NAMED])
        if len(by) > _MOST_NAMED:
            named = self._texts("basis.more", names=named, count=len(by) - _MOST_NAMED)
        basis = self._texts("basis.run", date=run.started[:10], run=view.one_line(run.id, 40))
        return Field(
            name=self._texts(f"field.{name}"),
            lines=known,
            origin=Origin.MEASURED,
            origin_words=", ".join((self._texts("origin.measured"), *self._reserves())),
            basis=self._texts("basis.by", basis=basis, by=named) if named else basis,
        )

    def stated(self, name: str, statement: Statement | None = None) -> Field:
        """Return what the vendor states, or that it does not."""
        statement = statement or self.vendor.facts.get(name)
        if statement is None:
            return self._field(name, [self._texts("said.unstated")], Origin.UNKNOWN)
        basis = self._texts("basis.stated", date=statement.stated)
        return self._field(name, [statement.says], Origin.STATED, basis)

    def _field(self, name: str, said: Sequence[str], origin: Origin, basis: str = "") -> Field:
        return Field(
            name=self._texts(f"field.{name}"),
            lines=tuple(Line(text=each) for each in said),
            origin=origin,
            origin_words=self._texts(f"origin.{origin}"),
            basis=basis,
        )

    def _reserves(self) -> tuple[str, ...]:
        partial = self._texts("origin.partial") if self.stands.partial else ""
        simulated = self._texts("origin.simulated") if self.stands.simulated else ""
        return tuple(each for each in (partial, simulated) if each)

    # -- the blocks -----------------------------------------------------------------------------

    def quick_facts(self) -> Block:
        """Return the first block."""
        return Block(
            key="facts",
            title=self._texts("block.facts"),
            fields=(
                self.measured("available", self._available()),
                *map(self.stated, ("plan", "price", "sso_required_first", "sso_available")),
                *map(self.stated, ("sso_protocol", "documentation")),
            ),
        )

    def _available(self) -> Iterable[Line]:
        seen = self._seen.operations.get((USERS, "create")) or self._seen.version_2
        if seen.holds:
            yield Line(text=self._texts("said.available"), by=tuple(seen.by))

    def technical(self) -> Block:
        """Return the technical specification."""
        version = self._seen.version_2
        said = [Line(text=self._texts("said.version"), by=tuple(version.by))]
        return Block(
            key="technical",
            title=self._texts("block.technical"),
            fields=(
                self.measured("version", said if version.holds else ()),
                self.measured("announced", self._announced()),
                self.measured("operations", self._operations()),
                self.measured("attributes", self._attributes()),
                self.measured("unreturned", self._unreturned()),
                *map(self.stated, ("plan_requirement", "prerequisites")),
                self.measured("limitations", self._limitations()),
            ),
        )

    def _announced(self) -> Iterable[Line]:
        """Return what the target says it can do, each with how that is known."""
        for name, known in self.report.target.capabilities.items():
            value = known.get("value") if isinstance(known, dict) else known
            origin = known.get("origin") if isinstance(known, dict) else None
            if isinstance(value, bool):
                said = self._texts("said.yes" if value else "said.no")
                told = view.one_line(view.compact(origin or "unknown"), 40)
                text = self._texts("said.capability", name=view.one_line(name, 60), said=said)
                yield Line(text=self._texts("said.origin", text=text, origin=told))

    def _operations(self) -> Iterable[Line]:
        grouped: dict[str, list[tuple[str, Sightings]]] = {}
        for (endpoint, name), seen in self._seen.operations.items():
            grouped.setdefault(endpoint, []).append((self._texts(f"operation.{name}"), seen))
        for endpoint, found in sorted(grouped.items(), reverse=True):
            names = ", ".join(sorted(name for name, _ in found))
            by = dict.fromkeys(each for _, seen in found for each in list(seen.by)[:2])
            yield Line(text=self._texts("said.of", what=endpoint, said=names), by=tuple(by))

    def _attributes(self) -> Iterable[Line]:
        """Return what came back at least once as it was sent."""
        returned = [key for key, seen in self._seen.attributes.items() if seen.holds]
        for title, named in self._sorted(returned):
            by = (next(iter(self._seen.attributes[key].by)) for key in named)
            names = ", ".join(view.one_line(path.rsplit(":", 1)[-1], 80) for _, path in named)
            text = self._texts("said.of", what=title, said=names)
            yield Line(text=text, by=tuple(dict.fromkeys(by)))

    def _unreturned(self) -> Iterable[Line]:
        never = [key for key, seen in self._seen.attributes.items() if not seen.holds]
        for endpoint, path in sorted(never, reverse=True):
            by = tuple(self._seen.attributes[endpoint, path].against)
            text = self._texts("said.of", what=endpoint, said=view.one_line(path, 160))
            yield Line(text=text, by=by)
        if self._seen.attributes and not never:
            yield Line(text=self._texts("said.all-returned"))

    def _sorted(
        self, keys: Iterable[tuple[str, str]]
    ) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Return attributes by where they belong: users, the enterprise extension, groups."""
        grouped: dict[str, list[tuple[str, str]]] = {}
        for endpoint, path in sorted(keys):
            urn = path.rpartition(":")[0]
            enterprise = path.lower().startswith(_ENTERPRISE.lower())
            other = view.one_line(urn, 120) if urn else endpoint
            title = self._texts("said.enterprise") if enterprise else other
            grouped.setdefault(title, []).append((endpoint, path))
        return sorted(grouped.items(), key=lambda item: (item[0] != USERS, item[0] == GROUPS))

    def _limitations(self) -> Iterable[Line]:
        for cause in self._causes[:_MOST_CAUSES]:
            by = (cause.id, *dict.fromkeys(each.requirement for each in cause.results))
            text = self._texts("said.cause", title=cause.title, harm=cause.harm.says)
            yield Line(text=text, verdict=cause.verdict, judged=True, by=by)
        if len(self._causes) > _MOST_CAUSES:
            count = len(self._causes) - _MOST_CAUSES
            yield Line(text=self._texts("said.more-causes", count=count))
        yield from self._waived()
        if not self._causes and any(self.report.summary[each] for each in ("pass", "warn")):
            yield Line(text=self._texts("said.no-cause"))

    def _waived(self) -> Iterable[Line]:
        """Return what is put up with, which is a limitation all the same."""
        taken_back = view.of_verdict(self.report, Verdict.WAIVED)
        for requirement, each in {each.requirement: each for each in taken_back}.items():
            reason = view.one_line(view.reason(each), 200)
            text = self._texts("said.waived", title=view.one_line(each.title, 200), reason=reason)
            yield Line(text=text, verdict=Verdict.WAIVED, judged=True, by=(requirement,))

    def automation(self) -> Block:
        """Return what becomes of joiners, movers and leavers."""
        found = automation(self.report)
        fields = [
            self.measured(name, [Line(text=t, verdict=v, judged=True, by=b) for t, v, b in lines])
            for name, lines in found.items()
        ]
        seen = {
            "inactive": self._seen.inactive,
            "deleted": self._seen.deleted,
            "membership": self._seen.membership,
        }
        fields += [self.measured(name, self._watched(name, each)) for name, each in seen.items()]
        fields += [self.stated(name) for name in ("sessions", "licences", "contractors")]
        return Block(key="automation", title=self._texts("block.automation"), fields=tuple(fields))

    def _watched(self, name: str, seen: Sightings) -> Iterable[Line]:
        if seen.fails:
            text = self._texts(f"watched.{name}-not", count=seen.fails, all=seen.holds + seen.fails)
            yield Line(text=text, verdict=Verdict.FAIL, judged=True, by=tuple(seen.against))
        elif seen.holds:
            text = self._texts(f"watched.{name}", count=seen.holds)
            yield Line(text=text, verdict=Verdict.PASS, judged=True, by=tuple(seen.by))

    def cost(self) -> Block:
        """Return the guide's aggregate, scaled where the vendor names a number of employees."""
        people = self.vendor.employees or EMPLOYEES
        basis = self._texts("basis.aggregate", count=EMPLOYEES)
        if self.vendor.employees:
            basis = self._texts("basis.scaled", count=EMPLOYEES, people=f"{people:,}")
        fields = [
            self._field(name, [f"{round(count * people / EMPLOYEES):,}"], Origin.AGGREGATE, basis)
            for name, count in AGGREGATE.items()
        ]
        title = self._texts("block.cost")
        return Block(key="cost", title=title, fields=tuple(fields), note=self._texts("note.cost"))

    # -- identity providers ---------------------------------------------------------------------

    def idps(self) -> Iterable[IdpRow]:
        """Return those of the run, then those that buyers ask for and those of the vendor."""
        known: dict[str, list[IdpSummary]] = {}
        for each in self.report.idps:
            known.setdefault(each.idp, []).append(each)
        usual = {name: self._texts(f"usual.{name}") for name in self._texts("usual.names").split()}
        for name in dict.fromkeys((*known, *usual, *self.vendor.idps)):
            stated = self.vendor.idps.get(name)
            parts = known.get(name, [])
            given = (stated.title if stated else None) or usual.get(name) or name
            notes = [self.stated("notes", stated.notes)] if stated and stated.notes else []
            yield IdpRow(
                title=view.one_line(parts[0].title if parts else given, 80),
                sso=self.stated("sso", stated.sso if stated else None),
                scim=self._scim(name, parts),
                notes=(*self._stops(parts), *notes),
            )

    def _scim(self, name: str, parts: Sequence[IdpSummary]) -> Field:
        lines = [*map(self._dialect, parts), *self._promises(name)]
        if not lines:
            return self._field("scim", [self._texts("said.unchecked")], Origin.UNKNOWN)
        return self.measured("scim", lines)

    def _promises(self, idp: str) -> Iterable[Line]:
        """Return what became of a product's promises that were tried with this IdP."""
        for table in product_tables(self.report):
            if idp in table.columns:
                said = table.in_words(table.columns.index(idp))
                text = self._texts("said.promises", product=table.title, said=said)
                yield Line(text=text)

    def _dialect(self, part: IdpSummary) -> Line:
        title, verdict = view.one_line(part.dialect_title, 80), idp_verdict(part)
        state = self._texts(f"state.{verdict or 'unchecked'}")
        if rests_on_assumptions(part) and verdict in (Verdict.PASS, Verdict.WARN):
            state = self._texts("state.assumed", state=state)
        said = in_words(part.features)
        text = self._texts("said.dialect", dialect=title, state=state, said=said)
        return Line(text=text, verdict=verdict, judged=True)

    def _stops(self, parts: Sequence[IdpSummary]) -> Iterable[Field]:
        """Return what stops and why, as a field with a line for each cause."""
        if not parts:
            return
        lines = []
        for cause in self._causes:
            hit = [place for place in cause.harm.stops if place[0] == parts[0].title]
            if hit:
                names = ", ".join(dict.fromkeys(view.one_line(each[2], 60) for each in hit))
                text = self._texts("said.stops", features=names, title=cause.title)
                mine = [each.requirement for each in cause.results if each.idp == parts[0].idp]
                by = (cause.id, *dict.fromkeys(mine))
                lines.append(Line(text=text, verdict=Verdict.FAIL, judged=True, by=by))
        if lines:
            yield self.measured("stops", lines)
