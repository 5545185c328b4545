const mostNamed = 3;
const longestValue = 40;

/** Keys in which two values of JSON differ, the first few, each with both values. */
export function differingKeys(given: unknown, again: unknown, path = '', found: string[] = []): string[] {
	if (found.length === mostNamed || Object.is(given, again)) {
		return found;
	}

	if (isObject(given) && isObject(again) && Array.isArray(given) === Array.isArray(again)) {
		for (const key of new Set([...Object.keys(given), ...Object.keys(again)])) {
			differingKeys(given[key], again[key], path === '' ? key : `${path}.${key}`, found);
		}

		return found;
	}

	found.push(`${path}: ${shown(given)} in the file, ${shown(again)} now`);
	return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
