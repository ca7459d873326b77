"""How facts are fetched: one small class a kind, found by its key."""

from . import (
    builtin_account,
    builtin_billing,
    builtin_contact,
    builtin_engagement,
    builtin_interaction,
    builtin_journey,
    builtin_subscription,
    builtin_task,
    http_grafana,
    http_json,
    http_prometheus,
    movidesk,
    odoo_model,
    proposals_helpdesk,
    proposals_money,
    proposals_work,
    sheet,
    sql,
)
