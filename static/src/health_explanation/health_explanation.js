import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { HealthHistory } from "./health_history";

/** Why the health is what it is: what drags it down, what moved it, how it went. */
export class HealthExplanation extends Component {
    static template = "customer_success.HealthExplanation";
    static components = { HealthHistory };
    static props = { ...standardFieldProps };

    get health() {
        return this.props.record.data[this.props.name] || null;
    }

    get measures() {
        return this.health.lines.filter((line) => line.kind === "measure");
    }

    get known() {
        return this.measures.filter((line) => line.points !== null);
    }

    get unknown() {
        return this.measures.filter((line) => line.points === null);
    }

    get others() {
        return this.health.lines.filter((line) => line.kind !== "measure");
    }

    get liftTitle() {
        return this.health.is_overridden
            ? _t("What would lift the computed score most:")
            : _t("What would lift the score most:");
    }

    get caps() {
        return this.health.lift.filter((line) => line.kind === "cap");
    }

    get lift() {
        return this.health.lift
            .filter((line) => line.kind === "measure")
            .map((line) => this.liftOf(line))
            .join(", ");
    }

    liftOf(line) {
        const words = { measure: line.measure, points: this.signed(line.points) };
        if (line.held_at === null) {
            return _t("%(measure)s (up to %(points)s)", words);
        }
        return _t("%(measure)s (up to %(points)s, a cap holds it at %(most)s)", {
            ...words,
            most: this.number(line.held_at),
        });
    }

    number(value, digits = 1) {
        return formatFloat(value, { digits: [16, digits] });
    }

    signed(value) {
        const text = this.number(Math.abs(value));
        if (!value) {
            return text;
        }
        return value < 0 ? `−${text}` : `+${text}`;
    }

    age(line) {
        if (line.age_days === null) {
            return "";
        }
        if (line.age_days === 0) {
            return _t("today");
        }
        return line.age_days === 1 ? _t("1 day ago") : _t("%s days ago", line.age_days);
    }

    bandOf(points) {
        const [yellow, green] = this.health.limits;
        if (points >= green) {
            return "bg-success";
        }
        return points >= yellow ? "bg-warning" : "bg-danger";
    }
}

registry.category("fields").add("cs_health_explanation", {
    component: HealthExplanation,
    displayName: _t("Health explanation"),
    supportedTypes: ["json"],
});
