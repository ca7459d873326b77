"""What is done for customers, and what they do with us."""

from odoo.tools.translate import LazyTranslate

from .proposals import NewMetric, Proposal, Value, propose

_lt = LazyTranslate(__name__)
_TASKS = "('project_id', '!=', False), ('state', 'not in', ['1_done', '1_canceled'])"

propose(
    Proposal(
        key="project_tasks",
        name=_lt("Project: open tasks"),
        model="project.task",
        domain=f"[{_TASKS}]",
        needs=("state",),
        values=(
            Value(
                NewMetric(
                    key="project_tasks",
                    name=_lt("Open project tasks"),
                    unit=_lt("tasks"),
                    dimension="support",
                    higher_is_better=False,
                )
            ),
        ),
    ),
    Proposal(
        key="project_tasks_overdue",
        name=_lt("Project: overdue tasks"),
        model="project.task",
        domain=f"[{_TASKS}, ('date_deadline', '<', 'now')]",
        needs=("state", "date_deadline"),
        values=(
            Value(
                NewMetric(
                    key="project_tasks_overdue",
                    name=_lt("Overdue project tasks"),
                    unit=_lt("tasks"),
                    dimension="support",
                    higher_is_better=False,
                )
            ),
        ),
    ),
    Proposal(
        key="portal_logins",
        name=_lt("Portal: people who signed in, last 30 days"),
        model="res.users",
        # Only the last sign-in of each person is kept for long.
        domain="[('share', '=', True), ('login_date', '>=', 'today -30d')]",
        needs=("login_date",),
        values=(
            Value(
                NewMetric(
                    key="portal_logins",
                    name=_lt("Portal sign-ins"),
                    unit=_lt("people"),
                    dimension="engagement",
                    stale_after_days=45,
                )
            ),
        ),
    ),
    Proposal(
        key="events_365d",
        name=_lt("Events: attended in the last 365 days"),
        model="event.registration",
        domain="[('state', '=', 'done')]",
        date_field="date_closed",
        window_days=365,
        values=(
            Value(
                NewMetric(
                    key="events_365d",
                    name=_lt("Events attended in 365 days"),
                    unit=_lt("events"),
                    dimension="engagement",
                ),
                "count_distinct",
                "event_id",
            ),
        ),
    ),
)
