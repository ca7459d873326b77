from odoo import api, models

from ..journeys.change import Change


class CsTask(models.Model):
    """What a task that is not done yet would take over from the template."""

    _inherit = "cs.task"

    def _change_leave_out(self):
        reason = self.env._("No longer in the template")

        def apply():
            # One that a pause stopped has been open.
            if self.state == "waiting" and not self.date_open:
                self.unlink()
                return
            # Once: a repeat of the stage does not bring it back.
            self.once = True
            self._settle_as("skipped", reason)

        return Change("removed", self.stage_id.name, self.name, reason, apply)

    def _change_follow(self):
        """Return what the template says otherwise about this task, or None."""
        source = self.template_task_id
        names = self._followed_fields(source)
        if not names:
            return None
        values = {
            name: self._fields[name].convert_to_write(source[name], self)
            for name in names
        }
        if {"responsible", "user_id"} & set(names):
            values |= self._prepare_responsible_values(
                source.responsible, self.account_id, source.user_id
            )

        if source.recurrence_from:
            # The days it comes by are the customer's.
            values.pop("recurrence_days", None)

        def apply():
            # Once is said again, since a change of the kind of task proposes it.
            fixed = {"fallback_days": source.recurrence_days, "once": source.once}
            self.write(values | fixed)
            self._take_texts(source)

        detail = "; ".join(self._describe_change(self, source, name) for name in names)
        return Change("changed", self.stage_id.name, self.name, detail, apply)

    def _followed_fields(self, source):
        """Return the fields in which this task differs from that of the template."""
        names = []
        languages = self._languages()
        for name in self._definition_fields():
            if name == "user_id" and source.responsible != "user":
                # The CSM of the customer, or nobody.
                continue
            if name == "recurrence_days" and source.recurrence_from:
                # The customer's own cadence comes first.
                if self.fallback_days != source.recurrence_days:
                    names.append(name)
                continue
            here, there = [self], [source]
            if self._fields[name].translate:
                here = [self.with_context(lang=code) for code in languages]
                there = [source.with_context(lang=code) for code in languages]
            if [record[name] for record in here] != [record[name] for record in there]:
                names.append(name)
        return names

    @api.model
    def _definition_of(self, source):
        """Return what a task starts with that is made from one of the template."""
        return {
            name: source._fields[name].convert_to_write(source[name], source)
            for name in self._definition_fields()
        }

    def _take_texts(self, source):
        """Take over the texts of all languages."""
        for name in self._definition_fields():
            if not self._fields[name].translate:
                continue
            for code in self._languages():
                text = source.with_context(lang=code)[name]
                self.with_context(lang=code)[name] = text

    @api.model
    def _languages(self):
        return [code for code, _name in self.env["res.lang"].get_installed()]

    @api.model
    def _describe_change(self, record, source, name):
        """Return one change in words, as "Days: 3 → 5"."""
        field = record._fields[name]
        label = field._description_string(self.env)
        if field.type in ("html", "text", "json"):
            return self.env._("%s: another text", label)
        if name == "recurrence_days" and source.recurrence_from:
            return f"{label}: {record.fallback_days} → {source.recurrence_days}"
        before = self._describe_value(record, field)
        after = self._describe_value(source, field)
        return f"{label}: {before} → {after}"

    @api.model
    def _describe_value(self, record, field):
        value = record[field.name]
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return labels.get(value, "–")
        if field.relational:
            return ", ".join(value.mapped("display_name")) or "–"
        if field.type == "float":
            return f"{value:g}"
        return str(value) if value not in (False, None, "") else "–"
