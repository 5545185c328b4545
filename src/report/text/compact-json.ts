const digits = 6;

/** JSON with tabs, a list of plain values on one line, and six digits of each number, on which all machines agree. */
export function compactJson(value: unknown, indent = ''): string {
	if (Array.isArray(value)) {
		const items = value.map(item => compactJson(item, `${indent}\t`));
		return value.some(item => typeof item === 'object' && item !== null)
			? block('[', items, ']', indent)
			: `[${items.join(', ')}]`;
	}

	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
		const lines = entries.map(([key, entry]) => `${JSON.stringify(key)}: ${compactJson(entry, `${indent}\t`)}`);
		return block('{', lines, '}', indent);
	}

	return typeof value === 'number' && Number.isFinite(value)
		? String(Number(value.toPrecision(digits)))
		: JSON.stringify(value ?? null);
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
	return lines.length === 0
		? `${open}${close}`
		: `${open}\n${indent}\t${lines.join(`,\n${indent}\t`)}\n${indent}${close}`;
}
