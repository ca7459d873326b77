from odoo import api, fields, models
from odoo.exceptions import UserError


class CsScorecardPublish(models.TransientModel):
    """Publishes a draft: shows whom it moves, asks from when, and for the past."""

    _name = "cs.scorecard.publish"
    _description = "Publish a Scorecard"

    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    effective_from = fields.Datetime(
        string="Takes effect", help="Empty: now. Not in the past."
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    rebuild_from = fields.Date(
        string="Recompute the past from",
        help="Empty: not at all. What was judged stays; the recomputed past stands "
        "beside it.",
    )

    @api.depends("scorecard_id")
    def _compute_preview(self):
        for wizard in self:
            card = wizard.scorecard_id
            wizard.preview = card and card._portfolio_as_html(card.try_out())

    def action_confirm(self):
        """Publish it, judge everybody by it, and note the wish for the past."""
        self.ensure_one()
        card = self.scorecard_id
        card.action_publish(self.effective_from)
        if not self.effective_from:
            # sudo: a scorecard judges whoever it is for, not only whom one may see
            self.env["cs.account"].sudo()._score()
        if self.rebuild_from:
            self._wish_for_the_past()
        return card._open_form()

    def _wish_for_the_past(self):
        """Have the past recomputed of each company whose customers the card judges."""
        accounts = self.env["cs.account"]
        companies = self.scorecard_id.company_id or self.env.companies
        wishes = []
        for company in companies:
            until = fields.Date.subtract(accounts._today(company), days=1)
            if self.rebuild_from > until:
                raise UserError(
                    self.env._(
                        "The past can be recomputed from yesterday or an earlier day."
                    )
                )
            if len(companies) == 1 or self._has_customers(company):
                wishes.append(
                    {
                        "scorecard_id": self.scorecard_id.id,
                        "company_id": company.id,
                        "date_from": self.rebuild_from,
                        "date_to": until,
                    }
                )
        self.env["cs.health.rebuild"].create(wishes)

    def _has_customers(self, company):
        # sudo: whether there is one, whoever may see it
        accounts = self.env["cs.account"].sudo()
        return bool(accounts.search_count([("company_id", "=", company.id)], limit=1))
