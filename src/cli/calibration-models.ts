import {join} from 'node:path';
import type {Calibration} from '../calibration/calibrate.ts';
import {
	type ModelDocument,
	metricsDocument,
	type Provenance,
	serviceDocument,
	startupDocument,
} from '../calibration/model-document.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {findModel} from '../files/find-model.ts';
import type {ReadCalibrationRecord} from './calibration-records.ts';

type Model = {readonly kind: 'ServiceModel' | 'StartupModel' | 'MetricsModel'; readonly name: string};
type Written = {readonly path: string; readonly document: ModelDocument};

/** Where the models of an experiment are to be written. */
export async function modelPaths(experiment: Experiment, out: string): Promise<string[]> {
	const found = await Promise.all(modelsOf(experiment).map(async ({kind, name}) => findModel(kind, name, out)));
	return found.map(({file}) => join(out, file));
}

/** The models of the records' experiment with what was fitted in them; those of which nothing was seen are left out. */
export async function fittedModels(
	records: readonly ReadCalibrationRecord[],
	calibration: Calibration,
	out: string,
): Promise<Written[]> {
	const {experiment} = records[0]!;
	const {llm} = experiment.deployment;
	const provenance = provenanceOf(records);
	const contextTokens = llm.contextLength * llm.parallel;
	const make = {
		ServiceModel: (base: ModelDocument) => serviceDocument(base, {...calibration, contextTokens}, provenance),
		StartupModel: (base: ModelDocument) => startupDocument(base, calibration.startup, provenance),
		MetricsModel: (base: ModelDocument) => metricsDocument(base, calibration.metrics, provenance),
	};
	const isSeen = {
		ServiceModel: true,
		StartupModel: calibration.startup.pods > 0,
		MetricsModel: calibration.metrics.syncGaps.length > 0,
	};
	const models = modelsOf(experiment).filter(({kind}) => isSeen[kind]);
	return Promise.all(
		models.map(async ({kind, name}) => {
			const {file, document} = await findModel(kind, name, out);
			return {path: join(out, file), document: make[kind](document)};
		}),
	);
}

function modelsOf({deployment: {service, startup}, metrics}: Experiment): Model[] {
	return [
		...(service.kind === 'work' ? [{kind: 'ServiceModel', name: service.name} as const] : []),
		...(startup.kind === 'stages' ? [{kind: 'StartupModel', name: startup.name} as const] : []),
		...(metrics === 'ideal' ? [] : [{kind: 'MetricsModel', name: metrics.name} as const]),
	];
}

function provenanceOf(records: readonly ReadCalibrationRecord[]): Provenance {
	const {head} = records[0]!.recording;
	const named = (of: Readonly<Record<string, string>>) =>
		Object.entries(of)
			.map(([name, value]) => `${name} ${value}`)
			.join(', ');
	const folders = records.map(({folder}) => folder).join(', ');
	const isShort = records.some(({isShort}) => isShort);
	const caution = isShort ? 'Short runs for trying out: not calibrated. ' : '';
	return {
		date: `${new Date().toISOString().slice(0, 16)}Z`,
		records: records.map(({hash}) => hash),
		notes: `${caution}Fitted to ${folders}. Models: ${named(head.models)}. Versions: ${named(head.versions)}.`,
		isShort,
	};
}
