import {generateKeyPairSync, randomBytes, sign} from 'node:crypto';

/** Certificate and its private key, in PEM. */
export type Certificate = {readonly cert: string; readonly key: string};

const day = 86_400_000;

/** Object identifiers in DER: ecdsa-with-SHA256 (RFC 5758) and commonName (RFC 5280). */
const oids = {
	ecdsaWithSha256: Buffer.from('06082a8648ce3d040302', 'hex'),
	commonName: Buffer.from('0603550403', 'hex'),
};

const tags = {integer: 0x02, bits: 0x03, utf8: 0x0c, sequence: 0x30, set: 0x31, utcTime: 0x17, version: 0xa0};

/**
 * Certificate that is signed with its own new key, for an API service whose certificate nobody checks
 * (`insecureSkipTLSVerify`): the aggregator speaks HTTPS alone.
 *
 * @see RFC 5280, 4.1
 */
export function selfSignedCertificate(commonName: string, now = Date.now()): Certificate {
	const {publicKey, privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
	const algorithm = der(tags.sequence, oids.ecdsaWithSha256);
	const name = der(
		tags.sequence,
		der(tags.set, der(tags.sequence, oids.commonName, der(tags.utf8, Buffer.from(commonName)))),
	);
	const serial = Buffer.concat([Buffer.of(1), randomBytes(15)]); // positive
	const content = der(
		tags.sequence,
		der(tags.version, der(tags.integer, Buffer.of(2))),
		der(tags.integer, serial),
		algorithm,
		name,
		der(tags.sequence, utcTime(now - day), utcTime(now + 365 * day)),
		name,
		publicKey.export({type: 'spki', format: 'der'}),
	);
	const signature = sign('sha256', content, privateKey);
	const whole = der(tags.sequence, content, algorithm, der(tags.bits, Buffer.of(0), signature));
	const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
	return {
		cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
		key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
	};
}

/** Element in DER: tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
	const body = Buffer.concat(contents);
	const {length} = body;
	const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

/** A time before 2050 to the second, such as `261129213000Z`. */
function utcTime(unixMs: number): Buffer {
	const digits = new Date(unixMs).toISOString().replaceAll(/\D/g, '').slice(2, 14);
	return der(tags.utcTime, Buffer.from(`${digits}Z`));
}
