import { Component, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDebounced } from "@web/core/utils/timing";
import { BANDS } from "../bands";
import { distance } from "../distance";
import { HealthBadge } from "../health_badge/health_badge";
import { Mood } from "../mood/mood";
import { Nps } from "../nps/nps";
import { day, lateness, money, percent, urgency } from "./words";

const STEP = 30;
const MOST = 200;
const TYPING = 250;

/** The customers, those that need attention first; searched and filtered. */
export class PortfolioCustomers extends Component {
    static template = "customer_success.PortfolioCustomers";
    static components = { HealthBadge, Mood, Nps };
    static props = {
        whose: Object,
        figures: Object,
        customers: Object,
        filter: Object,
        change: Function,
        openRecord: Function,
        openList: Function,
    };

    setup() {
        Object.assign(this, { day, distance, lateness, money, percent, urgency });
        this.search = useDebounced((search) => this.change({ search }), TYPING);
        onWillUnmount(() => this.search.cancel());
    }

    get chipGroups() {
        const { bands, phases, segments } = this.props.figures;
        return [
            {
                key: "bands",
                label: _t("Health"),
                chips: BANDS.map((band) => ({
                    id: band.key,
                    name: String(band.label),
                    count: bands[band.key] || 0,
                })).filter((band) => band.count),
            },
            { key: "phase_ids", label: _t("Phase"), chips: phases },
            { key: "segment_ids", label: _t("Segment"), chips: segments },
        ].filter((group) => group.chips.length > 1);
    }

    get isFiltered() {
        const { search, bands, phase_ids, segment_ids } = this.props.filter;
        return Boolean(search || bands.length || phase_ids.length || segment_ids.length);
    }

    get showsCsm() {
        return this.props.whose.key === "all";
    }

    isOn(group, chip) {
        return this.props.filter[group.key].includes(chip.id);
    }

    change(filter) {
        this.props.change({ limit: 0, ...filter });
    }

    toggle(group, chip) {
        const chosen = this.props.filter[group.key];
        const others = chosen.filter((id) => id !== chip.id);
        this.change({ [group.key]: others.length < chosen.length ? others : [...chosen, chip.id] });
    }

    clear() {
        this.change({ search: "", bands: [], phase_ids: [], segment_ids: [] });
    }

    more() {
        const shown = this.props.customers.rows.length;
        if (shown >= MOST) {
            this.openAll();
        } else {
            this.props.change({ limit: Math.min(shown + STEP, MOST) });
        }
    }

    openAll() {
        this.props.openList(_t("Customers"), "cs.account", this.props.customers.domain);
    }
}
