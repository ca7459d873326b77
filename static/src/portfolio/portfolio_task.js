import { Component } from "@odoo/owl";
import { day, lateness, urgency } from "./words";

/** One open task: conclude it, or open it or its customer. */
export class PortfolioTask extends Component {
    static template = "customer_success.PortfolioTask";
    static props = {
        task: Object,
        whose: Object,
        isBusy: Boolean,
        conclude: Function,
        openRecord: Function,
    };

    setup() {
        Object.assign(this, { day, lateness, urgency });
    }

    /** An indicator is judged by its value, with the others of its stage. */
    get canConclude() {
        return this.props.task.kind !== "indicator";
    }

    get assignee() {
        const { task, whose } = this.props;
        return task.user_id && task.user_id !== whose.key ? task.user_name : "";
    }
}
