import type {FigureReference} from '../audit/claims-file.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {readExperiment} from '../files/read-experiment.ts';

/** What is simulated once for all figures that are read off it. */
export function keyOf({file, profile, set}: FigureReference): string {
	return JSON.stringify([file, profile, set]);
}

export function figureKey(reference: FigureReference): string {
	return `${keyOf(reference)} ${reference.figure}`;
}

/** The experiment that a reference names, its profile and changes applied. */
export async function experimentOf({file, profile, set}: FigureReference): Promise<Experiment> {
	return readExperiment(file, {set, ...(profile !== undefined && {profile})});
}
