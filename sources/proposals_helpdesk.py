"""Tickets: the helpdesk of the Odoo Community Association, or Odoo's own."""

from odoo.tools.translate import LazyTranslate

from .proposals import NewMetric, Proposal, Value, propose

_lt = LazyTranslate(__name__)

_OPEN = NewMetric(
    key="tickets_open",
    name=_lt("Open tickets"),
    unit=_lt("tickets"),
    dimension="support",
    higher_is_better=False,
)
_IN_30_DAYS = NewMetric(
    key="tickets_30d",
    name=_lt("Tickets in 30 days"),
    unit=_lt("tickets"),
    dimension="support",
    higher_is_better=False,
)
_OUT_OF_SLA = NewMetric(
    key="tickets_out_of_sla",
    name=_lt("Tickets out of SLA"),
    unit=_lt("tickets"),
    dimension="support",
    higher_is_better=False,
)

propose(
    Proposal(
        key="tickets_open",
        name=_lt("Helpdesk: open tickets"),
        model="helpdesk.ticket",
        domain="[('closed', '=', False)]",
        needs=("closed",),
        values=(Value(_OPEN),),
    ),
    Proposal(
        key="tickets_open",
        name=_lt("Helpdesk: open tickets"),
        model="helpdesk.ticket",
        domain="[('stage_id.fold', '=', False)]",
        needs=("stage_id.fold",),
        values=(Value(_OPEN),),
    ),
    Proposal(
        key="tickets_30d",
        name=_lt("Helpdesk: tickets of the last 30 days"),
        model="helpdesk.ticket",
        # Solved and put away, they were opened all the same.
        domain="[('active', 'in', [True, False])]",
        date_field="create_date",
        values=(Value(_IN_30_DAYS),),
    ),
    Proposal(
        key="tickets_out_of_sla",
        name=_lt("Helpdesk: open tickets out of SLA"),
        model="helpdesk.ticket",
        domain="[('sla_expired', '=', True), ('closed', '=', False)]",
        needs=("sla_expired", "closed"),
        values=(Value(_OUT_OF_SLA),),
    ),
    Proposal(
        key="tickets_out_of_sla",
        name=_lt("Helpdesk: open tickets out of SLA"),
        model="helpdesk.ticket",
        domain="[('sla_fail', '=', True), ('stage_id.fold', '=', False)]",
        needs=("sla_fail", "stage_id.fold"),
        values=(Value(_OUT_OF_SLA),),
    ),
)
