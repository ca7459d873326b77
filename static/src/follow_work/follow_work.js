import { Component, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const INTERVAL = 2000;

/** Reads the record again and again while the server works on it. */
export class FollowWork extends Component {
    static template = "customer_success.FollowWork";
    static props = { ...standardWidgetProps };

    setup() {
        useEffect(
            (isUnderWay) => {
                if (isUnderWay) {
                    const timer = setInterval(() => this.props.record.load(), INTERVAL);
                    return () => clearInterval(timer);
                }
            },
            () => [this.isUnderWay]
        );
    }

    get isUnderWay() {
        return ["waiting", "running"].includes(this.props.record.data.state);
    }
}

export const followWork = {
    component: FollowWork,
    fieldDependencies: [{ name: "state", type: "selection" }],
};
registry.category("view_widgets").add("cs_follow_work", followWork);
