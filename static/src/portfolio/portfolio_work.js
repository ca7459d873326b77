import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { PortfolioTask } from "./portfolio_task";

const STEP = 20;
const MOST = 200;
const BUCKETS = [
    { key: "late", label: _t("Late"), color: "text-bg-danger" },
    { key: "today", label: _t("Today"), color: "text-bg-warning" },
    { key: "next", label: _t("Next"), color: "text-bg-secondary" },
    { key: "unassigned", label: _t("Unassigned"), color: "text-bg-secondary" },
];

/** Late, today, next, and what nobody has taken. */
export class PortfolioWork extends Component {
    static template = "customer_success.PortfolioWork";
    static components = { PortfolioTask };
    static props = {
        whose: Object,
        work: Object,
        isBusy: Boolean,
        conclude: Function,
        showMore: Function,
        openRecord: Function,
        openList: Function,
    };

    get buckets() {
        return BUCKETS.map((bucket) => ({
            ...bucket,
            label: String(bucket.label),
            ...this.props.work[bucket.key],
        })).filter((bucket) => bucket.count || bucket.key === "today");
    }

    get after() {
        const { after } = this.props.work;
        return after?.is_done ? after : null;
    }

    more(bucket) {
        const shown = bucket.rows.length;
        if (shown >= MOST) {
            this.open(bucket);
        } else {
            this.props.showMore(bucket.key, Math.min(shown + STEP, MOST));
        }
    }

    open(bucket) {
        this.props.openList(bucket.label, "cs.task", bucket.domain);
    }
}
