"""Many customers, made in a moment."""

from .crowd import make_customers


class Portfolio:
    """The customers of the benchmark; they only become more."""

    def __init__(self, env):
        self.env = env
        self.account_ids = []

    def grow_to(self, size):
        """Make customers until there are that many."""
        missing = size - len(self.account_ids)
        if missing <= 0:
            return
        self.account_ids += make_customers(self.env, missing)
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE res_partner, cs_account")
        self.env.cr.commit()

    def record_facts(self, keys, at, turn=0):
        """Give every customer a value of each metric, the same in every run.

        :param keys: of metrics of numbers; their values lie between 0 and 100, those
            of yes or no are 0 or 1
        :param at: a naive UTC ``datetime``
        :param turn: another number, other values
        """
        ids, width = self.account_ids, 50_000 // len(keys)
        metrics = self.env["cs.metric"].search([("kind", "=", "boolean")])
        booleans = set(metrics.mapped("key"))
        for start in range(0, len(ids), width):
            answer = self.env["cs.metric.value"].record(
                [
                    {
                        "account": account_id,
                        "metric": key,
                        "value": (account_id + turn) % 2
                        if key in booleans
                        else (account_id * 7919 + number * 104729 + turn * 317)
                        % 1000
                        / 10,
                        "at": at,
                    }
                    for account_id in ids[start : start + width]
                    for number, key in enumerate(keys)
                ]
            )
            if answer["errors"]:
                raise AssertionError(answer["errors"][0])
            self.env.cr.commit()
        self.env.cr.execute("ANALYZE cs_metric_value, cs_metric_reading")

    def forget_facts(self):
        """Leave the customers without any fact or verdict."""
        self.env.cr.execute(
            "TRUNCATE cs_metric_reading, cs_metric_value, cs_health_snapshot, cs_alert,"
            " cs_health_due, cs_segment_history CASCADE"
        )
        self.env["cs.account"]._forget_verdicts()
        self.env.invalidate_all()
