import { Component, onWillStart, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { PortfolioCalls } from "./portfolio_calls";
import { PortfolioCustomers } from "./portfolio_customers";
import { PortfolioFigures } from "./portfolio_figures";
import { PortfolioStart } from "./portfolio_start";
import { PortfolioWork } from "./portfolio_work";

const NO_FILTER = { search: "", bands: [], phase_ids: [], segment_ids: [], limit: 0 };
const MODEL = "cs.portfolio";

/** The screen that a CSM opens in the morning: what to do, and with whom. */
export class Portfolio extends Component {
    static template = "customer_success.Portfolio";
    static components = {
        Dropdown,
        DropdownItem,
        Layout,
        PortfolioCalls,
        PortfolioCustomers,
        PortfolioFigures,
        PortfolioStart,
        PortfolioWork,
    };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Portfolio");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        const kept = this.props.state || {};
        this.state = useState({
            whose: kept.whose ?? null,
            customers: kept.customers || { ...NO_FILTER },
            tasks: kept.tasks || {},
            isBusy: false,
            data: null,
        });
        useSetupAction({
            getLocalState: () => ({
                whose: this.state.whose,
                customers: { ...this.state.customers },
                tasks: { ...this.state.tasks },
            }),
        });
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return !this.data.figures.customers && !this.hasWork;
    }

    get hasWork() {
        const { late, today, next, unassigned } = this.data.work;
        return late.count + today.count + next.count + unassigned.count > 0;
    }

    /** Read everything anew: one call. */
    async load(after) {
        const { whose, customers, tasks } = this.state;
        const options = { customers, tasks, after: after || false };
        this.state.data = await this.keepLast.add(
            this.orm.call(MODEL, "load", [whose, options])
        );
        this.state.whose = this.data.whose.key;
    }

    async choose(whose) {
        Object.assign(this.state, { whose, customers: { ...NO_FILTER }, tasks: {} });
        await this.load();
    }

    async filterCustomers(change) {
        Object.assign(this.state.customers, change);
        const { whose, customers } = this.state;
        this.data.customers = await this.keepLast.add(
            this.orm.call(MODEL, "load_customers", [whose, customers])
        );
    }

    async showMoreTasks(bucket, limit) {
        this.state.tasks[bucket] = limit;
        await this.load();
    }

    /** Conclude a task; an interaction first asks how it went. */
    async conclude(task) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const action = await this.orm.call("cs.task", "action_conclude", [[task.id]]);
            if (action?.type) {
                await this.action.doAction(action, { onClose: () => this.load(task.id) });
            } else {
                await this.load(task.id);
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openList(name, model, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: String(name),
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("customer_success.portfolio", Portfolio);
