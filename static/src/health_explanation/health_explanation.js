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

    get lift() {
        return this.health.lift
            .map((line) =>
                _t("%(measure)s (up to %(points)s)", {
                    measure: line.measure,
                    points: this.signed(line.points),
                })
            )
            .join(", ");
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
