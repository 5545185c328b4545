import type {ComparisonCharts} from '../charts/comparison-charts.ts';
import {compareApart} from './compare-apart.ts';
import {comparisonFigures} from './comparison-figures.ts';
import {comparisonSides} from './comparison-sides.ts';
import {measuredTimelines} from './measured-timelines.ts';
import type {KnownSubject} from './poster-subjects.ts';

const replications = 40;

/** The comparison of the first subject that was measured with what may judge it. */
export async function posterValidation(
	subjects: readonly KnownSubject[],
	records: string,
): Promise<ComparisonCharts | undefined> {
	for (const {experiment, path, measuredRecords} of subjects) {
		const {profile} = experiment;
		const sides =
			measuredRecords.length === 0
				? undefined
				: await comparisonSides({
						path: [path],
						...(profile !== undefined && {profile}),
						set: [],
						replications,
						reports: records,
						phases: 'measured',
						json: false,
					}).catch(() => undefined); // none of them may judge
		if (sides !== undefined) {
			const comparison = await compareApart({...sides, replications}, {isQuiet: true});
			return {comparison, experiment, replications, measured: measuredTimelines(sides), shown: comparisonFigures};
		}
	}

	return undefined;
}
