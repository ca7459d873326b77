from odoo import api, fields, models


class CsMetricUnmatched(models.Model):
    """A name by which a source calls a customer that we don't know by it.

    Its readings wait here; said once which customer it is, they are recorded, and
    later ones find it by themselves.
    """

    _name = "cs.metric.unmatched"
    _description = "Unmatched Customer of a Source"
    _order = "state desc, last_seen desc, id desc"
    _rec_name = "reference"

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id")
    reference = fields.Char(string="Called", required=True, readonly=True)
    account_id = fields.Many2one(
        comodel_name="cs.account", string="Customer", ondelete="cascade", index=True
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("mapped", "Mapped"),
            ("ignored", "Ignored"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    readings = fields.Json(readonly=True, help="What waits, as it came.")
    waiting_count = fields.Integer(string="Values waiting", readonly=True)
    dropped_count = fields.Integer(
        string="Values dropped",
        readonly=True,
        help="Older values that were given up, for there were too many.",
    )
    first_seen = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(readonly=True)
    last_result = fields.Text(readonly=True)

    _reference_uniq = models.UniqueIndex(
        "(source_id, reference)", "This name of the source is in the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        names = super().create(vals_list)
        names.filtered("account_id")._deliver()
        return names

    def write(self, vals):
        result = super().write(vals)
        if "account_id" in vals:
            self.filtered("account_id")._deliver()
            lost = self.filtered(lambda one: not one.account_id)
            lost.filtered(lambda one: one.state == "mapped").sudo().state = "waiting"
        return result

    def action_ignore(self):
        """Let it be: what comes by this name is dropped from now on."""
        self.check_access("write")
        # sudo: the state is written by what is done, not by hand.
        self.sudo().write(
            {
                "state": "ignored",
                "account_id": False,
                "readings": False,
                "waiting_count": 0,
            }
        )

    def action_wait(self):
        """Take what comes by this name seriously again."""
        self.check_access("write")
        self.sudo().state = "waiting"

    def _deliver(self):
        """Record what waited for the customer that is known now."""
        for name in self:
            readings = [
                {**reading, "account": name.account_id.id}
                for reading in name.readings or ()
            ]
            # sudo: a source with which one may map names may record through them.
            values = self.env["cs.metric.value"].sudo()
            companies = name.account_id.sudo().company_id
            door = values.with_context(allowed_company_ids=companies.ids)
            answer = door.record(readings, name.source_id)
            name.sudo().write(
                {
                    "state": "mapped",
                    "readings": False,
                    "waiting_count": 0,
                    "last_result": self._delivered_text(answer),
                }
            )

    def _delivered_text(self, answer):
        text = self.env._(
            "%(recorded)s recorded, %(unchanged)s unchanged, %(bad)s refused",
            recorded=answer["recorded"],
            unchanged=answer["unchanged"],
            bad=len(answer["errors"]),
        )
        reasons = dict.fromkeys(error["reason"] for error in answer["errors"])
        return "\n".join([text, *list(reasons)[:5]])
