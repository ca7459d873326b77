from odoo import api, models

from ..health.explanation import settle

#: Of a line, what ``explain_health`` says.
EXPLAINED = ("measure", "value", "age_days", "points", "weight", "contribution", "kind")


class CsAccount(models.Model):
    """Why the health is what it is, line by line, from what was stored."""

    _inherit = "cs.account"

    def explain_health(self, as_of=None):
        """Explain the health score line by line, from the snapshot as it was stored.

        Values and ages are of the moment asked for, wherever they get the points that
        the snapshot has; see ``_see_lines``.

        :param as_of: None (now), a UTC ``datetime`` or a ``date`` (end of that day)
        :return: a list of dicts, what drags the score down most first: ``measure``
            (name), ``value`` (None: unknown or stale; a change in % of what was 0 is
            1e9 by its sign), ``age_days`` (of the value at that moment), ``points``
            (0–100, None: left out), ``weight``,
            ``contribution`` (points of the score, multiples of 0.1 that sum to it)
            and ``kind`` (measure, cap or override); empty before the first verdict
        """
        lines = self._see_lines(self._health_lines(as_of), as_of)
        return [{key: line[key] for key in EXPLAINED} for line in lines]

    def explain_change(self, since, until=None):
        """Explain how the health score moved between two moments, line by line.

        What was not there at one end counts 0 there. Lines that look at the same are
        the same line, whatever version of the scorecard they are of.

        :param since: a UTC ``datetime`` or a ``date`` (end of that day)
        :param until: as ``since``; None: now
        :return: a list of dicts, the largest move first: ``measure`` (name), ``kind``,
            ``contribution`` (that of the end less that of the beginning; they sum to
            the change of the score), ``before``, ``after`` (the two contributions),
            ``value_before`` and ``value`` (as they were judged)
        """
        ends = (
            _by_line(self._health_lines(since)),
            _by_line(self._health_lines(until)),
        )
        nothing = {"contribution": 0.0, "value": None}
        moves = []
        for kind, name in {**ends[0], **ends[1]}:
            before, after = (end.get((kind, name), nothing) for end in ends)
            moves.append(
                {
                    "measure": name,
                    "kind": kind,
                    "contribution": round(
                        after["contribution"] - before["contribution"], 1
                    ),
                    "before": before["contribution"],
                    "after": after["contribution"],
                    "value_before": before["value"],
                    "value": after["value"],
                }
            )
        return sorted(moves, key=lambda move: -abs(move["contribution"]))

    def _health_snapshot_at(self, as_of=None):
        """Return the snapshot that held at a moment, of a customer one may see."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the snapshot of an account that may be read may be read
        snapshots = self.env["cs.health.snapshot"].sudo()
        return snapshots.search(
            [
                ("account_id", "=", self.id),
                ("at", "<=", self._as_of_moment(as_of)),
                ("is_rebuilt", "=", False),
            ],
            limit=1,
        )

    def _health_lines(self, as_of=None):
        """Return the lines of the snapshot that held at a moment, with their words.

        As :meth:`explain_health`, and ``lost`` (points of the score that the line
        costs against its best), ``record`` (what the line is of) and ``at``.
        """
        snapshot = self._health_snapshot_at(as_of)
        lines = settle(
            {
                "score": snapshot.score,
                "computed": snapshot.computed,
                "lines": snapshot.lines,
            }
        )
        moment = self._as_of_moment(as_of)
        weight = sum(
            line["weight"]
            for line in lines
            if line["kind"] == "measure" and line["points"] is not None
        )
        records = self._records_of_lines(lines)
        for line in lines:
            line["record"] = records[line["kind"]].browse(line[f"{line['kind']}_id"])
            line["record"] &= records[line["kind"]]
            line["measure"] = self._name_of_line(line)
            line["age_days"] = self._age_of_line(line, moment)
            line.setdefault("points", None)
            line.setdefault("weight", 0.0)
            line["lost"] = _lost(line, weight)
        return sorted(
            lines,
            key=lambda line: (-line["lost"], line["contribution"], line["measure"]),
        )

    @api.model
    def _records_of_lines(self, lines):
        """Return what lines are of, as far as it still exists: ``{kind: records}``."""
        models_of = {
            "measure": "cs.scorecard.measure",
            "cap": "cs.scorecard.cap",
            "override": "cs.health.override",
        }
        # sudo: the verdict is explained to whoever sees the customer
        return {
            kind: self.env[model]
            .sudo()
            .browse(line[f"{kind}_id"] for line in lines if line["kind"] == kind)
            .exists()
            for kind, model in models_of.items()
        }

    @api.model
    def _name_of_line(self, line):
        record = line["record"]
        if line["kind"] == "measure":
            return record.display_name if record else self.env._("Removed measure")
        if line["kind"] == "cap":
            if not record:
                return self.env._("Removed cap")
            return self.env._(
                "At most %(most)s: %(condition)s",
                most=record._format_value(record.max_score),
                condition=record.display_name,
            )
        if not record:
            return self.env._("Decided by hand")
        return self.env._("Decided by hand: %s", record._in_words())

    @api.model
    def _age_of_line(self, line, moment):
        at = self._moment_of_line(line)
        return None if at is None else max(0, (moment - at).days)

    @api.model
    def _moment_of_line(self, line):
        """Return the moment of the value of a line, None if it has none."""
        if not line["at"]:
            return None
        return self._as_of_moment(line["at"].replace("T", " ")[:19])


def _lost(line, weight):
    if line["kind"] != "measure":
        return -line["contribution"]
    if line["points"] is None or not weight:
        return 0.0
    return round(line["weight"] * (100 - line["points"]) / weight, 1)


def _by_line(lines):
    """Return lines by what they look at; of two that look at the same, the sum."""
    found = {}
    for line in lines:
        key = (line["kind"], line["measure"])
        if key in found:
            total = found[key]["contribution"] + line["contribution"]
            found[key] = {**found[key], "contribution": round(total, 1)}
        else:
            found[key] = line
    return found
