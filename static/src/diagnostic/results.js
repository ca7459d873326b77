import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLOURS = {
    initial: "danger",
    basic: "warning",
    organised: "info",
    managed: "success",
};
const ANSWERS = { done: "success", partly: "warning", not_done: "danger" };

function points(score) {
    return score === null ? "–" : formatFloat(score, { digits: [16, 0] });
}

/** The level of each area, as bars. */
export class AreaResults extends Component {
    static template = "customer_success.AreaResults";
    static props = { ...standardFieldProps };

    get areas() {
        return this.props.record.data[this.props.name] || [];
    }

    colour(area) {
        return COLOURS[area.level] || "secondary";
    }

    points(score) {
        return points(score);
    }
}

/** A diagnostic beside the one before it, by area and by question. */
export class Evolution extends Component {
    static template = "customer_success.Evolution";
    static props = { ...standardFieldProps };

    get areas() {
        return this.props.record.data[this.props.name] || [];
    }

    points(score) {
        return points(score);
    }

    signed(change) {
        if (change === null) {
            return "";
        }
        return `${change > 0 ? "+" : ""}${formatFloat(change, { digits: [16, 0] })}`;
    }

    tone(change) {
        return change > 0 ? "text-success" : change < 0 ? "text-danger" : "text-muted";
    }

    colour(answer) {
        return ANSWERS[answer] || "secondary";
    }

    label(answer) {
        return (
            {
                done: _t("Fully done"),
                partly: _t("Partly done"),
                not_done: _t("Not done"),
                not_applicable: _t("Not applicable"),
            }[answer] || "–"
        );
    }
}

registry.category("fields").add("cs_area_results", {
    component: AreaResults,
    displayName: _t("Level by area"),
    supportedTypes: ["json"],
});
registry.category("fields").add("cs_evolution", {
    component: Evolution,
    displayName: _t("Evolution"),
    supportedTypes: ["json"],
});
