import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { lateness, money, urgency } from "./words";

/** What calls for somebody: alerts, and handoffs that wait to be accepted. */
export class PortfolioCalls extends Component {
    static template = "customer_success.PortfolioCalls";
    static props = {
        alerts: Object,
        handoffs: Object,
        openRecord: Function,
        openList: Function,
    };

    setup() {
        Object.assign(this, { lateness, money, urgency });
    }

    icon(severity) {
        return {
            high: "fa-exclamation-circle text-danger",
            medium: "fa-exclamation-triangle text-warning",
        }[severity] || "fa-info-circle text-info";
    }

    since(moment) {
        return moment ? deserializeDateTime(moment).toRelative() : "";
    }

    openAlerts() {
        const { alerts } = this.props;
        this.props.openList(_t("Open alerts"), "cs.alert", alerts.domain);
    }

    openHandoffs() {
        const { handoffs } = this.props;
        this.props.openList(_t("Handoffs that wait"), "cs.handoff", handoffs.domain);
    }
}
