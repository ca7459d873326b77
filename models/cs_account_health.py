from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..facts.columns import array_text
from ..health.explanation import settle
from ..health.judgement import Judgement


class CsAccount(models.Model):
    """Health: every account judged by its scorecard, set-based, and written once."""

    _inherit = "cs.account"

    health_scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard",
        string="Judged by",
        copy=False,
        help="The version of the scorecard that judged last.",
    )
    health_band_reason = fields.Selection(
        selection=[
            ("grace", "New customer"),
            ("coverage", "Too little known"),
            ("lost", "Known once, unknown now"),
            ("override", "Decided by hand"),
        ],
        string="Why this band",
        copy=False,
    )

    def _score(self, as_of=None, scorecard=None):
        """Judge the health of these accounts, or of all active ones if none is given.

        How is said in ``health.judgement.Judgement``. Without arguments, account and
        snapshot are written, where they differ; only those accounts are judged anew of
        whom a fact came since they were judged, whose scorecard is another one, or
        whose verdict may change by the passing of time alone (see
        ``_sql_valid_until``).

        :param as_of: a naive UTC ``datetime``, or a ``date`` for the end of that day:
            nothing is written, only facts dated until then are seen, and each account
            is judged by the segment of that day and the version then in force; a list
            of these: one after the other
        :param scorecard: a cs.scorecard (a draft too) that judges instead of the
            account's own, as if nobody had overridden it: nothing is written
        :return: with ``as_of`` or ``scorecard`` a list of dicts with account_id,
            scorecard_id, score (0–100, rounded to 0.1), computed (without override),
            band, band_reason, coverage (%), override_id, lines and as_of (as it was
            given); otherwise the number of accounts whose verdict changed
        """
        self._flush_for_score()
        if as_of is None and not scorecard:
            return sum(
                self._write_verdicts(company, ids)
                for company, ids in self._health_scope()
            )
        moments = as_of if isinstance(as_of, (list, tuple)) else [as_of]
        return [
            {**row, "lines": settle(row), "as_of": moment}
            for moment in moments
            for row in self.env.execute_query_dict(self._sql_health(moment, scorecard))
        ]

    def _sql_health(self, as_of=None, scorecard=None):
        """Return the verdicts as an ``SQL``, for what goes on reckoning with them.

        Arguments and columns as :meth:`_score` has them, lines without their
        contributions (see ``health.explanation.settle``). Flush what it reads first.
        """
        parts = [
            SQL(
                "(%s)",
                Judgement(
                    self.env,
                    ids,
                    company,
                    self._as_of_moment(as_of, company),
                    is_now=as_of is None,
                    card=scorecard or None,
                ).relation(),
            )
            for company, ids in self._health_scope()
        ]
        columns = SQL(
            "account_id, scorecard_id, score, computed, band, band_reason, coverage,"
            " override_id, lines"
        )
        if not parts:
            return SQL("SELECT %s FROM cs_health_snapshot WHERE FALSE", columns)
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s FROM %s v", columns, part) for part in parts
        )

    def _health_scope(self):
        """Return ``[(company, ids of accounts)]`` of whom to judge."""
        if self:
            of_whom = SQL("id = ANY(%s::int[])", array_text(self.ids))
        else:
            active = self._search(Domain("state", "=", "active"))
            of_whom = SQL("id IN %s", active.subselect())
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, array_agg(id ORDER BY id) FROM cs_account"
                " WHERE %s GROUP BY company_id ORDER BY company_id",
                of_whom,
            )
        )
        companies = self.env["res.company"]
        return [(companies.browse(company_id), ids) for company_id, ids in rows]

    @api.model
    def _flush_for_score(self):
        for model in (
            "cs.account",
            "cs.segment",
            "cs.segment.history",
            "cs.scorecard",
            "cs.scorecard.measure",
            "cs.scorecard.cap",
            "cs.metric",
            "cs.health.snapshot",
            "cs.health.override",
        ):
            self.env[model].flush_model()
