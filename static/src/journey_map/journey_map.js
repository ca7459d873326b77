import { Component, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatHours, formatTasks } from "../hours/hours";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    task: "fa-check-square-o",
    interaction: "fa-comments",
    survey: "fa-star-half-o",
    indicator: "fa-bar-chart",
    email: "fa-envelope-o",
};

/** What happened on a journey and when, what will happen, and what work it asks. */
export class JourneyMap extends Component {
    static template = "customer_success.JourneyMap";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.state = useState({ journey: 0, stage: null });
    }

    get maps() {
        return this.props.record.data[this.props.name] || [];
    }

    get map() {
        return this.maps[Math.min(this.state.journey, this.maps.length - 1)];
    }

    /** The stage whose tasks are listed: the one chosen, else where it is now. */
    get shown() {
        const stages = this.map.stages;
        return (
            stages.find((stage) => stage.id === this.state.stage) ||
            stages.find((stage) => stage.status === "current") ||
            stages[stages.length - 1]
        );
    }

    chooseJourney(index) {
        this.state.journey = index;
        this.state.stage = null;
    }

    chooseStage(stage) {
        this.state.stage = stage.id;
    }

    date(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    tasks(count) {
        return formatTasks(count);
    }

    hours(number) {
        return formatHours(number);
    }

    icon(task) {
        return ICONS[task.kind];
    }

    when(stage) {
        if (stage.status === "passed") {
            return `${this.date(stage.entered)} – ${this.date(stage.left)}`;
        }
        if (stage.status === "current") {
            return _t("since %s", this.date(stage.entered));
        }
        return stage.planned ? _t("from %s", this.date(stage.planned)) : "";
    }

    detail(stage) {
        if (stage.status === "current" && stage.endless) {
            return _t("no end");
        }
        if (stage.status === "current" && stage.planned) {
            return _t("until %s", this.date(stage.planned));
        }
        if (stage.status === "coming" && stage.expected) {
            return _t("%s days", stage.expected);
        }
        return "";
    }

    /** How long it took or has taken, against what was expected. */
    days(stage) {
        if (stage.status === "coming") {
            return "";
        }
        if (stage.expected) {
            return _t("%(days)s of %(expected)s days", {
                days: stage.days,
                expected: stage.expected,
            });
        }
        return _t("%s days", stage.days);
    }

    isBehind(stage) {
        return stage.expected && stage.days > stage.expected;
    }

    again(task) {
        return task.again.map((day) => this.date(day)).join(" · ");
    }

    async open(task) {
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "cs.task",
                res_id: task.id,
                views: [[false, "form"]],
                target: "new",
            },
            { onClose: () => this.props.record.load() }
        );
    }
}

registry.category("fields").add("cs_journey_map", {
    component: JourneyMap,
    displayName: _t("Journey map"),
    supportedTypes: ["json"],
});
