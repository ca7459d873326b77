from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from .cs_scorecard_typing import TYPED


class CsScorecard(models.Model):
    """What a scorecard would say, before it judges anybody; saved or not."""

    _inherit = "cs.scorecard"

    preview_account_id = fields.Many2one(
        comodel_name="cs.account", string="Try it on", store=False
    )
    preview = fields.Html(store=False, readonly=True, sanitize=False)
    show_portfolio = fields.Boolean(
        string="Show the whole portfolio",
        store=False,
        help="Judges all customers of this scorecard as it stands here, saved or not.",
    )
    portfolio_preview = fields.Html(store=False, readonly=True, sanitize=False)
    dimension_summary = fields.Char(
        string="Weights by dimension", compute="_compute_dimension_summary"
    )

    @api.depends("measure_ids.weight", "measure_ids.dimension")
    @api.depends_context("lang")
    def _compute_dimension_summary(self):
        for card in self:
            total = sum(card.measure_ids.mapped("weight"))
            by_dimension = card.measure_ids.grouped("dimension")
            card.dimension_summary = " · ".join(
                f"{measures[0]._dimension_label()} "
                f"{round(100 * sum(measures.mapped('weight')) / total)} %"
                for _dimension, measures in by_dimension.items()
                if total
            )

    def try_out(self, vals=None, account=None):
        """Return what this scorecard would say of customers; nothing is written.

        :param vals: values as :meth:`write` takes them; none: as it is saved. On an
            empty recordset: those of a new scorecard
        :param account: a cs.account to judge; None: all active customers that a
            version of this scorecard judges now, or if it judges nobody, all
        :return: list of dicts as ``cs.account._score`` returns them, and customer,
            mrr, score_before and band_before (what the scorecards in force say now),
            decided (in words, what a person decided instead, or False) and
            changes_band: whether publishing would move the band that counts
        :raise ValidationError: the values make no scorecard
        """
        self.check_access("write")
        if self and not vals:
            return self._say(account)
        with self.env.cr.savepoint() as attempt:
            if self:
                self.write(vals)
            rows = (self or self.create(vals))._say(account)
            attempt.rollback()
        self.env.invalidate_all(flush=False)
        return rows

    def _say(self, account=None):
        # sudo: who keeps scorecards sees what they say, of the companies they work
        # with
        accounts = (account or self._judged_accounts()).sudo()
        accounts = accounts.filtered(lambda one: one.company_id in self.env.companies)
        rows = accounts._score(scorecard=self) if accounts else []
        self._add_words(rows, accounts)
        return rows

    def _judged_accounts(self):
        # sudo: as for what it says
        accounts = self.env["cs.account"].sudo()
        active = Domain("state", "=", "active")
        judged = Domain("health_scorecard_id", "in", self._family().ids)
        return accounts.search(active & judged) or accounts.search(active)

    def _add_words(self, rows, accounts):
        """Add to verdicts who they are of, what counts now, and what is seen."""
        by_id = {account.id: account for account in accounts}
        bands = self._bands_without_decisions(accounts)
        for row in rows:
            account = by_id[row["account_id"]]
            row["customer"] = account.display_name
            row["mrr"] = account.mrr
            row["score_before"] = account.health_computed
            row["band_before"] = bands.get(account.id, account.health_band)
            override = account.health_override_id
            row["decided"] = override and override._in_words()
            row["changes_band"] = (
                self._band_by_hand(override) != account.health_band
                if override
                else row["band"] != row["band_before"]
            )
        if len(rows) == 1:
            self._add_what_is_seen(rows[0]["lines"])

    @api.model
    def _bands_without_decisions(self, accounts):
        """Return what the cards in force say of whom a person decided otherwise.

        :return: ``{account id: band}``
        """
        decided = accounts.filtered(
            lambda one: one.health_override_id and one.health_scorecard_id
        )
        return {
            row["account_id"]: row["band"]
            for card, judged in decided.grouped("health_scorecard_id").items()
            for row in judged._score(scorecard=card)
        }

    def _band_by_hand(self, override):
        """Return the band of what was decided, by the limits of this scorecard."""
        return override.band or self._band_of_score(override.score)

    def _band_of_score(self, score):
        if score >= self.green_from:
            return "green"
        return "yellow" if score >= self.yellow_from else "red"

    @api.model
    def _add_what_is_seen(self, lines):
        measures = self.env["cs.scorecard.measure"].sudo()
        caps = self.env["cs.scorecard.cap"].sudo()
        for line in lines:
            if line["kind"] == "measure":
                measure = measures.browse(line["measure_id"])
                line["measure"] = measure.display_name
                line["seen"] = measure._seen_in_words(line["value"])
            else:
                cap = caps.browse(line["cap_id"])
                line["measure"], line["seen"] = cap.display_name, ""

    # While typing

    @api.onchange("preview_account_id", "show_portfolio", *TYPED)
    def _onchange_preview(self):
        self.preview = self.portfolio_preview = False
        if not self.preview_account_id and not self.show_portfolio:
            return
        if not self._are_limits_in_order():
            self.preview = self.portfolio_preview = self._limits_as_html()
            return
        vals, left_out = self._typed_values(), self._typed_so_far_as_html()
        # A transaction of its own: what is tried there must not touch the form here.
        with self.env.registry.cursor() as cr:
            card = self._origin.with_env(self.env(cr=cr))
            if self.preview_account_id:
                account = card.env["cs.account"].browse(
                    self.preview_account_id._origin.id
                )
                account.check_access("read")
                rows = card.try_out(vals, account)
                self.preview = left_out + self._customer_as_html(rows)
            if self.show_portfolio:
                rows = card.try_out(vals)
                self.portfolio_preview = left_out + self._portfolio_as_html(rows)
            cr.rollback()

    def _customer_as_html(self, rows):
        bands = self._band_names()
        return Markup().join(
            Markup("<p><strong>%s: %s (%s)</strong> · %s</p>")
            % (
                row["customer"],
                self._points(row["score"]),
                bands[row["band"]],
                self.env._(
                    "now %(score)s (%(band)s); %(known)s %% of the weight is known",
                    score=self._points(row["score_before"]),
                    band=bands[row["band_before"]],
                    known=round(row["coverage"]),
                ),
            )
            + self._decided_as_html(row["decided"])
            + Markup(
                "<table class='table table-sm'><thead><tr><th>%s</th><th>%s</th>"
                "<th class='text-end'>%s</th><th class='text-end'>%s</th></tr></thead>"
                "<tbody>%s</tbody></table>"
            )
            % (
                self.env._("Measure"),
                self.env._("Seen"),
                self.env._("Points"),
                self.env._("Brings"),
                self._lines_as_html(row["lines"]),
            )
            for row in rows
        )

    def _decided_as_html(self, decided):
        if not decided:
            return Markup()
        words = self.env._(
            "What counts is decided by hand, and stays so: %(decided)s", decided=decided
        )
        return Markup("<p class='text-warning-emphasis'>%s</p>") % words

    def _lines_as_html(self, lines):
        return Markup().join(
            Markup(
                "<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td>"
                "<td class='text-end'><b>%s</b></td></tr>"
            )
            % (
                line["measure"],
                line["seen"],
                "–" if line.get("points") is None else round(line["points"]),
                self._points(line["contribution"]),
            )
            for line in lines
        )

    def _points(self, number):
        return formatLang(self.env, number, digits=1)

    def _band_names(self):
        bands = self.env["cs.account"]._fields["health_band"]
        return dict(bands._description_selection(self.env))
