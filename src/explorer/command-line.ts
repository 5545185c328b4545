import type {Explored} from './explored.ts';

/** The command line that prints what the page shows. */
export function commandLine(
	{words}: Pick<Explored, 'words'>,
	{changes, replications}: {readonly changes: readonly string[]; readonly replications: number},
): string {
	const sets = changes.flatMap(change => ['--set', change]);
	return ['replicast', 'run', ...words, ...sets, '--replications', String(replications), '--json']
		.map(shellWord)
		.join(' ');
}

/** A word as a POSIX shell reads it. */
export function shellWord(word: string): string {
	return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
