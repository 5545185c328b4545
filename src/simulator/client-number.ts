/** Above the most conversations that a tenant may have. */
const conversationsPerTenant = 2 ** 20;

/**
 * One number for the client of a conversation: a small integer unless there are thousands of tenants, which maps find
 * without hashing a double.
 */
export function clientNumber(tenant: number, conversation: number): number {
	return tenant * conversationsPerTenant + conversation;
}
