/** When a record was measured, as against when the models were frozen. */
export type FreezeOrder =
	/** After every model. */
	| 'after'
	/** Before one of them. */
	| 'before'
	/** On the same day, or in the same minute, as one of them, and after the others. */
	| 'same'
	| 'unknown';

/**
 * Whether a record was measured after the models had their values.
 *
 * @param measuredAt - in UTC, to the second; null where it is not known
 * @param dates - of the models: a day, or a minute in UTC; null where a model names none
 */
export function freezeOrder(measuredAt: string | null, dates: readonly (string | null)[]): FreezeOrder {
	if (measuredAt === null || dates.length === 0) {
		return 'unknown';
	}

	const orders = dates.map(date => (date === null ? 'unknown' : orderOf(measuredAt, date)));
	return (['before', 'unknown', 'same'] as const).find(order => orders.includes(order)) ?? 'after';
}

/** Compared as far as the model's date goes. */
function orderOf(measuredAt: string, date: string): FreezeOrder {
	const frozen = date.replace('Z', '');
	const measured = measuredAt.slice(0, frozen.length);
	return measured === frozen ? 'same' : measured > frozen ? 'after' : 'before';
}
