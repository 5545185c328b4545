/** Labels of a series or of an element of a result. */
export type Labels = ReadonlyMap<string, string>;

/** Label that holds the name of a metric. */
export const nameLabel = '__name__';

/** Sample of a series; without a value it is a stale marker: the series has ended here. */
export type Sample = {
	/** [ms] */
	readonly at: number;
	readonly value: number | undefined;
};

/** Samples of one set of labels, oldest first. */
export type Series = {readonly labels: Labels; readonly samples: readonly Sample[]};

/** Element of an instant vector. */
export type Element = {readonly labels: Labels; readonly value: number};

/** QueryValue of an expression at one time: a scalar, or the elements of an instant vector. */
export type QueryValue = number | readonly Element[];

/** Text that is the same for the same labels. */
export function keyOf(labels: Labels): string {
	return labels.size === 0 ? '' : JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

const unnamed = new WeakMap<Labels, Labels>();

/** Labels without the name of the metric; of a series that lives on they are made once. */
export function withoutName(labels: Labels): Labels {
	if (!labels.has(nameLabel)) {
		return labels;
	}

	const known = unnamed.get(labels) ?? without(labels, [nameLabel]);
	unnamed.set(labels, known);
	return known;
}

/** Labels without some of them. */
export function without(labels: Labels, names: readonly string[]): Labels {
	return names.some(name => labels.has(name)) ? new Map([...labels].filter(([name]) => !names.includes(name))) : labels;
}

/** Selection of some of the labels; one that is empty is the same as none. */
export function only(labels: Labels, names: readonly string[]): Labels {
	return new Map(names.flatMap(name => (labels.get(name) ? [[name, labels.get(name)!] as const] : [])));
}
