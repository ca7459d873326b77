"""Customers with a life, and leads beside them, in a moment; tests use it, too."""

from odoo import fields
from odoo.tools import SQL


def make_customers(env, count):
    """Make customers of which nothing is known yet.

    :return: their ids
    """
    others = _required(env["res.partner"], ("name",))
    env.cr.execute(
        SQL(
            """
            WITH partner AS (
                INSERT INTO res_partner
                       (name, complete_name, type, lang, active, is_company %(names)s)
                SELECT name, name, 'contact', 'en_US', TRUE, TRUE %(values)s
                  FROM (SELECT 'Customer ' || generate_series(1, %(count)s)) c (name)
                RETURNING id
            )
            INSERT INTO cs_account (partner_id, company_id, state, active, health_band)
            SELECT id, %(company)s, 'active', TRUE, 'unknown' FROM partner
            RETURNING id
            """,
            names=SQL().join(SQL(", %s", SQL.identifier(name)) for name in others),
            values=SQL().join(SQL(", %s", value) for value in others.values()),
            count=count,
            company=env.company.id,
        )
    )
    account_ids = [account_id for (account_id,) in env.cr.fetchall()]
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id"
        " WHERE commercial_partner_id IS NULL"
    )
    env.invalidate_all()
    return account_ids


def give_life(env, account_ids, csm_ids, every=1):
    """Give customers CSMs and verdicts, and some a journey, tasks and alerts.

    :param account_ids: the ids of all customers made last, without a gap
    :param every: one customer of so many is at work
    """
    template = env["cs.journey.template"].search([("kind", "=", "lifecycle")], limit=1)
    stages = template.stage_ids
    first = min(account_ids, default=0)
    today = SQL("%s::date", env["cs.account"]._today())
    env.cr.execute(
        SQL(
            _VERDICTS,
            first=first,
            today=today,
            csms=list(csm_ids),
            phases=stages.mapped("phase_id").ids,
            segments=env["cs.segment"].search([]).ids,
        )
    )
    account = {"account_id": SQL("a.id"), "company_id": SQL("a.company_id")}
    _insert(
        env["cs.journey"],
        SQL("cs_account a WHERE a.id >= %s AND a.id %% %s = 0", first, every),
        **account,
        template_id=template.id,
        kind="lifecycle",
        state="running",
        stage_id=SQL("(%s::int[])[1 + a.id %% %s]", stages.ids, len(stages)),
        started_on=today,
    )
    _insert(
        env["cs.task"],
        SQL(
            "cs_journey j JOIN cs_account a ON a.id = j.account_id"
            " CROSS JOIN (VALUES ('open'), ('waiting')) s (state) WHERE a.id >= %s",
            first,
        ),
        **account,
        name=SQL("jsonb_build_object('en_US', 'Task of ' || a.id)"),
        journey_id=SQL("j.id"),
        stage_id=SQL("j.stage_id"),
        user_id=SQL("a.csm_id"),
        state=SQL("s.state"),
        duration_days=5,
        mandatory=True,
        date_open=today,
        date_deadline=SQL(
            "CASE s.state WHEN 'open' THEN %s + a.id %% 41 - 20 END", today
        ),
        date_planned=today,
    )
    _insert(
        env["cs.alert"],
        SQL("cs_account a WHERE a.id >= %s AND a.id %% 20 = 0", first),
        **account,
        rule_id=env["cs.alert.rule"].search([], limit=1).id,
        user_id=SQL("a.csm_id"),
        severity="medium",
        severity_rank=2,
        state="open",
        raised_on=fields.Datetime.now(),
    )
    env.cr.execute("ANALYZE res_partner, cs_account, cs_journey, cs_task, cs_alert")
    env.invalidate_all()


def _insert(model, source, **values):
    """Insert a record for each row of a source; what is required has its default.

    :param source: an ``SQL`` that stands after FROM
    :param values: of the columns, as an ``SQL`` or as they are
    """
    values = _required(model, values) | values
    columns = SQL(", ").join(SQL.identifier(name) for name in values)
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s",
            SQL.identifier(model._table),
            columns,
            SQL(", ").join(SQL("%s", value) for value in values.values()),
            source,
        )
    )


def _required(model, known=()):
    """Return what a record must have beside what is known, with its usual value."""
    names = [
        name
        for name, field in model._fields.items()
        if field.required and field.store and field.column_type and name not in known
    ]
    return model.default_get(names)


def take_life(env, account_ids):
    """Leave the customers without work and without a CSM, as they were made."""
    first = [min(account_ids, default=0)]
    for table in ("cs_alert", "cs_task", "cs_journey"):
        env.cr.execute(f"DELETE FROM {table} WHERE account_id >= %s", first)
    env.cr.execute(
        "UPDATE cs_account SET csm_id = NULL, phase_id = NULL, segment_id = NULL,"
        " health_band = 'unknown', mrr = NULL, renewal_on = NULL, nps = NULL,"
        " nps_class = NULL, mood = NULL WHERE id >= %s",
        first,
    )
    env.invalidate_all()


def make_leads(env, count, user):
    """Make leads in all stages of the pipeline."""
    env.cr.execute(
        """
        INSERT INTO crm_lead
               (name, type, active, stage_id, team_id, company_id, user_id, priority,
                won_status, probability, automated_probability, expected_revenue,
                create_date, date_open)
        SELECT 'Lead ' || n, 'opportunity', TRUE, (%(stages)s::int[])[1 + n %% 4],
               %(team)s, %(company)s, %(user)s, (n %% 3)::varchar, 'pending', 50, 50,
               n %% 97 * 50, %(now)s, %(now)s
          FROM generate_series(1, %(count)s) n
        """,
        {
            "stages": (env["crm.stage"].search([], limit=4).ids * 4)[:4],
            "team": env["crm.team"].search([], limit=1).id,
            "company": env.company.id,
            "user": user.id,
            "now": fields.Datetime.now(),
            "count": count,
        },
    )
    env.cr.execute("ANALYZE crm_lead")
    env.invalidate_all()


_VERDICTS = """
    UPDATE cs_account
       SET csm_id = (%(csms)s::int[])[1 + id %% cardinality(%(csms)s::int[])],
           phase_id = (%(phases)s::int[])[1 + id %% cardinality(%(phases)s::int[])],
           segment_id =
               (%(segments)s::int[])[1 + id %% cardinality(%(segments)s::int[])],
           health_band = (ARRAY['red', 'yellow', 'green', 'unknown'])[1 + id %% 4],
           health_score = id %% 101,
           health_trend = id %% 21 - 10,
           stage_progress = id %% 101,
           pace = (ARRAY['on_track', 'behind', 'stuck'])[1 + id %% 3],
           mrr = id %% 97 * 50,
           renewal_on = %(today)s + id %% 365,
           nps = id %% 11,
           nps_class = CASE WHEN id %% 11 >= 9 THEN 'promoter'
                            WHEN id %% 11 >= 7 THEN 'passive' ELSE 'detractor' END,
           mood = (1 + id %% 5)::varchar
     WHERE id >= %(first)s
    """
