// Writing and loading records: rows of the requests table a second, Parquet and checks included.
import {statSync} from 'node:fs';
import {join} from 'node:path';
import {replicate} from '../../build/src/forecast/replicate.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';
import {readRecord} from '../../build/src/store/records/read-record.js';
import {writeRecord} from '../../build/src/store/records/write-record.js';
import {withFolder} from '../machine.js';
import {interleave, spread, timed} from '../measure.js';
import {experimentFile} from './full-model.js';

export async function records({quick}) {
	const whole = await readExperiment(experimentFile('half-hour'), {});
	const {recordings} = replicate(quick ? {...whole, duration: 120} : whole, 0, {record: true});
	const rows = recordings.dynamic.tables.requests.scheduledSeconds.length;
	return withFolder(async folder => {
		const path = join(folder, 'record');
		const rate = async work => rows / (await timed(work)).seconds;
		const rates = await interleave(
			{write: () => rate(() => writeRecord(path, recordings.dynamic)), load: () => rate(async () => readRecord(path))},
			quick ? 2 : 7,
		);
		return {
			requests: rows,
			bytesPerRequest: statSync(join(path, 'requests.parquet')).size / rows,
			requestsPerSecond: {write: spread(rates.write), load: spread(rates.load)},
		};
	});
}
