"""Ready sources for the apps that are installed: what each counts, and as what.

An app has a file of its own, ``proposals_<app>.py``, that lists its proposals. An app
is never needed: what it has is looked up in the registry.
"""

from dataclasses import dataclass

from odoo.fields import Command

#: In the order in which they are shown.
PROPOSALS = []


def propose(*proposals):
    PROPOSALS.extend(proposals)


@dataclass(frozen=True)
class NewMetric:
    """A metric as it is made where it is missing; the texts are lazy translations."""

    key: str
    name: object
    unit: object = None
    kind: str = "number"
    dimension: str = "usage"
    higher_is_better: bool = True
    stale_after_days: int = 7

    def find(self, env):
        """Return the ``cs.metric`` of that key, also an archived one."""
        metrics = env["cs.metric"].with_context(active_test=False)
        return metrics.search([("key", "=", self.key)])

    def ensure(self, env):
        """Return the ``cs.metric`` of that key, made or taken up again if necessary."""
        metric = self.find(env)
        if not metric:
            return self._make(env)
        if not metric.active:
            metric.active = True
        return metric

    def _make(self, env):
        metric = env["cs.metric"].create(
            {
                "key": self.key,
                "kind": self.kind,
                "dimension": self.dimension,
                "higher_is_better": self.higher_is_better,
                "stale_after_days": self.stale_after_days,
                **self._texts(env, "en_US"),
            }
        )
        for code, _name in env["res.lang"].get_installed():
            metric.with_context(lang=code).write(self._texts(env, code))
        return metric

    def _texts(self, env, code):
        translated = env(context={**env.context, "lang": code})._
        texts = {"name": translated(self.name)}
        return texts | ({"unit": translated(self.unit)} if self.unit else {})


@dataclass(frozen=True)
class Value:
    """What a source makes of the records: an aggregate, of a field, into a metric."""

    metric: NewMetric
    aggregate: str = "count"
    field_name: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A source of kind ``odoo`` that is ready to be added."""

    key: str
    name: object
    model: str
    values: tuple
    domain: str = "[]"
    partner_path: str = "partner_id"
    date_field: str | None = None
    window_days: int = 30
    #: Fields, by their paths, without which this isn't the app that is meant.
    needs: tuple = ()

    def fits(self, env):
        """Return whether the app is installed, as far as this needs it."""
        paths = [self.partner_path, *self.needs]
        paths += [value.field_name for value in self.values if value.field_name]
        paths += [self.date_field] if self.date_field else []
        return self.model in env and all(_has_path(env[self.model], p) for p in paths)

    def source_values(self, env):
        """Return the values of the source; metrics that are missing are made."""
        return {
            "name": env._(self.name),
            "kind": "odoo",
            "proposal": self.key,
            "company_id": env.company.id,
            "model_id": env["ir.model"]._get_id(self.model),
            "domain": self.domain,
            "partner_path": self.partner_path,
            "date_field": self.date_field,
            "window_days": self.window_days,
            "line_ids": [
                Command.create(
                    {
                        "metric_id": value.metric.ensure(env).id,
                        "aggregate": value.aggregate,
                        "field_name": value.field_name,
                    }
                )
                for value in self.values
            ],
        }


def fitting(env):
    """Return the proposals for what is installed, of each key the first that fits."""
    found = {}
    for proposal in PROPOSALS:
        if proposal.key not in found and proposal.fits(env):
            found[proposal.key] = proposal
    return list(found.values())


def _has_path(model, path):
    for name in path.split("."):
        if model is None or name not in model._fields:
            return False
        comodel = model._fields[name].comodel_name
        model = model.env[comodel] if comodel else None
    return True
