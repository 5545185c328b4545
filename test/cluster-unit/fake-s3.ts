import {createHash, createHmac} from 'node:crypto';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';

export type Keys = {readonly accessKeyId: string; readonly secretAccessKey: string; readonly region: string};

/** Objects of buckets behind signatures of version 4, each of which is computed again. */
export class FakeS3 {
	readonly objects = new Map<string, string>();
	/** All that was ever stored. */
	readonly everything: string[] = [];
	readonly #keys: Keys;
	readonly #server: Server;

	private constructor(keys: Keys) {
		this.#keys = keys;
		this.#server = createServer((request, response) => void this.#answer(request, response));
	}

	static async start(keys: Keys): Promise<FakeS3> {
		const fake = new FakeS3(keys);
		await new Promise<void>(resolve => fake.#server.listen(0, '127.0.0.1', resolve));
		return fake;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await text(request);
		const url = new URL(request.url!, this.url);
		const refuse = (status: number, code: string) => {
			response.statusCode = status;
			response.setHeader('content-type', 'application/xml');
			response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
		};
		if (!isSigned(request, {url, body, keys: this.#keys})) {
			refuse(403, 'SignatureDoesNotMatch');
			return;
		}

		const name = decodeURIComponent(url.pathname).slice(1);
		if (request.method === 'PUT') {
			this.objects.set(name, body);
			this.everything.push(body);
			response.end();
		} else if (request.method === 'DELETE') {
			this.objects.delete(name);
			response.statusCode = 204;
			response.end();
		} else if (url.searchParams.get('list-type') === '2') {
			response.setHeader('content-type', 'application/xml');
			response.end(this.#list(name.replace(/\/$/, ''), url.searchParams.get('prefix') ?? ''));
		} else if (this.objects.has(name)) {
			response.end(this.objects.get(name));
		} else {
			refuse(404, 'NoSuchKey');
		}
	}

	#list(bucket: string, prefix: string): string {
		const keys = [...this.objects.keys()]
			.filter(name => name.startsWith(`${bucket}/${prefix}`))
			.map(name => name.slice(bucket.length + 1));
		const contents = keys.map(key => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
		return `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
	}
}

type Signed = {readonly url: URL; readonly body: string; readonly keys: Keys};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned({method, headers}: IncomingMessage, {url, body, keys}: Signed): boolean {
	const form =
		/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/;
	const [, id, day, region, names = '', signature] = form.exec(headers.authorization ?? '') ?? [];
	const payload = String(headers['x-amz-content-sha256']);
	if (id !== keys.accessKeyId || region !== keys.region || ![sha256(body), 'UNSIGNED-PAYLOAD'].includes(payload)) {
		return false;
	}

	const query = [...url.searchParams]
		.map(pair => pair.map(word => encodeURIComponent(word)).join('='))
		.sort()
		.join('&');
	const signed = names.split(';').map(name => `${name}:${String(headers[name]).trim()}\n`);
	const canonical = [method, url.pathname, query, signed.join(''), names, payload].join('\n');
	const time = String(headers['x-amz-date']);
	const toSign = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
	const key = [day!, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
	return hmac(key, toSign).toString('hex') === signature;
}

function sha256(data: string): string {
	return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
	return createHmac('sha256', key).update(data).digest();
}
