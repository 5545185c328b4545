import type {S3mini} from 's3mini';
import {UserError} from '../../../errors.ts';
import {checkedName, type ObjectStore} from './shard-work.ts';

/** A bucket of an S3-compatible server, and where in it. */
export type Bucket = {
	/** `https://SERVER/BUCKET`. */
	readonly endpoint: string;
	/** Empty, or ends in a slash. */
	readonly prefix: string;
};

/** What the requests are signed with; never part of anything that is stored. */
export type BucketKeys = {readonly accessKeyId: string; readonly secretAccessKey: string; readonly region: string};

export type BucketStore = ObjectStore & {
	/** Removes everything under the bucket's prefix. */
	readonly clear: () => Promise<void>;
};

/** @throws {RangeError} when the text is not the URL of a bucket */
export function parseBucket(text: string): Bucket {
	const [, origin, bucket, rest = ''] =
		/^(https?:\/\/[\w.:[\]-]+)\/([a-z\d][a-z\d.-]+)((?:\/[\w-]+)*)\/?$/.exec(text) ?? [];
	if (origin === undefined || !URL.canParse(origin)) {
		// What else stands in it may be a password.
		const got = text.includes('@') ? 'one with more in it' : JSON.stringify(text);
		throw new RangeError(`Expected --bucket to be a URL such as https://s3.example.com/bucket/prefix, got ${got}`);
	}

	return {endpoint: `${origin}/${bucket}`, prefix: rest === '' ? '' : `${rest.slice(1)}/`};
}

/**
 * The keys of the environment, under the names that S3 clients use.
 *
 * @throws {UserError} E_USAGE when one is not there
 */
export function bucketKeys(environment: Readonly<Record<string, string | undefined>>): BucketKeys {
	const {
		AWS_ACCESS_KEY_ID: accessKeyId = '',
		AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
		AWS_REGION: region = 'us-east-1',
	} = environment;
	const missing = accessKeyId === '' ? 'AWS_ACCESS_KEY_ID' : secretAccessKey === '' ? 'AWS_SECRET_ACCESS_KEY' : '';
	if (missing !== '') {
		throw new UserError('E_USAGE', `Expected the environment to have ${missing} for the bucket, got none`);
	}

	return {accessKeyId, secretAccessKey, region};
}

/** Objects in a bucket. Reading and writing one is tried again, as the network may fail. */
export async function bucketStore({endpoint, prefix}: Bucket, keys: BucketKeys): Promise<BucketStore> {
	const {S3mini: Client} = await import('s3mini');
	const client: S3mini = new Client({...keys, endpoint, requestAbortTimeout: 60_000});
	const keyOf = (name: string) => prefix + checkedName(name);
	const told = async <Result>(doing: string, work: () => Promise<Result>) =>
		retried(work).catch((error: Error) => {
			throw new UserError('E_CLUSTER', `Expected to ${doing} ${endpoint}, got ${error.message}`, {cause: error});
		});
	return {
		async get(name) {
			return (await told('read from', async () => client.getObject(keyOf(name)))) ?? undefined;
		},
		async put(name, text) {
			await told('write to', async () => client.putObject(keyOf(name), text));
		},
		async clear() {
			const objects = await told('list', async () => client.listObjects('/', prefix));
			for (const {Key: key} of objects ?? []) {
				await told('delete from', async () => client.deleteObject(key));
			}
		},
	};
}

/** Pauses between tries [ms]. */
const pauses = [200, 1000, 3000];

async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
	for (const pause of pauses) {
		try {
			return await work();
		} catch (error) {
			const {status} = error as {status?: number};
			if (status !== undefined && status < 500 && status !== 429) {
				throw error;
			}

			await new Promise(resolve => setTimeout(resolve, pause));
		}
	}

	return work();
}
