import type {Comparison} from '../comparison/compare.ts';
import {recordHash} from '../records/record-hash.ts';
import type {ComparisonSides} from './comparison-sides.ts';

export type Told = {
	readonly comparison: Comparison;
	readonly sides: ComparisonSides;
	readonly replications: number;
};

/** What `compare --json` prints. Every figure names its unit; every record its folder and hash. */
export function comparisonJson({comparison, sides, replications}: Told) {
	const {name, hash, profile, seed} = sides.experiment;
	const {
		verdict,
		judged,
		unmeasured,
		lacks,
		figures,
		tenants,
		elasticity,
		utilization,
		envelope,
		triangle,
		noiseFloor,
		baselines,
	} = comparison;
	const records = [...sides.measured, ...(sides.measuredFixed ?? [])].map(({name: folder, recording}) => ({
		folder,
		arm: recording.head.arm,
		repeat: recording.head.replication,
		hash: recordHash(recording),
	}));
	return {
		experiment: {
			name,
			hash,
			...(profile !== undefined && {profile}),
			seed,
			replications,
			simulated: sides.givenFolder ?? null,
			records,
			refused: sides.refused,
		},
		verdict,
		...(lacks.length > 0 && {judged, unmeasured, lacks}),
		figures: {...figures, tenants, elasticity, utilization, envelope},
		triangle,
		noiseFloor,
		baselines,
	};
}
