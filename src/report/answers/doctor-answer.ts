/** Finding on a requirement of a replay. */
type Finding = {
	readonly name: string;
	readonly state: 'good' | 'poor' | 'missing';
	readonly found: string;
	readonly advice?: string;
};

/** Answer of the doctor: whether a replay can run on this machine, what is missing, and what mends it. */
export function doctorAnswer(findings: readonly Finding[]): string[] {
	const [missing, poor] = (['missing', 'poor'] as const).map(wanted => findings.filter(({state}) => state === wanted));
	const doubts = poor!.map(({name, found}) => `${name} (${found})`).join(', ');
	if (missing!.length === 0) {
		return [
			poor!.length === 0
				? 'Yes: this machine can run a replay.'
				: `Yes, this machine can run a replay, but its records may be invalid: ${doubts}.`,
			...poor!.flatMap(({advice}) => advice ?? []),
			'Next: replicast replay EXPERIMENT',
		];
	}

	const names = missing!.map(({name}) => name);
	const hasTools = names.every(name => name !== 'kubectl');
	return [
		`No: this machine cannot run a replay. Missing: ${missing!.map(({name, found}) => `${name} (${found})`).join(', ')}.`,
		...missing!.flatMap(({advice}) => advice ?? []),
		...(hasTools ? ['A cluster elsewhere needs only kubectl: replicast replay EXPERIMENT --context NAME'] : []),
	];
}
