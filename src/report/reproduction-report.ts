/** Simulated result that was compared with the one in a file. */
type Reproduction = {
	readonly file: string;
	readonly same: boolean;
	readonly experiments: readonly string[];
	readonly differences: readonly string[];
	readonly made: Program;
	readonly now: Program;
};

type Program = {readonly version: string; readonly commit?: string | undefined};

/** Answer of `run --reproduce`, with the first differences. */
export function reproductionText({file, same, experiments, differences, made, now}: Reproduction): string {
	const names = experiments.join(', ');
	const programs =
		made.commit === now.commit ? '' : ` It was made by ${programText(made)}; this is ${programText(now)}.`;
	return same
		? `The same bytes: ${file} (${names}), simulated again from what it holds.${programs}`
		: `Other bytes: ${file} (${names}), simulated again from what it holds.${programs}${differences.map(difference => `\n- ${difference}`).join('')}`;
}

function programText({version, commit}: Program): string {
	return commit === undefined ? `${version} of no known commit` : `${version}, commit ${commit.slice(0, 12)}`;
}
