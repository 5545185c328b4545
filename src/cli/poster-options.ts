import {join} from 'node:path';
import type {Argv} from 'yargs';
import type {Scheme} from '../charts/palette.ts';
import {packageRoot} from '../files/package-root.ts';
import {oneOf, oneText} from './option-forms.ts';

/** Options of `replicast poster` as they reach its handler. */
export type PosterOptions = {
	readonly records: string;
	readonly out: string;
	readonly claims: string;
	readonly profile?: string;
	readonly scheme: Scheme;
};

export const posterOptions = (yargs: Argv) =>
	yargs
		.option('records', {...oneText('records'), default: 'reports', describe: 'Folder in which records are looked for'})
		.option('out', {...oneText('out'), default: join('reports', 'poster'), describe: 'Folder for the poster'})
		.option('claims', {
			...oneText('claims'),
			default: join(packageRoot(), 'experiments', 'claims-poster.yaml'),
			defaultDescription: 'those of the poster',
			describe: 'Claims file that is audited',
		})
		.option('profile', {
			...oneText('profile'),
			defaultDescription: 'the one that was measured',
			describe: 'Profile of the experiments to apply; none for none',
		})
		.option('scheme', {
			...oneOf('scheme', ['light', 'dark']),
			default: 'light' as const,
			describe: 'Colours of the pictures; pages follow their reader’s',
		})
		.example('$0 poster', 'From what is under reports/; the rest is simulated');
