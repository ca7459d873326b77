"""Who may do what: the records of one's own customers / those of others.

r read, w write, c create, d delete, - nothing; one word where both are the same.
*sales* is a salesperson, whose own are the handoffs they made.
"""

TABLE = """
model                      portal employee ingest sales  csm    all  specialist admin
cs.account                 -      -        -      -      rw/-   rwc  rwc        rwcd
cs.alert                   -      -        -      -      rw/-   rw   rw         rw
cs.alert.condition         -      -        -      -      r      r    rwcd       rwcd
cs.alert.rule              -      -        -      -      r      r    rwcd       rwcd
cs.billing.line            -      -        -      -      r/-    r    rwcd       rwcd
cs.billing.reconciliation  -      -        -      -      r/-    r    r          r
cs.churn.reason            -      -        -      -      r      r    r          rwcd
cs.competitor              -      -        -      r      r      r    r          rwcd
cs.contact                 -      -        -      -      rwcd/- rwcd rwcd       rwcd
cs.contact.role            -      -        -      r      r      r    r          rwcd
cs.customer.database       -      -        -      -      r/-    r    rwcd       rwcd
cs.customer.database.secret -     -        -      -      -      -    -          -
cs.diagnostic              -      -        -      -      r/-    r    rwc        rwcd
cs.diagnostic.action       -      -        -      -      r      r    rwcd       rwcd
cs.diagnostic.answer       -      -        -      -      r/-    r    rw         rw
cs.diagnostic.area         -      -        -      -      r      r    rwcd       rwcd
cs.diagnostic.erp          -      -        -      -      r      r    rwcd       rwcd
cs.diagnostic.goal         -      -        -      -      r      r    rwcd       rwcd
cs.diagnostic.probe        -      -        -      -      r      r    rwcd       rwcd
cs.diagnostic.question     -      -        -      -      r      r    rwcd       rwcd
cs.diagnostic.template     -      -        -      -      r      r    rwcd       rwcd
cs.feature.use             -      -        -      -      r/-    r    r          r
cs.handoff                 -      -        -      rwc/-  rw/-   rwc  rwc        rwcd
cs.handoff.check           -      -        -      r      r      r    r          rwcd
cs.handoff.contact         -      -        -      rwcd/- rwcd/- rwcd rwcd       rwcd
cs.handoff.item            -      -        -      rwcd/- rwcd/- rwcd rwcd       rwcd
cs.handoff.line            -      -        -      rwcd/- rwcd/- rwcd rwcd       rwcd
cs.health.backtest         -      -        -      -      -      r    rwcd       rwcd
cs.health.backtest.customer -      -        -      -      -      r    r          r
cs.health.backtest.line    -      -        -      -      -      r    r          r
cs.health.backtest.observation -      -        -      -      -      r    r          r
cs.health.dimension        -      -        -      -      r/-    r    r          r
cs.health.due              -      -        -      -      -      -    -          r
cs.health.month            -      -        -      -      r/-    r    r          r
cs.health.movement         -      -        -      -      r/-    r    r          r
cs.health.override         -      -        -      -      r/-    r    r          r
cs.health.rebuild          -      -        -      -      r      r    rwcd       rwcd
cs.health.recomputed       -      -        -      -      r/-    r    r          r
cs.health.snapshot         -      -        -      -      r/-    r    r          r
cs.improvement             -      -        -      -      rwc/-  rwc  rwc        rwcd
cs.improvement.demand      -      -        -      -      r/-    r    r          r
cs.improvement.topic       -      -        -      -      r      r    rwcd       rwcd
cs.industry                -      -        -      r      r      r    r          rwcd
cs.ingest.key              -      -        -      -      -      -    -          r
cs.interaction             -      -        -      -      rwc/-  rwc  rwc        rwcd
cs.journey                 -      -        -      -      r/-    r    r          rd
cs.journey.funnel          -      -        -      -      r/-    r    r          r
cs.journey.gate.condition  -      -        -      -      r/-    r    r          r
cs.journey.stage           -      -        -      -      r/-    r    r          r
cs.journey.template        -      -        -      -      r      r    rwcd       rwcd
cs.journey.template.gate.condition - - - - r r rwcd rwcd
cs.journey.template.stage  -      -        -      -      r      r    rwcd       rwcd
cs.journey.template.task   -      -        -      -      r      r    rwcd       rwcd
cs.journey.verdict         -      -        -      -      r/-    r    r          r
cs.journey.visit           -      -        -      -      r/-    r    r          r
cs.journey.visit.report    -      -        -      -      r/-    r    r          r
cs.machine                 -      -        -      -      -      -    r          r
cs.machine.round           -      -        -      -      -      -    r          r
cs.metric                  -      -        -      -      r      r    rwcd       rwcd
cs.metric.reading          -      -        -      -      r/-    r    r          r
cs.metric.run              -      -        -      -      -      -    r          r
cs.metric.source           -      -        -      -      r      r    rwcd       rwcd
cs.metric.source.item      -      -        -      -      -      -    r          r
cs.metric.source.line      -      -        -      -      r      r    rwcd       rwcd
cs.metric.source.secret    -      -        -      -      -      -    -          -
cs.metric.unmatched        -      -        -      -      -      -    rwd        rwd
cs.metric.value            -      -        -      -      r/-    r    r          r
cs.metric.withdrawal       -      -        -      -      r/-    r    r          r
cs.objective               -      -        -      -      rwcd/- rwcd rwcd       rwcd
cs.package                 -      -        -      r      r      r    r          rwcd
cs.phase                   -      -        -      -      r      r    r          rwcd
cs.plan                    -      -        -      -      rwc/-  rwc  rwc        rwcd
cs.scorecard               -      -        -      -      r      r    rwcd       rwcd
cs.scorecard.cap           -      -        -      -      r      r    rwcd       rwcd
cs.scorecard.measure       -      -        -      -      r      r    rwcd       rwcd
cs.segment                 -      -        -      r      r      r    r          rwcd
cs.segment.comparison      -      -        -      -      r/-    r    r          r
cs.segment.history         -      -        -      -      r/-    r    r          r
cs.segment.phase           -      -        -      -      r      r    r          rwcd
cs.segment.rule            -      -        -      -      r      r    r          rwcd
cs.sheet.load              -      -        -      -      -      -    -          rwcd
cs.sheet.load.page         -      -        -      -      -      -    -          rwcd
cs.subscription            -      -        -      -      rwc/-  rwc  rwc        rwcd
cs.task                    -      -        -      -      rwcd/- rwcd rwcd       rwcd
cs.task.report             -      -        -      -      r/-    r    r          r
cs.team.member             -      -        -      -      r      r    r          rwcd
cs.training.topic          -      -        -      -      r      r    rwcd       rwcd
cs.workload                -      -        -      -      r/-    r    r          r
"""


def read_table(table):
    """Return ``{model: {group: rights}}``."""
    head, *rows = (line.split() for line in table.strip().splitlines())
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


RIGHTS = read_table(TABLE)
