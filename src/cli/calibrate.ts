import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {type Calibration, calibrate} from '../calibration/calibrate.ts';
import {
	type ModelDocument,
	metricsDocument,
	type Provenance,
	serviceDocument,
	startupDocument,
} from '../calibration/model-document.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {findModel} from '../files/find-model.ts';
import {refuseHandWritten, writeModel} from '../files/write-model.ts';
import {calibrationRecords, type ReadCalibrationRecord} from './calibration-records.ts';
import {calibrationReport} from './calibration-report.ts';

export const command = 'calibrate';
export const describe = 'Fit the models of service, start-up and metrics to measured records';

export const builder = (yargs: Argv) =>
	yargs
		.option('from', {
			type: 'string',
			array: true,
			requiresArg: true,
			demandOption: true,
			describe: 'Folders of the records to fit to',
		})
		.option('out', {type: 'string', requiresArg: true, default: 'models', describe: 'Folder of the model files'})
		.option('force', {type: 'boolean', default: false, describe: 'Replace model files that a person wrote or changed'})
		.example('$0 calibrate --from reports/calibration/service/fixed-0 --out models', '');

type Args = {readonly from: readonly string[]; readonly out: string; readonly force: boolean};
type Named = {readonly path: string; readonly document: ModelDocument};

/** Fewer do not tell how start-up is distributed, nor how metrics are delayed [pods], [s]. */
const fewest = {pods: 20, duration: 1800} as const;

export async function handler({from, out, force}: Args): Promise<void> {
	const records = await calibrationRecords(from);
	const calibration = fitted(records);
	const documents = await documentsOf(records, calibration, out);
	if (!force) {
		for (const {path} of documents) {
			refuseHandWritten(path);
		}
	}

	for (const {path, document} of documents) {
		writeModel(path, document, {force});
	}

	for (const warning of warnings(calibration)) {
		process.stderr.write(`${warning}\n`);
	}

	const written = documents.map(({path}) => `Written to ${path}\n`).join('');
	process.stdout.write(`${calibrationReport(calibration)}${written}`);
}

function fitted(records: readonly ReadCalibrationRecord[]): Calibration {
	try {
		return calibrate(records);
	} catch (error) {
		if (error instanceof RangeError) {
			throw new UserError('E_FILE', error.message, {cause: error});
		}

		throw error;
	}
}

async function documentsOf(records: readonly ReadCalibrationRecord[], calibration: Calibration, out: string) {
	const {experiment} = records[0]!;
	const provenance = provenanceOf(records);
	const {llm, service, startup} = experiment.deployment;
	const base = async (kind: string, name: string | undefined, make: (document: ModelDocument) => ModelDocument) => {
		if (name === undefined) {
			return [];
		}

		const {file, document} = await findModel(kind, name, out);
		return [{path: join(out, file), document: make(document)}];
	};
	const contextTokens = llm.contextLength * llm.parallel;
	const [hasStarts, hasDelays] = [calibration.startup.pods > 0, calibration.metrics.syncGaps.length > 0];
	const documents: Named[] = [
		...(await base('ServiceModel', service.kind === 'work' ? service.name : undefined, document =>
			serviceDocument(document, {...calibration, contextTokens}, provenance),
		)),
		...(await base('StartupModel', hasStarts && startup.kind === 'stages' ? startup.name : undefined, document =>
			startupDocument(document, calibration.startup, provenance),
		)),
		...(await base('MetricsModel', hasDelays ? metricsName(experiment) : undefined, document =>
			metricsDocument(document, calibration.metrics, provenance),
		)),
	];
	return documents;
}

function metricsName({metrics}: Experiment): string | undefined {
	return metrics === 'ideal' ? undefined : metrics.name;
}

function provenanceOf(records: readonly ReadCalibrationRecord[]): Provenance {
	const {head} = records[0]!.recording;
	const named = (of: Readonly<Record<string, string>>) =>
		Object.entries(of)
			.map(([name, value]) => `${name} ${value}`)
			.join(', ');
	const folders = records.map(({folder}) => folder).join(', ');
	return {
		date: new Date().toISOString().slice(0, 10),
		records: records.map(({hash}) => hash),
		notes: `Fitted to ${folders}. Models: ${named(head.models)}. Versions: ${named(head.versions)}.`,
	};
}

function warnings({startup, metrics}: Calibration): string[] {
	const minutes = fewest.duration / 60;
	return [
		...(startup.pods < fewest.pods
			? [`Start-up was seen of ${startup.pods} pods only; at least ${fewest.pods} tell how it is distributed`]
			: []),
		...(metrics.duration < fewest.duration
			? [
					`Metrics were watched for ${Math.round(metrics.duration / 60)} min only; at least ${minutes} tell their delays`,
				]
			: []),
	];
}
