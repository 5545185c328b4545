import {type Environment, readInteger, readUrl} from './configuration.ts';
import type {GatewayConfiguration} from './gateway.ts';

/**
 * Reads the gateway's configuration; docs/backend.md lists the variables with their defaults.
 *
 * @param environment - variables as `process.env` holds them; an empty one counts as absent
 * @throws {RangeError} when a variable is not what it should be
 */
export function readGatewayConfiguration(environment: Environment): GatewayConfiguration {
	const integer = (name: string, fallback: number, bounds: {min: number; max: number}) =>
		readInteger(environment, {name, fallback, bounds});
	return {
		port: integer('PORT', 8080, {min: 0, max: 65_535}),
		upstream: new URL(readUrl(environment, 'UPSTREAM_URL', 'http://llm')),
		queue: integer('HOLD_REQUESTS', 0, {min: 0, max: 1_000_000_000}),
		timeout: integer('HOLD_MILLISECONDS', 86_400_000, {min: 1, max: 86_400_000}) / 1000,
	};
}
