from odoo import api, fields, models


class CsSegmentHistory(models.Model):
    """Which segment a customer was put in, when, by what and why."""

    _name = "cs.segment.history"
    _description = "Segment History"
    _order = "changed_at desc, id desc"
    _rec_name = "segment_id"
    # Written set by set: who and when is said by its own fields.
    _log_access = False

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="account_id.company_id")
    previous_id = fields.Many2one(
        comodel_name="cs.segment", string="From", ondelete="set null"
    )
    segment_id = fields.Many2one(
        comodel_name="cs.segment", string="To", ondelete="set null"
    )
    changed_at = fields.Datetime(required=True)
    kind = fields.Selection(
        selection=[
            ("rules", "Rules"),
            ("hand", "By hand"),
            ("released", "Released"),
            ("expired", "End of the choice by hand"),
        ],
        string="Decided by",
        required=True,
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Who")
    reason = fields.Text()
    facts = fields.Json(help="Answers of the rules at that moment.")
    explanation = fields.Text(string="Why", compute="_compute_explanation")

    @api.depends("facts", "reason")
    @api.depends_context("lang")
    def _compute_explanation(self):
        accounts = self.env["cs.account"]
        rules = accounts._rules_of(self.mapped("facts"))
        for change in self:
            change.explanation = change.reason or accounts._explain_segment(
                change.facts, rules
            )
