import { _t } from "@web/core/l10n/translation";

/** How far a day is, as people say it; days that have passed are negative. */
export function distance(days) {
    if (days === -1) {
        return _t("yesterday");
    }
    if (days < 0) {
        return _t("%s days ago", -days);
    }
    if (days === 0) {
        return _t("today");
    }
    return days === 1 ? _t("tomorrow") : _t("in %s days", days);
}
