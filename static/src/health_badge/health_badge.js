import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Less than this many points in 30 days is no trend. */
const STEADY = 1;

/** The health of a customer: its score on the colour of its band, and where it goes. */
export class HealthBadge extends Component {
    static template = "customer_success.HealthBadge";
    static props = {
        band: { type: [String, Boolean], optional: true },
        score: { type: [Number, Boolean], optional: true },
        trend: { type: [Number, Boolean], optional: true },
    };

    get band() {
        return this.props.band || "unknown";
    }

    get score() {
        if (this.band === "unknown") {
            return "?";
        }
        return formatFloat(this.props.score || 0, { digits: [16, 0] });
    }

    get title() {
        return {
            green: _t("Health: green"),
            yellow: _t("Health: yellow"),
            red: _t("Health: red"),
            unknown: _t("Health: too little is known"),
        }[this.band];
    }

    get trend() {
        return this.band === "unknown" ? 0 : this.props.trend || 0;
    }

    get hasTrend() {
        return Math.abs(this.trend) >= STEADY;
    }

    get points() {
        return formatFloat(Math.abs(this.trend), { digits: [16, 0] });
    }

    get trendTitle() {
        return this.trend > 0
            ? _t("%s points up in 30 days", this.points)
            : _t("%s points down in 30 days", this.points);
    }
}

export class HealthBadgeField extends Component {
    static template = "customer_success.HealthBadgeField";
    static components = { HealthBadge };
    static props = { ...standardFieldProps };
}

registry.category("fields").add("cs_health", {
    component: HealthBadgeField,
    displayName: _t("Health with its trend"),
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "health_band", type: "selection" },
        { name: "health_trend", type: "float" },
    ],
});
