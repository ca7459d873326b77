import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The lines behind a health score: what was seen, how old, what it brings. */
export class HealthExplanation extends Component {
    static template = "customer_success.HealthExplanation";
    static props = { ...standardFieldProps };

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    get total() {
        if (this.lines.every((line) => line.points === null)) {
            return "–";
        }
        return this.format(this.lines.reduce((sum, line) => sum + line.contribution, 0));
    }

    format(number, digits = 1) {
        return formatFloat(number, { digits: [16, digits] });
    }

    value(line) {
        if (line.value === null) {
            return _t("unknown");
        }
        return this.format(line.value, Number.isInteger(line.value) ? 0 : 1);
    }

    age(line) {
        if (line.age_days === null || line.value === null) {
            return "";
        }
        if (line.age_days === 0) {
            return _t("today");
        }
        return line.age_days === 1 ? _t("1 day ago") : _t("%s days ago", line.age_days);
    }

    bandOf(line) {
        if (line.points === null) {
            return "bg-secondary";
        }
        if (line.points >= 70) {
            return "bg-success";
        }
        return line.points >= 40 ? "bg-warning" : "bg-danger";
    }
}

registry.category("fields").add("cs_health_explanation", {
    component: HealthExplanation,
    displayName: _t("Health explanation"),
    supportedTypes: ["json"],
});
