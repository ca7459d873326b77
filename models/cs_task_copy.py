from odoo import models
from odoo.tools import SQL

LOG_COLUMNS = ("create_uid", "write_uid", "create_date", "write_date")


def insert_from(env, table, columns, source):
    """Insert rows as the ORM would, from a query.

    :param table: name of a table
    :param columns: ``{column: SQL expression}``
    :param source: an ``SQL``: all that follows FROM
    :return: the ids of the new rows
    """
    uid, now = SQL("%s", env.uid), SQL("%s", env.cr.now())
    columns |= dict(zip(LOG_COLUMNS, (uid, uid, now, now), strict=True))
    rows = env.execute_query(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s RETURNING id",
            SQL.identifier(table),
            SQL(", ").join(SQL.identifier(name) for name in columns),
            SQL(", ").join(columns.values()),
            source,
        )
    )
    return [row[0] for row in rows]


class CsTask(models.Model):
    """Fresh copies of a journey's tasks, of many journeys in one statement."""

    _inherit = "cs.task"

    def _copy_into(self, visits, carried=False, again_on=None):
        """Make fresh copies of these tasks, waiting in visits of their journeys.

        Texts are copied in all their languages.

        :param visits: per task the visit that its copy belongs to; an empty one: it
            waits for the stage to begin again
        :param carried: whether they are carried from an earlier stage
        :param again_on: per task the day on which it comes again, for the next
            occurrences of tasks that recur
        """
        if not self:
            return
        self.env.flush_all()
        insert_from(
            self.env,
            "cs_task",
            self._copied_columns(carried)
            | {
                "previous_id": SQL("CASE WHEN pair.again_on IS NOT NULL THEN t.id END"),
                "date_planned": SQL("pair.again_on"),
            },
            SQL(
                "unnest(%s, %s::integer[], %s::date[])"
                " pair (task_id, visit_id, again_on)"
                " JOIN cs_task t ON t.id = pair.task_id"
                " LEFT JOIN cs_journey_visit v ON v.id = pair.visit_id"
                " JOIN cs_account a ON a.id = t.account_id"
                " ORDER BY t.id",
                list(self.ids),
                [visit.id or None for visit in visits],
                list(again_on or [None] * len(self)),
            ),
        )
        self.env["cs.journey.visit"].invalidate_model(["task_ids"], flush=False)
        self.env["cs.journey"].invalidate_model(["task_ids"], flush=False)
        self.env["cs.account"].invalidate_model(
            ["task_ids", "pending_task_ids", "settled_task_ids"], flush=False
        )

    def _copied_columns(self, carried):
        columns = {
            name: SQL.identifier("t", name)
            for name in (
                *self._definition_fields(),
                "account_id",
                "company_id",
                "journey_id",
                "template_task_id",
                "fallback_days",
                "partner_id",
            )
        }
        origin = SQL("COALESCE(t.origin_stage_id, t.stage_id)")
        return columns | {
            "state": SQL("'waiting'"),
            "user_id": SQL(
                "CASE t.responsible WHEN 'csm' THEN a.csm_id ELSE t.user_id END"
            ),
            "stage_id": SQL("COALESCE(v.stage_id, t.stage_id)"),
            "visit_id": SQL("v.id"),
            "origin_stage_id": origin if carried else SQL("t.origin_stage_id"),
        }
