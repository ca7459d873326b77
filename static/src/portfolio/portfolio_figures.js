import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { BANDS } from "../bands";
import { bigMoney, number } from "./words";

/** The headline: each figure leads to the records that it counts. */
export class PortfolioFigures extends Component {
    static template = "customer_success.PortfolioFigures";
    static props = { data: Object, openList: Function };

    get tiles() {
        const { figures, work, alerts } = this.props.data;
        const { domains } = figures;
        return [
            {
                key: "customers",
                label: _t("Customers"),
                value: number(figures.customers),
                model: "cs.account",
                domain: domains.customers,
            },
            {
                key: "mrr",
                label: _t("MRR"),
                value: bigMoney(figures.mrr, figures.currency_id),
                model: "cs.account",
                domain: domains.customers,
            },
            {
                key: "nps",
                label: _t("NPS"),
                value: figures.nps === false ? "–" : this.signed(figures.nps),
                title: _t("Promoters less detractors, in % of those who answered"),
                model: "cs.account",
                domain: [...domains.customers, ["nps_class", "!=", false]],
            },
            {
                key: "late",
                label: _t("Late tasks"),
                value: number(work.late.count),
                isBad: work.late.count > 0,
                model: "cs.task",
                domain: work.late.domain,
            },
            {
                key: "alerts",
                label: _t("Open alerts"),
                value: number(alerts.count),
                isBad: alerts.count > 0,
                model: "cs.alert",
                domain: alerts.domain,
            },
            {
                key: "renewals",
                label: _t("Renewals in 90 days"),
                value: number(figures.renewals),
                model: "cs.account",
                domain: domains.renewals,
            },
        ];
    }

    get bands() {
        const { figures } = this.props.data;
        return BANDS.map((band) => ({
            ...band,
            label: String(band.label),
            count: figures.bands[band.key] || 0,
        }));
    }

    signed(value) {
        return value > 0 ? `+${number(value)}` : number(value);
    }

    open(tile) {
        this.props.openList(tile.label, tile.model, tile.domain);
    }

    openBand(band) {
        this.props.openList(_t("Health: %s", band.label), "cs.account", [
            ...this.props.data.figures.domains.customers,
            ["health_band", "=", band.key],
        ]);
    }
}
