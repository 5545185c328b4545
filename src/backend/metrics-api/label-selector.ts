type Labels = Readonly<Record<string, string>>;

/**
 * Reads a selector by labels: requirements `a=b`, `a==b`, `a!=b`, `a` and `!a`, with commas between them.
 *
 * @returns whether labels meet it; undefined for a selector of another form
 */
export function labelSelector(text: string): ((labels: Labels) => boolean) | undefined {
	const requirements = text
		.split(',')
		.map(part => part.trim())
		.filter(part => part !== '')
		.map(requirementOf);
	return requirements.every(requirement => requirement !== undefined)
		? labels => requirements.every(requirement => requirement(labels))
		: undefined;
}

function requirementOf(text: string): ((labels: Labels) => boolean) | undefined {
	const [, not, key = '', operator, value = ''] = /^(!?)\s*([\w./-]+)\s*(?:(==|!=|=)\s*([\w.-]*))?$/.exec(text) ?? [];
	if (key === '' || (not === '!' && operator !== undefined)) {
		return undefined;
	}

	if (operator === undefined) {
		return labels => key in labels === (not === '');
	}

	return operator === '!=' ? labels => labels[key] !== value : labels => labels[key] === value;
}
