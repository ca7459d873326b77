import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const FACES = {
    1: { icon: "fa-frown-o", color: "text-danger", label: _t("Very unhappy") },
    2: { icon: "fa-frown-o", color: "text-warning", label: _t("Unhappy") },
    3: { icon: "fa-meh-o", color: "text-muted", label: _t("Neutral") },
    4: { icon: "fa-smile-o", color: "text-success", label: _t("Happy") },
    5: { icon: "fa-smile-o", color: "text-success", label: _t("Very happy") },
};

/** How the customer left the last interaction, as a face. */
export class Mood extends Component {
    static template = "customer_success.Mood";
    static props = {
        mood: { type: [String, Boolean], optional: true },
        words: { type: Boolean, optional: true },
    };

    get face() {
        return FACES[this.props.mood];
    }

    get label() {
        return String(this.face.label);
    }
}

export class MoodField extends Component {
    static template = "customer_success.MoodField";
    static components = { Mood };
    static props = { ...standardFieldProps, words: { type: Boolean, optional: true } };
}

registry.category("fields").add("cs_mood", {
    component: MoodField,
    displayName: _t("Mood as a face"),
    supportedTypes: ["selection"],
    supportedOptions: [{ label: _t("With words"), name: "words", type: "boolean" }],
    extractProps: ({ options }) => ({ words: Boolean(options.words) }),
});
