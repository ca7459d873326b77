from odoo import fields, models
from odoo.tools import SQL


class CsSegmentComparison(models.Model):
    """The segment that sales saw beside the one that customer success sees."""

    _name = "cs.segment.comparison"
    _description = "Segments of Sales and Customer Success"
    _auto = False
    _order = "result, mrr desc"
    _rec_name = "account_id"
    _depends = {
        "cs.account": ["segment_id", "csm_id", "mrr", "company_id", "state", "active"],
        "cs.handoff": ["lead_id", "account_id", "state", "accepted_on"],
        "crm.lead": ["cs_sales_segment_id", "user_id"],
    }

    account_id = fields.Many2one(comodel_name="cs.account", string="Customer")
    company_id = fields.Many2one(comodel_name="res.company")
    csm_id = fields.Many2one(comodel_name="res.users", string="CSM")
    lead_id = fields.Many2one(comodel_name="crm.lead", string="Deal")
    salesperson_id = fields.Many2one(comodel_name="res.users")
    sales_segment_id = fields.Many2one(
        comodel_name="cs.segment", string="Opportunity profile"
    )
    segment_id = fields.Many2one(comodel_name="cs.segment", string="Segment of CS")
    result = fields.Selection(
        selection=[
            ("differs", "Differs"),
            ("same", "Same"),
            ("sales_unknown", "Sales said nothing"),
            ("cs_unknown", "Not segmented by CS"),
        ]
    )
    mrr = fields.Monetary(string="MRR")
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT a.id, a.id AS account_id, a.company_id, a.csm_id, a.segment_id,
                   a.mrr, l.id AS lead_id, l.user_id AS salesperson_id,
                   l.cs_sales_segment_id AS sales_segment_id,
                   CASE WHEN l.cs_sales_segment_id IS NULL THEN 'sales_unknown'
                        WHEN a.segment_id IS NULL THEN 'cs_unknown'
                        WHEN a.segment_id = l.cs_sales_segment_id THEN 'same'
                        ELSE 'differs' END AS result
              FROM cs_account a
              LEFT JOIN LATERAL (
                    SELECT h.lead_id
                      FROM cs_handoff h
                     WHERE h.account_id = a.id AND h.state = 'accepted'
                       AND h.lead_id IS NOT NULL
                     ORDER BY h.accepted_on DESC, h.id DESC
                     LIMIT 1) h ON TRUE
              LEFT JOIN crm_lead l ON l.id = h.lead_id
             WHERE a.active AND a.state = 'active'
            """
        )
