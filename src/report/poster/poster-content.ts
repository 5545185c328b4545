import type {AuditedClaim} from '../../audit/audit.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {experimentTitle} from '../../experiment/experiment.ts';
import type {Summary} from '../../forecast/summary.ts';
import {answerHeadline, answerLines} from '../answer-lines.ts';
import type {Drawn} from '../pages/page.ts';
import {measuredText, standingLines} from '../standing-lines.ts';
import type {Kpi} from './kpis.ts';

/** Record that figures of the poster come from. */
export type PosterSource = {
	readonly folder: string;
	readonly hash: string;
	readonly engine: 'simulated' | 'measured' | 'emulated';
	readonly seed: number;
	readonly versions: Readonly<Record<string, string>>;
};

/** Answer of an experiment, as `replicast run` prints it first. */
export type PosterAnswer = {readonly name: string; readonly text: string};

type Answered = {readonly experiment: Pick<Experiment, 'name' | 'profile'>; readonly simulated: Summary};

/** The answers of experiments, by their names. */
export function answersOf(subjects: readonly Answered[]): PosterAnswer[] {
	return subjects.map(({experiment, simulated}) => ({
		name: experimentTitle(experiment),
		text: answerHeadline(simulated),
	}));
}

/** Label that `answerLines` gives to a cause. */
const causeLabel = /^Cause of [^:]+: /;

/** Causes that matter most, each with the name of its experiment. */
export function posterCauses(subjects: readonly Answered[]): string[] {
	return subjects.flatMap(({experiment: {name}, simulated}) =>
		answerLines(simulated, [name])
			.filter(line => causeLabel.test(line))
			.map(line => (subjects.length === 1 ? line : `${name}: ${line.replace(causeLabel, '')}`)),
	);
}

/** Lines on the trust that the forecasts deserve; each line once, and what measured runs said with the names of their experiments. */
export function trustOf(subjects: readonly Answered[]): string[] {
	const [first, ...others] = subjects;
	if (first?.simulated.standing !== undefined && others.length === 0) {
		return standingLines(first.simulated.standing);
	}

	const standings = subjects.flatMap(({experiment, simulated: {standing}}) =>
		standing === undefined ? [] : [{name: experimentTitle(experiment), standing}],
	);
	const measured = standings.flatMap(({name, standing}) => {
		const text = measuredText(standing.measured, name);
		return text === '' ? [] : [`Trust: ${text}.`];
	});
	const rest = standings.flatMap(({standing}) => standingLines({...standing, measured: null}));
	return [...new Set([...measured, ...rest])];
}

/** Content of a poster. */
export type PosterContent = {
	readonly publication: string;
	/** First lines below the title. */
	readonly answers: readonly PosterAnswer[];
	/** Causes that matter most, shown beside charts of experiments. */
	readonly causes?: readonly string[];
	readonly trust: readonly string[];
	readonly kpis: readonly Kpi[];
	readonly drawn: readonly Drawn[];
	readonly audited: readonly AuditedClaim[];
	readonly sources: readonly PosterSource[];
	/** Day on which it was made, such as `2026-11-24`. */
	readonly date: string;
	/** Text where nothing was measured. */
	readonly missing: string | undefined;
	readonly title?: string | undefined;
	readonly authors?: string | undefined;
	readonly lead?: string | undefined;
};

/** Digits of a hash that identify records on paper. */
const hashDigits = 12;

/**
 * Lines at the foot of the poster: records with their hashes, versions, seeds, and the day on which it was made.
 *
 * @param date - such as `2026-11-24`
 */
export function provenanceLines(sources: readonly PosterSource[], date: string): string[] {
	const records = sources.map(({folder, hash, engine}) => `${folder} ${hash.slice(0, hashDigits)} (${engine})`);
	const versions = new Map<string, Set<string>>();
	for (const [name, version] of sources.flatMap(source => Object.entries(source.versions))) {
		versions.set(name, (versions.get(name) ?? new Set()).add(version));
	}

	const seeds = new Set(sources.map(({seed}) => seed));
	return [
		`Records: ${records.join('; ')}.`,
		`Versions: ${[...versions].map(([name, all]) => `${name} ${[...all].join(' and ')}`).join(', ')}. Seed ${[...seeds].join(', ')}. Made on ${date}.`,
	];
}
