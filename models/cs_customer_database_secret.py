from odoo import fields, models


class CsCustomerDatabaseSecret(models.Model):
    """What opens the copy of a customer's database."""

    _name = "cs.customer.database.secret"
    _description = "Password of a Customer's Database"
    _inherit = ["cs.secret"]
    _log_access = False
    _allow_sudo_commands = False
    _holder = "database_id"

    database_id = fields.Many2one(
        comodel_name="cs.customer.database", required=True, ondelete="cascade"
    )

    _database_uniq = models.UniqueIndex("(database_id)", "A database has one password.")
