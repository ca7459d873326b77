from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..facts.batch import MAX_READINGS


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
    reference = fields.Char(string="Name at the source", required=True, readonly=True)
    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        ondelete="cascade",
        index=True,
        domain="[('company_id', 'in', [company_id] if company_id else "
        "allowed_company_ids)]",
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
    readings = fields.Json(
        readonly=True, prefetch=False, help="What waits, as it came."
    )
    waiting_count = fields.Integer(
        string="Values", readonly=True, help="How many wait for their customer."
    )
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
            # Who explains many at once lets them be recorded together, in the end.
            if not self.env.context.get("cs_explains_many"):
                self.filtered("account_id")._deliver()
            lost = self.filtered(lambda one: not one.account_id)
            lost.filtered(lambda one: one.state == "mapped").sudo().state = "waiting"
        return result

    def _explain(self, accounts):
        """Say which customers names mean, many at once.

        :param accounts: ``{cs.metric.unmatched: cs.account}``
        """
        for name, account in accounts.items():
            name.with_context(cs_explains_many=True).account_id = account
        self._deliver()

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

    @api.constrains("account_id")
    def _check_company(self):
        for name in self:
            company = name.source_id.company_id
            if company and name.account_id and name.account_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(customer)s is a customer of another company than "
                        "%(name)s, which is of %(company)s.",
                        customer=name.account_id.display_name,
                        name=name.source_id.name,
                        company=company.name,
                    )
                )

    def _deliver(self):
        """Record what waited for the customers that are known now.

        :raise AccessError: a customer whom the user may not see
        """
        if not self.env.su:
            self.account_id.check_access("read")
        for source, names in self.grouped("source_id").items():
            for some in names._in_calls():
                some._deliver_together(source)

    def _in_calls(self):
        """Yield the names in groups whose readings fit into one call of the door."""
        group, count = self.browse(), 0
        for name in self:
            if group and count + name.waiting_count > MAX_READINGS:
                yield group
                group, count = self.browse(), 0
            group, count = group + name, count + name.waiting_count
        if group:
            yield group

    def _deliver_together(self, source):
        whose, readings = [], []
        for name in self:
            waiting = name.readings or ()
            account_id = name.account_id.id
            readings += [{**reading, "account": account_id} for reading in waiting]
            whose += [name] * len(waiting)
        # sudo: a source with which one may map names may record through them.
        values = self.env["cs.metric.value"].sudo()
        companies = self.account_id.sudo().company_id
        door = values.with_context(allowed_company_ids=companies.ids)
        answer = door.record(readings, source)
        reasons = defaultdict(list)
        for error in answer["errors"]:
            reasons[whose[error["index"]]].append(error["reason"])
        for name in self:
            name.sudo().write(
                {
                    "state": "mapped",
                    "readings": False,
                    "waiting_count": 0,
                    "last_result": name._delivered_text(reasons[name]),
                }
            )

    def _delivered_text(self, reasons):
        text = self.env._(
            "%(taken)s values taken, %(bad)s refused",
            taken=self.waiting_count - len(reasons),
            bad=len(reasons),
        )
        return "\n".join([text, *list(dict.fromkeys(reasons))[:5]])
