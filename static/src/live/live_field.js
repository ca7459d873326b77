import { useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

const EVERY = 3000;

/** A badge of what goes on: as long as it shows something, the record is read again. */
export class LiveField extends BadgeField {
    setup() {
        super.setup();
        useEffect(
            (isOn) => {
                if (!isOn) {
                    return;
                }
                const timer = setInterval(() => this.reload(), EVERY);
                return () => clearInterval(timer);
            },
            () => [Boolean(this.props.record.data[this.props.name])]
        );
    }

    async reload() {
        const { record } = this.props;
        // What somebody is typing stays.
        if (!document.hidden && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("cs_live", {
    ...badgeField,
    component: LiveField,
    displayName: _t("What goes on now"),
});
