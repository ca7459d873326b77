from odoo import fields, models


class CsTask(models.Model):
    """A task may be there to find facts that decide the segment."""

    _inherit = "cs.task"

    finds_segment_facts = fields.Boolean(readonly=True, copy=False)

    _finds_facts_uniq = models.UniqueIndex(
        "(account_id) WHERE finds_segment_facts AND state = 'open'",
        "The missing facts of this customer are being looked for already.",
    )
