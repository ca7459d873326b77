import { Component } from "@odoo/owl";

/** What to do when nobody is followed yet. */
export class PortfolioStart extends Component {
    static template = "customer_success.PortfolioStart";
    static props = { whose: Object, handoffs: Object, action: Object };

    open(name) {
        this.props.action.doAction(`customer_success.${name}`);
    }
}
