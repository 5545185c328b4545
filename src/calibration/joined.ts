/**
 * The observations of several records together: lists one after the other, numbers added up.
 *
 * @param all - at least one, all of the same parts
 * @throws {RangeError} when there is none
 */
export function joined<Parts extends {readonly [Part in keyof Parts]: readonly number[] | number}>(
	all: readonly Parts[],
): Parts {
	const [first] = all;
	if (first === undefined) {
		throw new RangeError('Expected observations of at least one record, got none');
	}

	const partOf = (name: keyof Parts) => {
		const parts = all.map(one => one[name] as readonly number[] | number);
		return typeof first[name] === 'number'
			? parts.reduce<number>((sum, part) => sum + (part as number), 0)
			: parts.flatMap(part => part as readonly number[]);
	};
	return Object.fromEntries(Object.keys(first).map(name => [name, partOf(name as keyof Parts)])) as Parts;
}
