import {type JobNames, namespaceObject, shardJob, storageObjects} from '../cluster/jobs/job-objects.ts';
import type {JobOptions} from '../cluster/jobs/job-options.ts';
import {planShardImage, shardProgram} from '../cluster/jobs/shard-image.ts';
import {kubectlYaml} from '../kubernetes/kubectl-yaml.ts';
import {searchName} from './tune-player.ts';

/** Stands for the number of shards where it is only known from the nodes. */
const someShards = 4;

/** What `tune --on kubernetes` would apply, as YAML documents: one Job stands for that of each batch. */
export async function printJobManifests(options: JobOptions, folder: string): Promise<string> {
	const {namespace, memory, storage, shards = someShards} = options;
	await shardProgram();
	const image = options.image ?? (await planShardImage()).image;
	const names: JobNames = {namespace, search: searchName(folder), image, memory, storage: withoutKeys(storage)};
	const job = shardJob(names, {batch: '0001', shards});
	const documents = [namespaceObject(namespace), ...storageObjects(names), job];
	return documents.map(document => kubectlYaml(document)).join('---\n');
}

/** Keys are for the API server alone. */
function withoutKeys(storage: JobOptions['storage']): JobOptions['storage'] {
	return storage.kind === 'bucket'
		? {...storage, keys: {...storage.keys, accessKeyId: 'left-out', secretAccessKey: 'left-out'}}
		: storage;
}
