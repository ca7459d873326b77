from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: A helpdesk tells again what changed in this time; older ones come no more.
TICKETS_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(days=365)
_GC_BATCH = 10_000


class CsMetricSourceItem(models.Model):
    """What a source must remember of a helpdesk, for it only tells what changed.

    No names of people, no subjects, no addresses: keys, moments, and by what a
    company is found among the customers. Written in bulk by the fetch alone.
    """

    _name = "cs.metric.source.item"
    _description = "Ticket, Company or Answer of a Source"
    _order = "at desc, id desc"
    _rec_name = "key"
    _log_access = False

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, readonly=True,
        ondelete="cascade",
    )  # fmt: skip
    kind = fields.Selection(
        selection=[("ticket", "Ticket"), ("customer", "Company"), ("answer", "Answer")],
        required=True,
        readonly=True,
    )
    key = fields.Char(
        string="Number", required=True, readonly=True, help="Its key at the source."
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed"), ("ignored", "Not counted")],
        readonly=True,
        help="Not counted: internal tickets, and cancelled ones.",
    )
    at = fields.Datetime(
        string="Opened or answered", readonly=True, help="When it was opened, or given."
    )
    due_at = fields.Datetime(string="Due", readonly=True)
    updated_at = fields.Datetime(string="Changed", readonly=True)
    value = fields.Float(string="Answer", readonly=True, aggregator="avg")
    customer_key = fields.Char(
        string="Number of the company", readonly=True, help="Its key at the source."
    )
    customer_name = fields.Char(string="Company", compute="_compute_customer_name")
    ticket_key = fields.Char(
        string="Of the ticket",
        readonly=True,
        help="Of an answer, as long as its company is not known.",
    )
    name = fields.Char(readonly=True, help="Of companies only.")
    cnpj = fields.Char(string="CNPJ", readonly=True)
    reference = fields.Char(readonly=True)
    seen_at = fields.Datetime(
        string="Last seen",
        required=True,
        readonly=True,
        help="When the walk began that last met it at the source.",
    )

    _key_uniq = models.UniqueIndex("(source_id, kind, key)", "This is known already.")
    _customer_idx = models.Index(
        "(source_id, kind, customer_key) WHERE customer_key IS NOT NULL"
    )

    @api.depends("source_id", "customer_key")
    def _compute_customer_name(self):
        companies = self.search_fetch(
            [
                ("source_id", "in", self.source_id.ids),
                ("kind", "=", "customer"),
                ("key", "in", list(set(self.mapped("customer_key")))),
            ],
            ["source_id", "key", "name"],
        )
        names = {(one.source_id, one.key): one.name for one in companies}
        for item in self:
            item.customer_name = names.get((item.source_id, item.customer_key))

    @api.autovacuum
    def _gc_items(self):
        """Forget what no count needs any more."""
        now = fields.Datetime.now()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM cs_metric_source_item
                 WHERE id IN (
                    SELECT id FROM cs_metric_source_item
                     WHERE kind = 'ticket' AND state <> 'open' AND updated_at < %s
                        OR kind = 'answer' AND at < %s
                     LIMIT %s
                 )
                """,
                now - TICKETS_KEPT,
                now - ANSWERS_KEPT,
                _GC_BATCH,
            )
        )
        done = self.env.cr.rowcount
        self.invalidate_model()
        return done, done == _GC_BATCH
