import {join} from 'node:path';
import type {Argv} from 'yargs';
import type {Scheme} from '../charts/palette.ts';
import {packageRoot} from '../files/package-root.ts';

/** Options of `replicast poster` as they reach its handler. */
export type PosterOptions = {
	readonly records: string;
	readonly out: string;
	readonly claims: string;
	readonly profile?: string;
	readonly scheme: Scheme;
};

const text = {type: 'string', requiresArg: true} as const;

export const posterOptions = (yargs: Argv) =>
	yargs
		.option('records', {...text, default: 'reports', describe: 'Folder in which records are looked for'})
		.option('out', {...text, default: join('reports', 'poster'), describe: 'Folder for the poster'})
		.option('claims', {
			...text,
			default: join(packageRoot(), 'experiments', 'claims-poster.yaml'),
			defaultDescription: 'those of the poster',
			describe: 'Claims file that is audited',
		})
		.option('profile', {
			...text,
			defaultDescription: 'the one that was measured',
			describe: 'Profile of the experiments to apply; none for none',
		})
		.option('scheme', {
			choices: ['light', 'dark'] as const,
			default: 'light' as const,
			describe: 'Colours of the pictures; pages follow their reader’s',
		})
		.example('$0 poster', 'From what is under reports/; the rest is simulated');
