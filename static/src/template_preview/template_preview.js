import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatHours, formatTasks } from "../hours/hours";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The whole template as a timeline: what opens when, and the work that it asks. */
export class TemplatePreview extends Component {
    static template = "customer_success.TemplatePreview";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get plan() {
        return this.props.record.data[this.props.name] || { stages: [], asks: [] };
    }

    get isEmpty() {
        return !this.plan.stages.length;
    }

    get total() {
        return this.plan.endless
            ? _t("%s days, then without an end", this.plan.days)
            : _t("%s days", this.plan.days);
    }

    /** Days at which a line with a number is drawn: at most ten or so. */
    get marks() {
        const steps = [1, 2, 5, 7, 15, 30, 60, 90, 180];
        const step = steps.find((days) => this.plan.drawn / days <= 10) || 365;
        const marks = [];
        for (let day = 0; day <= this.plan.drawn; day += step) {
            marks.push(day);
        }
        return marks;
    }

    percent(days) {
        return (100 * days) / Math.max(this.plan.drawn, 1);
    }

    left(day) {
        return `left: ${this.percent(day)}%`;
    }

    bar(task) {
        return `left: ${this.percent(task.start)}%; width: ${this.percent(
            Math.min(task.days, this.plan.drawn - task.start)
        )}%`;
    }

    stageBar(stage) {
        return `left: ${this.percent(stage.start)}%; width: ${this.percent(stage.days)}%`;
    }

    tasks(count) {
        return formatTasks(count);
    }

    hours(number) {
        return formatHours(number);
    }

    stageDays(stage) {
        if (stage.endless) {
            return _t("no end");
        }
        return _t("days %(first)s to %(last)s", {
            first: stage.start,
            last: stage.start + stage.days,
        });
    }

    isTooLong(stage) {
        return !stage.endless && stage.expected && stage.days > stage.expected;
    }

    tooLong(stage) {
        return _t("takes up to %(days)s days, %(expected)s are expected", {
            days: stage.days,
            expected: stage.expected,
        });
    }

    title(task) {
        const times = task.every
            ? _t("every %s days", task.every)
            : _t("%s days", task.days);
        const parts = [task.name, times, task.who];
        if (task.effort) {
            parts.push(this.hours(task.effort));
        }
        return parts.join(" · ");
    }

    canOpen(task) {
        return task.id && !this.props.record.dirty;
    }

    async open(task) {
        if (!this.canOpen(task)) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "cs.journey.template.task",
                res_id: task.id,
                views: [[false, "form"]],
                target: "new",
            },
            { onClose: () => this.props.record.load() }
        );
    }
}

registry.category("fields").add("cs_template_preview", {
    component: TemplatePreview,
    displayName: _t("Template preview"),
    supportedTypes: ["json"],
});
