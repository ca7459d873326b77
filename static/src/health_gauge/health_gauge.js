import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { HealthBadge, HealthBadgeField } from "../health_badge/health_badge";

const RADIUS = 42;

/** The health of a customer as a ring that fills, with its trend in words. */
export class HealthGauge extends HealthBadge {
    static template = "customer_success.HealthGauge";

    get isKnown() {
        return this.band !== "unknown";
    }

    get trendTitle() {
        return this.hasTrend ? super.trendTitle : _t("steady in 30 days");
    }

    get arc() {
        const round = 2 * Math.PI * RADIUS;
        const score = this.isKnown ? this.props.score || 0 : 0;
        return `${(round * Math.min(Math.max(score, 0), 100)) / 100} ${round}`;
    }
}

export class HealthGaugeField extends HealthBadgeField {
    static template = "customer_success.HealthGaugeField";
    static components = { HealthGauge };
    static props = { ...standardFieldProps };
}

registry.category("fields").add("cs_health_gauge", {
    component: HealthGaugeField,
    displayName: _t("Health as a gauge"),
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "health_band", type: "selection" },
        { name: "health_trend", type: "float" },
    ],
});
