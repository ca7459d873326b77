"""What customers owe, order and have under contract."""

from odoo.tools.translate import LazyTranslate

from .proposals import NewMetric, Proposal, Value, propose

_lt = LazyTranslate(__name__)

propose(
    Proposal(
        key="overdue_invoices",
        name=_lt("Invoicing: overdue invoices"),
        model="account.move",
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), "
        "('payment_state', 'in', ['not_paid', 'partial', 'blocked']), "
        "('invoice_date_due', '<', 'today')]",
        needs=("payment_state", "invoice_date_due"),
        values=(
            Value(
                NewMetric(
                    key="overdue_invoices",
                    name=_lt("Overdue invoices"),
                    unit=_lt("invoices"),
                    dimension="commercial",
                    higher_is_better=False,
                )
            ),
            Value(
                NewMetric(
                    key="overdue_amount",
                    name=_lt("Overdue amount"),
                    kind="money",
                    dimension="commercial",
                    higher_is_better=False,
                ),
                "sum",
                # In the money of the company, as the books have it.
                "amount_residual_signed",
            ),
        ),
    ),
    Proposal(
        key="contracts",
        name=_lt("Contracts: in force, and when they end"),
        model="contract.contract",
        domain="[('contract_type', '=', 'sale'), "
        "'|', ('date_end', '=', False), ('date_end', '>=', 'today')]",
        needs=("contract_type",),
        values=(
            Value(
                NewMetric(
                    key="contracts",
                    name=_lt("Contracts in force"),
                    unit=_lt("contracts"),
                    dimension="commercial",
                )
            ),
            Value(
                NewMetric(
                    key="contract_end",
                    name=_lt("Next end of a contract"),
                    unit=_lt("days to go"),
                    kind="days_until",
                    dimension="commercial",
                    stale_after_days=0,
                ),
                "oldest",
                "date_end",
            ),
        ),
    ),
    Proposal(
        key="orders_365d",
        name=_lt("Sales: orders of the last 365 days"),
        model="sale.order",
        domain="[('state', '=', 'sale')]",
        date_field="date_order",
        window_days=365,
        values=(
            Value(
                NewMetric(
                    key="orders_365d",
                    name=_lt("Orders in 365 days"),
                    unit=_lt("orders"),
                    dimension="commercial",
                )
            ),
            Value(
                NewMetric(
                    key="ordered_365d",
                    name=_lt("Ordered in 365 days"),
                    kind="money",
                    dimension="commercial",
                ),
                "sum",
                "amount_untaxed",
            ),
        ),
    ),
    Proposal(
        key="opportunities",
        name=_lt("CRM: open opportunities"),
        model="crm.lead",
        domain="[('type', '=', 'opportunity'), ('won_status', '=', 'pending')]",
        needs=("won_status",),
        values=(
            Value(
                NewMetric(
                    key="opportunities",
                    name=_lt("Open opportunities"),
                    unit=_lt("opportunities"),
                    dimension="commercial",
                )
            ),
            Value(
                NewMetric(
                    key="opportunities_amount",
                    name=_lt("Expected of opportunities"),
                    kind="money",
                    dimension="commercial",
                ),
                "sum",
                "expected_revenue",
            ),
        ),
    ),
)
