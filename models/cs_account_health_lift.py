from odoo import api, models

#: Of the measures, so many are named.
NAMED = 3


class CsAccount(models.Model):
    """What would lift the score most: the caps that hold it down, then measures."""

    _inherit = "cs.account"

    @api.model
    def _health_lift(self, lines):
        """Return what would lift the computed score most, in the order to mend it.

        While a cap holds the score down no measure lifts it: such caps come first, the
        lowest one first, each with what its end alone would bring. A measure lifts no
        further than a higher cap that holds too.

        :param lines: as ``_health_lines`` returns them
        :return: list of dicts: ``kind`` (cap or measure), ``measure`` (its words),
            ``points`` (of the score, at most) and ``held_at`` (the score at which a
            cap would stop it, or None)
        """
        measured = round(
            sum(line["contribution"] for line in lines if line["kind"] == "measure"), 1
        )
        caps = sorted(
            (line for line in lines if line["kind"] == "cap"),
            key=lambda line: line["max_score"],
        )
        losses = [
            line for line in lines if line["kind"] == "measure" and line["lost"] > 0
        ]
        # At the very limit it stops whatever else would lift, if anything would.
        limit = measured if losses else measured - 0.1
        binding = [cap for cap in caps if cap["max_score"] <= limit]
        higher = [cap["max_score"] for cap in caps if cap["max_score"] > measured]
        ceiling = min(higher, default=None)
        return [
            *self._lift_of_caps(binding, measured),
            *(
                self._lift_of_measure(line, measured, ceiling)
                for line in losses[:NAMED]
            ),
        ]

    @api.model
    def _lift_of_caps(self, binding, measured):
        limits = [cap["max_score"] for cap in binding] + [measured]
        for cap, limit in zip(binding, limits[1:], strict=True):
            yield {
                "kind": "cap",
                "measure": cap["measure"],
                "points": round(limit - cap["max_score"], 1),
                "held_at": None,
            }

    @api.model
    def _lift_of_measure(self, line, measured, ceiling):
        is_held = ceiling is not None and measured + line["lost"] > ceiling
        return {
            "kind": "measure",
            "measure": line["measure"],
            "points": round(ceiling - measured, 1) if is_held else line["lost"],
            "held_at": ceiling if is_held else None,
        }
