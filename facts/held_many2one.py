from odoo import fields


class HeldMany2one(fields.Many2one):
    """A reference that the database does not check for every row.

    A foreign key costs readings, which come by the hundred thousand, more than all
    the rest of storing them. Its work is done for many rows at once instead: the
    writer holds what it refers to until the end of its transaction, and what is
    deleted takes its facts along, or does not let itself be deleted.
    """

    def update_db_foreign_key(self, model, column):
        """Make no foreign key."""
