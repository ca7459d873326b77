"""The portfolio and the customers' board, beside the pipeline of Odoo's CRM."""

from .crowd import give_life, make_leads, take_life
from .first_load import KanbanFirstLoad
from .harness import Row, Step, row

PIPELINE = "CRM pipeline of as many leads"
OWN = Step("portfolio of a CSM, first load", PIPELINE, 1)
ALL = Step("portfolio of everybody, first load", PIPELINE, 1)
BOARD = Step("customers' kanban, first load", PIPELINE, 1)
#: Customers of a CSM, however many the company has.
CARRIED = 40


@row
class Screens(Row):
    name = "portfolio"
    steps = (OWN, ALL, BOARD)

    def prepare(self, size):
        env = self.env(user=self.env.ref("base.user_admin"))
        ids = self.portfolio.account_ids
        give_life(self.env, ids, self.env.ref("base.user_root").ids)
        for table in ("cs_account", "cs_task"):
            self.env.cr.execute(
                self._sql_carried(table), [env.uid, tuple(sorted(ids)[-CARRIED:])]
            )
        make_leads(self.env, size, env.user)
        self.env.invalidate_all()
        pipeline = KanbanFirstLoad(env["crm.lead"], [("type", "=", "opportunity")])
        board = KanbanFirstLoad(env["cs.account"], [("state", "=", "active")])
        screen = env["cs.portfolio"]
        self.pipeline = pipeline.load_board
        self.screens = {
            OWN: lambda: screen.load(env.uid),
            ALL: lambda: screen.load("all"),
            BOARD: board.load_board,
        }
        # What the server remembers between requests is there in all of them.
        for load in (*self.screens.values(), self.pipeline):
            load()

    def _sql_carried(self, table):
        column, key = {
            "cs_account": ("csm_id", "id"),
            "cs_task": ("user_id", "account_id"),
        }[table]
        return f"UPDATE {table} SET {column} = %s WHERE {key} IN %s"

    def round(self, size, clock):
        for step, load in self.screens.items():
            self.env.invalidate_all()
            with clock.time(step):
                load()
            self.env.invalidate_all()
            with clock.time(step, yardstick=True):
                self.pipeline()

    def clean(self):
        take_life(self.env, self.portfolio.account_ids)
        self.env.cr.execute("DELETE FROM crm_lead WHERE name LIKE 'Lead %'")
        self.env.invalidate_all()
