"""Whom facts make due to be judged anew, see ``cs.health.due``."""

from odoo.tools import SQL

#: Part of the statement that writes readings: whose facts changed.
DUE = SQL(
    "due AS (INSERT INTO cs_health_due (account_id)"
    " SELECT DISTINCT account_id FROM (SELECT account_id FROM newer"
    " UNION ALL SELECT account_id FROM late) c)"
)
